/** Length and direction of a vector, without squares that overflow or vanish. */
import type { Ops, Tensor } from './ops.ts';

export interface Polar {
  readonly length: Tensor;
  /** The vector divided by its length; 0 for the vector 0. */
  readonly unit: Tensor;
  /** 1 where the vector is not 0. */
  readonly isAway: Tensor;
}

/** v = ‖v‖₂ · unit for v of any shape. The largest entry is divided out first, as in the BLAS routine nrm2. */
export function polar(ops: Ops, vector: Tensor): Polar {
  const largest = ops.max(ops.abs(vector));
  const isAway = ops.less(0, largest);
  const scaled = ops.divide(vector, ops.where(isAway, largest, 1));
  const length = ops.sqrt(ops.where(isAway, ops.dot(scaled, scaled), 1));
  return { length: ops.multiply(largest, length), unit: ops.divide(scaled, length), isAway };
}
