/** Products with a constant matrix of which most entries are 0, by rows that read equally many entries. */
import { at } from '../diagnostic.ts';
import { knownNumbers } from './known.ts';
import type { LinearMap } from './lsmr.ts';
import type { Ops, Tensor } from './ops.ts';
import { sizeOf } from './shape.ts';
import { type SparseMatrix, sparseTransposed } from './sparse.ts';

/** Row i is Σₖ weights[i, k]·x[entries[i, k]]; a row that reads fewer entries than the longest reads entry 0 with weight 0. Both [m, k]. */
export interface PaddedRows {
  readonly entries: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
}

export function paddedRows({ rows, starts, indices, values }: SparseMatrix): PaddedRows {
  const each = Array.from({ length: rows }, (_, i) => [at(starts, i), at(starts, i + 1)] as const);
  const width = each.reduce((most, [from, end]) => Math.max(most, end - from), 0);
  const padded = (of: Int32Array | Float64Array) =>
    each.map(([from, end]) => Array.from({ length: width }, (_, k) => (from + k < end ? at(of, from + k) : 0)));
  return { entries: padded(indices), weights: padded(values) };
}

/** Numbers of the rows of A and of those of Aᵀ, padded, beside the entries of A that are not 0. */
export function paddedSize(A: SparseMatrix): number {
  const widest = ({ rows, starts }: SparseMatrix) => {
    let most = 0;
    for (let i = 0; i < rows; i++) most = Math.max(most, at(starts, i + 1) - at(starts, i));
    return rows * most;
  };
  return widest(A) + widest(sparseTransposed(A));
}

/** A x, [m], for x[n]. */
export function sparseTimes(ops: Ops, entries: Tensor, weights: Tensor, x: Tensor): Tensor {
  const read = ops.gather(x, ops.reshape(entries, [sizeOf(entries.shape)]));
  return ops.sum(ops.multiply(weights, ops.reshape(read, weights.shape)), 1);
}

/** Turns of LSMR where conjugate gradients took `turns`: rounding costs some; and with other scales, of which nothing is known. */
export const turnsOf = (ops: Ops, turns: Tensor, areScaled: boolean): number =>
  areScaled ? MOST_SCALED : 2 * (knownNumbers(ops, turns)[0] ?? 0) + 16;
const MOST_SCALED = 1000;

/** A by its rows and by its columns, which are the rows of Aᵀ. */
export interface SparseTensors {
  readonly entries: Tensor;
  readonly weights: Tensor;
  readonly rows: Tensor;
  readonly factors: Tensor;
}

/** v ↦ A D v and u ↦ D Aᵀ u, with D = diag(root), or 1. */
export function sparseMap(ops: Ops, { entries, weights, rows, factors }: SparseTensors, root?: Tensor): LinearMap {
  const scaled = (v: Tensor) => (root ? ops.multiply(root, v) : v);
  return {
    rows: at(entries.shape, 0),
    columns: at(rows.shape, 0),
    times: (v) => sparseTimes(ops, entries, weights, scaled(v)),
    transposedTimes: (u) => scaled(sparseTimes(ops, rows, factors, u)),
  };
}
