/** The nearest point of the simplex {v ≥ 0, Σv = total}, row by row: max(y − τ s, 0) with the τ for which the sum is right. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Rows up to this length take Newton steps alone: there are never more of them than entries. */
const NEWTON_LENGTH = 64;
/** Halvings of [−total, 0]: past this the bracket is below the rounding of Float64. */
const HALVINGS = 60;

/** Entries of several simplexes of one size, [g·k], as one row each, [g, k]. */
export function inRows(ops: Ops, entries: Tensor, totals: Tensor): Tensor {
  const count = at(totals.shape, 0);
  return ops.reshape(entries, [count, at(entries.shape, 0) / count]);
}

/**
 * argmin Σ (vᵢ − yᵢ)²/sᵢ. Shapes: rows [g, k], totals [g], ≥ 0, and s [g, k], > 0, or absent: 1. The multiple of s that leaves
 * 0 as the largest entry is subtracted first, so that sums do not cancel; then τ is the root of Σ max(y − τ s, 0) − total,
 * which is convex and falls: Newton from the left rises to it, and arrives exactly.
 * Source: Michelot 1986; Condat 2016, Fast projection onto the simplex and the ℓ1 ball, §2.
 */
export function nearestInSimplex(ops: Ops, rows: Tensor, totals: Tensor, scale: Tensor = ops.ones(rows.shape)): Tensor {
  const [count, length] = [at(rows.shape, 0), at(rows.shape, 1)];
  const column = (vector: Tensor) => ops.reshape(vector, [count, 1]);
  const rowSum = (matrix: Tensor) => column(ops.sum(matrix, 1));
  const total = column(totals);
  const y = ops.subtract(rows, ops.multiply(column(ops.max(ops.divide(rows, scale), 1)), scale));
  // Roots if all entries stayed, and if one did: each is at most τ.
  const ofAll = ops.divide(ops.subtract(rowSum(y), total), rowSum(scale));
  const ofOne = column(ops.max(ops.divide(ops.subtract(y, total), scale), 1));
  const below = ops.maximum(ofAll, ofOne);
  const newton = (tau: Tensor) => {
    const support = ops.less(ops.multiply(tau, scale), y);
    const sum = ops.subtract(rowSum(ops.where(support, y, 0)), total);
    const weight = rowSum(ops.where(support, scale, 0));
    return ops.divide(sum, ops.where(ops.less(0, weight), weight, 1));
  };
  const tau =
    length <= NEWTON_LENGTH
      ? iterated(ops, below, newton, length)
      : newton(newton(bracketed(ops, y, total, scale, below)));
  return ops.maximum(ops.subtract(y, ops.multiply(tau, scale)), 0);
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
function bracketed(ops: Ops, y: Tensor, total: Tensor, scale: Tensor, below: Tensor): Tensor {
  const isLeft = (tau: Tensor) => {
    const sum = ops.sum(ops.maximum(ops.subtract(y, ops.multiply(tau, scale)), 0), 1);
    return ops.lessEqual(total, ops.reshape(sum, tau.shape));
  };
  const [left] = ops.repeat(HALVINGS, [below, ops.zeros(below.shape)], ([left, right]) => {
    const middle = ops.multiply(0.5, ops.add(left as Tensor, right as Tensor));
    const rises = isLeft(middle);
    return [ops.where(rises, middle, left as Tensor), ops.where(rises, right as Tensor, middle)];
  });
  return left as Tensor;
}
