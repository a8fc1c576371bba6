/** The determinant as a program of plain operations, with derivatives also where the matrix is singular. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Written out up to this size: a polynomial, and known as one. */
const WRITTEN_OUT = 3;

/**
 * det A of A[n, n]. For n ≤ 3 by its terms. For larger ones by elimination with complete pivoting: where the largest entry left is 0,
 * all are, so that slopes are those of the polynomial there, too. Source: Golub & Van Loan 2013, Matrix Computations, §3.4.8.
 */
export function determinant(ops: Ops, A: Tensor): Tensor {
  const [n = 0, columns = 0] = A.shape;
  invariant(A.shape.length === 2 && n === columns, 'a square matrix');
  return n <= WRITTEN_OUT ? byTerms(ops, A, n) : byElimination(ops, A, n);
}

function byTerms(ops: Ops, A: Tensor, n: number): Tensor {
  const entry = (row: number, column: number) =>
    ops.reshape(ops.slice(A, { offset: row * n + column, strides: [1], shape: [1] }), []);
  const minor = (left: number, right: number) =>
    ops.subtract(
      ops.multiply(entry(n - 2, left), entry(n - 1, right)),
      ops.multiply(entry(n - 2, right), entry(n - 1, left)),
    );
  if (n === 1) return entry(0, 0);
  if (n === 2) return minor(0, 1);
  const terms = [minor(1, 2), minor(0, 2), minor(0, 1)].map((own, k) => ops.multiply(entry(0, k), own));
  return ops.add(ops.subtract(at(terms, 0), at(terms, 1)), at(terms, 2));
}

function byElimination(ops: Ops, A: Tensor, n: number): Tensor {
  const place = ops.constant(Float64Array.from({ length: n * n }, (_, i) => i));
  const before = ops.constant(
    Float64Array.from({ length: n * n }, (_, i) => (i % n < Math.floor(i / n) ? 1 : 0)),
    [n, n],
  );
  let [M, rows, columns, product] = [A, ops.ones(n), ops.ones(n), ops.constant(1)];
  for (let k = 0; k < n; k++) {
    const sizes = ops.reshape(ops.where(ops.outer(rows, columns), ops.abs(M), -1), [n * n]);
    const first = ops.negate(ops.max(ops.where(ops.equal(sizes, ops.max(sizes)), ops.negate(place), -n * n)));
    const chosen = ops.reshape(ops.equal(place, first), [n, n]);
    const [row, column] = [ops.sum(chosen, 1), ops.sum(chosen, 0)];
    const pivot = ops.sum(ops.multiply(chosen, M));
    // Rows and columns that are left and stand before the pivot's: each changes the sign.
    const passed = ops.add(ops.dot(row, ops.matmul(before, rows)), ops.dot(column, ops.matmul(before, columns)));
    const isOdd = ops.subtract(1, ops.isMultiple(passed, 2));
    product = ops.multiply(product, ops.where(isOdd, ops.negate(pivot), pivot));
    const safe = ops.where(ops.equal(pivot, 0), 1, pivot);
    M = ops.subtract(M, ops.divide(ops.outer(ops.matmul(M, column), ops.matmul(row, M)), safe));
    [rows, columns] = [ops.subtract(rows, row), ops.subtract(columns, column)];
  }
  return product;
}
