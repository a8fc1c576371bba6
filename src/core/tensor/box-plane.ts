/** The nearest point between bounds where sums of disjoint entries have limits, too: one number a row is sought. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Turns: each settles at least one entry, and as a rule half of those that are not settled. */
const MOST_TURNS = 100;

export interface BoxPlane {
  /** [m, n], no column with two entries that are not 0. */
  readonly A: Tensor;
  /** [m], may be infinite; where they are equal, the sum is fixed. */
  readonly least: Tensor;
  readonly most: Tensor;
  /** [n], may be infinite. */
  readonly lower: Tensor;
  readonly upper: Tensor;
}

/**
 * argmin Σ (zᵢ − yᵢ)²/sᵢ with least ≤ A z ≤ most, lower ≤ z ≤ upper: z = clip(y + s Aᵀτ), and A z rises with τ. With τ = 0, the
 * rows within their limits are done; of each other row the limit that it is beyond is b. In each turn τ is solved for as if the
 * entries that are open kept clear of their bounds; then those beyond, on the side that the sum goes wrong to, are settled at their
 * bounds for good. Sources: Bitran & Hax 1981, Management Science 27(4), 431–441; Kiwiel 2008, Math. Program. 112, 473–491.
 */
export function nearestInBoxPlane(
  ops: Ops,
  y: Tensor,
  { A, least, most, lower, upper }: BoxPlane,
  scale: Tensor = ops.ones(y.shape),
): Tensor {
  const columns = ops.transpose(A);
  const isInRow = ops.subtract(1, ops.equal(columns, 0)); // [n, m]
  const squares = ops.multiply(A, A);
  const clip = (z: Tensor) => ops.minimum(ops.maximum(z, lower), upper);
  const clipped = clip(y);
  const sums = ops.matmul(A, clipped);
  const b = ops.minimum(ops.maximum(sums, least), most);
  const isBeyond = ops.subtract(1, ops.equal(sums, b));
  const moved = (open: Tensor, settled: Tensor): Tensor => {
    const slope = ops.matmul(squares, ops.multiply(open, scale));
    const rest = ops.subtract(b, ops.matmul(A, ops.where(open, y, settled)));
    const tau = ops.divide(rest, ops.where(ops.less(0, slope), slope, 1));
    return ops.add(y, ops.multiply(scale, ops.matmul(columns, tau)));
  };
  const [open, settled] = ops.repeat(
    Math.min(at(y.shape, 0), MOST_TURNS),
    [ops.matmul(isInRow, isBeyond), clipped, ops.constant(1)],
    ([open, settled]) => {
      const z = moved(open as Tensor, settled as Tensor);
      const within = clip(z);
      const change = ops.multiply(open as Tensor, ops.subtract(within, z));
      const along = ops.multiply(ops.sum(columns, 1), change); // what clipping an entry adds to its row
      const total = ops.matmul(isInRow, ops.matmul(A, change)); // and all of the row's
      const isDown = ops.multiply(ops.lessEqual(0, total), ops.less(0, along));
      const isUp = ops.multiply(ops.lessEqual(total, 0), ops.less(along, 0));
      const isNew = ops.maximum(isDown, isUp);
      return [ops.subtract(open as Tensor, isNew), ops.where(isNew, within, settled as Tensor), ops.sum(isNew)];
    },
    ([, , news]) => ops.equal(news as Tensor, 0),
  );
  const z = moved(open as Tensor, settled as Tensor);
  return clip(ops.where(open as Tensor, z, settled as Tensor));
}
