import fc from 'fast-check';
import highsLoader from 'highs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at } from '../../diagnostic.ts';
import { study } from '../../experiment/study/study.ts';
import { farkasWeights } from './farkas.ts';
import { highsSolver } from './highs.ts';

const solve = highsSolver(await highsLoader());
const whole = fc.integer({ min: -3, max: 3 });

describe('Farkas weights', () => {
  it('are there exactly where no point meets the rows, and prove it', () => {
    const system = fc
      .integer({ min: 1, max: 4 })
      .chain((n) =>
        fc.array(
          fc.record({ a: fc.array(whole, { minLength: n, maxLength: n }), b: whole, isEquality: fc.boolean() }),
          { minLength: 1, maxLength: 8 },
        ),
      );
    fc.assert(
      fc.property(system, (rows) => {
        const cost = at(rows, 0).a.map(() => 0);
        const sides = rows.map(({ a, b, isEquality }) => ({
          entries: a,
          lower: isEquality ? b : Number.NEGATIVE_INFINITY,
          upper: b,
        }));
        const isEmpty = solve({ cost, rows: sides }).status === 'infeasible';
        const weights = farkasWeights(rows);
        expect(weights !== null).toBe(isEmpty);
        if (!weights) return;
        const size = Math.max(...weights.map(Math.abs));
        const sum = (entry: (row: (typeof rows)[number]) => number) =>
          rows.reduce((total, row, i) => total + (at(weights, i) / size) * entry(row), 0);
        cost.forEach((_, j) => expect(Math.abs(sum(({ a }) => at(a, j)))).toBeLessThan(1e-8));
        expect(sum(({ b }) => b)).toBeLessThan(-1e-4);
        rows.forEach(({ isEquality }, i) => {
          if (!isEquality) expect(at(weights, i)).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('a contradiction of affine lines is a sum of them', () => {
  it.each([
    ['subject to\n  x + y <= 1\n  y >= x\n  x >= 1', '2 · '],
    ['subject to\n  x + 2*y <= 1\n  x = 2\n  y >= 0', 'line 2 − line 3 + 2 · line 4 gives 0 ≤ −1'],
    ['subject to\n  x + y <= 1\n  x + y = 2', 'line 2 − line 3 gives 0 ≤ −1'],
    [
      'param w[3]\nsubject to\n  w >= 0\n  sum(w) = 1\n  w[0] >= 0.6\n  w[1] >= 0.6',
      'line 3[2] + line 4 + line 5 + line 6 gives 0 ≤ −0.2',
    ],
  ])('%j', (text, sum) => {
    for (const solver of [solve, null]) {
      const studied = study(text, 0, catalog, solver);
      expect(studied.ok && studied.value.feasibility.conflict?.certificate).toContain(sum);
    }
  });
});
