import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { upperEntries } from '../../core/tensor/patterns.ts';
import { nearestOrthonormal } from '../../core/tensor/polar.ts';

/** Rows and columns of the matrix. */
type Orthogonal = { shape: readonly number[] };

const matrixOf = (ops: Ops, x: Tensor, shape: Tensor): Tensor => ops.reshape(x, knownNumbers(ops, shape));

/** Orthonormal columns {X : Xᵀ X = I}, or rows {X : X Xᵀ = I} where they are fewer. Shapes: x [m·n]; shape [2] holds m and n. */
export default defineConstraintKind<Orthogonal>({
  id: 'orthogonal',
  title: 'Orthonormal columns',
  source: 'Absil, Mahony & Sepulchre 2008, §3.3.2 (Stiefel manifold); Higham 2008, Functions of Matrices, §8.1',
  summary:
    'Matrices whose columns have length 1 and are at right angles: rotations and reflections. The nearest one is the polar factor; the set is curved, so it is not convex.',
  isConvex: false,
  isManifold: true,
  claim: claimsOf('orthogonal', ({ shape }) => ({ shape })),
  recognize: () => null,
  residual(ops, x, { shape }) {
    const X = matrixOf(ops, x, shape);
    const [m, n] = [at(X.shape, 0), at(X.shape, 1)];
    const gram = m < n ? ops.matmul(X, ops.transpose(X)) : ops.matmul(ops.transpose(X), X);
    return { equality: upperEntries(ops, ops.subtract(gram, ops.identityMatrix(Math.min(m, n))), true) };
  },
  /** V − X (Xᵀ V + Vᵀ X)/2; of rows, its transpose. */
  tangent(ops, x, direction, { shape }) {
    const isWide = at(knownNumbers(ops, shape), 0) < at(knownNumbers(ops, shape), 1);
    const upright = (matrix: Tensor) => (isWide ? ops.transpose(matrix) : matrix);
    const [X, V] = [upright(matrixOf(ops, x, shape)), upright(matrixOf(ops, direction, shape))];
    const product = ops.matmul(ops.transpose(X), V);
    const across = ops.multiply(0.5, ops.add(product, ops.transpose(product)));
    return ops.reshape(upright(ops.subtract(V, ops.matmul(X, across))), direction.shape);
  },
  project: (ops, x, { shape }) => ops.reshape(nearestOrthonormal(ops, matrixOf(ops, x, shape)), x.shape),
  examples: [
    { name: 'a stretched rotation', data: { shape: [2, 2] }, from: [0, -3, 2, 0], to: [0, -1, 1, 0] },
    { name: 'one column', data: { shape: [2, 1] }, from: [3, 4], to: [0.6, 0.8] },
    { name: 'one row', data: { shape: [1, 2] }, from: [-3, 4], to: [-0.6, 0.8] },
    { name: 'three rows, two columns', data: { shape: [3, 2] }, from: [0, 2, 0, 0, 5, 0], to: [0, 1, 0, 0, 1, 0] },
    {
      name: 'singular values of very different size',
      data: { shape: [2, 2] },
      from: [1e-9, 0, 0, -1],
      to: [1, 0, 0, -1],
    },
  ],
});
