/** Eigenvectors and singular vectors where several values are equal on the boundary of a set: those that a slope tells apart. */
import type { Ops, Tensor } from './ops.ts';
import { eigenvectorRows, quotients, rowLengths, rowRotation, singularRows } from './singular.ts';

/** Values this near to the boundary, relative to the largest entry, are on it; float32 iterates are no nearer. */
const NEAR = 1e-6;

/** Part of the slope that is taken in: it turns other vectors by less than what stationarity is measured to. */
const SHARE = 1e-8;

/** −slope, of a size that tells equal values apart and leaves others as they are. */
function pull(ops: Ops, slope: Tensor, scale: Tensor): Tensor {
  const length = ops.norm(slope);
  const weight = ops.divide(ops.multiply(-SHARE, scale), ops.where(ops.less(0, length), length, 1));
  return ops.multiply(weight, slope);
}

const scaleOf = (ops: Ops, A: Tensor): Tensor => ops.add(1, ops.max(ops.abs(A)));

/** Orthonormal rows vᵢ, eigenvectors of symmetric S[n, n]; those of eigenvalue 0 are eigenvectors of the slope among themselves. */
export function boundaryEigenvectors(ops: Ops, S: Tensor, slope?: Tensor): Tensor {
  const vectors = eigenvectorRows(ops, S);
  if (!slope) return vectors;
  const scale = scaleOf(ops, S);
  const values = quotients(ops, vectors, S);
  const isNear = ops.lessEqual(ops.abs(values), ops.multiply(NEAR, scale));
  const count = values.shape;
  const column = ops.reshape(ops.where(isNear, 0, values), [...count, 1]);
  const exact = ops.matmul(ops.transpose(vectors), ops.multiply(column, vectors));
  return eigenvectorRows(ops, ops.add(exact, pull(ops, slope, scale)));
}

/** R with orthonormal rows, those of R A orthogonal, A[m, n] with m ≤ n; among rows of the given length, the slope's too. */
export function boundaryRotation(ops: Ops, A: Tensor, length: Tensor, slope?: Tensor): Tensor {
  const rotation = rowRotation(ops, A);
  if (!slope) return rotation;
  const scale = scaleOf(ops, A);
  const rows = ops.matmul(rotation, A);
  const lengths = rowLengths(ops, rows);
  const isNear = ops.lessEqual(ops.abs(ops.subtract(lengths, length)), ops.multiply(NEAR, scale));
  const isPositive = ops.less(0, lengths);
  const factors = ops.where(isNear, ops.divide(length, ops.where(isPositive, lengths, 1)), 1);
  const exact = ops.matmul(ops.transpose(rotation), ops.multiply(ops.reshape(factors, [...lengths.shape, 1]), rows));
  return rowRotation(ops, ops.add(exact, pull(ops, slope, scale)));
}

/**
 * Σ|xᵢ| as s·x with s held: the sign of each entry, and where an entry is 0 the slope's share, between −1 and 1, of what pulls
 * at the entries that are not. Any such s is a subgradient.
 */
export function boundaryLength(ops: Ops, x: Tensor, slope?: Tensor): Tensor {
  if (!slope) return ops.sum(ops.abs(x));
  const isNear = ops.lessEqual(ops.abs(x), ops.multiply(NEAR, scaleOf(ops, x)));
  const signs = ops.where(isNear, 0, ops.sign(x));
  const count = ops.sum(ops.abs(signs));
  const force = ops.divide(ops.negate(ops.dot(signs, slope)), ops.maximum(count, 1));
  const share = ops.divide(ops.negate(slope), ops.where(ops.less(0, force), force, 1));
  const held = ops.where(isNear, ops.maximum(-1, ops.minimum(share, 1)), signs);
  return ops.add(ops.dot(ops.still(held), x), ops.still(ops.sum(ops.subtract(ops.abs(x), ops.multiply(held, x)))));
}

/**
 * Σ σᵢ(A) as ⟨D, A⟩ with D held, A[m, n] with m ≤ n: U Vᵀ of the singular values that are not 0, and across them the slope's share, with
 * no singular value above 1, of what pulls along them. Any such D is a subgradient (Watson 1992, Linear Algebra Appl. 170, 33–45).
 */
export function boundaryNuclear(ops: Ops, A: Tensor, slope?: Tensor): Tensor {
  const { rotation, rows, lengths } = singularRows(ops, ops.still(A));
  const column = (vector: Tensor) => ops.reshape(vector, [...lengths.shape, 1]);
  const isPositive = ops.less(ops.multiply(slope ? NEAR : 0, scaleOf(ops, A)), lengths);
  const left = ops.multiply(column(isPositive), rotation);
  const right = ops.divide(ops.multiply(column(isPositive), rows), column(ops.where(isPositive, lengths, 1)));
  const along = ops.matmul(ops.transpose(left), right);
  const held = slope ? ops.add(along, acrossOf(ops, { left, right, along }, slope)) : along;
  const value = (D: Tensor) => ops.sum(ops.multiply(D, A));
  const D = ops.still(held);
  return ops.add(value(D), ops.still(ops.subtract(ops.sum(lengths), value(D))));
}

/** The part of −slope across left and right, over the mean of what it is along them, its singular values cut to 1. */
function acrossOf(
  ops: Ops,
  { left, right, along }: { readonly left: Tensor; readonly right: Tensor; readonly along: Tensor },
  slope: Tensor,
): Tensor {
  const count = ops.sum(ops.multiply(right, right)); // as many unit vectors
  const force = ops.divide(ops.negate(ops.sum(ops.multiply(along, slope))), ops.maximum(count, 1));
  const share = ops.divide(ops.negate(slope), ops.where(ops.less(0, force), force, 1));
  const ofRows = ops.subtract(share, ops.matmul(ops.transpose(left), ops.matmul(left, share)));
  const across = ops.subtract(ofRows, ops.matmul(ops.matmul(ofRows, ops.transpose(right)), right));
  const { rotation, rows, lengths } = singularRows(ops, across);
  const factors = ops.divide(1, ops.maximum(lengths, 1));
  return ops.matmul(ops.transpose(rotation), ops.multiply(ops.reshape(factors, [...lengths.shape, 1]), rows));
}
