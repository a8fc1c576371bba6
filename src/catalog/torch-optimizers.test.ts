/**
 * The optimizers, their schedules and clipping against torch.optim itself: 107 combinations of settings, whose iterates
 * `scripts/torch-optimizers.py` wrote down. No PyTorch is needed here.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import file from '../core/reference/torch-optimizers.json' with { type: 'json' };
import { catalog } from './registry.ts';

const TOLERANCE = 1e-12;
const [a, b, c] = file.start;
const TEXT = `param a = ${a}\nparam b = ${b}\nparam c = ${c}
minimize (a - b^2)^2 + (b + c)^2/2 + (c^4 + a^2)/8 + a*c + 3*b`;
const studied = studyStructure(TEXT, 0, catalog);

const cases = file.cases.map(({ optimizer, iterates }) => {
  const { kind, ...settings } = optimizer;
  return { name: `${kind} ${JSON.stringify(settings)}`, optimizer, iterates };
});

describe(`torch.optim of PyTorch ${file.torch}`, () => {
  it.each(cases)('$name', ({ optimizer, iterates }) => {
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const run = { method: 'unconstrained', optimizer, steps: at(file.steps, file.steps.length - 1) };
    const job = prepareRun(studied.value, run, 1, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const walk = interpret(job.value.program, job.value.starts, job.value.settings);
    file.steps.forEach((step, i) => {
      while (walk.t < step) expect(walk.step(1e9)).toBe('moved');
      at(walk.outputs(), 0).forEach((entry, k) => {
        const expected = at(at(iterates, i), k);
        expect(Math.abs(entry - expected)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(expected)));
      });
    });
  });
});
