/** The Newton–Schulz iteration for A⁺, as a program: products and a loop that ends by itself. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

export const NEWTON_SCHULZ = {
  /** ‖I − A X‖_F below which the iteration converges quadratically for certain… */
  settled: 0.3,
  /** … and the number of iterations after that: 0.3^(2⁴) = 4e-9, below float32's rounding. */
  after: 4,
  /** In Float64: 0.3^(2⁶) = 3e-34. */
  afterFloat64: 6,
  /** Largest condition number for which float32 keeps what the iteration promises. */
  conditionLimit: 1e4,
} as const;

/** Most iterations that a matrix of full rank can need: each doubles the least singular value of A X, from κ⁻² or so. */
export const newtonSchulzLimit = (conditionLimit: number): number => Math.ceil(2 * Math.log2(conditionLimit)) + 12;

export interface NewtonSchulz {
  /** A⁺[n, m]. */
  readonly pseudoinverse: Tensor;
  /** Number of iterations made. */
  readonly iterations: Tensor;
  /** ‖I − A X‖_F before the last iteration, rows scaled. */
  readonly residual: Tensor;
}

/**
 * A⁺ of A[m, n] of full rank: rows scaled by powers of two, X₀ = Aᵀ / ‖A Aᵀ‖∞, X ← X(2I − A X) until ‖I − A X‖_F < 0.3, then `after`
 * more times. Never a fixed count, and never "the residual stopped falling": with one small singular value it stays near 1
 * for 2·log₂κ iterations. Not for rank-deficient A, whose null space collects rounding errors that double every time.
 * Source: Ben-Israel & Cohen 1966; Söderström & Stewart 1974.
 */
export function newtonSchulz(
  ops: Ops,
  A: Tensor,
  {
    conditionLimit = NEWTON_SCHULZ.conditionLimit,
    after = NEWTON_SCHULZ.after,
  }: { conditionLimit?: number; after?: number } = {},
): NewtonSchulz {
  const [m, n] = A.shape;
  invariant(m !== undefined && n !== undefined && A.shape.length === 2, 'newtonSchulz takes a matrix');
  if (m > n) {
    const turned = newtonSchulz(ops, ops.transpose(A), { conditionLimit, after });
    return { ...turned, pseudoinverse: ops.transpose(turned.pseudoinverse) };
  }
  const scale = powerOfTwoScale(ops, A); // D A has rows of length 1 to 2, and A⁺ = (D A)⁺ D
  const scaled = ops.multiply(ops.reshape(scale, [m, 1]), A);
  const gram = ops.matmul(scaled, ops.transpose(scaled));
  const bound = ops.max(ops.sum(ops.abs(gram), 1));
  const first = ops.divide(ops.transpose(scaled), bound);
  const identity = ops.identityMatrix(m);

  const loop = ops.repeat(
    newtonSchulzLimit(conditionLimit),
    [first, ops.constant(0), ops.constant(0), ops.constant(0)],
    ([X, settled, iterations]) => {
      const product = ops.matmul(scaled, X as Tensor);
      const residual = ops.norm(ops.subtract(identity, product));
      const next = ops.matmul(X as Tensor, ops.subtract(ops.multiply(2, identity), product));
      const isSettled = ops.maximum(ops.less(residual, NEWTON_SCHULZ.settled), ops.less(0, settled as Tensor));
      return [next, ops.add(settled as Tensor, isSettled), ops.add(iterations as Tensor, 1), residual];
    },
    ([, settled]) => ops.lessEqual(after, settled as Tensor),
  );
  const [X, , iterations, residual] = [at(loop, 0), at(loop, 1), at(loop, 2), at(loop, 3)];
  return { pseudoinverse: ops.multiply(X, ops.reshape(scale, [1, m])), iterations, residual };
}

/** 2^−⌊log₂‖row‖⌋ for each row; 1 for a row of zeros. */
function powerOfTwoScale(ops: Ops, A: Tensor): Tensor {
  const squares = ops.sum(ops.multiply(A, A), 1);
  const isZero = ops.equal(squares, 0);
  const logarithm = ops.divide(ops.log(ops.where(isZero, 1, squares)), 2 * Math.LN2);
  return ops.power(2, ops.negate(ops.floor(logarithm)));
}
