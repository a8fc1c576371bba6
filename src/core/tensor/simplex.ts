/** The nearest point of the simplex {v ≥ 0, Σv = total}, row by row: max(y − τ s, 0) with the τ for which the sum is right. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Rows up to this length take Newton steps alone: there are never more of them than entries. */
const NEWTON_LENGTH = 64;
/** Halvings of the bracket: past this it is below the rounding of Float64. */
const HALVINGS = 60;

/** Entries of several simplexes of one size, [g·k], as one row each, [g, k]. */
export function inRows(ops: Ops, entries: Tensor, totals: Tensor): Tensor {
  const count = at(totals.shape, 0);
  return ops.reshape(entries, [count, at(entries.shape, 0) / count]);
}

/**
 * argmin Σ (vᵢ − yᵢ)²/sᵢ. Shapes: `given` [g, k], totals [g], ≥ 0, and s [g, k], > 0, or absent: 1. It is max(y − τ s, 0) with the root τ
 * of Σ max(y − τ s, 0) − total, which is convex and falls: Newton from the left rises to it, and arrives exactly. What is carried is
 * y − τ s, not τ: then no entry is the difference of large numbers, however far the entries of s are apart.
 * Source: Michelot 1986; Condat 2016, Fast projection onto the simplex and the ℓ1 ball, §2.
 */
export function nearestInSimplex(ops: Ops, given: Tensor, totals: Tensor, scales?: Tensor): Tensor {
  const scale = scales ?? ops.ones(given.shape);
  const rows = scales ? given : ops.subtract(given, ops.reshape(ops.max(given, 1), [at(given.shape, 0), 1]));
  const [count, length] = [at(rows.shape, 0), at(rows.shape, 1)];
  const column = (vector: Tensor) => ops.reshape(vector, [count, 1]);
  const rowSum = (matrix: Tensor) => column(ops.sum(matrix, 1));
  const total = column(totals);
  const lowered = (y: Tensor, tau: Tensor) => ops.subtract(y, ops.multiply(tau, scale));
  // Roots if all entries stayed, and if one did: each is at most τ.
  const ofAll = ops.divide(ops.subtract(rowSum(rows), total), rowSum(scale));
  const ofOne = column(ops.max(ops.divide(ops.subtract(rows, total), scale), 1));
  const start = lowered(rows, ops.maximum(ofAll, ofOne));
  const newton = (y: Tensor) => {
    const support = ops.less(0, y);
    const excess = ops.subtract(rowSum(ops.where(support, y, 0)), total);
    const weight = rowSum(ops.where(support, scale, 0));
    return lowered(y, ops.divide(excess, ops.where(ops.less(0, weight), weight, 1)));
  };
  const nearest =
    length <= NEWTON_LENGTH
      ? iterated(ops, start, newton, length)
      : newton(newton(lowered(start, bracketed(ops, start, total, scale))));
  return ops.maximum(nearest, 0);
}

/** argmin ‖v − sizes‖ with v ≥ 0, weights·v = total. Shapes: sizes, weights [n], > 0; total a number: u = weights·v is in a simplex. */
export function nearestSizes(ops: Ops, sizes: Tensor, weights: Tensor, total: Tensor): Tensor {
  const row = (vector: Tensor) => ops.reshape(vector, [1, at(sizes.shape, 0)]);
  const squares = row(ops.multiply(weights, weights));
  const nearest = nearestInSimplex(ops, row(ops.multiply(weights, sizes)), ops.reshape(total, [1]), squares);
  return ops.divide(ops.reshape(nearest, sizes.shape), weights);
}

/** y ← newton(y) until it stands still. */
function iterated(ops: Ops, start: Tensor, newton: (y: Tensor) => Tensor, turns: number): Tensor {
  const [y] = ops.repeat(
    turns,
    [start, ops.subtract(start, 1)],
    ([current]) => [newton(current as Tensor), current as Tensor],
    ([current, before]) => ops.equal(ops.max(ops.abs(ops.subtract(current as Tensor, before as Tensor))), 0),
  );
  return y as Tensor;
}

/** A τ ≥ 0 from the left whose support is the root's, up to entries within rounding of it. */
function bracketed(ops: Ops, y: Tensor, total: Tensor, scale: Tensor): Tensor {
  const isLeft = (tau: Tensor) => {
    const sum = ops.sum(ops.maximum(ops.subtract(y, ops.multiply(tau, scale)), 0), 1);
    return ops.lessEqual(total, ops.reshape(sum, tau.shape));
  };
  const highest = ops.maximum(ops.reshape(ops.max(ops.divide(y, scale), 1), total.shape), 0); // there nothing is left
  const [left] = ops.repeat(HALVINGS, [ops.zeros(total.shape), highest], ([left, right]) => {
    const middle = ops.multiply(0.5, ops.add(left as Tensor, right as Tensor));
    const rises = isLeft(middle);
    return [ops.where(rises, middle, left as Tensor), ops.where(rises, right as Tensor, middle)];
  });
  return left as Tensor;
}
