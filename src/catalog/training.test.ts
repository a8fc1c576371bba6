/** Schedules, clipping and automatic learning rates, through whole runs in the reference executor. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { outcomesOf } from './lessons.fixture.ts';
import { lessons } from './lessons.ts';
import { catalog } from './registry.ts';

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

const STEPS = 40;

/** What each step moved a parameter whose gradient is always 1. */
async function moves(optimizer: RunJson['optimizer'], problem = 'param x = 0\nminimize x'): Promise<number[]> {
  const run = { method: 'unconstrained', ...(optimizer && { optimizer }), steps: STEPS };
  const [outcome] = await outcomesOf({ version: 1, problem, runs: [run] }, executor, 'reference');
  const x = outcome?.iterates.map((iterate) => at(iterate, 0)) ?? [];
  return x.slice(1).map((entry, k) => entry - at(x, k));
}

const rate = 0.25;
const sgd = (settings: object) => ({ kind: 'sgd', learningRate: rate, ...settings });

describe('schedules of the learning rate', () => {
  it.each([
    ['constant', () => rate],
    ['step', (t: number) => rate * 0.5 ** Math.floor((t - 1) / 8)],
    ['cosine', (t: number) => (rate * (1 + Math.cos((Math.PI * (t - 1)) / STEPS))) / 2],
    ['warm-up', (t: number) => rate * Math.min(1, t / 8)],
    ['inverse-root', (t: number) => rate / Math.sqrt(t)],
  ] as const)('%s', async (schedule, expected) => {
    const moved = await moves(sgd({ schedule, schedulePeriod: 8 }));
    moved.forEach((move, k) => expect(move).toBeCloseTo(-expected(k + 1), 12));
  });

  it('holds for every optimizer', async () => {
    for (const { id } of catalog.optimizers) {
      const [constant, root] = await Promise.all(
        ['constant', 'inverse-root'].map((schedule) =>
          moves({ kind: id, learningRate: rate, weightDecay: 0, schedule }),
        ),
      );
      constant?.forEach((move, k) => expect(at(root ?? [], k)).toBeCloseTo(move / Math.sqrt(k + 1), 12));
    }
  });
});

describe('clipping', () => {
  it('bounds the norm of the gradient and keeps its direction', async () => {
    const problem = 'param x = 0\nparam y = 0\nminimize 3*x + 4*y';
    const moved = await moves(sgd({ clipGradient: true, clipNorm: 2 }), problem);
    moved.forEach((move) => expect(move).toBeCloseTo((-rate * 3 * 2) / (5 + 1e-6), 12)); // PyTorch adds 1e-6 to the norm
    const free = await moves(sgd({ clipGradient: true, clipNorm: 6 }), problem);
    free.forEach((move) => expect(move).toBeCloseTo(-rate * 3, 12));
  });
});

const jobOf = (problem: string, run: RunJson) => {
  const studied = study(problem, 0, catalog);
  const job = studied.ok ? prepareRun(studied.value, run, 0, catalog) : studied;
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
};

describe('the automatic learning rate', () => {
  const quadratic = 'param x[3] = [1, -2, 0.5]\nminimize (x[0]^2 + 4*x[1]^2 + 10*x[2]^2)/2\nsubject to\n  sum(x) = 1';
  const rateOf = (run: RunJson) => jobOf(quadratic, run).settings['optimizer.learningRate']?.[0];

  it('is 0.9/λ_max for gradient descent, and counts the curvature of a penalty', () => {
    const plain = rateOf({ method: 'projected-gradient' }) ?? 0;
    expect(plain).toBeGreaterThan(0.85 / 10);
    expect(plain).toBeLessThan(0.95 / 10);
    const steep = rateOf({ method: 'penalty', settings: { penalty: 100 } }) ?? 0;
    expect(steep).toBeGreaterThan(0.85 / 310);
    expect(steep).toBeLessThan(0.95 / 300);
  });

  it('counts weight decay as curvature, so that the run does not diverge', async () => {
    const run = { method: 'unconstrained', optimizer: { kind: 'sgd', weightDecay: 2 }, steps: 200 };
    const problem = 'param x = 1\nminimize x^2/2';
    expect(jobOf(problem, run).settings['optimizer.learningRate']).toEqual([0.3]);
    const [outcome] = await outcomesOf({ version: 1, problem, runs: [run] }, executor, 'reference');
    expect(Math.abs(outcome?.iterates.at(-1)?.[0] ?? 1)).toBeLessThan(1e-9);
  });

  it('is a share of the scale of the start for optimizers that divide', () => {
    expect(rateOf({ method: 'projected-gradient', optimizer: { kind: 'adam' } })).toBeCloseTo(0.1, 12);
  });

  it('gives way to a rate that is named, and is told where it is used', () => {
    const named = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.3 } };
    expect(rateOf(named)).toBe(0.3);
    expect(jobOf(quadratic, named).automatic).toBeUndefined();
    expect(jobOf(quadratic, { method: 'projected-gradient' }).automatic).toEqual({
      'optimizer.learningRate': rateOf({ method: 'projected-gradient' }),
    });
  });

  it('does not make a run of a lesson diverge', async () => {
    for (const { experiment } of lessons.flatMap(({ steps }) => steps)) {
      const runs = (experiment.runs ?? []).map(({ optimizer, ...run }) => ({
        ...run,
        ...(optimizer && { optimizer: { kind: optimizer.kind } }),
      }));
      const outcomes = await outcomesOf({ ...experiment, runs }, executor, 'reference');
      expect(outcomes.map(({ status }) => status).filter((status) => !/finished|converged/.test(status))).toEqual([]);
    }
  });
});

describe('Lion', () => {
  it('moves every coordinate by the learning rate, by the sign of a running mean', async () => {
    const moved = await moves({ kind: 'lion', learningRate: 0.1 }, 'param x = 0.25\nminimize x^2/2');
    let [x, mean] = [0.25, 0];
    for (const move of moved) {
      const expected = -0.1 * Math.sign(0.9 * mean + (1 - 0.9) * x);
      expect(move).toBeCloseTo(expected, 12);
      mean = 0.99 * mean + (1 - 0.99) * x;
      x += expected;
    }
  });
});
