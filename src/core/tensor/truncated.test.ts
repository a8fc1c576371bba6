import { SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { jacobian } from './derivatives.ts';
import { evaluator } from './evaluate.ts';
import { beyondRank, nearestOfRank } from './truncated.ts';

const random = (seed: number) => (i: number) => Math.sin(1e4 * Math.sin(seed + 0.37 * i));
const matrixOf = (m: number, n: number, seed: number) => Array.from({ length: m * n }, (_, i) => random(seed)(i));
const rowsOf = (m: number, n: number, A: ArrayLike<number>) =>
  Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => A[i * n + j] ?? Number.NaN));
const singularValues = (m: number, n: number, A: ArrayLike<number>) =>
  new SingularValueDecomposition(rowsOf(m, n, A), { autoTranspose: true }).diagonal;
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.hypot(...Array.from(a, (entry, i) => entry - (b[i] ?? Number.NaN)));

const nearest = (m: number, n: number, rank: number) =>
  evaluator(m * n, (ops, x) => nearestOfRank(ops, ops.reshape(x, [m, n]), rank));
const beyond = (m: number, n: number, rank: number) =>
  evaluator(m * n, (ops, x) => ops.reshape(beyondRank(ops, ops.reshape(x, [m, n]), rank), [m * n]));

const shapes = [
  [1, 4, 0],
  [2, 2, 1],
  [3, 5, 1],
  [3, 5, 2],
  [6, 6, 4],
] as const;

describe.each(shapes)('the nearest matrix of low rank, %i × %i, rank %i', (m, n, rank) => {
  const A = matrixOf(m, n, 3);
  const X = nearest(m, n, rank)(A);
  const lost = Math.hypot(...singularValues(m, n, A).slice(rank));

  it('has that rank, and is as far off as the singular values that it lacks (Eckart and Young)', () => {
    for (const value of singularValues(m, n, X).slice(rank)) expect(value).toBeLessThan(1e-14);
    expect(distance(X, A)).toBeCloseTo(lost, 12);
  });

  it('is no farther than any product of thin matrices', () => {
    for (let seed = 10; seed < 40; seed++) {
      const [U, V] = [matrixOf(m, rank, seed), matrixOf(rank, n, seed + 0.5)];
      const other = A.map((_, i) =>
        Array.from({ length: rank }, (_, k) => at(U, Math.floor(i / n) * rank + k) * at(V, k * n + (i % n))).reduce(
          (sum, term) => sum + term,
          0,
        ),
      );
      expect(distance(other, A)).toBeGreaterThanOrEqual(lost - 1e-12);
    }
  });

  it('stays as it is', () => {
    expect(distance(nearest(m, n, rank)(X), X)).toBeLessThan(1e-14);
  });

  it('has nothing beyond that rank, and A has what it lacks', () => {
    expect(Math.max(...Array.from(beyond(m, n, rank)(X), Math.abs))).toBeLessThan(1e-14);
    expect(
      distance(
        beyond(m, n, rank)(A),
        A.map((entry, i) => entry - at(X, i)),
      ),
    ).toBeLessThan(1e-13);
  });
});

it('leaves as many directions free as a matrix of that rank has parameters, (m + n − r) r, and all of its tangents', () => {
  const [m, n, rank] = [3, 5, 2];
  const X = nearest(m, n, rank)(matrixOf(m, n, 7));
  const slopes = evaluator(m * n, (ops, x) =>
    jacobian(ops, (p) => ops.reshape(beyondRank(ops, ops.reshape(p, [m, n]), rank), [m * n]), x),
  )(X);
  const values = singularValues(m * n, m * n, slopes);
  expect(values.filter((value) => value > 1e-10)).toHaveLength(m * n - (m + n - rank) * rank);
  // Along a curve of matrices of that rank, the rows do not change at first.
  const step = 1e-6;
  const moved = nearest(m, n, rank)(Array.from(X, (entry, i) => entry + step * random(11)(i)));
  const along = Array.from(moved, (entry, i) => (entry - at(X, i)) / step);
  for (let row = 0; row < m * n; row++) {
    const change = along.reduce((sum, entry, j) => sum + entry * at(slopes, row * m * n + j), 0);
    expect(Math.abs(change)).toBeLessThan(1e-5);
  }
});
