import { describe, expect, it } from 'vitest';
import { at } from '../../diagnostic.ts';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { experimentOfCase } from '../../reference/experiment-of-case.ts';
import { problemOf, reference } from '../../reference/trajectories.ts';
import { findOptimum } from './optimum.ts';

function optimumOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return findOptimum(problem.value);
}

/** One case for each reference problem with constraints and a unique known optimum. */
const cases = reference.cases.filter((referenceCase, i) => {
  const { kind, constraints, solution } = problemOf(referenceCase);
  const isFirst = reference.cases.findIndex(({ problem }) => problem === referenceCase.problem) === i;
  const isMoving = 'moving' in solution;
  return (
    isFirst && !isMoving && kind === 'expression' && solution.x && solution.feasible !== false && constraints.length > 0
  );
});

describe('the optimum', () => {
  it('is looked for on at least ten reference problems', () => {
    expect(cases.length).toBeGreaterThanOrEqual(10);
  });

  it.each(cases)('is never claimed where it is not: $problem', (referenceCase) => {
    const problem = problemOf(referenceCase);
    const found = optimumOf(experimentOfCase(problem, referenceCase).problem);
    if (found === null) return;
    expect(found.kktResidual).toBeLessThan(1e-9);
    found.x.forEach((entry, i) => expect(Math.abs(entry - at(problem.solution.x ?? [], i))).toBeLessThan(1e-6));
  });

  it('is found for the three worked examples, with multipliers', () => {
    const ratio = optimumOf('minimize (p3-1)**2 + (p4-2)**2  subject to p3 - 2*p4 = 0');
    expect(ratio?.loss).toBeCloseTo(1.8, 12);
    expect(ratio?.multipliers[0]).toBeCloseTo(-1.2, 12);
    const rows = optimumOf('minimize (p5-2)**2 + (p6+1)**2 + p7**2  subject to p5 + p6 = 1 ; p6 + p7 = 0.5');
    [1.5, -0.5, 1].forEach((entry, i) => expect(at(rows?.x ?? [], i)).toBeCloseTo(entry, 12));
    expect(optimumOf('minimize (p1-0.5)**2 + (p2-0.5)**2  subject to p1 + p2 = 1')?.loss).toBeLessThan(1e-24);
  });

  it.each([2, 6, 10, 20])(
    'finds the lowest point of a linear loss on a sphere, whatever its multiplier: %i entries',
    (n) => {
      const slope = Array.from({ length: n }, (_, i) => 3 * Math.sin(1 + i));
      const length = Math.hypot(...slope);
      const start = slope.map((entry, i) => Math.cos(7 * i) - entry / 2);
      const found = optimumOf(
        `param x[${n}] = ${JSON.stringify(start)}\nminimize dot(${JSON.stringify(slope)}, x)\nsubject to sum(x^2) = 1`,
      );
      expect(found?.loss).toBeCloseTo(-length, 9);
      expect(found?.multipliers[0]).toBeCloseTo(length / 2, 9);
      slope.forEach((entry, i) => expect(at(found?.x ?? [], i)).toBeCloseTo(-entry / length, 9));
    },
  );

  it('claims no multipliers of a constraint that has no slope where it is met', () => {
    expect(optimumOf('param x = 1\nminimize x\nsubject to x^3 >= 0')).toBeNull();
    expect(optimumOf('param x = 1\nparam y = 2\nminimize x + y\nsubject to (x + y)^2 = 0')).toBeNull();
    expect(
      optimumOf('param x = 1\nparam y = 1\nminimize x\nsubject to\n x^2 + y^2 <= 1\n (x - 1)^2 + y^2 <= 0'),
    ).toBeNull();
  });

  it('finds the active inequalities, with multipliers that are not negative', () => {
    const corner = optimumOf('minimize (x - 2)^2 + (y - 1)^2\nsubject to\n  0 <= x <= 1\n  y >= 0');
    [1, 1].forEach((entry, i) => expect(at(corner?.x ?? [], i)).toBeCloseTo(entry, 9));
    [0, 2, 0].forEach((entry, i) => expect(at(corner?.multipliers ?? [], i)).toBeCloseTo(entry, 9));
    const disk = optimumOf('minimize x + y\nsubject to x^2 + y^2 <= 2');
    expect(disk?.loss).toBeCloseTo(-2, 9);
    expect(optimumOf('minimize x\nsubject to x <= 1')).toBeNull();
    // Hock & Schittkowski 13: the optimum (1, 0) has no multipliers, so nothing is claimed.
    expect(
      optimumOf(
        'param x = -2\nparam y = -2\nminimize (x - 2)^2 + y^2\nsubject to\n  (1 - x)^3 - y >= 0\n  x >= 0\n  y >= 0',
      ),
    ).toBeNull();
    expect(optimumOf('minimize x^2 + y^2\nsubject to\n  x >= 1\n  x <= 0')).toBeNull();
  });

  it.each([1e-30, 1e-12, 1e9])('is the same for %f of a loss, with multipliers of that size', (factor) => {
    const valley = '(1 - x)^2 + 100*(y - x^2)^2';
    const typed = (loss: string) => optimumOf(`minimize ${loss}\nsubject to\n  x^2 + y^2 <= 1\n  x <= 0.5`);
    const [plain, scaled] = [typed(valley), typed(`${factor}*(${valley})`)];
    plain?.x.forEach((entry, i) => expect(at(scaled?.x ?? [], i)).toBeCloseTo(entry, 7));
    expect((scaled?.loss ?? 0) / factor).toBeCloseTo(plain?.loss ?? 1, 9);
    plain?.multipliers.forEach((entry, i) => expect(at(scaled?.multipliers ?? [], i) / factor).toBeCloseTo(entry, 6));
  });

  it('is one of the points of a flat valley', () => {
    expect(optimumOf('minimize (x + y - 1)^2')?.loss).toBeLessThan(1e-18);
    expect(optimumOf('minimize x\nsubject to\n  0 <= x <= 1\n  0 <= y <= 1')?.loss).toBeCloseTo(0, 9);
  });

  it('is one of a curve of factors', () => {
    const V = '[[5,3,0,1], [4,0,0,1], [1,1,0,5], [1,0,0,4], [0,1,5,4]]';
    const factors = 'param W[5,2] ~ uniform(0,1)\nparam H[2,4] ~ uniform(0,1)';
    const found = optimumOf(`${factors}\nminimize sum((${V} - W @ H)^2)\nsubject to\n  W >= 0\n  H >= 0`);
    expect(found?.loss).toBeCloseTo(18.288707, 5); // L-BFGS-B of SciPy from each of 200 random starts
  });

  it('is no local minimum, where the loss falls on and on below it elsewhere', () => {
    const hill = 'param x = 8\nminimize (1 + x^2)*exp(-x/4)'; // least at 4 − √15, then a hill at 4 + √15, then towards 0
    expect(optimumOf(hill)).toBeNull();
    expect(optimumOf(`${hill}\nsubject to x <= 9`)?.x[0]).toBeCloseTo(4 - Math.sqrt(15), 9);
  });

  it('is looked for from several starts where a quadratic loss curves downwards', () => {
    const document = parse('param x = 0.4\nminimize -x^2\nsubject to -1 <= x <= 2');
    const problem = document.ok ? check(document.value, { seed: 0 }) : document;
    if (!problem.ok) throw new Error('it is a problem');
    expect(findOptimum(problem.value, { isQuadratic: true })?.loss).toBeCloseTo(-4, 9);
  });

  it('is not claimed for saddles, inflections, unbounded losses and contradictions', () => {
    expect(optimumOf('minimize x^2 - y^2')).toBeNull();
    expect(optimumOf('minimize x^3')).toBeNull();
    expect(optimumOf('minimize exp(-x)')).toBeNull();
    expect(optimumOf('minimize x')).toBeNull();
    expect(optimumOf('minimize x^2 + y^2\nsubject to\n  x + y = 1\n  x + y = 2')).toBeNull();
  });
});
