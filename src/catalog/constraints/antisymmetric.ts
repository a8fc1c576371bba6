import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { upperEntries } from '../../core/tensor/patterns.ts';

const matrixOf = (ops: Ops, x: Tensor): Tensor => {
  const n = Math.sqrt(at(x.shape, 0));
  return ops.reshape(x, [n, n]);
};

/** Antisymmetric matrices {X : X = −Xᵀ}. Shape: x [n·n], row by row. */
export default defineConstraintKind<Record<never, never>>({
  id: 'antisymmetric',
  title: 'Antisymmetric matrices',
  source: 'Horn & Johnson 2013, Matrix Analysis, §0.2.5',
  summary:
    'Entries at mirror places across the diagonal are opposite, and the diagonal is zero, as for rotations that have just begun. The nearest such matrix has half the difference of each pair.',
  isConvex: true,
  isManifold: true,
  claim: affineClaimsOf('antisymmetric', () => ({})),
  recognize: () => null,
  residual(ops, x) {
    const X = matrixOf(ops, x);
    return { equality: upperEntries(ops, ops.add(X, ops.transpose(X)), true) };
  },
  project(ops, x) {
    const X = matrixOf(ops, x);
    return ops.reshape(ops.multiply(0.5, ops.subtract(X, ops.transpose(X))), x.shape);
  },
  projectScaled(ops, x, _, scale) {
    const weights = ops.divide(1, matrixOf(ops, scale));
    const weighted = ops.multiply(weights, matrixOf(ops, x));
    const difference = ops.subtract(weighted, ops.transpose(weighted));
    return ops.reshape(ops.divide(difference, ops.add(weights, ops.transpose(weights))), x.shape);
  },
  examples: [
    { name: 'a matrix with a diagonal', data: {}, from: [1, 4, 2, 3], to: [0, 1, -1, 0] },
    { name: 'a turn in the plane', data: {}, from: [0, -1, 1, 0], to: [0, -1, 1, 0] },
  ],
});
