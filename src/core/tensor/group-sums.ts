/** Weighted sums of groups of entries, and points moved along the weights of each group. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import { inRows } from './simplex.ts';

/** a and total of each group: weights [g, k], or [g, 1], [1, k] or [1, 1] where groups or entries have the same; totals [g]. */
export interface GroupSums {
  readonly weights: Tensor;
  readonly totals: Tensor;
}

/** a·row, as a column. */
const sumOf = (ops: Ops, weights: Tensor, rows: Tensor): Tensor =>
  ops.reshape(ops.sum(ops.multiply(weights, rows), 1), [at(rows.shape, 0), 1]);

const columnOfExcess = (ops: Ops, rows: Tensor, { weights, totals }: GroupSums): Tensor =>
  ops.subtract(sumOf(ops, weights, rows), ops.reshape(totals, [at(rows.shape, 0), 1]));

/** a·x − total of each group, [g]. Shape: x [g·k]. */
export const excessOf = (ops: Ops, x: Tensor, sums: GroupSums): Tensor =>
  ops.reshape(columnOfExcess(ops, inRows(ops, x, sums.totals), sums), sums.totals.shape);

/**
 * x − D a e / (a·D a), group by group, where e is what `counted` takes of a·x − total: all of it leads to the sum that is given, by the
 * shortest way in Σ (yᵢ − xᵢ)²/scaleᵢ. Shapes: x [g·k], scale [g·k], > 0, D = diag(scale), or absent: 1. No group has only weights 0.
 */
export function alongWeights(
  ops: Ops,
  x: Tensor,
  sums: GroupSums,
  counted: (excess: Tensor) => Tensor,
  scale?: Tensor,
): Tensor {
  const { weights, totals } = sums;
  const rows = inRows(ops, x, totals);
  const along = scale ? ops.multiply(inRows(ops, scale, totals), weights) : weights;
  const squares = sumOf(ops, weights, ops.broadcast(along, rows.shape));
  const shares = ops.divide(counted(columnOfExcess(ops, rows, sums)), squares);
  return ops.reshape(ops.subtract(rows, ops.multiply(shares, along)), x.shape);
}
