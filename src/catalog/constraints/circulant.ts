import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { cyclicMeans } from '../../core/tensor/patterns.ts';

const matrixOf = (ops: Ops, x: Tensor): Tensor => {
  const n = Math.sqrt(at(x.shape, 0));
  return ops.reshape(x, [n, n]);
};

/** Circulant matrices {X : X[i, j] depends on j − i modulo n alone}. Shape: x [n·n], row by row. */
export default defineConstraintKind<Record<never, never>>({
  id: 'circulant',
  title: 'Circulant matrices',
  source: 'Golub & Van Loan 2013, Matrix Computations, §4.8; Gray 2006, Toeplitz and Circulant Matrices, §3',
  summary:
    'Each row is the one above it, moved on by one and wrapped around: the same on every place of a ring. The nearest such matrix has the mean of each wrapped diagonal.',
  isConvex: true,
  isManifold: true,
  claim: affineClaimsOf('circulant', () => ({})),
  recognize: () => null,
  residual: (ops, x) => ({ equality: ops.subtract(x, ops.reshape(cyclicMeans(ops, matrixOf(ops, x)), x.shape)) }),
  project: (ops, x) => ops.reshape(cyclicMeans(ops, matrixOf(ops, x)), x.shape),
  projectScaled(ops, x, _, scale) {
    const weights = ops.divide(1, matrixOf(ops, scale));
    const means = cyclicMeans(ops, ops.multiply(weights, matrixOf(ops, x)));
    return ops.reshape(ops.divide(means, cyclicMeans(ops, weights)), x.shape);
  },
  examples: [
    { name: 'two rows', data: {}, from: [1, 4, 2, 3], to: [2, 3, 3, 2] },
    { name: 'a moved row', data: {}, from: [0, 3, 0, 0, 0, 3, 3, 0, 0], to: [0, 3, 0, 0, 0, 3, 3, 0, 0] },
    { name: 'one entry in a corner', data: {}, from: [0, 0, 3, 0, 0, 0, 0, 0, 0], to: [0, 0, 1, 1, 0, 0, 0, 1, 0] },
  ],
});
