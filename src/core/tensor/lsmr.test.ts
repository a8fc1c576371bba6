import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { evaluate } from './evaluate.ts';
import { lsmr } from './lsmr.ts';
import { type Matrix, matrixVector, pseudoinverse } from './matrix.ts';
import { euclideanNorm } from './norms.ts';
import type { Tensor } from './ops.ts';

/** Normal entries; of a given rank, a product of two such factors. */
function random(rows: number, columns: number, seed: number, rank?: number): Matrix {
  const source = draws(seed);
  const filled = (m: number, n: number): Matrix => ({
    rows: m,
    columns: n,
    data: Float64Array.from({ length: m * n }, () => source.normal()),
  });
  if (rank === undefined) return filled(rows, columns);
  const [left, right] = [filled(rows, rank), filled(rank, columns)];
  const data = Float64Array.from({ length: rows * columns }, (_, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns];
    let sum = 0;
    for (let l = 0; l < rank; l++) sum += at(left.data, i * rank + l) * at(right.data, l * columns + j);
    return sum;
  });
  return { rows, columns, data };
}

const solved = ({ rows, columns, data }: Matrix, b: Float64Array): Float64Array =>
  evaluate((ops) => {
    const A = ops.constant(data, [rows, columns]);
    const products = {
      times: (v: Tensor) => ops.matmul(A, v),
      transposedTimes: (u: Tensor) => ops.matmul(ops.transpose(A), u),
    };
    return lsmr(ops, { rows, columns, ...products }, ops.constant(b, [rows]));
  });

const difference = (a: Float64Array, b: Float64Array): number => euclideanNorm(a.map((entry, i) => entry - at(b, i)));

describe('A⁺ b by LSMR', () => {
  it.each([
    { rows: 1, columns: 1 },
    { rows: 3, columns: 8 },
    { rows: 40, columns: 90 },
    { rows: 60, columns: 60 },
    { rows: 90, columns: 40 }, // more rows than columns: least squares
    { rows: 50, columns: 70, rank: 20 },
    { rows: 64, columns: 64, rank: 1 },
  ])('agrees with the singular value decomposition: $rows × $columns, rank $rank', ({ rows, columns, rank }) => {
    const A = random(rows, columns, 7, rank);
    const b = random(rows, 1, 8).data;
    const expected = matrixVector(pseudoinverse(A), b);
    expect(difference(solved(A, b), expected)).toBeLessThan(1e-6 * euclideanNorm(expected)); // made for float32
  });

  it('is 0 where Aᵀ b is', () => {
    const A = { rows: 2, columns: 3, data: Float64Array.of(1, 2, 0, 0, 0, 0) };
    expect([...solved(A, Float64Array.of(0, 5))]).toEqual([0, 0, 0]);
    expect([...solved(A, Float64Array.of(0, 0))]).toEqual([0, 0, 0]);
    expect([...solved({ ...A, data: new Float64Array(6) }, Float64Array.of(1, 1))]).toEqual([0, 0, 0]);
  });

  it('projects on the kernel: what is left is orthogonal to every row, and a second time changes nothing', () => {
    const A = random(40, 100, 3);
    const v = random(100, 1, 4).data;
    const along = (x: Float64Array) => matrixVector(A, x);
    const kept = (x: Float64Array) => {
      const taken = solved(A, along(x));
      return x.map((entry, i) => entry - at(taken, i));
    };
    const tangent = kept(v);
    expect(euclideanNorm(along(tangent))).toBeLessThan(1e-10 * euclideanNorm(along(v)));
    expect(difference(kept(tangent), tangent)).toBeLessThan(1e-10 * euclideanNorm(v));
  });
});
