import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { upperEntries } from '../../core/tensor/patterns.ts';
import { eigenvectorRows, quotients, symmetricPart } from '../../core/tensor/singular.ts';

const matrixOf = (ops: Ops, x: Tensor): Tensor => {
  const n = Math.sqrt(at(x.shape, 0));
  return ops.reshape(x, [n, n]);
};

/** Positive semidefinite matrices {X : X = Xᵀ, vᵀ X v ≥ 0 for all v}. Shape: x [n·n], row by row. */
export default defineConstraintKind<Record<never, never>>({
  id: 'psd',
  title: 'Positive semidefinite matrices',
  source: 'Higham 1988, Linear Algebra Appl. 103, 103–118; Parikh & Boyd 2014, Proximal Algorithms, §6.3',
  summary:
    'Symmetric matrices without a negative eigenvalue, such as covariances. The nearest one has zeros in place of the negative eigenvalues of the symmetric part.',
  isConvex: true,
  claim: claimsOf('psd', () => ({})),
  recognize: () => null,
  residual(ops, x) {
    const X = matrixOf(ops, x);
    const S = symmetricPart(ops, X);
    const vectors = ops.still(eigenvectorRows(ops, S));
    const isOne = at(X.shape, 0) === 1;
    return {
      ...(isOne ? {} : { equality: upperEntries(ops, ops.subtract(X, ops.transpose(X)), false) }),
      inequality: ops.negate(quotients(ops, vectors, S)),
    };
  },
  project(ops, x) {
    // Σ max(λᵢ, 0) vᵢ vᵢᵀ
    const S = symmetricPart(ops, matrixOf(ops, x));
    const vectors = eigenvectorRows(ops, S);
    const n = at(S.shape, 0);
    const values = ops.reshape(ops.maximum(quotients(ops, vectors, S), 0), [n, 1]);
    const nearest = ops.matmul(ops.transpose(vectors), ops.multiply(values, vectors));
    return ops.reshape(symmetricPart(ops, nearest), x.shape);
  },
  examples: [
    { name: 'a diagonal matrix', data: {}, from: [2, 0, 0, -1], to: [2, 0, 0, 0] },
    { name: 'eigenvalues 3 and −1', data: {}, from: [1, 2, 2, 1], to: [1.5, 1.5, 1.5, 1.5] },
    { name: 'a matrix that is not symmetric', data: {}, from: [2, 2, 0, 2], to: [2, 1, 1, 2] },
    { name: 'no positive eigenvalue', data: {}, from: [-1, 0, 0, -3], to: [0, 0, 0, 0] },
    {
      name: 'three rows, equal eigenvalues',
      data: {},
      from: [0, 0, 1, 0, 1, 0, 1, 0, 0],
      to: [0.5, 0, 0.5, 0, 1, 0, 0.5, 0, 0.5],
    },
    {
      name: 'four rows',
      data: {},
      from: [0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1],
      to: [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    },
  ],
});
