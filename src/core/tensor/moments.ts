/** The step of Adam and its kin: a running mean of the gradient over the root of a running mean of its square. */
import type { Ops, Tensor } from './ops.ts';

export type Moments = {
  readonly mean: Tensor;
  readonly square: Tensor;
  /** The largest mean square so far: kept for AMSGrad. */
  readonly largest: Tensor;
};

export interface MomentSettings {
  readonly learningRate: Tensor;
  readonly beta1: Tensor;
  readonly beta2: Tensor;
  readonly epsilon: Tensor;
  readonly amsgrad: boolean;
}

export interface MomentStep {
  /** What is subtracted from x. */
  readonly step: Tensor;
  readonly moments: Moments;
  /** What each coordinate of the step was divided by, ε included. */
  readonly denominator: Tensor;
}

/** Those of step 0. */
export const noMoments = (ops: Ops, shape: readonly number[]): Moments => ({
  mean: ops.zeros(shape),
  square: ops.zeros(shape),
  largest: ops.zeros(shape),
});

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², step = η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε); AMSGrad divides by the largest v
 * so far. t is 1 at the first step. Sources: Kingma & Ba 2015, algorithm 1; Reddi, Kale & Kumar 2018; PyTorch's order of operations.
 */
export function momentStep(
  ops: Ops,
  g: Tensor,
  before: Moments,
  { learningRate, beta1, beta2, epsilon, amsgrad }: MomentSettings,
  t: Tensor,
): MomentStep {
  const mean = ops.add(ops.multiply(beta1, before.mean), ops.multiply(ops.subtract(1, beta1), g));
  const square = ops.add(ops.multiply(beta2, before.square), ops.multiply(ops.subtract(1, beta2), ops.multiply(g, g)));
  const largest = amsgrad ? ops.maximum(before.largest, square) : before.largest;
  const meanScale = ops.divide(learningRate, ops.subtract(1, ops.power(beta1, t)));
  const squareScale = ops.sqrt(ops.subtract(1, ops.power(beta2, t)));
  const denominator = ops.add(ops.divide(ops.sqrt(amsgrad ? largest : square), squareScale), epsilon);
  return {
    step: ops.multiply(meanScale, ops.divide(mean, denominator)),
    moments: { mean, square, largest },
    denominator,
  };
}
