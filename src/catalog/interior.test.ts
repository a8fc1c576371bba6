/** An interior-point method that starts inside stays strictly inside, whatever the schedule of its barrier. */
import { describe, expect, it } from 'vitest';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { DIVERGENCE_BOUND } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const TEXT =
  'param a = 0.5\nparam b = 0.25\nminimize (a - 3)^2 + (b - 2)^2\nsubject to\n  a^2 + b^2 <= 1\n  a*b <= 0.4\n  b >= 0';

describe('interior point', () => {
  it.each([
    [1, 0.5],
    [100, 0.9],
    [1e-6, 0.01],
  ])('with the barrier %d and the factor %d never touches a boundary', (barrier, decay) => {
    const studied = studyStructure(TEXT, 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const run = { method: 'interior-point', settings: { barrier, decay }, steps: 60 };
    const job = prepareRun(studied.value, run, 1, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const walk = interpret(job.value.program, job.value.starts, job.value.settings);
    for (let k = 0; k < 60; k++) {
      expect(walk.step(DIVERGENCE_BOUND)).toBe('moved');
      const [a = 0, b = 0] = walk.outputs()[0] ?? [];
      expect(Math.max(a * a + b * b - 1, a * b - 0.4, -b)).toBeLessThan(0);
    }
  });

  it('keeps the multiplier of an active row from step to step', () => {
    const studied = studyStructure('param a = 0\nminimize (a - 3)^2\nsubject to a^2 <= 1', 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const job = prepareRun(studied.value, { method: 'interior-point', steps: 80 }, 1, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const walk = interpret(job.value.program, job.value.starts, job.value.settings);
    const place = job.value.program.outputs.findIndex(({ name }) => name === 'mu');
    for (let k = 0; k < 80; k++) {
      expect(walk.step(DIVERGENCE_BOUND)).toBe('moved');
      if (k >= 40) expect(walk.outputs()[place]?.[0]).toBeCloseTo(2, 4); // 2 (1 − 3) + 2 μ = 0
    }
  });
});
