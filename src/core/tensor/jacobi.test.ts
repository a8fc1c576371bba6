import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { evaluate } from './evaluate.ts';
import { jacobiPinv } from './jacobi.ts';
import { pseudoinverse } from './matrix.ts';
import { maximumNorm } from './norms.ts';

const CASES: readonly (readonly (readonly number[])[])[] = [
  [[3, -4, 1]],
  [[0, 0]],
  [
    [1, 1, 0],
    [0, 1, 1],
  ],
  [
    [1, 2, 0],
    [2, 4, 0],
  ],
  [
    [1, 0],
    [0, 2],
    [3, 1],
  ],
  [
    [1, 0.5, -0.2, 3],
    [0.1, 2, 0.7, -1],
    [4, 1, 0, 0.3],
  ],
  [
    [1, 1, 0, 2],
    [0, 1, 1, 1],
    [1, 2, 1, 3],
  ],
  [
    [2, -1, 0, 1, 3],
    [0, 1, -2, 1, 1],
    [1, 0, 1, 0, -1],
    [0.5, 0.5, 2, -1, 0],
  ],
];

describe('A⁺ by one-sided Jacobi', () => {
  it.each([
    [10, 20],
    [20, 40],
    [32, 40],
    [32, 32],
  ])('is as good as float32 asks for with %i × %i entries', (m, n) => {
    const random = draws(m);
    const data = Float64Array.from({ length: m * n }, () => random.normal());
    const found = evaluate((ops) => jacobiPinv(ops, ops.constant(data, [m, n])));
    const expected = pseudoinverse({ rows: m, columns: n, data }).data;
    const scale = maximumNorm(expected);
    found.forEach((entry, i) => expect(Math.abs(entry - at(expected, i)) / scale).toBeLessThan(1e-7));
  });

  it.each(CASES.map((rows) => ({ rows })))('agrees with the singular value decomposition: $rows', ({ rows }) => {
    const [m, n] = [rows.length, at(rows, 0).length];
    const data = Float64Array.from(rows.flat());
    const found = evaluate((ops) => jacobiPinv(ops, ops.constant(data, [m, n])));
    const expected = pseudoinverse({ rows: m, columns: n, data }).data;
    found.forEach((entry, i) => expect(Math.abs(entry - at(expected, i))).toBeLessThan(1e-12));
  });
});
