/** Matrices laid down for algorithms that rotate rows: transposed where they have more rows than columns. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import type { Shape } from './shape.ts';

/** X[m, n] or its transpose, with no more rows than columns. */
export const lying = (ops: Ops, X: Tensor): Tensor => (at(X.shape, 0) > at(X.shape, 1) ? ops.transpose(X) : X);

/** x[m·n], a matrix of the given shape row by row, laid down. */
export const laidDown = (ops: Ops, x: Tensor, shape: Shape): Tensor => lying(ops, ops.reshape(x, shape));

/** The inverse of `laidDown`: the entries, row by row, of the matrix of the given shape of which A lies. */
export const stoodUp = (ops: Ops, A: Tensor, [m = 0, n = 0]: Shape): Tensor =>
  ops.reshape(m > n ? ops.transpose(A) : A, [m * n]);
