/** Dense Float64 matrices, row-major, and their singular value decomposition, which ml-matrix makes. */
import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';
import { maximumNorm } from './norms.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major entries. */
  readonly data: Float64Array;
}

/** Relative cut-off below which a singular value counts as 0 in Float64. */
export const RANK_CUTOFF = 1e-10;

/** A matrix whose entries are all below it counts as 0: its inverse would not be a number. */
const LEAST = 1e-290;

export const toDense = ({ rows, columns, data }: Matrix): Dense => Dense.from1DArray(rows, columns, data);
export const fromDense = (dense: Dense): Matrix => ({
  rows: dense.rows,
  columns: dense.columns,
  data: Float64Array.from(dense.to1DArray()),
});

export interface Spectrum {
  /** Singular values, descending, min(rows, columns) of them. */
  readonly singularValues: readonly number[];
  readonly rank: number;
  /** σ₁ / σ_rank, the condition number on the row space; 1 for rank 0. */
  readonly conditionNumber: number;
}

export interface Decomposition extends Spectrum {
  /** V[columns, rank], the right singular vectors of the kept singular values. */
  readonly right: Matrix;
  /** U[rows, rank]. */
  readonly left: Matrix;
}

/** Whether all entries are 0, or as good as. */
export const isZero = ({ rows, columns, data }: Matrix): boolean => rows * columns === 0 || maximumNorm(data) < LEAST;

/** What singular values, given in descending order, say of a matrix: those above cut-off·σ₁ count towards its rank. */
export function spectrumFrom(singularValues: readonly number[], cutoff = RANK_CUTOFF): Spectrum {
  const largest = singularValues[0] ?? 0;
  const rank = largest > 0 ? singularValues.filter((value) => value > cutoff * largest).length : 0;
  return { singularValues, rank, conditionNumber: rank === 0 ? 1 : largest / at(singularValues, rank - 1) };
}

/**
 * A = U Σ Vᵀ for A[m, n], with the singular values below cut-off·σ₁ left out; of A = 0 the rank is 0, and U and V have no columns.
 * Source: Golub & Van Loan 2013, §2.4 and §5.5.
 */
export function decompose(matrix: Matrix, cutoff = RANK_CUTOFF): Decomposition {
  if (isZero(matrix)) {
    const none = (rows: number): Matrix => ({ rows, columns: 0, data: new Float64Array(0) });
    const singularValues = new Array<number>(Math.min(matrix.rows, matrix.columns)).fill(0);
    return { ...spectrumFrom(singularValues, cutoff), left: none(matrix.rows), right: none(matrix.columns) };
  }
  const svd = new SingularValueDecomposition(toDense(matrix), { autoTranspose: true });
  const order = svd.diagonal.map((_, i) => i).sort((a, b) => at(svd.diagonal, b) - at(svd.diagonal, a));
  const values = order.map((i) => at(svd.diagonal, i)).slice(0, Math.min(matrix.rows, matrix.columns));
  const spectrum = spectrumFrom(values, cutoff);
  const { rank } = spectrum;
  const columnsOf = (dense: Dense, rows: number): Matrix => ({
    rows,
    columns: rank,
    data: Float64Array.from({ length: rows * rank }, (_, k) => dense.get(Math.floor(k / rank), at(order, k % rank))),
  });
  return {
    ...spectrum,
    left: columnsOf(svd.leftSingularVectors, matrix.rows),
    right: columnsOf(svd.rightSingularVectors, matrix.columns),
  };
}

/** Aᵀ[n, m] of A[m, n]. */
export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = at(data, i * columns + j);
  return { rows: columns, columns: rows, data: result };
}
