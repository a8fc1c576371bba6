import { describe, expect, it, vi } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { catalog } from '../../catalog/registry.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { createFeasible } from './feasible.ts';
import { openInProcess } from './in-process.fixture.ts';
import { promisedFeasible } from './promised-feasible.ts';

const ratio: Experiment = {
  version: 1,
  title: 'ratio',
  problem: 'param x1 = 3\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to\n  tie: x1 - 2*x2 = 0',
  runs: [
    { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, label: 'projection' },
    {
      method: 'penalty',
      settings: { penalty: 10 },
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      steps: 5,
      record: [2],
    },
  ],
};

const blank: Experiment = { version: 1, problem: 'param x = 1\nminimize x^2', runs: [] };

function open(experiment: Experiment = ratio) {
  const store = openInProcess(experiment);
  return { store, feasible: createFeasible(store, catalog) };
}

describe('feasible.load', () => {
  it('replaces what is open, runs nothing, and can be undone', async () => {
    const { store, feasible } = open(blank);
    expect(await feasible.load(ratio)).toEqual({ ok: true, value: ratio });
    expect(store.getState()).toMatchObject({ experiment: ratio, isHeld: true, phase: 'idle', picture: null });
    store.getState().undo();
    expect(store.getState().experiment).toEqual(blank);
  });

  it('takes a link, and JSON', async () => {
    const { store, feasible } = open();
    const link = await feasible.link();
    const json = await feasible.export('json');
    for (const source of [link, `https://example.org/${link}`, json]) {
      await feasible.load(blank);
      expect(await feasible.load(String(source))).toEqual({ ok: true, value: ratio });
      expect(store.getState().experiment).toEqual(ratio);
    }
  });

  it('opens in the order asked, and what is asked after it is asked of what it opens', async () => {
    const { store, feasible } = open(blank);
    const link = await feasible.link();
    const asked = [feasible.load(ratio), feasible.load(link), feasible.load(ratio)];
    const [runs, written] = await Promise.all([feasible.run(), feasible.link(), ...asked]);
    expect(runs.map(({ label, status }) => [label, status])).toEqual([
      ['projection', 'converged'],
      ['penalty', 'finished'],
    ]);
    expect(store.getState().experiment).toEqual(ratio);
    expect(await feasible.load(written)).toMatchObject({ ok: true, value: { title: 'ratio' } });
  });

  it('opens what it was given at that moment, whatever becomes of the object and of the answer', async () => {
    const { store, feasible } = open(blank);
    const shown = promisedFeasible(Promise.resolve(feasible));
    const mine = structuredClone(ratio) as { problem: string };
    const loading = shown.load(mine as Experiment);
    mine.problem = 'minimize later';
    const loaded = await loading;
    if (!loaded.ok) expect.unreachable();
    Object.assign(loaded.value, { problem: 'minimize mine' });
    expect(store.getState().experiment).toEqual(ratio);
    expect((await feasible.run()).map(({ status }) => status)).toEqual(['converged', 'finished']);
  });

  it('refuses what cannot be copied, with a sentence', async () => {
    const { feasible } = open(blank);
    const shown = promisedFeasible(Promise.resolve(feasible));
    const refused = await shown.load({ ...blank, title: () => 'now' } as unknown as Experiment);
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [{ message: expect.stringMatching(/is of type function/) }],
    });
  });

  it('reads settings of an optimizer without a name as those of gradient descent', async () => {
    const { feasible } = open(blank);
    const runs = [{ method: 'unconstrained', optimizer: { learningRate: 0.25 }, steps: 1 }];
    await feasible.load({ ...blank, runs } as unknown as Experiment);
    const [result] = await feasible.run({ executor: 'reference' });
    expect(result).toMatchObject({ optimizer: 'sgd', iterates: [[1], [0.5]] });
  });

  it('refuses what is wrong and keeps what is open', async () => {
    const { store, feasible } = open();
    const refused = await feasible.load({ ...ratio, seed: -3 });
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ severity: 'error' }] });
    expect((await feasible.load('#e=1g.H4sI')).ok).toBe(false);
    expect(store.getState().experiment).toBe(ratio);
  });

  it('keeps what it does not know, and says so', async () => {
    const { store, feasible } = open(blank);
    const loaded = await feasible.load({ ...ratio, runs: [{ method: 'magic', settings: { wand: 1 } }] });
    expect(loaded).toMatchObject({ ok: true, diagnostics: [{ severity: 'warning' }] });
    expect(store.getState().notices.map(({ message }) => message)).toEqual([
      'Run 1: there is no method “magic” in this version. It is kept as it came, and the other runs work.',
    ]);
    expect(JSON.parse(String(await feasible.export('json'))).runs).toEqual([
      { method: 'magic', settings: { wand: 1 } },
    ]);
  });
});

describe('feasible.load, of what cannot run', () => {
  it.each([
    ['param w[3]\nminimize sum(w + [1, 2])', [24, 34], /Shapes do not fit/],
    ['param w = 1\nminimize v^2', [21, 22], /v is unknown/],
    ['minimize x^2 +* 3', [13, 14], /missing after \+/],
  ])('opens the text %j and names its error with its place', async (problem, span, message) => {
    const { store, feasible } = open();
    const loaded = await feasible.load({ ...blank, problem });
    expect(loaded).toMatchObject({ ok: true, value: { problem }, diagnostics: [{ severity: 'error', span }] });
    expect(loaded.ok && loaded.diagnostics?.[0]?.message).toMatch(message);
    expect(store.getState()).toMatchObject({ experiment: { problem }, phase: 'idle', isHeld: true });
  });

  it('names settings that do not fit, with the run', async () => {
    const { feasible } = open(blank);
    const runs = [{ method: 'penalty', settings: { penalty: 'x' }, optimizer: { kind: 'sgd', learningRate: -1 } }];
    const loaded = await feasible.load({ ...ratio, runs });
    expect(loaded).toMatchObject({ ok: true, diagnostics: [{ severity: 'error' }, { severity: 'error' }] });
    expect(loaded.ok && loaded.diagnostics?.map(({ message }) => message)).toEqual([
      'Run 1: Penalty: Penalty coefficient (penalty) must be a number from 0 to 1000000000, not "x".',
      'Run 1: Gradient descent: Learning rate (learningRate) must be a number from 0 to 1000, not -1.',
    ]);
  });

  it('takes the steps to record in any order, and gives each once', async () => {
    const { feasible } = open(blank);
    const runs = [{ ...ratio.runs?.[0], method: 'projected-gradient', steps: 20, record: [20, 5, 5, 0, 99] }];
    expect(await feasible.load({ ...ratio, runs })).toMatchObject({ ok: true, value: { runs } });
    expect((await feasible.run())[0]?.steps).toEqual([0, 5, 20]);
  });
});

describe('feasible.run', () => {
  it('gives every field of a result, row by row', async () => {
    const { feasible } = open();
    const [projection, penalty] = await feasible.run({ executor: 'reference' });
    expect(projection).toMatchObject({
      label: 'projection',
      method: 'projected-gradient',
      optimizer: 'sgd',
      executor: 'reference',
      status: 'converged',
      sense: 'minimize',
      multipliersFrom: 'least-squares',
      parameters: [
        { name: 'x1', shape: [], offset: 0 },
        { name: 'x2', shape: [], offset: 1 },
      ],
    });
    expect(projection?.verdict).toMatch(/Converged/);
    expect(projection?.steps).toEqual(Array.from({ length: 201 }, (_, step) => step));
    expect(projection?.iterates[0]).toEqual([3, 0.25]);
    expect(projection?.iterates.at(-1)).toEqual([expect.closeTo(1.6, 6), expect.closeTo(0.8, 6)]);
    expect(projection?.loss.at(-1)).toBeCloseTo(1.8, 6);
    expect(projection?.multipliers.at(-1)).toEqual([expect.closeTo(-1.2, 6)]);
    expect(projection?.violations).toHaveLength(201);
    expect(penalty).toMatchObject({
      steps: [0, 2],
      status: 'finished',
      verdict: expect.stringMatching(/not feasible/),
    });
  });

  it('says why a run stands still off the optimum', async () => {
    const { feasible } = open({
      ...ratio,
      runs: [{ method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.1 }, steps: 2000 }],
    });
    expect((await feasible.run())[0]?.verdict).toMatch(/not stationary.*Adam with Euclidean projection stops here/);
  });

  it('says of maximize that the loss is its negative', async () => {
    const { feasible } = open({
      ...ratio,
      problem: 'param x = 1\nmaximize -(x - 3)^2',
      runs: [{ method: 'unconstrained', optimizer: { kind: 'sgd', learningRate: 0.1 } }],
    });
    expect((await feasible.run())[0]).toMatchObject({ sense: 'maximize', loss: { 0: 4 } });
  });

  it('cancels a run under way, which resolves as stopped', async () => {
    const { feasible } = open({
      ...ratio,
      runs: [{ method: 'penalty', optimizer: { kind: 'sgd', learningRate: 1e-6 }, steps: 10_000_000, record: [0] }],
    });
    const long = feasible.run();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await feasible.load(ratio);
    const next = feasible.run();
    expect((await long)[0]?.status).toBe('stopped');
    expect((await next).map(({ status }) => status)).toEqual(['converged', 'finished']);
  });

  it('keeps what a run had computed when another experiment was loaded, with the parameters of its own problem', async () => {
    const { store, feasible } = open({
      ...ratio,
      runs: [{ method: 'penalty', optimizer: { kind: 'sgd', learningRate: 1e-6 }, steps: 10_000_000 }],
    });
    const long = feasible.run();
    await vi.waitFor(() => expect(store.getState().picture?.results[0]?.trajectory).toBeTruthy(), 10_000);
    await feasible.load({ ...blank, problem: 'param z[5]\nminimize sum(z**2)' });
    await feasible.analyze();
    const [result] = await long;
    expect(result).toMatchObject({ status: 'stopped', parameters: [{ name: 'x1' }, { name: 'x2' }] });
    expect(result?.steps.length).toBeGreaterThan(1);
    expect(result?.iterates[0]).toEqual([3, 0.25]);
    expect(result?.multipliers).toHaveLength(result?.steps.length ?? 0);
  });

  it('keeps the records before a run diverges, each step once', async () => {
    const { feasible } = open({
      ...ratio,
      runs: [{ method: 'penalty', optimizer: { kind: 'sgd', learningRate: 10 } }],
    });
    const [result] = await feasible.run();
    expect(result).toMatchObject({ status: 'diverged', message: expect.stringMatching(/learning rate/) });
    expect(result?.steps).toEqual(Array.from({ length: result?.steps.length ?? 0 }, (_, step) => step));
    expect(result?.iterates.flat().every(Number.isFinite)).toBe(true);
  });

  it('fails with the reason where the text or a run is wrong', async () => {
    const { feasible } = open({ ...ratio, problem: 'minimize (x' });
    expect((await feasible.run())[0]).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/./),
      steps: [],
    });
    const bogus = { executor: 'bogus' as 'gpu' };
    expect((await open().feasible.run(bogus))[0]?.message).toBe('There is no executor “bogus”.');
    const other = open({ ...ratio, runs: [{ method: 'magic' }] });
    expect((await other.feasible.run())[0]).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/magic/),
    });
  });
});

describe('data in a run', () => {
  const runs = [{ method: 'unconstrained', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 60 }];
  const experiment = (problem: string, data?: Experiment['data']): Experiment => ({
    version: 1,
    problem,
    runs,
    ...(data && { data }),
  });
  const lastOf = async (of: Experiment) => {
    const { feasible } = open(blank);
    expect((await feasible.load(of)).ok).toBe(true);
    const [run] = await feasible.run();
    return { ...run, x: run?.iterates[run.steps.length - 1] ?? [] };
  };

  it('of the catalogue, computed or loaded, and of the experiment', async () => {
    const made = await lastOf(
      experiment(
        'param w[2]\ndata X[50,2], y[50] = regression(seed=3, weights=[2, -1], noise=0)\nminimize mse(X @ w, y)',
      ),
    );
    expect(made.x[0]).toBeCloseTo(2, 3);
    expect(made.x[1]).toBeCloseTo(-1, 3);
    const loaded = await lastOf(
      experiment('param W[10,64]\ndata X[40,64], y[40] = digits()\nminimize cross_entropy(X @ W.T, y)'),
    );
    expect(loaded.loss?.[0]).toBeCloseTo(Math.log(10), 9);
    expect(loaded.loss?.[60]).toBeLessThan(Math.log(10) / 2); // it learns
    const own = await lastOf(
      experiment('param m\nminimize mean((shop[:, 1] - m)^2)', { shop: { columns: ['a', 'b'], rows: [[1, 3], [2, 9]] } }), // biome-ignore format: a table
    );
    expect(own.x[0]).toBeCloseTo(6, 4);
  });

  it('that is only named and not here is said to be missing, and nothing runs', async () => {
    const run = await lastOf(
      experiment('param m\nminimize m^2 + 0*sum(shop)', { shop: { sha256: 'ab', name: 'shop.csv' } }),
    );
    expect(run).toMatchObject({ status: 'failed', message: expect.stringContaining('shop.csv') });
  });
});

describe('soft constraints in a run', () => {
  const soft: Experiment = {
    version: 1,
    problem: 'param x = 3\nminimize (x - 3)^2\nsubject to\n  soft(2): x = 0\n  x <= 2.5\n  soft(8): x <= 1',
    runs: [
      { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 400 },
      { method: 'augmented-lagrangian', optimizer: { kind: 'sgd', learningRate: 0.02 }, steps: 800 },
    ],
  };

  it('pull without being kept: a row each in the order typed, w·violation as multiplier, no part in the verdict', async () => {
    for (const run of await open(soft).feasible.run()) {
      const last = run.steps.length - 1;
      // (x − 3)² + x² + 4·max(0, x − 1)² is least at x = 7/6.
      expect(run.iterates[last]?.[0]).toBeCloseTo(7 / 6, 8);
      expect(run.loss[last]).toBeCloseTo((7 / 6 - 3) ** 2, 8);
      expect(run.violations[last]?.map((entry) => Number(entry.toFixed(8)))).toEqual([1.16666667, 0, 0.16666667]);
      expect(run.multipliers[last]?.[0]).toBeCloseTo((2 * 7) / 6, 7);
      expect(run.multipliers[last]?.[1]).toBeCloseTo(0, 8);
      expect(run.multipliers[last]?.[2]).toBeCloseTo(8 / 6, 7);
      expect(run.violation[last]).toBe(0);
      expect(run.status).toBe('converged');
    }
  });
});

describe('feasible.analyze', () => {
  const analysisOf = (problem: string) => open({ ...blank, problem }).feasible.analyze();

  it('says rank, degrees of freedom, and which methods apply and why not', async () => {
    const analysis = await analysisOf(ratio.problem);
    expect(analysis).toMatchObject({
      rank: 1,
      degreesOfFreedom: 1,
      conditionNumber: 1,
      redundant: [],
      feasible: 'yes',
      constraints: [
        { index: 0, line: 5, label: 'tie', kind: 'affine', relation: 'equality', evidence: { A: [[1, -2]], b: [0] } },
      ],
    });
    expect(analysis.conflict).toBeUndefined();
    expect(analysis.methods.filter(({ proposed }) => proposed).map(({ id }) => id)).toEqual([
      'projected-gradient',
      'sqp',
    ]);
    for (const { supported, reason } of analysis.methods) expect(supported || reason).toBeTruthy();
  });

  it('gives the optimum, unless it is declined', async () => {
    const { feasible } = open();
    const { optimum } = await feasible.analyze();
    expect(optimum?.x).toEqual([expect.closeTo(1.6, 9), expect.closeTo(0.8, 9)]);
    expect(optimum?.multipliers).toEqual([expect.closeTo(-1.2, 9)]);
    expect((await feasible.analyze({ optimum: false })).optimum).toBeUndefined();
  });

  it('names the lines that contradict each other, how they do, and how much they must give', async () => {
    const { feasible, conflict } = await analysisOf(
      'minimize x + y\nsubject to\n  x + y = 1\n  x - y = 0\n  x + y = 2',
    );
    expect(feasible).toBe('no');
    expect(conflict).toMatchObject({ lines: [3, 5], relaxation: expect.closeTo(Math.SQRT1_2, 12) });
    expect(conflict?.certificate).toBe('line 3 − line 5 gives 0 = −1');
    expect(conflict?.relaxations).toEqual([
      { line: 3, amount: expect.closeTo(1, 6) },
      { line: 5, amount: expect.closeTo(1, 6) },
    ]);
  });

  it('names lines that follow from others, and from which', async () => {
    const { redundant, rank } = await analysisOf(
      'minimize x + y + z\nsubject to\n  x + y = 1\n  y + z = 2\n  x + 3*y + 2*z = 5',
    );
    expect(rank).toBe(2);
    expect(redundant).toEqual([{ line: 5, combination: 'line 3 + 2 · line 4' }]);
  });

  it('numbers rows with soft ones among them as a run does', async () => {
    const problem =
      'param x = 1\nparam y = 0\nminimize (x - 3)^2 + y^2\nsubject to\n  soft(2): x + y = 0\n  x <= 1\n  soft(4): y >= 1\n  x - y = 2';
    const { feasible } = open({
      ...blank,
      problem,
      runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 400 }],
    });
    const { constraints, optimum } = await feasible.analyze();
    expect(constraints.map(({ index, kind }) => [index, kind === 'soft'])).toEqual([
      [0, true],
      [1, false],
      [2, true],
      [3, false],
    ]);
    const [run] = await feasible.run();
    expect(run?.status).toBe('converged');
    expect(optimum?.multipliers).toEqual(run?.multipliers.at(-1)?.map((one) => expect.closeTo(one, 5)));
    const { conflict } = await analysisOf(problem.replace('x - y = 2', 'x - y = 2; x = 4'));
    expect(conflict?.constraints).toEqual([1, 4]);
  });

  it('lists soft constraints, which forbid nothing, and finds the compromise', async () => {
    const { constraints, feasible, optimum } = await analysisOf(
      'minimize (x - 3)^2\nsubject to\n  soft(2): x = 0\n  soft(8): x = 3\n  x <= 2',
    );
    expect(constraints.map(({ kind, line }) => [line, kind])).toEqual([
      [3, 'soft'],
      [4, 'soft'],
      [5, 'box'],
    ]);
    expect(feasible).toBe('yes');
    expect(optimum?.x[0]).toBeCloseTo(2, 9);
    expect(optimum?.loss).toBeCloseTo(1, 9); // of the loss as typed, without what the soft constraints add
  });

  it('rejects where the text has errors', async () => {
    await expect(analysisOf('minimize (x')).rejects.toThrow(/./);
  });
});

describe('the rest of feasible', () => {
  it('exports the records as a table', async () => {
    const { feasible } = open({ ...ratio, runs: [{ method: 'penalty', label: '=SUM(A1)', steps: 3 }] });
    await expect(feasible.export('csv')).rejects.toThrow(/run the experiment first/);
    await feasible.run();
    const lines = String(await feasible.export('csv')).split('\r\n');
    expect(JSON.parse(String(lines[0]).slice(2))).toMatchObject({ problem: ratio.problem, title: 'ratio' });
    expect(lines[1]).toBe('run,step,loss,violation,stationarity,x1,x2');
    expect(lines[2]).toMatch(/^'=SUM\(A1\),0,7\.0625,2\.5,[0-9.]+,3,0\.25$/);
    expect(lines).toHaveLength(7);
  });

  it('tells the runs of a sweep apart in a table', async () => {
    const swept = [0.01, 0.1].map((learningRate) => ({
      method: 'penalty',
      optimizer: { kind: 'sgd', learningRate },
      steps: 1,
    }));
    const { feasible } = open({ ...ratio, runs: [...swept, { method: 'lagrangian', steps: 1 }] });
    await feasible.run();
    const [, , ...rows] = String(await feasible.export('csv'))
      .trimEnd()
      .split('\r\n');
    const names = rows.map((row) => row.slice(0, row.search(/,[01],/)));
    expect([...new Set(names)]).toEqual(['"Penalty, η = 0.01"', '"Penalty, η = 0.1"', 'lagrangian']);
  });

  it('writes the experiment of a table such that it reads back as it was', async () => {
    const given: Experiment = { ...ratio, runs: [{ method: 'penalty', steps: 3 }] }; // its penalty is computed from the problem
    const { feasible } = open(given);
    await feasible.run();
    const [head = ''] = String(await feasible.export('csv')).split('\r\n');
    expect(await feasible.load(head.slice(2))).toEqual({ ok: true, value: given });
  });

  it('gives what the text names by let, in results and as columns', async () => {
    const problem = 'param x1 = 3\nparam x2 = 4\nlet size = norm([x1, x2])\nlet two = 2\nminimize size^2';
    const runs = [{ method: 'unconstrained', optimizer: { kind: 'sgd', learningRate: 0.25 }, steps: 1, label: 'r' }];
    const { feasible } = open({ ...ratio, problem, runs });
    const [run] = await feasible.run();
    expect(run?.named).toEqual({ size: [5, 2.5] }); // “two” is the same at each step
    const lines = String(await feasible.export('csv')).split('\r\n');
    expect(lines[1]).toBe('run,step,loss,violation,stationarity,x1,x2,size');
    expect(lines[3]).toBe('r,1,6.25,0,5,1.5,2,2.5');
  });

  it('gives a name of the text that a measure has, too, a title of its own', async () => {
    const problem = 'param x1 = 3\nparam x2 = 4\nlet loss = norm([x1, x2])\nminimize loss^2';
    const runs = [{ method: 'unconstrained', optimizer: { kind: 'sgd', learningRate: 0.25 }, steps: 1, label: 'r' }];
    const { feasible } = open({ ...ratio, problem, runs });
    await feasible.run();
    const [, titles, , last] = String(await feasible.export('csv')).split('\r\n');
    expect([titles, last]).toEqual(['run,step,loss,violation,stationarity,x1,x2,let:loss', 'r,1,6.25,0,5,1.5,2,2.5']);
  });

  it('exports the chosen run as a PyTorch script, in whose head no text can end the comment', async () => {
    const title = 'a\n"""\u2028import os\r\u0000\u202e#';
    const { feasible } = open({ ...ratio, title, runs: [{ method: 'lagrangian', steps: 3 }] });
    const script = String(await feasible.export('pytorch'));
    const head = script.slice(0, script.indexOf('\n\n'));
    expect(head.split('\n').every((line) => line.startsWith('#'))).toBe(true);
    expect(head).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    expect(script).toContain('rows(x1 - 2*x2),  # tie: x1 - 2*x2 = 0');
    expect(script).toContain('eq_multipliers');
  });

  it('says what it cannot export', async () => {
    const { feasible } = open();
    expect(feasible.version).toBe(packageJson.version);
    await expect(feasible.export('pdf' as 'svg')).rejects.toThrow(/no export "pdf"/);
    const unknown = open({ ...ratio, runs: [{ method: 'simulated-annealing' }] });
    await expect(unknown.feasible.export('pytorch')).rejects.toThrow(/no method “simulated-annealing”/);
  });
});
