import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { studied } from '../../catalog/studied.fixture.ts';
import { changedRun } from '../../core/experiment/advice/advice.ts';
import { adviceOnLocalPoint } from '../../core/experiment/advice/local-point.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { openInProcess } from '../api/in-process.fixture.ts';
import { adviceOf } from './advice.ts';
import type { RunResult } from './run-slice.ts';

/** What is said of gradient descent, which arrives; x is where. */
async function saidOf(problem: string, tellsOptimum = true) {
  const runs = [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 500 }];
  const store = openInProcess({ version: 1, problem, runs });
  await store.getState().run();
  const { study, picture } = store.getState();
  const result = picture?.results[0];
  if (!result || !study) throw new Error('the run is right');
  expect(result.end?.status).toBe('converged');
  const { size } = study.problem;
  return {
    message: adviceOf(result, study, catalog, tellsOptimum)?.message,
    x: [...(result.trajectory?.iterates.slice(-size) ?? [])],
    best: study.optimum?.loss,
  };
}

const WELLS = 'minimize x^4 - x^2 + 0.2*x\nsubject to -2 <= x <= 2';

describe('advice on a stationary point', () => {
  it('says that a better one is known, and where there is none says nothing', async () => {
    const worse = await saidOf(`param x = 0.5\n${WELLS}`);
    expect(worse.x[0]).toBeGreaterThan(0.5);
    expect(worse.best).toBeCloseTo(-0.3961, 3);
    expect(worse.message).toMatch(/but a point with a loss of −0\.3961 is known: this is a saddle, or best among/);
    const best = await saidOf(`param x = -0.5\n${WELLS}`);
    expect(best.x[0]).toBeLessThan(-0.5);
    expect(best.message).toBeUndefined();
  });

  it('says that the loss falls without bound beside a saddle', async () => {
    const { x, message } = await saidOf('param x = 1\nparam y = 1\nminimize x*y');
    expect(Math.max(...x.map(Math.abs))).toBeLessThan(1e-4);
    expect(message).toMatch(/^Feasible and stationary, but the loss falls without bound: this is a saddle/);
  });

  it('says so where a search alone went far down, and no line leads there', () => {
    const study = studied('param x = -1.53, y = 1.18\nminimize (y^2 - x)^2 - x*y/4'); // along x = y²
    expect(study.noOptimum).toMatchObject({ falls: true });
    expect(study.noOptimum?.ray).toBeUndefined();
    expect(adviceOnLocalPoint(study, 0)?.message).toMatch(
      /, but the loss seems to fall without bound: this is a saddle/,
    );
  });

  it('names the objective as typed', async () => {
    const { message } = await saidOf('param x = 0.5\nmaximize -(x^4 - x^2 + 0.2*x)\nsubject to -2 <= x <= 2');
    expect(message).toMatch(/a point with an objective of 0\.3961 is known/);
  });

  it.each([
    ['the optimum is hidden', `param x = 0.5\n${WELLS}`, false],
    ['soft constraints count, too', `param x = 0.5\n${WELLS}\n soft(10): x >= 0.4`, true],
    ['the loss moves', `param x = 0.5\nminimize x^4 - x^2 + 0.2*x*(1 - t/T)/(1 + t)^4\nsubject to -2 <= x <= 2`, true],
  ])('compares nothing where %s', async (_, text, tellsOptimum) => {
    expect((await saidOf(text, tellsOptimum)).message).toBeUndefined();
  });
});

describe('advice on a point that counts as stationary', () => {
  it('says how far its loss is below that of feasible points, where multipliers are large', async () => {
    const cusp = 'param x = -2, y = -2\nminimize (x - 2)^2 + y^2\nsubject to\n  (1 - x)^3 - y >= 0\n  x >= 0\n  y >= 0';
    const { result, advice } = await ended(cusp, { method: 'sqp', steps: 200 });
    expect(result.end?.status).toBe('converged');
    expect(advice?.message).toMatch(/yet not so near to an optimum: with a multiplier of .* lowers the loss by about/);
    const plain = 'param x = -2, y = -2\nminimize (x - 2)^2 + y^2\nsubject to\n  (1 - x)^3 - y >= 0\n  x <= 0.5';
    expect((await ended(plain, { method: 'sqp', steps: 200 })).advice).toBeNull();
  });
});

describe('advice where there is no point to arrive at', () => {
  async function saidAtTheEnd(problem: string, learningRate?: number) {
    const run = {
      method: 'projected-gradient',
      steps: 20,
      ...(learningRate && { optimizer: { kind: 'sgd', learningRate } }),
    };
    const store = openInProcess({ version: 1, problem, runs: [run] });
    await store.getState().run();
    const { study, picture } = store.getState();
    const result = picture?.results[0];
    if (!result || !study) throw new Error('the run is right');
    expect(result.end?.status).toBe('finished');
    const advice = adviceOf(result, study, catalog);
    expect(advice?.change).toBeUndefined(); // more steps do not help
    return advice?.message;
  }

  it('says which lines contradict each other', async () => {
    const text = 'param w[2] = 0\nminimize sum(w)\nsubject to\n w[0] + w[1] = 1\n w <= 0';
    expect(await saidAtTheEnd(text)).toMatch(/^No point meets all constraints, .* lines 4 and 5 contradict each other/);
  });

  it('says that the loss falls for ever, and whether it has a bound', async () => {
    expect(await saidAtTheEnd('minimize x - y\nsubject to\n x >= 0\n y >= 0')).toMatch(/^The loss falls without bound/);
    const separable = 'param w[2] = 1\nminimize softplus(w[0] - w[1])\nsubject to w[0] + w[1] = 0';
    expect(await saidAtTheEnd(separable)).toMatch(
      /^The loss falls on and on, towards a value .* as norm\(w\) <= 10\.$/,
    );
    expect(await saidAtTheEnd('minimize exp(-3*z)')).toMatch(/as abs\(z\) <= 10\.$/);
  });

  it('promises no run without an end where one may come to rest beside the fall', async () => {
    const hollow = 'param x = -0.9\nminimize x^3 - 3*x'; // on its way to the minimum at x = 1, which is none of all
    expect(await saidAtTheEnd(hollow, 0.01)).toMatch(
      /^The loss .* without bound: the parameters of a run grow for ever, or it ends at a point that is best among/,
    );
  });

  it('tries a shorter learning rate where the automatic one leads off, and there the run arrives', async () => {
    // Nine times as steep at its end; with fewer entries the automatic one is tried beforehand.
    const problem = 'param x[201] = 1\nminimize sum(x^4/4 - 27*x)';
    const run = { method: 'projected-gradient', steps: 1000 };
    const store = openInProcess({ version: 1, problem, runs: [run] });
    await store.getState().run();
    const { study, picture } = store.getState();
    const result = picture?.results[0];
    if (!result || !study) throw new Error('the run is right');
    expect(result.end?.status).toBe('diverged');
    const change = adviceOf(result, study, catalog)?.change;
    expect(change?.optimizer?.learningRate).toBeLessThan(result.job?.settings['optimizer.learningRate']?.[0] ?? 0);
    if (!change) return;
    store.getState().changeRun(0, { optimizer: changedRun(run, change).optimizer });
    await store.getState().run();
    expect(store.getState().picture?.results[0]?.end?.status).toBe('converged');
  });
});

describe('advice where what is broken has no slope', () => {
  async function saidFrom(start: string) {
    const problem = `param x = ${start}, y = 0\nminimize x^2 + 2*y^2\nsubject to x^2 + y^2 = 1`;
    const runs = [{ method: 'augmented-lagrangian', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 300 }];
    const store = openInProcess({ version: 1, problem, runs });
    await store.getState().run();
    const { study, picture } = store.getState();
    const result = picture?.results[0];
    if (!result || !study) throw new Error('the run is right');
    return adviceOf(result, study, catalog)?.message;
  }

  it('names the line at the middle of a circle, and nothing beside it', async () => {
    expect(await saidFrom('0')).toMatch(/^It rests off line 3: .* no slope.* Another start/);
    expect((await saidFrom('0.1')) ?? '').not.toContain('no slope');
  });
});

async function ended(problem: string, run: RunJson) {
  const store = openInProcess({ version: 1, problem, runs: [run] });
  await store.getState().run();
  const { study, picture } = store.getState();
  const result = picture?.results[0];
  if (!result || !study) throw new Error('the run is right');
  return { result, advice: adviceOf(result, study, catalog), best: study.optimum?.loss ?? Number.NaN };
}

describe('advice on a function that is flat where a run ends', () => {
  it.each([
    [
      'softmax(z)',
      'param z[3] = [20, 0, 0]\nlet p = softmax(z)\nminimize sum((p - [0.2, 0.3, 0.5])^2)',
      'the entries of z are nearer to each other',
    ],
    [
      'softmax(z)',
      'param z[3] = [9, 0, 0]\nminimize sum((softmax(z) - [0.2, 0.3, 0.5])^2)',
      'the entries of z are nearer to each other',
    ],
    ['sigmoid(a)', 'param a = 18\nminimize (sigmoid(a) - 0.3)^2', 'a is nearer to 0'],
    ['tanh(2*a)', 'param a = -9\nminimize (tanh(2*a) - 0.3)^2 ', '2*a is nearer to 0'],
    ['relu(a - 1)', 'param a = 0\nminimize (relu(a - 1) - 2)^2\nsubject to -5 <= a <= 5', 'a - 1 is above 0'],
  ])('names %s, in %s', async (name, problem, elsewhere) => {
    const run = { method: 'projected-gradient', steps: 200 };
    const { advice } = await ended(problem, run);
    expect(advice?.message.startsWith(`${name} is flat where the run ends, as `)).toBe(true);
    expect(advice?.message).toContain(`Start where ${elsewhere}.`);
  });

  it('says nothing where the best point is flat', async () => {
    const reached = 'param a = 3\nminimize (relu(a) - 0)^2 + (a + 1)^2';
    expect((await ended(reached, { method: 'projected-gradient', steps: 200 })).advice).toBeNull();
  });
});

describe('advice on what a method does not look at', () => {
  const SHARES =
    'param w[3] = [1.2, -0.3, 2]\nminimize sum((w - [0.1, 0.2, 1.5])^2)\nsubject to\n  sum(w) = 1\n  w >= 0';

  it.each([
    ['nearest-point', /^This method does not look at the loss/],
    ['projected-update', /^This method keeps equalities alone/],
    ['projected-direction', /^This method keeps equalities alone/],
    ['unconstrained', /^This method does not look at the constraints/],
  ])('says so of %s, and offers one that arrives', async (method, said) => {
    const run = { method, steps: 500 };
    const { advice } = await ended(SHARES, run);
    expect(advice?.message).toMatch(said);
    if (!advice?.change) throw new Error('a change is offered');
    expect((await ended(SHARES, changedRun(run, advice.change))).result.end?.status).toBe('converged');
  });

  it('says nothing where that does not matter', async () => {
    const inside = 'param w[2] = [3, 1]\nminimize 2\nsubject to\n  sum(w) = 1\n  w >= -5';
    for (const method of ['nearest-point', 'projected-update']) {
      const settings = method === 'projected-update' ? { projectStart: true } : {};
      expect((await ended(inside, { method, settings, steps: 100 })).advice).toBeNull();
    }
  });
});

describe('advice on steps about a kink', () => {
  /** Mean over the last steps: single ones may be near by luck. */
  const lossOf = ({ trajectory }: RunResult) => {
    const last = trajectory?.measures.loss.slice(-20) ?? new Float64Array();
    return last.reduce((sum, entry) => sum + entry / last.length, 0);
  };

  it.each([
    ['absolute values', 'param x = 0, y = 0\nminimize abs(x - 3.14159) + 2*abs(y + 1.2345)'],
    ['a quantile', 'data y = [1.3, 2.1, 5.7123, 3.3, 9.1]\nparam q = 5\nminimize mean(max(0.7*(y - q), -0.3*(y - q)))'],
    [
      'hinges',
      'data y = [1, -1, 1, -1]\ndata X = [[1, 2], [-1, 0.3], [0.2, 1], [1, -1]]\nparam w[2] = 0\nminimize mean(relu(1 - y*(X @ w))) + 0.05*sum(w^2)',
    ],
    ['the larger of two', 'param x = 2, y = 2\nminimize max((x - 1)^2 + y, 2 - x + y^2)'],
  ])('says why a run ends beside it, and offers one that ends nearer: %s', async (_, problem) => {
    const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 200 };
    const { result, advice, best } = await ended(problem, run);
    expect(advice?.message).toMatch(/^The steps jump about a kink of the loss, at a distance of about/);
    if (!advice?.change) throw new Error('a change is offered');
    const mended = await ended(problem, changedRun(run, advice.change));
    expect(lossOf(mended.result) - best).toBeLessThan(0.5 * (lossOf(result) - best));
  });

  it('names a constraint, where the kink is its own', async () => {
    const problem =
      'data y[12] = [1, 1.2, 0.8, 3, 3.1, 2.9, 3.2, 2.8, -1, -1.1, -0.9, -1]\nparam w[12]\nminimize sum((w - y)^2)\nsubject to sum(abs(w[1:] - w[:-1])) <= 3';
    const { advice } = await ended(problem, { method: 'augmented-lagrangian', steps: 1000 });
    expect(advice?.message).toMatch(/^The steps jump about a kink of a constraint/);
  });

  it.each(['sqp', 'interior-point'])('says of %s that it takes the slope of one side for the other', async (method) => {
    const problem = 'param x = [1, 0.3]\nminimize sum(abs(x - [0.2, 0.5]))\nsubject to x[0] + x[1] <= 2';
    const { advice } = await ended(problem, { method, steps: 200 });
    expect(advice?.message).toMatch(/^It stands beside a kink of the loss/);
  });

  it('is not given where the loss is smooth, or its kink far away', async () => {
    const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.9 }, steps: 200 };
    for (const problem of ['param x = 1\nminimize x^2 + abs(x - 100)/1000', 'param x = 1\nminimize 1.2*x^2'])
      expect((await ended(problem, run)).advice?.message ?? '').not.toMatch(/kink/);
  });
});

describe('the last word on a run that ends off an optimum', () => {
  /** From Hock & Schittkowski 1981 and the like: problem, method, what is said; each was silent. */
  const ENDS: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'steps that overshoot',
      'param a = 1\nparam b = 1\nparam c = 1\nminimize a^2 + b^2 + c^2\nsubject to a*b*c = 8',
      'projected-gradient',
      /^It goes to and fro, or round, at the end, and comes no nearer: steps this long overshoot/,
    ],
    [
      'steps that go on without coming nearer',
      'param x = 2\nparam y = 2\nminimize x + y\nsubject to\n  x*y >= 1\n  x >= 0',
      'augmented-lagrangian',
      /^It still moved when its steps ended/,
    ],
  ];

  it.each(ENDS)('tells how it ends, and offers a method that arrives: %s', async (_, problem, method, said) => {
    const run = { method, steps: 1000 };
    const { advice } = await ended(problem, run);
    expect(advice?.message).toMatch(said);
    if (!advice?.change) throw new Error('a change is offered');
    expect((await ended(problem, changedRun(run, advice.change))).result.end?.status).toBe('converged');
  });

  it('says of a point without multipliers that it is the best that is known, not that it is no optimum', async () => {
    const point = 'param x = 0.5\nparam y = 0.5\nminimize (x - 1)^2 + y^2\nsubject to x^2 + y^2 = 0';
    const { advice } = await ended(point, { method: 'projected-gradient', steps: 200 });
    expect(advice?.message).toMatch(/^It ends at the best point that is known\. There the slopes/);
    expect(advice?.change).toBeUndefined();
    const cusp = 'param x = -2, y = -2\nminimize (x - 2)^2 + y^2\nsubject to\n  (1 - x)^3 - y >= 0\n  x >= 0\n  y >= 0';
    const atCusp = await ended(cusp, { method: 'interior-point', steps: 200 });
    expect(atCusp.advice?.message).toMatch(/no optimum, unless the slopes of the constraints vanish or depend/);
  });

  it('says of a run that has the loss of the optimum, but for its slope, that it is there', async () => {
    const shares =
      'param w[4]\nminimize sum((w - [1, 2, -1, 0.5])**2)\nsubject to\n  w[0:2] in simplex\n  w[2:4] in simplex';
    const { result, advice, best } = await ended(shares, { method: 'interior-point', steps: 200 });
    expect(result.end?.status).toBe('finished');
    expect(Math.abs((result.trajectory?.measures.loss.at(-1) ?? Number.NaN) - best)).toBeLessThan(1e-6 * (1 + best));
    expect(advice?.message).toMatch(/^Its loss is the lowest that is known, within/);
  });
});
