/** Settings that are left out and that theory gives a value for: computed, told, and good. */
import { describe, expect, it } from 'vitest';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import { catalog } from './registry.ts';

/** ½ xᵀ diag(1, 4, 10) x with λ_max(JᵀJ) = 12. */
const STEEP = 'param x[3] = [1, -2, 0.5]\nminimize (x[0]^2 + 4*x[1]^2 + 10*x[2]^2)/2\nsubject to\n  2*sum(x) = 1';
const BOUNDS = 'param x[2] = [0.25, 0.5]\nminimize x[0] + 2*x[1]\nsubject to\n  x >= 0\n  sum(x) <= 1';

function jobOf(text: string, run: RunJson) {
  const studied = studyStructure(text, 0, catalog);
  const job = studied.ok ? prepareRun(studied.value, run, 1, catalog) : studied;
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}
const automaticOf = (text: string, run: RunJson) => jobOf(text, run).automatic ?? {};
/** Two digits are kept, rounded down, of numbers that power iterations find to a few percent. */
const near = (expected: number, found: number | undefined) => {
  expect((found ?? Number.NaN) / expected).toBeGreaterThan(0.88);
  expect((found ?? Number.NaN) / expected).toBeLessThan(1.06);
};

/** The last two iterates. */
async function lastTwo(job: Job): Promise<[number[], number[]]> {
  const chunks: Chunk[] = [];
  await createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' }).run([job], {
    executor: 'reference',
    onChunk: (chunk) => chunks.push(chunk),
  });
  const all = chunks.flatMap(({ iterates }) => [...iterates]);
  const size = all.length / chunks.reduce((sum, { steps }) => sum + steps.length, 0);
  return [all.slice(-2 * size, -size), all.slice(-size)];
}

describe('automatic settings', () => {
  it('make a penalty a fixed number of times as steep as the loss', () => {
    near((25 * 10) / 12, automaticOf(STEEP, { method: 'penalty' })['method.penalty']);
    near(10 / 12, automaticOf(STEEP, { method: 'penalty', settings: { growth: 2 } })['method.penalty']);
    near((5 * 10) / 12, automaticOf(STEEP, { method: 'augmented-lagrangian' })['method.penalty']);
  });

  it('keep to a learning rate that is named: η (L + ρ σ) = 1', () => {
    const run = { method: 'penalty', optimizer: { kind: 'sgd', learningRate: 0.02 } };
    near((50 - 10) / 12, automaticOf(STEEP, run)['method.penalty']);
  });

  it('give the multipliers 0.9 (1/η − L/2)/σ, and extragradient a quarter of 1/(η σ)', () => {
    const sgd = { kind: 'sgd', learningRate: 0.05 };
    near((0.9 * 15) / 12, automaticOf(STEEP, { method: 'lagrangian', optimizer: sgd })['method.dualLearningRate']);
    const looking = { method: 'lagrangian', settings: { order: 'extragradient' }, optimizer: sgd };
    near(0.25 / (0.05 * 12), automaticOf(STEEP, looking)['method.dualLearningRate']);
    const pi = { method: 'lagrangian', settings: { multiplierRule: 'pi', dualLearningRate: 0.5 }, optimizer: sgd };
    expect(automaticOf(STEEP, pi)).not.toHaveProperty(['method.dualLearningRate']);
    near(10 / (2 * 0.5 * 12), automaticOf(STEEP, pi)['method.proportional']);
  });

  it('give ADMM √(λ_min λ_max), and its steps 0.9/(λ_max + ρ)', () => {
    const { 'method.penalty': penalty, 'optimizer.learningRate': rate } = automaticOf(STEEP, { method: 'admm' });
    near(Math.sqrt(10), penalty);
    near(0.9 / (10 + (penalty ?? 0)), rate);
  });

  it('choose the barrier whose central path is nearest to the start', () => {
    // ∇f = (1, 2), ∇φ = (−4, −2) + (4, 4) = (0, 2): t = −∇f·∇φ/‖∇f‖² < 0, so ‖∇f‖ s/m
    near(Math.sqrt(5) / 3, automaticOf(BOUNDS, { method: 'interior-point' })['method.barrier']);
    // ∇φ = (−4, −2) without the sum: t = 8/5
    const two = BOUNDS.replace('\n  sum(x) <= 1', '');
    near(5 / 8, automaticOf(two, { method: 'interior-point' })['method.barrier']);
  });

  it('take the curvature along the set for steps in its null space, whatever the basis', () => {
    const text = 'param x[2] = [1, 0]\nminimize x[0]^2 + 100*x[1]^2\nsubject to x[0] + x[1] = 1';
    near(0.9 / 101, automaticOf(text, { method: 'null-space' })['optimizer.learningRate']);
    const long = { method: 'null-space', settings: { basis: [[3], [-3]] } };
    near(0.9 / (9 * 202), automaticOf(text, long)['optimizer.learningRate']);
  });

  it('give way to what is named, and say nothing of it', () => {
    const named = { method: 'admm', settings: { penalty: 2 }, optimizer: { kind: 'sgd', learningRate: 0.1 } };
    expect(jobOf(STEEP, named).automatic).toBeUndefined();
    expect(jobOf(STEEP, named).settings['method.penalty']).toEqual([2]);
  });

  it.each([0.1, 1, 5])(
    'bring a disk of radius %d from its centre to rest, where no constraint pulls',
    async (radius) => {
      const text = `param x[2] = [0, 0]\nminimize sum((x - [${6 * radius}, ${8 * radius}])^2)\nsubject to x @ x <= ${radius ** 2}`;
      for (const [method, rest] of [
        ['penalty', 0.35],
        ['augmented-lagrangian', 1e-3],
      ] as const) {
        const [before, x] = await lastTwo(jobOf(text, { method, optimizer: { kind: 'sgd' }, steps: 1000 }));
        near(0.6, (x[0] ?? 0) / Math.hypot(...x)); // towards the loss's centre
        expect(Math.hypot(...x) / radius - 1).toBeLessThan(rest);
        x.forEach((entry, i) => expect(Math.abs(entry - (before[i] ?? 0))).toBeLessThan(1e-5 * radius));
      }
    },
  );

  it.each([
    ['a disk from its centre', 'param x[2] = [0, 0]\nminimize sum((x - [3, 4])^2)\nsubject to x @ x <= 1', [0.6, 0.8]],
    ['a small disk', 'param x[2] = [0, 0]\nminimize sum((x - [0.6, 0.8])^2)\nsubject to x @ x <= 0.01', [0.06, 0.08]],
    ['a circle from outside', 'param x[2] = [3, 3]\nminimize sum((x - [3, 4])^2)\nsubject to x @ x = 1', [0.6, 0.8]],
    ['a linear loss', 'param x[2] = [0, 0]\nminimize 3*x[0] + 4*x[1]\nsubject to x @ x <= 1', [-0.6, -0.8]],
    ['a curve', 'param x[2] = [0, 0]\nminimize sum((x - 5)^2)\nsubject to sum(exp(x)) <= 4', [Math.LN2, Math.LN2]],
  ] as const)('bring descent-ascent on %s to the optimum', async (_, text, optimum) => {
    for (const order of ['alternating', 'extragradient', 'simultaneous']) {
      const [, x] = await lastTwo(jobOf(text, { method: 'lagrangian', settings: { order }, steps: 2000 }));
      const within = order === 'simultaneous' ? 1e-2 : 1e-6;
      optimum.forEach((entry, i) => expect(Math.abs((x[i] ?? 0) - entry), order).toBeLessThan(within));
    }
  });

  it.each(['alternating', 'simultaneous', 'extragradient'])(
    'bring %s descent-ascent to the optimum by themselves',
    async (order) => {
      const job = jobOf(STEEP, { method: 'lagrangian', settings: { order }, steps: 2000 });
      const [, x] = await lastTwo(job);
      const share = 0.5 / (1 + 1 / 4 + 1 / 10); // x = λ (1, ¼, ⅒) with sum ½
      [1, 1 / 4, 1 / 10].forEach((part, i) => expect(x[i]).toBeCloseTo(share * part, 6));
    },
  );
});
