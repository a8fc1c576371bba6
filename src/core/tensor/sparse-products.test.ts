import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { arbitraryImage, conjugateEnd, timesSparse, transposedTimesSparse } from './conjugate-gradients.ts';
import { evaluate } from './evaluate.ts';
import { lsmr } from './lsmr.ts';
import { type Matrix, matrixVector, pseudoinverse } from './matrix.ts';
import { maximumNorm } from './norms.ts';
import type { Ops, Tensor } from './ops.ts';
import { sparseTransposed, toSparse } from './sparse.ts';
import { paddedRows, paddedSize, sparseMap } from './sparse-products.ts';

/** Entries are 0 but for a share of them; rows from `twice` on are those before once more. */
function random(rows: number, columns: number, share: number, twice = rows): Matrix {
  const source = draws(7);
  const data = Float64Array.from({ length: rows * columns }, () => (source.uniform() < share ? source.normal() : 0));
  data.copyWithin(twice * columns, 0, (rows - twice) * columns);
  return { rows, columns, data };
}

const cases: readonly (readonly [string, Matrix])[] = [
  ['few entries', random(12, 20, 0.2)],
  ['rows of all entries', random(6, 9, 1)],
  ['rows that are there twice', random(12, 20, 0.3, 8)],
  ['more rows than columns', random(30, 10, 0.2)],
];
const numbers = (count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1));
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  maximumNorm(Array.from(a, (entry, i) => entry - at(b, i)));

/** What a program makes of the matrix. */
function made({ rows, columns, data }: Matrix, f: (ops: Ops, map: ReturnType<typeof sparseMap>) => Tensor) {
  const A = toSparse(rows, columns, data);
  return evaluate((ops) => {
    const [own, other] = [A, sparseTransposed(A)].map((matrix) => {
      const { entries, weights } = paddedRows(matrix);
      const constant = (list: readonly (readonly number[])[]) =>
        ops.constant(list.flat(), [list.length, at(list, 0).length]);
      return { entries: constant(entries), weights: constant(weights) };
    }) as [Padded, Padded];
    return f(ops, sparseMap(ops, { ...own, rows: other.entries, factors: other.weights }));
  });
}
type Padded = { readonly entries: Tensor; readonly weights: Tensor };

describe.each(cases)('a matrix with %s', (_, dense) => {
  const { rows, columns, data } = dense;
  const A = toSparse(rows, columns, data);
  const transposed = { rows: columns, columns: rows, data: Float64Array.from(data) };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) transposed.data[j * rows + i] = at(data, i * columns + j);

  it('gives the products of its entries that are not 0', () => {
    const [x, y] = [numbers(columns), numbers(rows)];
    const [Ax, Aty] = [matrixVector(dense, x), matrixVector(transposed, y)];
    expect(
      apart(
        made(dense, (ops, map) => map.times(ops.constant(x))),
        Ax,
      ),
    ).toBeLessThan(1e-14);
    expect(
      apart(
        made(dense, (ops, map) => map.transposedTimes(ops.constant(y))),
        Aty,
      ),
    ).toBeLessThan(1e-14);
    expect(apart(timesSparse(A, x), Ax)).toBeLessThan(1e-14);
    expect(apart(transposedTimesSparse(A, y), Aty)).toBeLessThan(1e-14);
    expect(paddedSize(A)).toBeGreaterThanOrEqual(2 * A.values.length);
  });

  it('has the least-squares solutions of its pseudoinverse', () => {
    const b = numbers(rows);
    const x = matrixVector(pseudoinverse(dense), b);
    const rest = b.map((entry, i) => entry - at(matrixVector(dense, x), i));
    expect(
      apart(
        made(dense, (ops, map) => lsmr(ops, map, ops.constant(b))),
        x,
      ),
    ).toBeLessThan(1e-8);
    expect(apart(conjugateEnd(A, b, 200, 1e-12)?.rest ?? [], rest)).toBeLessThan(1e-8);
  });

  it('is solved in at most as many turns as it has singular values, and some for rounding', () => {
    const end = conjugateEnd(A, arbitraryImage(A), 200);
    expect(end?.turns).toBeLessThanOrEqual(2 * Math.min(rows, columns));
    expect(maximumNorm(end?.rest ?? [1])).toBeLessThan(1e-5);
    expect(conjugateEnd(A, arbitraryImage(A), 1)).toBeNull();
  });
});
