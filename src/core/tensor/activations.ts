/** Smooth maps onto intervals, half-lines and simplexes, in forms that neither overflow nor cancel; and their inverses. */
import type { Ops, Tensor } from './ops.ts';

/** σ(a) = (1 + tanh(a/2))/2: no exponential that overflows, and the right slope everywhere. */
export const sigmoid = (ops: Ops, a: Tensor): Tensor => ops.add(0.5, ops.multiply(0.5, ops.tanh(ops.multiply(0.5, a))));

/** σ⁻¹(p) = log p − log(1 − p), for 0 < p < 1. */
export const logit = (ops: Ops, p: Tensor): Tensor => ops.subtract(ops.log(p), ops.log(ops.subtract(1, p)));

/** log(1 + eᵃ): a + log(1 + e⁻ᵃ) for a > 0, so that nothing overflows; |a| instead would have no curvature at 0. */
export function softplus(ops: Ops, a: Tensor): Tensor {
  const isPositive = ops.less(0, a);
  const exponent = ops.where(isPositive, ops.negate(a), a);
  return ops.add(ops.where(isPositive, a, 0), ops.log(ops.add(1, ops.exp(exponent))));
}

/** log(eᵇ − 1) = b + log(1 − e^−b), for b > 0. */
export const inverseSoftplus = (ops: Ops, b: Tensor): Tensor =>
  ops.add(b, ops.log(ops.subtract(1, ops.exp(ops.negate(b)))));

/** exp(a − max a) over its sum: along one axis, the last of a matrix where none is named. */
export function softmax(ops: Ops, a: Tensor, axis: number | null = null): Tensor {
  const along = a.shape.length < 2 ? null : (axis ?? a.shape.length - 1);
  const kept = (reduced: Tensor) =>
    along === null
      ? reduced
      : ops.reshape(
          reduced,
          a.shape.map((length, i) => (i === along ? 1 : length)),
        );
  const powers = ops.exp(ops.subtract(a, kept(ops.max(a, along))));
  return ops.divide(powers, kept(ops.sum(powers, along)));
}
