/** Large matrices: what defines a pseudoinverse, a basis and a rank, beside the singular value decomposition that small ones have. */
import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import {
  columnSpaceBasis,
  decompose,
  isLarge,
  type Matrix,
  nullSpaceBasis,
  pseudoinverse,
  rowSpaceBasis,
  spectrum,
  transposed,
} from './matrix.ts';
import { maximumNorm } from './norms.ts';
import { threefry } from './threefry.ts';

const make = (rows: number, columns: number, entry: (i: number, j: number) => number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, k) => entry(Math.floor(k / columns), k % columns)),
});

const product = (A: Matrix, B: Matrix): Matrix =>
  make(A.rows, B.columns, (i, j) => {
    let sum = 0;
    for (let k = 0; k < A.columns; k++) sum += at(A.data, i * A.columns + k) * at(B.data, k * B.columns + j);
    return sum;
  });

const random = (rows: number, columns: number, seed: number): Matrix =>
  make(
    rows,
    columns,
    (i, j) => (at(threefry([seed, 0], [i, j]), 0) + at(threefry([seed, 0], [i, j]), 1)) / 2 ** 32 - 1,
  );

const difference = (A: Matrix, B: Matrix): number => maximumNorm(A.data.map((entry, k) => entry - at(B.data, k)));
const identity = (size: number): Matrix => make(size, size, (i, j) => (i === j ? 1 : 0));
const scaledRows = (A: Matrix, factor: (i: number) => number): Matrix =>
  make(A.rows, A.columns, (i, j) => factor(i) * at(A.data, i * A.columns + j));

/** Twice as many rows as are independent: the second half are sums of two of the first. */
const dependent = product(
  make(60, 30, (i, j) => (j === i % 30 || (i >= 30 && j === (i * 7) % 30) ? 1 : 0)),
  random(30, 90, 1),
);

const CASES: readonly (readonly [string, Matrix])[] = [
  ['wide', random(50, 120, 2)],
  ['tall', random(120, 50, 3)],
  ['square', random(60, 60, 4)],
  ['with rows that depend on others', dependent],
  ['with columns that depend on others', transposed(dependent)],
  ['with rows of very different length', scaledRows(random(50, 80, 5), (i) => 10 ** (-8 * (i / 49)))],
  ['with rows that are as good as 0 beside others', scaledRows(random(50, 80, 6), (i) => 10 ** (-14 * (i / 49)))],
  ['of tiny numbers', scaledRows(random(50, 80, 7), () => 1e-180)],
  ['of huge numbers', scaledRows(random(50, 80, 8), () => 1e150)],
  ['with rows of zeros', scaledRows(random(50, 80, 9), (i) => (i % 5 === 0 ? 0 : 1))],
];

describe.each(CASES)('a large matrix: %s', (_, A) => {
  const known = decompose(A);
  const { rank, conditionNumber } = known;
  const inverse = pseudoinverse(A);
  const size = at(known.singularValues, 0);

  it('has the singular values and the rank of its decomposition', () => {
    expect(isLarge(A)).toBe(true);
    const found = spectrum(A);
    expect(found.rank).toBe(rank);
    expect(Math.abs(found.conditionNumber / conditionNumber - 1)).toBeLessThan(1e-12 * conditionNumber);
    found.singularValues.forEach((value, k) => {
      expect(Math.abs(value - at(known.singularValues, k))).toBeLessThan(2e-13 * size);
    });
  });

  it('has a pseudoinverse with Penrose’s four properties', () => {
    const unit = scaledRows(A, () => 1 / size); // so that one bound suits all sizes
    const back = scaledRows(inverse, () => size);
    const [forth, round] = [product(unit, back), product(back, unit)];
    const kept = product(unit, product(back, unit));
    // Singular values that count as 0 stay in A and not in A A⁺ A.
    const left = at([...known.singularValues, 0], rank) / size;
    expect(difference(kept, unit)).toBeLessThan(1e-14 * conditionNumber + 2 * left);
    expect(difference(product(back, product(unit, back)), back)).toBeLessThan(1e-14 * conditionNumber ** 2);
    expect(difference(forth, transposed(forth))).toBeLessThan(1e-14 * conditionNumber);
    expect(difference(round, transposed(round))).toBeLessThan(1e-14 * conditionNumber);
  });

  it('has orthonormal bases of its rows, its columns and its null space', () => {
    const [rows, columns] = [rowSpaceBasis(A), columnSpaceBasis(A, rank)];
    const N = nullSpaceBasis(A);
    expect([rows.rows, columns.rows, N.columns]).toEqual([rank, rank, A.columns - rank]);
    for (const basis of [rows, columns, transposed(N)])
      expect(difference(product(basis, transposed(basis)), identity(basis.rows))).toBeLessThan(1e-13);
    const left = at([...known.singularValues, 0], rank) / size;
    const unit = scaledRows(A, () => 1 / size);
    expect(maximumNorm(product(unit, N).data)).toBeLessThan(1e-13 + 2 * left);
    expect(difference(product(product(transposed(columns), columns), unit), unit)).toBeLessThan(1e-13 + 2 * left);
  });

  it('spans what the singular vectors span', () => {
    const projector = (basis: Matrix) => product(transposed(basis), basis);
    const rows = projector(rowSpaceBasis(A));
    const columns = projector(columnSpaceBasis(A, rank));
    // The space of a least singular value is known up to its part of the largest.
    expect(difference(rows, projector(transposed(known.right)))).toBeLessThan(1e-13 * conditionNumber);
    expect(difference(columns, projector(transposed(known.left)))).toBeLessThan(1e-13 * conditionNumber);
  });
});

describe('the basis of a null space', () => {
  it('is the one of pivoted Gram–Schmidt on the projector, whose columns have a positive pivot and are 0 at the pivots before', () => {
    const A = random(40, 90, 11);
    const N = nullSpaceBasis(A);
    const P = make(90, 90, (i, j) => (i === j ? 1 : 0));
    const Q = rowSpaceBasis(A);
    for (let i = 0; i < 90; i++)
      for (let j = 0; j < 90; j++)
        for (let k = 0; k < 40; k++)
          P.data[i * 90 + j] = at(P.data, i * 90 + j) - at(Q.data, k * 90 + i) * at(Q.data, k * 90 + j);
    for (let k = 0; k < N.columns; k++) {
      const lengths = Array.from({ length: 90 }, (_, i) => at(P.data, i * 91));
      const pivot = lengths.indexOf(Math.max(...lengths));
      const root = Math.sqrt(at(lengths, pivot));
      const column = Array.from({ length: 90 }, (_, i) => at(P.data, i * 90 + pivot) / root);
      column.forEach((entry, i) => {
        expect(Math.abs(entry - at(N.data, i * N.columns + k))).toBeLessThan(1e-11);
      });
      for (let i = 0; i < 90; i++)
        for (let j = 0; j < 90; j++) P.data[i * 90 + j] = at(P.data, i * 90 + j) - at(column, i) * at(column, j);
    }
  });
});

it('a matrix whose entries have changed since has factors of its own', () => {
  const A = random(50, 120, 12);
  const before = pseudoinverse(A).data.slice();
  A.data.fill(0, 0, 120);
  const after = pseudoinverse(A);
  expect(spectrum(A).rank).toBe(49);
  expect(difference(after, { ...after, data: before })).toBeGreaterThan(1e-3);
});
