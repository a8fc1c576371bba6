/** The nearest point of the simplex {v ≥ 0, Σv = total}, row by row: max(y − τ s, 0) with the τ for which the sum is right. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Rows up to this length take Newton steps alone: there are never more of them than entries. */
const NEWTON_LENGTH = 64;
/**
 * Turns for longer rows. From turn to turn the shares that are left of the sum's excess and of its slope add up to 1 at most, so that
 * their product, n² times the total at first, falls to a fourth: past these turns it is below the rounding of Float64. As a rule
 * far fewer are enough. With scales the slope falls further: that is enough for scales up to 2⁶⁰ apart.
 * Source: Radzik 1998, Fractional combinatorial optimization (Newton's method).
 */
const mostTurns = (length: number, isScaled: boolean): number =>
  28 + Math.ceil(Math.log2(length)) + (isScaled ? 30 : 0);

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
  const rows = scales ? given : ops.subtract(given, ops.reshape(ops.max(given, 1), [at(given.shape, 0), 1]));
  const [count, length] = [at(rows.shape, 0), at(rows.shape, 1)];
  const column = (vector: Tensor) => ops.reshape(vector, [count, 1]);
  const rowSum = (matrix: Tensor) => column(ops.sum(matrix, 1));
  const total = column(totals);
  const lowered = (y: Tensor, tau: Tensor) => ops.subtract(y, scales ? ops.multiply(tau, scales) : tau);
  // Roots if all entries stayed, and if one did: each is at most τ.
  const ofAll = ops.divide(ops.subtract(rowSum(rows), total), scales ? rowSum(scales) : length);
  const beyond = ops.subtract(rows, total);
  const ofOne = column(ops.max(scales ? ops.divide(beyond, scales) : beyond, 1));
  const start = lowered(rows, ops.maximum(ofAll, ofOne));
  const turn = (y: Tensor) => {
    const support = ops.less(0, y);
    const excess = ops.subtract(rowSum(ops.where(support, y, 0)), total);
    const weight = rowSum(scales ? ops.where(support, scales, 0) : support);
    return { y: lowered(y, ops.divide(excess, ops.where(ops.less(0, weight), weight, 1))), weight };
  };
  const newton = (y: Tensor) => turn(y).y;
  const nearest =
    length <= NEWTON_LENGTH
      ? iterated(ops, start, newton, length)
      : newton(untilSupported(ops, start, total, turn, mostTurns(length, scales !== undefined)));
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

/** y after the turn that no entry left the support in: that turn has solved for it. */
function untilSupported(
  ops: Ops,
  start: Tensor,
  total: Tensor,
  turn: (y: Tensor) => { readonly y: Tensor; readonly weight: Tensor },
  most: number,
): Tensor {
  const none = ops.multiply(-1, ops.ones(total.shape));
  const [y] = ops.repeat(
    most,
    [start, none, ops.constant(1)],
    ([current, before]) => {
      const { y, weight } = turn(current as Tensor);
      return [y, weight, ops.sum(ops.abs(ops.subtract(weight, before as Tensor)))];
    },
    ([, , change]) => ops.equal(change as Tensor, 0),
  );
  return y as Tensor;
}
