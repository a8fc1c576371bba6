/** How far a positive vector may move. */
import type { Ops, Tensor } from './ops.ts';

/**
 * The longest step α for which v + α·change keeps the share 1 − `fraction` of each entry of v that falls; 1 for those that do not.
 * Source: Nocedal & Wright 2006, Numerical Optimization, §19.2 (fraction to the boundary).
 */
export const room = (ops: Ops, v: Tensor, change: Tensor, fraction: number): Tensor =>
  ops.named('room', { v, change, fraction: ops.constant(fraction) }, longest).length;

function longest(
  ops: Ops,
  { v, change, fraction }: { readonly v: Tensor; readonly change: Tensor; readonly fraction: Tensor },
) {
  const falls = ops.less(change, 0);
  const share = ops.multiply(ops.negate(fraction), v);
  return { length: smallest(ops, ops.where(falls, ops.divide(share, ops.where(falls, change, -1)), 1)) };
}

/** The smallest entry of v. */
export const smallest = (ops: Ops, v: Tensor): Tensor => ops.negate(ops.max(ops.negate(v)));
