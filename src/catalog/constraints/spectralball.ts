import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import { laidDown, stoodUp } from '../../core/tensor/lying.ts';
import { rowLengths, rowRotation, singularRows } from '../../core/tensor/singular.ts';

/** Rows and columns of the matrix, and the bound. */
type SpectralBall = { shape: readonly number[]; radius: number };

/** Spectral-norm ball {X : σ₁(X) ≤ radius}. Shapes: x [m·n], row by row; shape [2] holds m and n; radius a number. */
export default defineConstraintKind<SpectralBall>({
  id: 'spectralball',
  title: 'Spectral-norm ball',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.7.2; Higham 2008, Functions of Matrices, §B.7',
  summary:
    'Matrices that stretch no vector by more than a fixed factor, so that a layer cannot amplify. The nearest one has each larger singular value cut to that factor.',
  isConvex: true,
  claim: claimsOf('spectralball', ({ shape, args }) => ({ shape, radius: at(at(at(args, 0), 0), 0) })),
  recognize: () => null,
  residual(ops, x, { shape, radius }) {
    const X = laidDown(ops, x, knownNumbers(ops, shape));
    return { inequality: ops.subtract(rowLengths(ops, ops.matmul(ops.still(rowRotation(ops, X)), X)), radius) };
  },
  project(ops, x, { shape, radius }) {
    // X = Rᵀ (R X), and the rows of R X have the singular values as lengths.
    const size = knownNumbers(ops, shape);
    const X = laidDown(ops, x, size);
    const { rotation, rows, lengths } = singularRows(ops, X);
    const isLong = ops.less(radius, lengths);
    const factors = ops.where(isLong, ops.divide(radius, ops.where(isLong, lengths, 1)), 1);
    const cut = ops.matmul(ops.transpose(rotation), ops.multiply(ops.reshape(factors, [at(X.shape, 0), 1]), rows));
    const nearest = ops.where(ops.less(0, ops.max(isLong)), cut, X); // a point inside stays as it is
    return stoodUp(ops, nearest, size);
  },
  examples: [
    { name: 'a diagonal matrix', data: { shape: [2, 2], radius: 1 }, from: [3, 0, 0, -0.5], to: [1, 0, 0, -0.5] },
    { name: 'a matrix of rank one', data: { shape: [2, 2], radius: 1 }, from: [2, 2, 2, 2], to: [0.5, 0.5, 0.5, 0.5] },
    { name: 'a matrix inside', data: { shape: [2, 3], radius: 2 }, from: [1, 0, 0, 0, 0, 1], to: [1, 0, 0, 0, 0, 1] },
    { name: 'more rows than columns', data: { shape: [3, 1], radius: 1 }, from: [0, 3, 4], to: [0, 0.6, 0.8] },
    { name: 'only zero', data: { shape: [2, 2], radius: 0 }, from: [1, 2, 3, 4], to: [0, 0, 0, 0] },
  ],
});
