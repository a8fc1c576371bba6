import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, fault, success } from '../../core/diagnostic.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { Analyst, Sample, SeenPlane } from '../study.ts';
import { FAKE_COST, fakeAnalyst, fakeCatalog, fakeChunk, fakeExecutor } from './fakes.fixture.ts';
import { followExperiment } from './follow.ts';
import { knownFaults } from './problem-slice.ts';
import { isPreparing } from './run-slice.ts';
import { createStore } from './store.ts';

const experiment: Experiment = {
  version: 1,
  problem: 'minimize x',
  runs: [{ method: 'first', settings: { unheardOf: 7 } }],
};

function open(opened: Experiment = experiment) {
  const analyst = fakeAnalyst();
  const executor = fakeExecutor();
  const store = createStore({ analyst, executor, catalog: fakeCatalog }, opened);
  const stopFollowing = followExperiment(store);
  return { analyst, executor, store, state: store.getState, stopFollowing };
}

/** Lets timers fire and promises settle. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Opens an experiment and completes its first run with one record. */
async function openComplete(opened?: Experiment) {
  const page = open(opened);
  await pass(1);
  const call = at(page.executor.calls, 0);
  call.options.onChunk(fakeChunk(0, 0, 5));
  call.finish();
  await pass(1);
  return page;
}

const lossOf = ({ state }: ReturnType<typeof open>) => state().picture?.results[0]?.trajectory?.measures.loss[0];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('optima of texts beside the current one', () => {
  const found = (text: string) => ({ entries: [], rows: [], sense: 'minimize', optimum: null, why: text }) as const;

  it('are told one after another, errors and costly ones in words', async () => {
    const { state, analyst } = open();
    analyst.optimum = async (text) =>
      text === 'costly' ? { operations: 1 } : text === 'x +' ? fault('Unfinished', [0, 1]) : success(found(text));
    const told: string[] = [];
    await state().optima(
      ['a', 'x +', 'costly'],
      (i, { why }) => told.push(`${i} ${why}`),
      new AbortController().signal,
    );
    expect(told).toEqual(['0 a', '1 Unfinished', '2 Not looked for: a search takes too long here']);
  });

  it('end where they are left: the search under way is left, too, and what it finds is not told', async () => {
    const { state, analyst } = open();
    const controller = new AbortController();
    let isLeft = false;
    analyst.leaveOptima = () => {
      isLeft = true;
    };
    const asked: string[] = [];
    analyst.optimum = async (text) => {
      asked.push(text);
      if (asked.length === 2) controller.abort();
      return success(found(text));
    };
    const told: number[] = [];
    await state().optima(['a', 'b', 'c'], (i) => told.push(i), controller.signal);
    expect([told, asked, isLeft]).toEqual([[0], ['a', 'b'], true]);
  });
});

describe('a study that is overtaken', () => {
  it('leaves nothing behind, and is made again where its text comes back', async () => {
    const { state, analyst } = open();
    await pass(1);
    const { study } = analyst;
    const waiting: (() => void)[] = [];
    // The first study of a text is overtaken; the next one is answered.
    const overtaken = new Set<string>();
    analyst.study = async (text, seed, tables) => {
      const answer = await study(text, seed, tables);
      if (overtaken.has(text)) return answer;
      overtaken.add(text);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return null;
    };
    state().editText('minimize x^2');
    await pass(200);
    state().editText('minimize x^4');
    await pass(200);
    state().editText('minimize x^2');
    await pass(200);
    for (const resolve of waiting) resolve();
    await pass(200);
    expect(state().studied?.text).toBe('minimize x^2');
    expect(state().diagnostics).toEqual([]);
    expect(analyst.texts.filter((text) => text === 'minimize x^2').length).toBeGreaterThan(1);
  });
});

describe('text', () => {
  it('runs when the page opens', async () => {
    const page = await openComplete();
    expect(lossOf(page)).toBe(5);
    expect(page.state().phase).toBe('idle');
  });

  it('is studied once after a pause in typing, not at every letter', async () => {
    const { analyst, state } = await openComplete();
    for (const text of ['minimize x*', 'minimize x*x']) state().editText(text);
    await pass(200);
    expect(analyst.texts).toEqual(['minimize x', 'minimize x*x']);
  });

  it('keeps the last good picture while it is half-typed, and says what is wrong', async () => {
    const page = await openComplete();
    const { study } = page.state();
    page.state().editText('minimize x +');
    await pass(200);
    expect(page.state().diagnostics).toMatchObject([{ severity: 'error', span: [11, 12] }]);
    expect(page.state().study).toBe(study);
    expect(lossOf(page)).toBe(5);
    expect(page.executor.calls).toHaveLength(1);
  });

  it('answers with its diagnostics when Run is pressed on half-typed text', async () => {
    const { state } = await openComplete();
    state().editText('minimize x +');
    const result = await state().run();
    expect(result).toMatchObject({ ok: false, diagnostics: [{ message: 'Something is missing here.' }] });
    expect(state().phase).toBe('idle');
  });
});

describe('a text that is costly to study', () => {
  const costly: Experiment = { ...experiment, problem: 'minimize costly' };
  const held = {
    isHeld: true,
    held: { what: 'study', operations: FAKE_COST },
    study: null,
    picture: null,
    phase: 'idle',
  };

  it('waits for Run, unstudied, with what it costs', async () => {
    const { state, analyst, executor } = open(costly);
    await pass(200);
    expect(state()).toMatchObject(held);
    expect(executor.calls).toHaveLength(0);
    void state().run();
    await pass(1);
    expect(analyst.texts).toEqual([costly.problem, costly.problem]);
    expect(state()).toMatchObject({ isHeld: false, held: null, phase: 'running' });
    at(executor.calls, 0).finish();
    await pass(1);
    expect(state().picture?.results).toMatchObject([{ end: { status: 'finished' } }]);
  });

  it('is studied where Run is pressed while its cost is estimated', async () => {
    const { state, analyst, executor } = open(costly);
    const run = state().run();
    await pass(200);
    expect(analyst.texts).toHaveLength(2);
    at(executor.calls, 0).finish();
    expect(await run).toMatchObject({ ok: true });
    expect(state()).toMatchObject({ isHeld: false, held: null, phase: 'idle' });
  });

  it('still waits where something else was edited, and no longer where the text was', async () => {
    const { state, analyst, executor } = open(costly);
    await pass(200);
    state().setTitle('mine');
    state().changeRun(0, { steps: 7 });
    await pass(500);
    expect(state()).toMatchObject(held);
    expect(analyst.texts).toHaveLength(1);
    state().editText('minimize x');
    await pass(200);
    expect(state()).toMatchObject({ isHeld: false, held: null, phase: 'running' });
    expect(executor.calls).toHaveLength(1);
  });

  it('leaves the picture of the text before it, and is undone', async () => {
    const page = await openComplete();
    page.state().editText(costly.problem);
    await pass(200);
    expect(page.state()).toMatchObject({ isHeld: true, held: { what: 'study' } });
    expect(lossOf(page)).toBe(5);
    page.state().undo();
    await pass(200);
    expect(page.state()).toMatchObject({ isHeld: false, diagnosed: { text: experiment.problem } });
  });

  it('is not blamed for what was wrong with the text before it, which still is when it comes back', async () => {
    const page = await openComplete();
    page.state().editText('minimize x +');
    await pass(200);
    page.state().editText(costly.problem);
    await pass(200);
    expect(page.state().held).toMatchObject({ what: 'study' });
    expect(knownFaults(page.state())).toEqual([]);
    page.state().editText('minimize x +');
    await pass(200);
    expect(knownFaults(page.state())).toMatchObject([{ message: 'Something is missing here.' }]);
  });

  it('is opened over what was open, and may be stopped while it is studied', async () => {
    const page = await openComplete();
    page.state().load(costly);
    await pass(200);
    expect(page.state()).toMatchObject(held);
    const { study } = page.analyst;
    let answer = () => {};
    page.analyst.study = async (...asked) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return study(...asked);
    };
    const run = page.state().run();
    await pass(1);
    expect(page.state().phase).toBe('preparing');
    page.state().abandon();
    expect(page.state()).toMatchObject(held);
    answer();
    expect(await run).toMatchObject({ ok: false });
    await pass(500);
    expect(page.state()).toMatchObject({ isHeld: true, held: null, phase: 'idle', picture: { results: [] } });
    expect(page.executor.calls).toHaveLength(1);
  });
});

describe('what is read or prepared for long', () => {
  /** Nothing that is asked of the analyst from now on has an answer. */
  function silence({ analyst }: ReturnType<typeof open>) {
    const left: string[] = [];
    analyst.study = () => new Promise(() => undefined);
    analyst.prepare = () => new Promise(() => undefined);
    analyst.leaveStudy = () => left.push('study');
    return left;
  }

  it('is told, and left at once by Stop: it waits for Run, and an edit begins anew', async () => {
    const page = await openComplete();
    const left = silence(page);
    page.state().editText('minimize 2*x');
    await pass(200);
    expect(isPreparing(page.state())).toBe(true);
    await pass(400);
    page.state().stop();
    expect(left).toEqual(['study']);
    expect(page.state()).toMatchObject({ phase: 'idle', isHeld: true, readingSince: null });
    expect(lossOf(page)).toBe(5);
    await pass(1000);
    expect(isPreparing(page.state())).toBe(false);
    page.state().editText('minimize 3*x');
    await pass(200);
    expect(page.state()).toMatchObject({ isHeld: false });
    expect(isPreparing(page.state())).toBe(true);
  });

  it('of Run, too, whose promise says so', async () => {
    for (const part of ['study', 'prepare']) {
      const page = await openComplete();
      silence(page);
      if (part === 'study') page.store.setState({ diagnosed: null });
      const run = page.state().run();
      await pass(400);
      expect(page.state().phase).toBe('preparing');
      page.state().stop();
      expect(page.state()).toMatchObject({ phase: 'idle', isHeld: true });
      expect(await run).toMatchObject({ diagnostics: [{ message: 'Stopped before the runs began.' }] });
      expect(page.executor.calls).toHaveLength(1);
    }
  });

  it('is not left by an Esc that comes before it is told: that meant a hint', async () => {
    const page = await openComplete();
    const left = silence(page);
    page.state().editText('minimize 2*x');
    await pass(200);
    page.state().stop();
    expect(left).toEqual([]);
    expect(page.state().isHeld).toBe(false);
  });
});

describe('runs', () => {
  it('keep the last picture until the next is complete', async () => {
    const page = await openComplete();
    page.state().changeSetting(0, 'optimizer', 'learningRate', 0.2);
    await pass(1);
    at(page.executor.calls, 1).options.onChunk(fakeChunk(0, 0, 3));
    expect(lossOf(page)).toBe(5);
    at(page.executor.calls, 1).finish();
    await pass(1);
    expect(lossOf(page)).toBe(3);
  });

  it('show records as they come when they take long', async () => {
    const page = await openComplete();
    page.state().changeSetting(0, 'optimizer', 'learningRate', 0.2);
    await pass(400);
    at(page.executor.calls, 1).options.onChunk(fakeChunk(0, 0, 3));
    expect(lossOf(page)).toBe(3);
    expect(page.state().phase).toBe('running');
  });

  it('that Run ends on a half-typed text are shown as stopped, not as running for ever', async () => {
    const page = open();
    await pass(1);
    at(page.executor.calls, 0).options.onChunk(fakeChunk(0, 0, 5));
    expect(page.state().picture?.results[0]).toMatchObject({ end: null });
    page.state().editText('minimize x +');
    expect(await page.state().run()).toMatchObject({ ok: false });
    expect(page.state()).toMatchObject({ phase: 'idle', picture: { results: [{ end: { status: 'stopped' } }] } });
    expect(lossOf(page)).toBe(5);
  });

  it('that are overtaken are stopped, and their chunks dropped', async () => {
    const page = await openComplete();
    const first = page.state().run();
    await pass(1);
    const second = page.state().run();
    await pass(1);
    const [, overtaken, newest] = page.executor.calls;
    overtaken?.options.onChunk(fakeChunk(0, 0, 111));
    newest?.options.onChunk(fakeChunk(0, 0, 2));
    newest?.finish();
    expect(await first).toMatchObject({ ok: true, value: { results: [{ end: { status: 'stopped' } }] } });
    expect(await second).toMatchObject({ ok: true, value: { results: [{ end: { status: 'finished' } }] } });
    expect(lossOf(page)).toBe(2);
  });

  it('follow a drag: a run out of date is shown if it is quick, and replaced if it is not', async () => {
    const page = await openComplete();
    for (const learningRate of [0.1, 0.2, 0.3])
      page.state().changeSetting(0, 'optimizer', 'learningRate', learningRate);
    await pass(200);
    expect(page.executor.calls).toHaveLength(3); // the one at the opening, the first of the drag, the last
    expect(at(page.executor.calls, 1).options.signal?.aborted).toBe(true);
    expect(page.state().started?.runs[0]?.optimizer).toEqual({ kind: 'sgd', learningRate: 0.3 });
  });

  it('are not repeated for a colour, a label or visibility', async () => {
    const { executor, state } = await openComplete();
    state().changeRun(0, { color: '#123456', label: 'mine', visible: false });
    await pass(500);
    expect(executor.calls).toHaveLength(1);
  });

  it('that are refused say why, and the others run', async () => {
    const page = open({ ...experiment, runs: [{ method: 'broken' }, { method: 'first' }] });
    await pass(1);
    expect(at(page.executor.calls, 0).jobs.map(({ id }) => id)).toEqual([1]);
    at(page.executor.calls, 0).finish();
    await pass(1);
    expect(page.state().picture?.results).toMatchObject([
      { job: null, diagnostics: [{ message: 'There is no method broken.' }] },
      { end: { status: 'finished' } },
    ]);
  });

  it('keep what was recorded when they are stopped', async () => {
    const page = await openComplete();
    void page.state().run();
    await pass(1);
    at(page.executor.calls, 1).options.onChunk(fakeChunk(0, 0, 4));
    page.state().stop();
    await pass(1);
    expect(page.state().picture?.results).toMatchObject([{ end: { status: 'stopped' } }]);
    expect(lossOf(page)).toBe(4);
  });

  it('are added with the next method that applies', async () => {
    const { state } = await openComplete();
    state().addRun();
    expect(state().experiment.runs?.map(({ method }) => method)).toEqual(['first', 'third']);
  });
});

describe('experiment', () => {
  it('keeps settings that nobody knows', async () => {
    const { state } = await openComplete();
    state().changeSetting(0, 'method', 'penalty', 10);
    state().duplicateRun(0);
    expect(state().experiment.runs?.map(({ settings }) => settings)).toEqual([
      { unheardOf: 7, penalty: 10 },
      { unheardOf: 7, penalty: 10 },
    ]);
  });

  it('is undone and redone, text and runs alike', async () => {
    const { state, analyst } = await openComplete();
    state().editText('minimize x*x');
    state().removeRun(0);
    state().undo();
    expect(state().experiment).toMatchObject({ problem: 'minimize x*x', runs: [{ method: 'first' }] });
    state().undo();
    expect(state().experiment).toBe(experiment);
    state().redo();
    await pass(200);
    expect(analyst.texts.at(-1)).toBe('minimize x*x');
  });

  it('takes a burst of typing as one step of its history', async () => {
    const { state } = await openComplete();
    for (const text of ['minimize x+', 'minimize x+1']) state().editText(text);
    await pass(5000);
    state().editText('minimize x+12');
    state().undo();
    expect(state().experiment.problem).toBe('minimize x+1');
    state().undo();
    expect(state().experiment.problem).toBe('minimize x');
  });

  it('takes each edit that is no typing as a step of its own', async () => {
    const { state } = await openComplete();
    state().editText('minimize x+');
    for (const text of ['minimize x+1', 'minimize x+12']) state().editText(text, null);
    state().editText('minimize x+123');
    const undone = [1, 2, 3, 4].map(() => {
      state().undo();
      return state().experiment.problem;
    });
    expect(undone).toEqual(['minimize x+12', 'minimize x+1', 'minimize x+', 'minimize x']);
  });

  it('is no step of the history where it changes nothing', async () => {
    const { state, store } = await openComplete();
    state().changeSetting(0, 'method', 'penalty', 3);
    state().chooseMethod(0, 'second');
    state().undo();
    const { length } = store.temporal.getState().pastStates;
    const before = state().experiment;
    state().changeSetting(0, 'method', 'penalty', 3);
    state().chooseMethod(0, 'first');
    state().setTitle('');
    state().changeRun(0, {});
    expect(store.temporal.getState().pastStates).toHaveLength(length);
    expect(state().experiment).toBe(before);
    state().redo(); // which an edit would have taken away
    expect(state().experiment.runs?.[0]?.method).toBe('second');
  });

  it('of any kind, fifty in a row, is undone to the first and redone to the last, each step as it was', () => {
    const edits: readonly ((state: ReturnType<ReturnType<typeof open>['state']>, k: number) => void)[] = [
      (state, k) => state.editText(`minimize x + ${k}`),
      (state, k) => state.editText(`minimize x - ${k}`, null),
      (state, k) => state.setTitle(k % 3 === 0 ? '' : `title ${k % 4}`),
      (state, k) => state.setSeed(k % 5),
      (state) => state.addRun({ method: 'third' }),
      (state, k) => state.removeRun(k % 3),
      (state, k) => state.duplicateRun(k % 2),
      (state, k) => state.chooseMethod(0, ['first', 'second'][k % 2] ?? ''),
      (state, k) => state.changeSetting(0, 'method', 'penalty', k % 4),
      (state, k) => state.changeRun(0, { steps: 10 + (k % 3) }),
      (state, k) => state.changeView({ kind: k % 2 ? 'pairs' : 'slice' }),
      (state, k) => state.load({ version: 1, problem: `minimize y + ${k}`, runs: [{ method: 'first' }] }),
      () => void vi.advanceTimersByTime(2000), // what comes then is typed anew
    ];
    for (let seed = 1; seed <= 20; seed++) {
      const { state, store, stopFollowing } = open();
      stopFollowing();
      const seen = () => JSON.stringify(state().snapshot());
      const past = () => store.temporal.getState().pastStates.length;
      const states = [seen()];
      for (let k = 0, random = seed; k < 50; k++) {
        random = (random * 48271) % 2147483647;
        edits[random % edits.length]?.(state(), random >> 8);
        states.length = past(); // an edit that continues the one before replaces it
        states[past()] = seen();
      }
      expect(past()).toBeGreaterThan(15);
      for (let k = states.length - 2; k >= 0; k--) {
        state().undo();
        expect(seen()).toBe(states[k]);
        expect(states[k]).not.toBe(states[k + 1]);
      }
      for (let k = 1; k < states.length; k++) {
        state().redo();
        expect(seen()).toBe(states[k]);
      }
    }
  });

  it('that is loaded replaces what is open, and undo brings that back', async () => {
    const { state } = await openComplete();
    state().load({ version: 1, problem: 'minimize y', view: { kind: '3d' } });
    expect(state().view).toEqual({ kind: '3d' });
    state().undo();
    expect(state().experiment).toBe(experiment);
  });

  it('is given back with the view that was chosen; choices in a row are one step, playback is none', async () => {
    const { state, store } = await openComplete();
    const steps = () => store.temporal.getState().pastStates.length;
    state().changeView({ kind: 'pairs' });
    state().changeView({ charts: ['loss'] });
    expect(steps()).toBe(1);
    state().changeView({ speed: 2, camera: { eye: 1 }, playhead: 3 });
    state().editText('minimize x*x');
    state().changeView({ loop: true });
    expect(steps()).toBe(2);
    state().undo();
    expect(state().experiment).toBe(experiment);
    expect(state().view).toMatchObject({ kind: 'pairs', charts: ['loss'], loop: true, camera: { eye: 1 } });
    state().undo();
    expect(state().view).toEqual({ speed: 2, playhead: 3, loop: true });
    state().redo();
    state().redo();
    expect(state().experiment.problem).toBe('minimize x*x');
    expect(state().view).toMatchObject({ kind: 'pairs', charts: ['loss'] });
  });

  it('is redone after something else was looked at, and a choice that is taken back by hand is no step', async () => {
    const { state, store } = await openComplete();
    state().editText('minimize x*x');
    state().undo();
    state().changeView({ kind: 'slice' });
    state().redo();
    expect(state().experiment.problem).toBe('minimize x*x');
    expect(state().view.kind).toBe('slice');
    state().undo();
    expect(state().view.kind).toBe('slice');
    state().redo();
    const { length } = store.temporal.getState().pastStates;
    state().changeView({ kind: '3d' });
    state().changeView({ kind: 'slice' });
    expect(store.temporal.getState().pastStates).toHaveLength(length);
    expect(state().view.kind).toBe('slice');
  });

  it('that is loaded is studied and run even where its text is the same', async () => {
    const page = await openComplete();
    page.state().load({ ...experiment, title: 'the same text' });
    await pass(200);
    expect(page.state().study).not.toBeNull();
    expect(page.executor.calls).toHaveLength(2);
  });

  it('that is held is studied but not run, until Run', async () => {
    const { executor, state } = await openComplete();
    state().load({ ...experiment, problem: 'minimize y' }, { hold: true });
    state().editText('minimize y'); // as an editor does that is given another text
    await pass(1000);
    expect(state().studied?.text).toBe('minimize y');
    expect(state().picture?.results).toEqual([]);
    expect(executor.calls).toHaveLength(1);
    void state().run();
    await pass(1);
    expect(executor.calls).toHaveLength(2);
    expect(state().isHeld).toBe(false);
  });

  it('carries the view when it is shared, outside its history', async () => {
    const { state } = await openComplete();
    state().changeView({ kind: 'parallel' });
    expect(state().snapshot()).toEqual({ ...experiment, view: { kind: 'parallel' } });
    expect(state().experiment.view).toBeUndefined();
  });
});

/** What the analyst is asked to sample from now on; answered when the test says so. */
function questions(analyst: Analyst) {
  const asked: { readonly from: number; readonly points: number; answer(): void }[] = [];
  analyst.sample = (_, { xs }) =>
    new Promise((resolve) => {
      const answer = () => resolve({ loss: new Float64Array(1), constraints: [], offsets: [], kept: [] });
      asked.push({ from: at([...xs], 0), points: xs.length, answer });
    });
  return asked;
}

describe('the field', () => {
  it('shows each answer while newer questions come, and asks the newest next', async () => {
    const { analyst, state } = await openComplete();
    const asked = questions(analyst);
    const lookFrom = (from: number) => state().lookAt({ axes: [0, 1], x: [from, from + 1], y: [0, 1] });
    const shownFrom = () => state().field?.grid.xs[0];
    lookFrom(-10);
    for (const _ of ['some points', 'all']) {
      asked.pop()?.answer();
      await pass(1);
    }
    lookFrom(0);
    lookFrom(10);
    lookFrom(20);
    expect(asked).toHaveLength(1);
    at(asked, 0).answer();
    await pass(1);
    expect(shownFrom()).toBe(at(asked, 0).from);
    expect(asked).toHaveLength(2);
    at(asked, 1).answer();
    await pass(1);
    expect(at(asked, 1).from).toBeGreaterThan(19);
    expect(shownFrom()).toBe(at(asked, 1).from);
    expect(asked, 'the one between was overtaken').toHaveLength(2);
    lookFrom(30);
    expect(asked).toHaveLength(3);
  });

  it('is asked for once, where a window is a pixel from that of before', async () => {
    const { analyst, state } = await openComplete();
    const asked = questions(analyst);
    const look = (from: number, to: number) => state().lookAt({ axes: [0, 1], x: [from, to], y: [0, 1] });
    look(0, 1);
    look(0.003, 1.003); // told by the graph, once it is drawn
    for (const _ of ['some points', 'all']) {
      asked.pop()?.answer();
      await pass(1);
    }
    expect(asked, 'while it is under way').toHaveLength(0);
    look(0.003, 1.003);
    expect(asked, 'once it is there').toHaveLength(0);
    look(0.003, 1.1);
    expect(asked, 'a window that is seen to differ').toHaveLength(1);
  });

  it('is awaited for a new problem until its first answer, and not when the window moves', async () => {
    const { analyst, state } = await openComplete();
    const answers: ((sample: Sample | null) => void)[] = [];
    analyst.sample = () => new Promise((resolve) => void answers.push(resolve));
    const answer = async (sample: Sample | null) => {
      answers.shift()?.(sample);
      await pass(1);
    };
    const look = (from: number) => state().lookAt({ axes: [0, 1], x: [from, from + 1], y: [0, 1] });
    look(0);
    expect(state().awaited).toBe(state().picture?.study);
    const flat = { loss: new Float64Array(1), constraints: [], offsets: [], kept: [] };
    for (const sample of [flat, flat]) await answer(sample); // at some points, at all
    expect(state().awaited).toBeNull();
    look(10);
    expect(state().awaited).toBeNull();
    await answer(null);
    expect(state().awaited).toBeNull();
  });

  it('is sampled anew where loss or constraints change, and not for another start', async () => {
    const page = await openComplete({ ...experiment, problem: 'param x = 1, y = 2\nminimize x^2 + y^2' });
    const { analyst, executor, state } = page;
    let asked = 0;
    analyst.sample = async () => {
      asked += 1;
      return { loss: new Float64Array(1), constraints: [], offsets: [], kept: [] };
    };
    state().lookAt({ axes: [0, 1], x: [0, 1], y: [0, 1] });
    await pass(1);
    const edit = async (text: string, seed = 0) => {
      const before = { asked, study: state().picture?.study };
      if (seed > 0) state().setSeed(seed);
      state().editText(text);
      await pass(200);
      executor.calls.at(-1)?.finish();
      await pass(1);
      expect(state().picture?.study).not.toBe(before.study);
      expect(state().awaited).toBeNull();
      return asked - before.asked;
    };
    expect(await edit('param x = 10.5, y = 2\nminimize x^2 + y^2')).toBe(0);
    expect(await edit('param x = 3, y = -0.25\nminimize x^2 + y^2')).toBe(0);
    expect(await edit('param x = 3, y = -0.25\nminimize x^2 + 2*y^2')).toBeGreaterThan(0);
    expect(
      await edit('param x = 3, y ~ normal(0, 1)\nminimize x^2 + 2*y^2'),
      'data come from what draws it',
    ).toBeGreaterThan(0);
    expect(await edit('param x = 2, y ~ normal(0, 1)\nminimize x^2 + 2*y^2', 7), 'another seed').toBeGreaterThan(0);
  });

  it('is computed in Float64 where the reader chose the processor, once the choice is made', async () => {
    const { analyst, state } = await openComplete();
    const asked: (boolean | undefined)[] = [];
    analyst.sample = async (_, { isExact }) => {
      asked.push(isExact);
      return { loss: new Float64Array(1), constraints: [], offsets: [], kept: [] };
    };
    state().lookAt({ axes: [0, 1], x: [0, 1], y: [0, 1] });
    await pass(100);
    expect(new Set(asked)).toEqual(new Set([undefined]));
    for (const [choice, isExact] of [
      ['reference', true],
      ['fused', undefined],
      ['wasm', true],
    ] as const) {
      state().chooseExecutor(choice);
      await pass(100);
      expect(asked.at(-1)).toBe(isExact);
    }
  });

  it('is ended once another problem is there, not by a window that moves nor a start', async () => {
    const { analyst, executor, state } = await openComplete();
    const signals: AbortSignal[] = [];
    analyst.sample = (_, __, ___, signal) => {
      if (signal) signals.push(signal);
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve(null));
      });
    };
    const last = () => at(signals, signals.length - 1);
    const edit = async (text: string) => {
      state().editText(text);
      await pass(200);
      executor.calls.at(-1)?.finish();
      await pass(1);
    };
    state().lookAt({ axes: [0, 1], x: [0, 1], y: [0, 1] });
    await edit('param x = 3, y = 4\nminimize x^2 + y^2');
    const first = last();
    state().lookAt({ axes: [0, 1], x: [5, 6], y: [0, 1] });
    await edit('param x = 5, y = 4\nminimize x^2 + y^2');
    expect(first.aborted).toBe(false);
    await edit('param x = 5, y = 4\nminimize x^2 + 2*y^2');
    expect(first.aborted).toBe(true);
    expect(last()).not.toBe(first);
    expect(last().aborted).toBe(false);
  });

  it('is shown at some points first where all take long: once a problem, over the same window', async () => {
    const { analyst, state } = await openComplete();
    const asked = questions(analyst);
    const shown = () => state().field?.grid.xs.length ?? 0;
    state().lookAt({ axes: [0, 1], x: [0, 1], y: [0, 1] });
    at(asked, 0).answer();
    await pass(1);
    expect([shown(), asked.length]).toEqual([0, 2]);
    await pass(100);
    expect(shown()).toBe(at(asked, 0).points);
    at(asked, 1).answer();
    await pass(1);
    expect(shown()).toBe(at(asked, 1).points);
    expect(at(asked, 1).points).toBeGreaterThan(2 * at(asked, 0).points);
    expect(asked.map(({ from }) => from)).toEqual([at(asked, 0).from, at(asked, 0).from]);
    state().lookAt({ axes: [0, 1], x: [2, 3], y: [0, 1] });
    expect(at(asked, 2).points).toBe(at(asked, 1).points);
  });

  it('is not asked on the plane of a problem before, of another size', async () => {
    const { analyst, state } = await openComplete();
    let asked = 0;
    analyst.sample = async () => {
      asked += 1;
      return null;
    };
    const flat = (size: number) => new Float64Array(size);
    const on = (size: number) => ({
      kind: 'components' as const,
      origin: flat(size),
      directions: [flat(size), flat(size)] as const,
    });
    const lookOn = (size: number) =>
      state().lookAt({ axes: [0, 1], x: [0, 1], y: [0, 1], plane: on(size) as unknown as SeenPlane });
    lookOn(4);
    await pass(1);
    expect(asked).toBe(0);
    lookOn(2);
    await pass(1);
    expect(asked).toBe(1);
  });
});
