/** The nearest point of the simplex {v ≥ 0, Σv = total}, row by row: max(y − τ, 0) with the τ for which the sum is right. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Rows up to this length take Newton steps alone: there are never more of them than entries. */
const NEWTON_LENGTH = 64;
/** Halvings of [−total, 0]: past this the bracket is below the rounding of Float64. */
const HALVINGS = 60;

/**
 * Shapes: rows [g, k], totals [g], ≥ 0. The largest entry of a row is subtracted first, so that sums do not cancel; then τ is
 * the root of Σ max(y − τ, 0) − total, which is convex and falls: Newton from the left rises to it, and arrives exactly.
 * Source: Michelot 1986; Condat 2016, Fast projection onto the simplex and the ℓ1 ball, §2.
 */
export function nearestInSimplex(ops: Ops, rows: Tensor, totals: Tensor): Tensor {
  const [count, length] = [at(rows.shape, 0), at(rows.shape, 1)];
  const column = (vector: Tensor) => ops.reshape(vector, [count, 1]);
  const rowSum = (matrix: Tensor) => column(ops.sum(matrix, 1));
  const total = column(totals);
  const y = ops.subtract(rows, column(ops.max(rows, 1)));
  const below = ops.maximum(ops.divide(ops.subtract(rowSum(y), total), length), ops.negate(total));
  const newton = (tau: Tensor) => {
    const support = ops.less(ops.broadcast(tau, y.shape), y);
    const sum = ops.subtract(rowSum(ops.where(support, y, 0)), total);
    return ops.divide(sum, ops.maximum(rowSum(support), 1));
  };
  const tau =
    length <= NEWTON_LENGTH ? iterated(ops, below, newton, length) : newton(newton(bracketed(ops, y, total, below)));
  return ops.maximum(ops.subtract(y, tau), 0);
}

/** τ ← newton(τ) until it stands still. */
function iterated(ops: Ops, start: Tensor, newton: (tau: Tensor) => Tensor, turns: number): Tensor {
  const [tau] = ops.repeat(
    turns,
    [start, ops.subtract(start, 1)],
    ([current]) => [newton(current as Tensor), current as Tensor],
    ([current, before]) => ops.equal(ops.max(ops.abs(ops.subtract(current as Tensor, before as Tensor))), 0),
  );
  return tau as Tensor;
}

/** A τ from the left whose support is the root's, up to entries within rounding of it. */
function bracketed(ops: Ops, y: Tensor, total: Tensor, below: Tensor): Tensor {
  const isLeft = (tau: Tensor) => {
    const sum = ops.sum(ops.maximum(ops.subtract(y, tau), 0), 1);
    return ops.lessEqual(total, ops.reshape(sum, tau.shape));
  };
  const [left] = ops.repeat(HALVINGS, [below, ops.zeros(below.shape)], ([left, right]) => {
    const middle = ops.multiply(0.5, ops.add(left as Tensor, right as Tensor));
    const rises = isLeft(middle);
    return [ops.where(rises, middle, left as Tensor), ops.where(rises, right as Tensor, middle)];
  });
  return left as Tensor;
}
