import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';
import { violationAt } from '../../analysis/optimum/model.ts';

const STARTS = [
  [0, 0],
  [1.77, 0.6],
  [-1.95, -1.13],
];

const studiedFrom = ([x, y]: readonly number[], constraints: string) =>
  studied(`param x = ${x}\nparam y = ${y}\nminimize x - y\nsubject to\n  ${constraints}`);

describe('a feasible point', () => {
  it('says nothing of constraints that move: it is one at step 0 alone', () =>
    expect(studiedFrom([0, 0], 'y = x^3 - x; y >= 2 + t').feasibility.verdict).toBe('unknown'));

  it.each(['x*y = 1; x >= 0', 'x*y >= 1; x >= 0', 'y = x^3 - x; y >= 2', 'x^2 - y^2 = 1; x >= 0'])(
    'is found on a set that goes on for ever, from any start: %s',
    (constraints) => {
      for (const start of STARTS) {
        const { feasibility, problem } = studiedFrom(start, constraints);
        expect(feasibility.verdict).toBe('yes');
        const point = feasibility.point ?? [];
        expect(violationAt(problem, point)).toBeLessThan(1e-6 * (1 + Math.max(...point.map(Math.abs))));
      }
    },
  );

  it.each(['x*y = 4; x^2 + y^2 <= 4', 'x^3 = y; y = x^3 + 1', 'sin(x) = y; y >= 1.5'])(
    'is not claimed where there is none: %s',
    (constraints) => expect(studiedFrom([0.5, -0.25], constraints).feasibility.verdict).not.toBe('yes'),
  );
});
