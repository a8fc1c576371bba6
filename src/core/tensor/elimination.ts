/** The inverse of a symmetric positive definite matrix that changes from step to step, as a program: n turns of one loop. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** A pivot of a matrix with ones on its diagonal that is below this is lost in the rounding of float32. */
const LEAST_PIVOT = 1e-7;

export type PositiveInverse = {
  /** M⁻¹[n, n]; of a matrix that is not positive definite, the inverse of another one near it. */
  readonly inverse: Tensor;
  /** The least pivot after scaling to ones on the diagonal: M is positive definite, as far as rounding tells, where it is > 1e-7. */
  readonly leastPivot: Tensor;
};

/**
 * M⁻¹ for M[n, n] symmetric and positive definite. M is scaled to ones on its diagonal; turn k then exchanges the k-th unknown
 * and the k-th right-hand side: A ← A − (a_k − e_k)(aᵏ + e_k)ᵀ/a_kk, with column a_k and row aᵏ. No pivoting: for such matrices
 * elimination is stable in any order. Source: Golub & Van Loan 2013, Matrix Computations, §4.2; Higham 2002, §14.4.
 */
export const invertPositive = (ops: Ops, M: Tensor): PositiveInverse => ops.named('inverse_of', { M }, inverted);

function inverted(ops: Ops, { M }: { readonly M: Tensor }): PositiveInverse {
  const n = at(M.shape, 0);
  invariant(M.shape.length === 2 && at(M.shape, 1) === n, 'a square matrix');
  const diagonal = ops.sum(ops.multiply(M, ops.identityMatrix(n)), 1);
  const isPositive = ops.less(0, diagonal);
  const scale = ops.where(isPositive, ops.divide(1, ops.sqrt(ops.where(isPositive, diagonal, 1))), 1);
  const scales = ops.outer(scale, scale);
  ops.label({ diagonal, isPositive, scale, scales });
  const order = ops.constant(Float64Array.from({ length: n }, (_, i) => i));
  const [inverse, leastPivot] = ops.repeat(
    n,
    [ops.multiply(M, scales), ops.constant(1)],
    ([A = M, least = ops.constant(1)], turn) => {
      ops.label({ A, least });
      const unit = ops.equal(order, turn);
      const [row, column] = [ops.matmul(unit, A), ops.matmul(A, unit)];
      const pivot = ops.dot(row, unit);
      const safe = ops.maximum(pivot, LEAST_PIVOT);
      ops.label({ unit, row, column, pivot });
      const change = ops.outer(ops.subtract(column, unit), ops.divide(ops.add(row, unit), safe));
      return [ops.subtract(A, change), ops.minimum(least, pivot)];
    },
  );
  invariant(inverse && leastPivot, 'the loop carries both');
  return { inverse: ops.multiply(inverse, scales), leastPivot };
}

const isPositiveDefinite = (ops: Ops, { leastPivot }: PositiveInverse): Tensor => ops.less(LEAST_PIVOT, leastPivot);

/** Times that the curvature is raised until it is positive. */
const RAISES = 10;

/** M + τI with the least τ of a growing sequence, from `tau`, that makes it positive definite. */
export const raised = (ops: Ops, M: Tensor, tau: Tensor, scale: Tensor): Tensor =>
  ops.named('raised', { M, tau, scale }, lifted).lifted;

function lifted(
  ops: Ops,
  { M, tau: first, scale }: { readonly M: Tensor; readonly tau: Tensor; readonly scale: Tensor },
) {
  const identity = ops.identityMatrix(at(M.shape, 0));
  const shifted = (tau: Tensor) => ops.add(M, ops.multiply(tau, identity));
  const [tau = first] = ops.repeat(
    RAISES,
    [first, ops.constant(0)],
    ([tau = first, isDone = first]) => {
      ops.label({ tau, isDone });
      const isPositive = isPositiveDefinite(ops, invertPositive(ops, shifted(tau)));
      const more = ops.maximum(ops.multiply(8, tau), ops.multiply(1e-4, scale));
      return [ops.where(isPositive, tau, more), isPositive];
    },
    ([, isDone = first]) => ops.less(0, isDone),
  );
  return { lifted: shifted(tau) };
}
