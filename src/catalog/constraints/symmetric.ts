import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { claimsOfSymmetry } from '../../core/analysis/evidence/ties.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { upperEntries } from '../../core/tensor/patterns.ts';

const matrixOf = (ops: Ops, x: Tensor): Tensor => {
  const n = Math.sqrt(at(x.shape, 0));
  return ops.reshape(x, [n, n]);
};

/** Of statements `X in symmetric`. */
const claimsOfMembers = affineClaimsOf('symmetric', () => ({}));

/** Symmetric matrices {X : X = Xᵀ}. Shape: x [n·n], row by row. */
export default defineConstraintKind<Record<never, never>>({
  id: 'symmetric',
  title: 'Symmetric matrices',
  source: 'Boyd & Vandenberghe 2004, Convex Optimization, §2.2.5; Higham 1988, Linear Algebra Appl. 103, 103–118',
  summary:
    'Entries at mirror places across the diagonal are equal. The nearest such matrix has the mean of each pair at both places.',
  isConvex: true,
  isManifold: true,
  claim: (facts) => [...claimsOfMembers(facts), ...claimsOfSymmetry(facts)],
  recognize: () => null,
  residual(ops, x) {
    const X = matrixOf(ops, x);
    return { equality: upperEntries(ops, ops.subtract(X, ops.transpose(X)), false) };
  },
  project(ops, x) {
    const X = matrixOf(ops, x);
    return ops.reshape(ops.multiply(0.5, ops.add(X, ops.transpose(X))), x.shape);
  },
  projectScaled(ops, x, _, scale) {
    // The mean of each pair, weighted by 1/scale.
    const weights = ops.divide(1, matrixOf(ops, scale));
    const weighted = ops.multiply(weights, matrixOf(ops, x));
    const sums = [weighted, weights].map((X) => ops.add(X, ops.transpose(X)));
    return ops.reshape(ops.divide(at(sums, 0), at(sums, 1)), x.shape);
  },
  examples: [
    { name: 'a matrix that is not symmetric', data: {}, from: [1, 4, 2, 3], to: [1, 3, 3, 3] },
    { name: 'a symmetric matrix', data: {}, from: [1, 2, 2, -1], to: [1, 2, 2, -1] },
    { name: 'three rows', data: {}, from: [0, 1, 2, 0, 0, 3, 0, 0, 0], to: [0, 0.5, 1, 0.5, 0, 1.5, 1, 1.5, 0] },
  ],
});
