/** The part of a matrix along its largest singular values. */
import { at } from '../diagnostic.ts';
import { largestEntries } from './largest.ts';
import type { Ops, Tensor } from './ops.ts';
import { rowLengths, singularRows } from './singular.ts';

/** A = U S Vᵀ without all but `rank` of its singular values: left rows Uᵣᵀ[m, m] and right rows Sᵣ Vᵣᵀ[m, n], zero where they are left out. */
export interface Truncation {
  readonly left: Tensor;
  readonly right: Tensor;
  /** The singular values that are left out, 0 in place of the others. Shape [m]. */
  readonly dropped: Tensor;
}

/**
 * The parts of A[m, n], m ≤ n, of this rank and beyond it; of equal singular values, the first that are found. Source: Golub & Van
 * Loan 2013, §2.4.3 and §8.6.3.
 */
export function truncation(ops: Ops, A: Tensor, rank: number): Truncation {
  const m = at(A.shape, 0);
  const { rotation, rows, lengths } = singularRows(ops, A);
  const isKept = largestEntries(ops, lengths, rank);
  const kept = ops.reshape(isKept, [m, 1]);
  return {
    left: ops.multiply(kept, rotation),
    right: ops.multiply(kept, rows),
    dropped: ops.multiply(ops.subtract(1, isKept), lengths),
  };
}

/** The nearest matrix of at most this rank, Uᵣ Sᵣ Vᵣᵀ: Eckart & Young 1936, Psychometrika 1(3), 211–218. Shape of A[m, n], m ≤ n. */
export function nearestOfRank(ops: Ops, A: Tensor, rank: number): Tensor {
  const { left, right, dropped } = truncation(ops, A, rank);
  const nearest = ops.matmul(ops.transpose(left), right);
  return ops.where(ops.less(0, ops.max(dropped)), nearest, A); // of that rank already, to the last bit
}

/**
 * (I − Uᵣ Uᵣᵀ) A (I − Vᵣ Vᵣᵀ) with the projections held: what A has beyond its largest singular values, and as a function of A the
 * equations of the tangent space of the matrices of that rank. Shape [m, n]. Source: Vandereycken 2013, SIAM J. Optim. 23(2), 1214–1236, §2.
 */
export function beyondRank(ops: Ops, A: Tensor, rank: number): Tensor {
  const { left, right } = truncation(ops, ops.still(A), rank);
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  const lengths = ops.reshape(rowLengths(ops, right), [m, 1]);
  const directions = ops.divide(right, ops.where(ops.less(0, lengths), lengths, 1));
  const across = ops.subtract(ops.identityMatrix(m), ops.matmul(ops.transpose(left), left));
  const along = ops.subtract(ops.identityMatrix(n), ops.matmul(ops.transpose(directions), directions));
  return ops.matmul(ops.matmul(ops.still(across), A), ops.still(along));
}
