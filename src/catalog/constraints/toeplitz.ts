import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { diagonalMeans } from '../../core/tensor/patterns.ts';

/** Rows and columns of the matrix. */
type Toeplitz = { shape: readonly number[] };

const matrixOf = (ops: Ops, x: Tensor, shape: Tensor): Tensor => ops.reshape(x, knownNumbers(ops, shape));

/** Toeplitz matrices {X : X[i, j] = X[i−1, j−1]}. Shapes: x [m·n], row by row; shape [2] holds m and n. */
export default defineConstraintKind<Toeplitz>({
  id: 'toeplitz',
  title: 'Toeplitz matrices',
  source: 'Golub & Van Loan 2013, Matrix Computations, §4.7; Gray 2006, Toeplitz and Circulant Matrices, §1',
  summary:
    'Each diagonal holds one number, as in a layer that does the same everywhere along a line. The nearest such matrix has the mean of each diagonal.',
  isConvex: true,
  isManifold: true,
  claim: affineClaimsOf('toeplitz', ({ shape }) => ({ shape })),
  recognize: () => null,
  residual(ops, x, { shape }) {
    const X = matrixOf(ops, x, shape);
    const [m, n] = [at(X.shape, 0), at(X.shape, 1)];
    const part = (offset: number) => ops.slice(X, { offset, strides: [n, 1], shape: [m - 1, n - 1] });
    return { equality: ops.reshape(ops.subtract(part(n + 1), part(0)), [(m - 1) * (n - 1)]) };
  },
  project: (ops, x, { shape }) => ops.reshape(diagonalMeans(ops, matrixOf(ops, x, shape)), x.shape),
  projectScaled(ops, x, { shape }, scale) {
    const weights = ops.divide(1, matrixOf(ops, scale, shape));
    const means = diagonalMeans(ops, ops.multiply(weights, matrixOf(ops, x, shape)));
    return ops.reshape(ops.divide(means, diagonalMeans(ops, weights)), x.shape);
  },
  examples: [
    { name: 'two rows', data: { shape: [2, 2] }, from: [1, 5, 7, 3], to: [2, 5, 7, 2] },
    { name: 'more columns than rows', data: { shape: [2, 3] }, from: [1, 2, 3, 0, 3, 4], to: [2, 3, 3, 0, 2, 3] },
    { name: 'a matrix with equal diagonals', data: { shape: [2, 2] }, from: [1, 2, 3, 1], to: [1, 2, 3, 1] },
  ],
});
