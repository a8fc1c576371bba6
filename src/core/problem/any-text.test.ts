import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { anyText, bytes, damaged, PATIENCE, REAL_TEXTS, RUNS, RUNS_OF_EACH } from '../language/samples.ts';
import { Ops } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';
import { check } from './check.ts';
import { lossOf, residualOf } from './elaborate.ts';

it('checks any text that parses, and elaborates what it has checked', { timeout: PATIENCE }, () => {
  let problems = 0;
  fc.assert(
    fc.property(anyText, (text) => {
      const document = parse(text);
      if (!document.ok) return;
      const checked = check(document.value, { seed: 1 });
      if (!checked.ok) {
        expect(checked.diagnostics.length).toBeGreaterThan(0);
        for (const { span } of checked.diagnostics) expect(span && span[0] >= 0 && span[1] <= text.length).toBe(true);
        return;
      }
      problems++;
      const problem = checked.value;
      const ops = new Ops();
      const [x, t, steps] = [
        ops.input('start', 'x', [problem.size]),
        ops.input('time', 't', []),
        ops.input('setting', 'T', []),
      ];
      expect(lossOf(ops, problem, x, t, steps).shape).toEqual([]);
      for (const constraint of problem.constraints) {
        expect(sizeOf(residualOf(ops, problem, constraint, x, t, steps).shape)).toBe(constraint.rows);
        expect(constraint.text).toBe(text.slice(...constraint.span));
      }
    }),
    { numRuns: RUNS },
  );
  expect(problems).toBeGreaterThan(RUNS / 50); // the texts are not all nonsense
});

it.each([
  ['byte strings', bytes],
  ['mutations of valid texts', damaged],
])('answers %s with a problem or with diagnostics, and never throws', { timeout: PATIENCE }, (_, texts) => {
  fc.assert(
    fc.property(texts, (text) => {
      const document = parse(text);
      const checked = document.ok ? check(document.value, { seed: 1 }) : document;
      if (!checked.ok) expect(checked.diagnostics.length).toBeGreaterThan(0);
    }),
    { numRuns: RUNS_OF_EACH },
  );
});

it('survives the structured clone, by which it reaches a worker', () => {
  for (const text of REAL_TEXTS.slice(0, 3)) {
    const document = parse(text);
    const problem = document.ok ? check(document.value, { seed: 1 }) : document;
    expect(problem.ok).toBe(true);
    expect(structuredClone(problem)).toEqual(problem);
  }
});
