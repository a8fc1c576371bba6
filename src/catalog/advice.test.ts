/** The defect that popular libraries recommend: an adaptive optimizer followed by a Euclidean projection. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { adviceFor, changedRun } from '../core/experiment/advice/advice.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
const RATIO = 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0';

async function adviceOn(text: string, run: RunJson) {
  const studied = study(text, 0, catalog);
  const job = studied.ok ? prepareRun(studied.value, run, 1, catalog) : studied;
  if (!studied.ok || !job.ok) throw new Error('the run is right');
  const chunks: Chunk[] = [];
  await executor.run([job.value], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
  const joined = (of: (chunk: Chunk) => Float64Array) => Float64Array.from(chunks.flatMap((chunk) => [...of(chunk)]));
  const ended = {
    executor: 'reference' as const,
    iterates: joined(({ iterates }) => iterates),
    loss: joined(({ measures }) => measures.loss),
    violation: joined(({ measures }) => measures.violation),
    stationarity: joined(({ measures }) => measures.stationarity),
    gradient: joined(({ measures }) => measures.gradient),
    steps: chunks.flatMap(({ steps }) => [...steps]),
    learningRate: job.value.settings['optimizer.learningRate']?.[0],
  };
  return { advice: adviceFor(studied.value.structure, run, catalog, ended), x: [...ended.iterates.slice(-2)] };
}

describe('advice', () => {
  const adam: RunJson = { method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.1 }, steps: 3000 };

  it('says why Adam with Euclidean projection stops at (1, 0.5), and proposes the switch that reaches the optimum', async () => {
    const { advice, x } = await adviceOn(RATIO, adam);
    expect(at(x, 0)).toBeCloseTo(1, 1);
    expect(advice?.message).toContain('Adam with Euclidean projection stops here');
    const mended = await adviceOn(RATIO, { ...adam, settings: { ...advice?.change?.settings } });
    expect(at(mended.x, 0)).toBeCloseTo(1.6, 3);
    expect(mended.advice).toBeNull();
  });

  it('says nothing where the set couples no coordinates, where descent is plain, and where the run is still on its way', async () => {
    expect(
      (await adviceOn('param a = 1\nparam b = 1\nminimize (a+1)^2 + b^2\nsubject to a >= 0', adam)).advice,
    ).toBeNull();
    expect((await adviceOn(RATIO, { ...adam, optimizer: { kind: 'sgd', learningRate: 0.1 } })).advice).toBeNull();
    const begun = await adviceOn(RATIO, { ...adam, optimizer: { kind: 'adam', learningRate: 0.001 }, steps: 50 });
    expect(begun.advice?.change?.settings ?? {}).toEqual({});
  });

  it('says of a penalty whose steps are too long that it swings, and proposes a learning rate with which it settles', async () => {
    const disk = 'param x = 0\nparam y = 0\nminimize (x - 3)^2 + (y - 4)^2\nsubject to x^2 + y^2 <= 1';
    const run = {
      method: 'penalty',
      settings: { penalty: 12 },
      optimizer: { kind: 'sgd', learningRate: 0.04 },
      steps: 300,
    };
    const { advice } = await adviceOn(disk, run);
    expect(advice?.message).toContain('swings to and fro');
    const mended = await adviceOn(disk, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(mended.advice?.message).toContain('rests where the penalty balances the loss');
    const force = Math.hypot(3 - at(mended.x, 0), 4 - at(mended.x, 1)) * 2; // ρ g ∇g balances ∇f
    const length = Math.hypot(...mended.x);
    expect(12 * (length ** 2 - 1) * 2 * length).toBeCloseTo(force, 5);
    const calm = await adviceOn(disk, { ...run, optimizer: { kind: 'sgd', learningRate: 0.01 }, steps: 20 });
    expect(calm.advice?.message ?? '').not.toContain('swings');
  });

  it('proposes a learning rate by the steepness that was met where a projection throws steps back that are too long by far', async () => {
    const text = 'param w = 1, v = 1\nminimize (30*w + 2000*v - 60)^2 + (w - v)^2\nsubject to\n  w >= 0\n  v >= 0'; // λ_max = 8e6
    const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.04 }, steps: 100 };
    const { advice } = await adviceOn(text, run);
    expect(advice?.message).toContain('swings to and fro');
    expect(advice?.change?.optimizer?.learningRate).toBeLessThan(2 / 8e6);
    expect(advice?.change?.optimizer?.learningRate).toBeGreaterThan(1e-8);
    const mended = await adviceOn(text, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(mended.advice?.message ?? '').not.toContain('swings');
  });

  it('tells a penalty that rests from one so steep that Adam moves across the constraint alone, and offers what arrives', async () => {
    const text =
      'param w[3]\nminimize (w[0] - 1)^2 + (w[1] - 0.5)^2 + 2*(w[2] + 0.5)^2\nsubject to sum(w) = 1\n  w >= 0';
    const run = (penalty: number): RunJson => ({
      method: 'penalty',
      settings: { penalty },
      optimizer: { kind: 'adam', learningRate: 0.04 },
      steps: 200,
    });
    expect((await adviceOn(text, run(1))).advice?.message).toContain('rests where the penalty balances the loss');
    const { advice } = await adviceOn(text, run(1e5));
    expect(advice?.message).toContain('not because it arrived');
    const mended = await adviceOn(
      text,
      changedRun({ ...run(1e5), steps: 2000 }, advice?.change ?? { title: '', settings: {} }),
    );
    expect(mended.advice).toBeNull();
  });

  it('says of a set that is imposed after the last step alone that the end is not the best, and offers what arrives', async () => {
    const text = 'param x = 0.9\nparam y = 0.2\nminimize 3*(x - 1)^2 + (y - 2)^2\nsubject to x - 2*y = 0';
    const run: RunJson = { method: 'impose-at-end', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 200 };
    const { advice } = await adviceOn(text, run);
    expect(advice?.message).toContain('not the best one');
    const mended = await adviceOn(text, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(at(mended.x, 0)).toBeCloseTo(16 / 13, 6);
    expect(mended.advice).toBeNull();
    expect((await adviceOn(text.replace('3*', ''), run)).advice).toBeNull(); // a distance: the nearest point is the best
  });

  it.each(['penalty', 'augmented-lagrangian', 'projected-update'])(
    'says of %s with a learning rate of 0 that it is 0',
    async (method) => {
      const optimizer = { kind: 'sgd', learningRate: 0 };
      const { advice } = await adviceOn(RATIO, { method, optimizer, steps: 50 });
      expect(advice?.message).toContain('The learning rate is 0');
    },
  );

  it('says that a share of zero stays zero in mirror descent, and starts inside', async () => {
    const corner = 'param w[2] = [1, 0]\nminimize (w[0] - 0.25)^2 + (w[1] - 0.75)^2\nsubject to w in simplex';
    const run: RunJson = { method: 'mirror-descent', optimizer: { kind: 'sgd', learningRate: 0.5 }, steps: 300 };
    const { advice, x } = await adviceOn(corner, run);
    expect(x).toEqual([1, 0]);
    const mended = await adviceOn(corner, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(at(mended.x, 0)).toBeCloseTo(0.25, 6);
    expect(mended.advice).toBeNull();
  });

  it('offers ten times the steps to multipliers that were still on their way, and nothing where they arrived', async () => {
    const disk = 'param x = 0\nparam y = 0\nminimize (x - 3)^2 + (y - 4)^2\nsubject to x^2 + y^2 <= 1';
    const run: RunJson = { method: 'augmented-lagrangian', optimizer: { kind: 'sgd', learningRate: 0.01 }, steps: 60 };
    const { advice } = await adviceOn(disk, run);
    expect(advice?.change?.title).toBe('Try 600 steps');
    const mended = await adviceOn(disk, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(at(mended.x, 0)).toBeCloseTo(0.6, 5);
    expect(mended.advice).toBeNull();
  });

  const adaptive: [string, number][] = [
    ['adam', 0.05],
    ['adamw', 0.05],
    ['rmsprop', 0.005], // its step never shrinks: it trembles by as much
    ['adagrad', 0.1],
  ];
  it.each(adaptive)('says so of %s with a projected update, too', async (kind, learningRate) => {
    const run = { method: 'projected-update', optimizer: { kind, learningRate }, steps: 3000 };
    const { advice } = await adviceOn(RATIO, { ...run, settings: { projectStart: true } });
    expect(advice?.message).toContain('with a projected update stops here');
  });

  const ways: [string, string, RunJson['settings']][] = [
    ['projected-update', 'adam', { projectStart: true }],
    ['projected-update', 'lion', { projectStart: true }], // has no metric: the null space
    ['projected-update', 'sgd', {}], // keeps the violation of its start
    ['projected-direction', 'adam', { projectStart: true }],
    ['projected-direction', 'sgd', {}],
  ];
  it.each(ways)('proposes a change that brings %s with %s to the optimum', async (method, kind, settings) => {
    const optimizer = {
      kind,
      learningRate: kind === 'lion' ? 0.01 : 0.05,
      ...(kind !== 'sgd' && { schedule: 'cosine' }),
    };
    const run: RunJson = { method, optimizer, steps: 3000, ...(settings && { settings }) };
    const { advice, x } = await adviceOn(RATIO, run);
    expect(Math.abs(at(x, 0) - 1.6)).toBeGreaterThan(0.02);
    if (!advice?.change) throw new Error('a change is proposed');
    const mended = await adviceOn(RATIO, changedRun(run, advice.change));
    expect(Math.abs(at(mended.x, 0) - 1.6)).toBeLessThan(0.01);
    expect(Math.abs(at(mended.x, 1) - 0.8)).toBeLessThan(0.01);
    expect(mended.advice).toBeNull();
  });

  it('gives the cycles over overlapping sets the rounds that they lack', async () => {
    const text =
      'data N = [[20,5,1],[3,30,7],[2,6,26]]\nparam P[3,3] = 1/3\nminimize -sum(N*log(P))/100\nsubject to\n  sum(P, axis=1) = 1\n  P >= 0\n  norm(P) <= 1.2';
    expect((await adviceOn(text, { method: 'projected-gradient' })).advice).toBeNull(); // each step goes on with the cycles of the last
    const anew: RunJson = { method: 'projected-gradient', settings: { projection: 'dykstra' } };
    const { advice } = await adviceOn(text, anew);
    expect(advice?.message).toContain('in 20 cycles a step, and they end near the constraints, not on them');
    expect(advice?.change?.settings).toEqual({ projection: 'dykstra-warm' });
    if (advice?.change) expect((await adviceOn(text, changedRun(anew, advice.change))).advice).toBeNull();
    const inTurn = await adviceOn(text, {
      method: 'projected-gradient',
      settings: { projection: 'alternating', cycles: 2 },
    });
    expect(inTurn.advice?.change?.settings).toEqual({ cycles: 20 });
  });

  it('leaves Newton steps that rest beside the optimum of a curve for a method that does not', async () => {
    const text =
      'param x[2] = [0.6, 1.2]\nparam y[2] = [-0.3, -0.5]\nminimize 9*y[0] + 4*y[1]\nsubject to\n  x[0]^2 + y[0]^2 = 1\n  (x[1] - x[0])^2 + (y[1] - y[0])^2 = 1\n  (x[1] - 2.5)^2 + y[1]^2 = 1';
    const { advice } = await adviceOn(text, { method: 'projected-gradient', settings: { projection: 'newton' } });
    expect(advice?.message).toContain('not to their nearest point');
    expect(advice?.change?.method).toBe('tangent-normal');
  });

  it('says that a penalty leaves a violation, and hands its force to multipliers', async () => {
    const run: RunJson = { method: 'penalty', steps: 1000 };
    const { advice } = await adviceOn(RATIO, run);
    expect(advice?.message).toContain('rests where the penalty balances the loss');
    if (advice?.change) expect((await adviceOn(RATIO, changedRun(run, advice.change))).x[0]).toBeCloseTo(1.6, 5);
    expect((await adviceOn(RATIO, { ...run, settings: { growth: 2 } })).advice?.message ?? '').not.toContain(
      'rests where',
    );
  });

  it('names weight decay where a run rests between it and the loss, and leads to the optimum without', async () => {
    const text = 'param w[2] = [1, 1]\nminimize sum((w - [3, 1])^2)\nsubject to sum(w) = 1';
    const run: RunJson = {
      method: 'projected-gradient',
      optimizer: { kind: 'sgd', learningRate: 0.1, weightDecay: 0.5 },
      steps: 300,
    };
    const { advice } = await adviceOn(text, run);
    expect(advice?.message).toMatch(/^Weight decay pulls towards 0/);
    const mended = await adviceOn(text, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(mended.advice).toBeNull();
    expect(at(mended.x, 0)).toBeCloseTo(1.5, 6);
  });

  const uneven = 'param x[2] = [2, 0]\nminimize 5*(x[0] - 1)^2 + (x[1] - 2)^2\nsubject to x[0] + x[1] = 1';
  it.each([
    ['descends', uneven, { learningRate: 0.05 }, 400, 'It rests, and not at the optimum'],
    ['has momentum', uneven, { learningRate: 0.02, momentum: 0.9 }, 400, 'It rests, and not at the optimum'],
    [
      'ends between two projections',
      RATIO,
      { learningRate: 0.1 },
      203,
      'Its last steps came after the last projection',
    ],
  ])(
    'names the projections that are left out, where it %s, and arrives with them',
    async (_, text, own, steps, why) => {
      const optimizer = { kind: 'sgd', ...own };
      const run: RunJson = { method: 'projected-gradient', settings: { projectEvery: 5 }, optimizer, steps };
      const { advice } = await adviceOn(text, run);
      expect(advice?.message).toContain(why);
      expect((await adviceOn(text, changedRun(run, advice?.change ?? { title: '', settings: {} }))).advice).toBeNull();
      const atProjection = await adviceOn(RATIO, { ...run, steps: 200 }); // as steep in all directions
      expect(atProjection.advice).toBeNull();
    },
  );

  it.each([
    ['0', 0, 'The learning rate is 0'],
    ['a thousandth of what the curvature allows', 4e-4, 'All its steps were alike, and short'],
  ])(
    'says of a learning rate of %s that it is too small, and leads on with the automatic one',
    async (_, rate, why) => {
      const run: RunJson = {
        method: 'projected-gradient',
        optimizer: { kind: 'sgd', learningRate: rate },
        steps: 200,
      };
      const { advice } = await adviceOn(RATIO, run);
      expect(advice?.message).toContain(why);
      const changed = changedRun(run, advice?.change ?? { title: '', settings: {} });
      expect(changed.optimizer).toEqual({ kind: 'sgd' });
      const mended = await adviceOn(RATIO, changed);
      expect(mended.advice).toBeNull();
      expect(at(mended.x, 0)).toBeCloseTo(1.6, 6);
    },
  );

  it('says that a run without constraints left them, and offers the method that is proposed for them', async () => {
    const run: RunJson = { method: 'unconstrained', steps: 100 };
    const { advice } = await adviceOn(RATIO, run);
    expect(advice?.message).toContain('does not look at the constraints');
    const mended = await adviceOn(RATIO, changedRun(run, advice?.change ?? { title: '', settings: {} }));
    expect(at(mended.x, 0)).toBeCloseTo(1.6, 6);
    expect((await adviceOn('param x = 1\nminimize x^2\nsubject to x >= 0', run)).advice).toBeNull();
  });

  it('says of multipliers that turn x round without end that they do, and looks ahead', async () => {
    const text = 'param x = 1\nminimize x\nsubject to x = 0.5';
    const run: RunJson = {
      method: 'lagrangian',
      settings: { order: 'simultaneous' },
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 300,
    };
    const { advice } = await adviceOn(text, run);
    expect(advice?.message).toContain('circles the saddle point');
    const mended = await adviceOn(
      text,
      changedRun({ ...run, steps: 2000 }, advice?.change ?? { title: '', settings: {} }),
    );
    expect(mended.x[0]).toBeCloseTo(0.5, 4);
  });

  it('leaves a map that nears a corner ever more slowly for the projection, which stands on it', async () => {
    const text = 'param w[2] = [0.4, 0.6]\nminimize w[0] + 2*w[1]\nsubject to w in simplex';
    const run: RunJson = { method: 'reparameterization', optimizer: { kind: 'sgd', learningRate: 0.5 }, steps: 1000 };
    const { advice } = await adviceOn(text, run);
    expect(advice?.message).toContain('in the limit only');
    expect((await adviceOn(text, changedRun(run, advice?.change ?? { title: '', settings: {} }))).x).toEqual([1, 0]);
  });

  const columns = (scale: number) =>
    `data A = [[1, ${scale}], [2, ${1.5 * scale}], [3, ${1.2 * scale}], [4, ${2.5 * scale}]]\nparam w[2] = 0, b = 0\nminimize mean((A @ w + b - [1, 2, 2.5, 4])^2)\nsubject to w >= 0`;

  it('says of columns of very different size that it creeps, and nothing of even ones', async () => {
    const run: RunJson = { method: 'projected-gradient', steps: 500 };
    expect((await adviceOn(columns(1000), run)).advice?.message).toMatch(/^It creeps: .*columns of data/);
    expect((await adviceOn(columns(1), run)).advice?.message ?? '').not.toContain('creeps');
  });

  it('names a row that is a million times as steep as another', async () => {
    const text = 'minimize (x - 1)^2 + (y - 2)^2\nsubject to\n  1e6*x + 1e6*y = 1e6\n  x - y = 0.2';
    const { advice } = await adviceOn(text, { method: 'augmented-lagrangian', steps: 300 });
    expect(advice?.message).toMatch(/^One constraint is 1e6 times as steep as another/);
    const { advice: none } = await adviceOn(text.replaceAll('1e6', '1'), {
      method: 'augmented-lagrangian',
      steps: 300,
    });
    expect(none).toBeNull();
  });
});
