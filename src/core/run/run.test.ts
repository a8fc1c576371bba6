import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import affine from '../../catalog/constraints/affine.ts';
import interiorPoint from '../../catalog/methods/interior-point.ts';
import projectedGradient from '../../catalog/methods/projected-gradient.ts';
import sgd from '../../catalog/optimizers/sgd.ts';
import { at } from '../diagnostic.ts';
import { prepareRun } from '../experiment/prepare-run.ts';
import { study, studyStructure } from '../experiment/study/study.ts';
import { StepBudget } from './budget.ts';
import { endMessage } from './end-message.ts';
import { recordedSteps } from './records.ts';
import { createReferenceExecutor } from './reference-executor.ts';

describe('recorded steps', () => {
  it('keeps every step while they fit', () => {
    expect(recordedSteps('auto', 5, 2)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps the first hundred, every k-th and the last of a long run, within the bound', () => {
    for (const [steps, size] of [
      [10_000, 3],
      [100_000, 3],
      [10_000_000, 2],
      [50_000, 1000],
      [1234, 100_000],
    ] as const) {
      const kept = recordedSteps('auto', steps, size);
      expect(kept.slice(0, 101)).toEqual(Array.from({ length: 101 }, (_, i) => i));
      expect(kept[kept.length - 1]).toBe(steps);
      expect(kept.length).toBeLessThanOrEqual(10_000);
      expect(kept.every((step, i) => i === 0 || step > (kept[i - 1] ?? -1))).toBe(true);
    }
  });

  it('takes the smallest k that fits', () => {
    const limit = (size: number) => Math.max(102, Math.min(10_000, Math.floor(1e5 / size)));
    const count = (steps: number, k: number) =>
      Array.from({ length: steps + 1 }, (_, step) => step).filter(
        (step) => step <= 100 || step % k === 0 || step === steps,
      ).length;
    fc.assert(
      fc.property(fc.integer({ min: 102, max: 40_000 }), fc.integer({ min: 1, max: 1200 }), (steps, size) => {
        fc.pre(steps + 1 > limit(size));
        const kept = recordedSteps('auto', steps, size);
        expect(kept.length).toBeLessThanOrEqual(limit(size));
        if (kept.length <= 103) return; // no two multiples of k to see it by
        const k = at(kept, 102) - at(kept, 101);
        expect(kept.length).toBe(count(steps, k));
        expect(count(steps, k - 1)).toBeGreaterThan(limit(size));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps exactly the steps of a list, and the start', () => {
    expect(recordedSteps([7, 3, 3, 99], 10, 2)).toEqual([0, 3, 7]);
  });
});

describe('the step budget', () => {
  it('begins with one step, grows at most fourfold and aims at the time', () => {
    const budget = new StepBudget(30);
    expect(budget.steps).toBe(1);
    budget.observe(1, 0.01);
    expect(budget.steps).toBe(4);
    for (let k = 0; k < 20; k++) budget.observe(budget.steps, budget.steps * 0.02);
    expect(budget.steps).toBeCloseTo(1500, -1);
    budget.observe(1500, 300);
    expect(budget.steps).toBe(150);
  });
});

describe('a loss outside its domain', () => {
  const catalog = { constraints: [affine], optimizers: [sgd], methods: [projectedGradient], datasets: [] };

  it('is named before any run, and ends a run by the step at which it was met', async () => {
    const studied = study('param x = -1\nparam y = 1\nminimize log(x) + y^2\nsubject to x + y = 1', 0, catalog);
    if (!studied.ok) throw new Error('the problem is right');
    expect(studied.value.notes[0]?.message).toContain('not a finite number at the start');
    const job = prepareRun(studied.value, { method: 'projected-gradient', steps: 20 }, 1, catalog);
    if (!job.ok) throw new Error('the run is right');
    const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
    const [end] = await executor.run([job.value], { executor: 'reference', onChunk: () => undefined });
    expect(end).toMatchObject({ status: 'non-finite', message: expect.stringContaining('at the start') });
    const last = { undefinedAt: 3, stationarity: 0, gradientNorm: 0, violation: 0, largest: 1, isPassing: false };
    const away = { status: 'non-finite', step: 20, last, multiplier: 0, program: job.value.program } as const;
    expect(endMessage(away)).toMatch(/at step 3.*smaller learning rate/);
  });
});

describe('a run of which only the multipliers grow', () => {
  it('says so, and offers no learning rate to a method that has none', async () => {
    const lost = { constraints: [affine], optimizers: [sgd], methods: [interiorPoint], datasets: [] };
    const studied = studyStructure('minimize x^2\nsubject to\n  x <= -1\n  x >= 1', 0, lost);
    if (!studied.ok) throw new Error('the problem is right');
    const job = prepareRun(studied.value, { method: 'interior-point', steps: 50 }, 1, lost);
    if (!job.ok) throw new Error('the run is right');
    const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
    const [end] = await executor.run([job.value], { executor: 'reference', onChunk: () => undefined });
    expect(end?.status).not.toBe('diverged'); // x has not
    expect(end?.message).toMatch(/^The multipliers are beyond ±1e9 at step \d+, and x is not/);
    const { program } = job.value;
    const away = { status: 'diverged', step: 7, last: null, multiplier: 0, program } as const;
    expect(endMessage(away)).toBe('Left ±1e9 after step 7: try another start.');
  });
});
