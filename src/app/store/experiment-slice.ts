/** The experiment is the only source of truth: all else is computed from it. Every change of it can be undone. */
import type { Listing } from '../../core/contracts.ts';
import type { Experiment, RunJson, SwarmJson } from '../../core/experiment/experiment.ts';
import { withText } from '../default-experiment.ts';
import { createBurst } from './burst.ts';
import type { OpenLesson } from './lesson-slice.ts';
import {
  patchRun,
  patchSetting,
  proposeRun,
  type RunPatch,
  type SettingOwner,
  withMethod,
  withOptimizer,
} from './run-edits.ts';
import { withStart } from './start-edit.ts';
import type { History, Slice } from './store.ts';
import { seenAsBefore } from './view-slice.ts';

/** How an experiment is opened. */
export interface LoadOptions {
  /** Wait for Run: the experiment is costly and a stranger's, or a program opened it. */
  readonly hold?: boolean;
  /** The lesson that it is a step of, or an answer to; anything else ends the open one. */
  readonly lesson?: OpenLesson;
  /** Work of an earlier visit, which is under no name yet. */
  readonly isWork?: boolean;
}

export interface ExperimentSlice {
  readonly experiment: Experiment;
  /** Whether nothing is computed before Run is pressed, or something edited. */
  readonly isHeld: boolean;
  /** How many experiments were opened so far: the address keeps an entry for each. */
  readonly opened: number;
  /** As it was when it was opened, or last kept under a name or in a file; null for the work of an earlier visit. */
  readonly kept: Experiment | null;
  /** It is kept as it is now. */
  markKept(): void;
  /** `thing`: what of the text is edited, where it is not typed; null: an edit that is never joined with the one before. */
  editText(text: string, thing?: string | null): void;
  /** A hand has hold of something: a start, a line, a slider. */
  readonly isInHand: boolean;
  /** It takes something, or leaves it: all edits meanwhile are one step of the history. */
  holdInHand(isHeld: boolean): void;
  /** Writes other start values into the text, with so many significant digits; nothing where the text has errors now. */
  moveStart(start: ArrayLike<number>, digits?: number): void;
  /** An empty title takes it away. */
  setTitle(title: string): void;
  setSeed(seed: number): void;
  setSwarm(swarm: SwarmJson): void;
  /** Without an argument: the next method that applies. */
  addRun(run?: RunJson): void;
  removeRun(index: number): void;
  /** Puts runs in the place of one, as one step of the history. */
  replaceRun(index: number, runs: readonly RunJson[]): void;
  duplicateRun(index: number): void;
  changeRun(index: number, patch: RunPatch): void;
  chooseMethod(index: number, method: string): void;
  chooseOptimizer(index: number, kind: string): void;
  /** undefined makes the setting automatic again. */
  changeSetting(index: number, owner: SettingOwner, name: string, value: unknown): void;
  /** Replaces what is open; undo brings it back. */
  load(experiment: Experiment, options?: LoadOptions): void;
  /** The experiment as it is looked at now: what a link or a file holds. */
  snapshot(): Experiment;
  undo(): void;
  redo(): void;
}

/** Results that came with an experiment are of its problem and its runs as they were. */
function withoutOldResults(before: Experiment, after: Experiment): Experiment {
  const isSame = after.problem === before.problem && after.runs === before.runs && after.seed === before.seed;
  if (isSame || after.results === undefined) return after;
  const { results: _, ...rest } = after;
  return rest;
}

/** Of what edits write anew: texts, and lists of few words. */
function saysTheSame(before: Experiment, after: Experiment): boolean {
  const isRest = (Object.keys({ ...before, ...after }) as (keyof Experiment)[]).every(
    (field) => field === 'runs' || field === 'swarm' || before[field] === after[field],
  );
  return isRest && JSON.stringify([before.runs, before.swarm]) === JSON.stringify([after.runs, after.swarm]);
}

export const createExperimentSlice =
  (catalog: Listing, initial: Experiment, history: () => History): Slice<ExperimentSlice> =>
  (set, get) => {
    const burst = createBurst(() => performance.now());

    /** `thing` names what is edited: a run of edits of one thing is one step of the history. */
    function edit(thing: string, change: (experiment: Experiment) => Experiment) {
      const before = get().experiment;
      const changed = change(before);
      if (saysTheSame(before, changed)) return; // a setting chosen again: no step of the history, and nothing to redo is lost
      const after = withoutOldResults(before, changed);
      const { pastStates, pause, resume } = history().getState();
      const isContinued = burst.continues(thing);
      const last = isContinued ? pastStates.at(-1) : undefined;
      const isBack = last?.experiment !== undefined && last.view === get().view && saysTheSame(last.experiment, after);
      if (isContinued) pause();
      set({ experiment: isBack && last?.experiment ? last.experiment : after, isHeld: false });
      if (isContinued) resume();
      if (!isBack) return;
      history().setState({ pastStates: pastStates.slice(0, -1) }); // dragged there and back: no step
      burst.end();
    }

    const editRuns = (thing: string, change: (runs: readonly RunJson[]) => readonly RunJson[]) =>
      edit(thing, (experiment) => ({ ...experiment, runs: change(experiment.runs ?? []) }));

    const editRun = (index: number, thing: string, change: (run: RunJson) => RunJson) =>
      editRuns(`run ${index} ${thing}`, (runs) => runs.map((run, i) => (i === index ? change(run) : run)));

    /** An edit that is never joined with the one before. */
    const once = (change: (runs: readonly RunJson[]) => readonly RunJson[]) => {
      burst.end();
      editRuns('runs', change);
      burst.end();
    };

    const travel = (direction: 'undo' | 'redo') => {
      burst.end();
      const { view: before } = get();
      history().getState()[direction]();
      set(({ view }) => ({ isHeld: false, view: seenAsBefore(before, view) }));
    };

    return {
      experiment: initial,
      isHeld: false,
      opened: 0,
      kept: initial,
      markKept: () => set(({ experiment }) => ({ kept: experiment })),
      isInHand: false,
      holdInHand(isHeld) {
        burst.hold(isHeld);
        set({ isInHand: isHeld });
      },
      editText(problem, thing = 'text') {
        if (problem === get().experiment.problem) return; // an editor that shows what was opened says so, too
        if (thing === null) burst.end();
        edit(thing ?? 'lines', (experiment) => withText(experiment, problem));
        if (thing === null) burst.end();
      },
      moveStart(start, digits) {
        const { study, experiment } = get();
        const problem = study && withStart(experiment.problem, study.problem, start, digits);
        if (problem) edit('start', (before) => ({ ...before, problem }));
      },
      setTitle: (title) => edit('title', ({ title: _, ...rest }) => (title === '' ? rest : { ...rest, title })),
      setSwarm: (swarm) => edit('swarm', (experiment) => ({ ...experiment, swarm })),
      setSeed: (seed) => edit('seed', (experiment) => ({ ...experiment, seed })),
      addRun(run) {
        const added = run ?? proposeRun(get().experiment.runs ?? [], get().study);
        if (added !== null) once((runs) => [...runs, added]);
      },
      replaceRun: (index, replacements) =>
        once((runs) => runs.flatMap((run, i) => (i === index ? replacements : [run]))),
      removeRun: (index) => once((runs) => runs.filter((_, i) => i !== index)),
      duplicateRun: (index) =>
        once((runs) =>
          runs.flatMap(({ color, ...run }, i) => {
            const original = color === undefined ? run : { ...run, color };
            return i === index ? [original, run] : [original]; // the copy takes a colour of its own
          }),
        ),
      changeRun: (index, patch) => editRun(index, Object.keys(patch).join(), (run) => patchRun(run, patch)),
      chooseMethod: (index, method) => editRun(index, `method ${method}`, (run) => withMethod(run, method, catalog)),
      chooseOptimizer: (index, kind) => editRun(index, `optimizer ${kind}`, (run) => withOptimizer(run, kind, catalog)),
      changeSetting: (index, owner, name, value) =>
        editRun(index, `${owner} ${name}`, (run) => patchSetting(run, owner, name, value)),
      load(experiment, { hold = false, lesson, isWork = false } = {}) {
        burst.end();
        get().abandon();
        get().dropSwarm();
        set(({ opened }) => ({
          experiment,
          kept: isWork ? null : experiment,
          isHeld: hold,
          lesson: lesson ?? null,
          held: null,
          opened: opened + 1,
          study: null,
          studied: null,
          diagnosed: null,
          view: experiment.view ?? {},
          selectedRun: 0,
        }));
      },
      snapshot() {
        const { experiment, view } = get();
        return Object.keys(view).length > 0 ? { ...experiment, view } : experiment;
      },
      undo: () => travel('undo'),
      redo: () => travel('redo'),
    };
  };
