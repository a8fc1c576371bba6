/** Dense Float64 matrices, row-major, and the factorisations that the reference needs (ml-matrix does the work). */
import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';
import { euclideanNorm, maximumNorm } from './norms.ts';

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

const toDense = ({ rows, columns, data }: Matrix): Dense => Dense.from1DArray(rows, columns, data);
const fromDense = (dense: Dense): Matrix => ({
  rows: dense.rows,
  columns: dense.columns,
  data: Float64Array.from(dense.to1DArray()),
});

export interface Decomposition {
  /** Singular values, descending, min(rows, columns) of them. */
  readonly singularValues: readonly number[];
  readonly rank: number;
  /** σ₁ / σ_rank, the condition number on the row space; 1 for rank 0. */
  readonly conditionNumber: number;
  /** V[columns, rank], the right singular vectors of the kept singular values. */
  readonly right: Matrix;
  /** U[rows, rank]. */
  readonly left: Matrix;
}

/** A = U Σ Vᵀ with the singular values below cut-off·σ₁ left out. Source: Golub & Van Loan 2013, §2.4 and §5.5. */
export function decompose(matrix: Matrix, cutoff = RANK_CUTOFF): Decomposition {
  const count = Math.min(matrix.rows, matrix.columns);
  if (count === 0 || maximumNorm(matrix.data) < LEAST) {
    const none = (rows: number): Matrix => ({ rows, columns: 0, data: new Float64Array(0) });
    const singularValues = new Array<number>(count).fill(0);
    return { singularValues, rank: 0, conditionNumber: 1, left: none(matrix.rows), right: none(matrix.columns) };
  }
  const svd = new SingularValueDecomposition(toDense(matrix), { autoTranspose: true });
  const order = svd.diagonal.map((_, i) => i).sort((a, b) => at(svd.diagonal, b) - at(svd.diagonal, a));
  const singularValues = order.map((i) => at(svd.diagonal, i)).slice(0, count);
  const largest = singularValues[0] ?? 0;
  const rank = largest > 0 ? singularValues.filter((value) => value > cutoff * largest).length : 0;
  const kept = order.slice(0, rank);
  const columnsOf = (dense: Dense, rows: number): Matrix => ({
    rows,
    columns: rank,
    data: Float64Array.from({ length: rows * rank }, (_, k) => dense.get(Math.floor(k / rank), at(kept, k % rank))),
  });
  return {
    singularValues,
    rank,
    conditionNumber: rank === 0 ? 1 : largest / at(singularValues, rank - 1),
    left: columnsOf(svd.leftSingularVectors, matrix.rows),
    right: columnsOf(svd.rightSingularVectors, matrix.columns),
  };
}

/** A⁺[n, m] = V Σ⁻¹ Uᵀ. */
export function pseudoinverse(matrix: Matrix, cutoff = RANK_CUTOFF): Matrix {
  const { left, right, rank, singularValues } = decompose(matrix, cutoff);
  const [m, n] = [matrix.rows, matrix.columns];
  const data = new Float64Array(n * m);
  for (let k = 0; k < rank; k++) {
    const scale = 1 / at(singularValues, k);
    for (let i = 0; i < n; i++) {
      const factor = at(right.data, i * rank + k) * scale;
      for (let j = 0; j < m; j++) data[i * m + j] = at(data, i * m + j) + factor * at(left.data, j * rank + k);
    }
  }
  return { rows: n, columns: m, data };
}

/** Q[rank, n]: orthonormal rows that span the rows of A. */
export function rowSpaceBasis(matrix: Matrix): Matrix {
  return transposed(decompose(matrix).right);
}

/**
 * N[n, n − rank]: orthonormal columns with A N = 0. The columns are made by Gram–Schmidt with pivoting on the projector
 * I − QᵀQ: the unit vector that keeps most of its length is taken next. Hence N depends on the null space alone, and
 * each column's pivot entry is positive.
 * Source: Golub & Van Loan 2013, §5.4.2 (pivoted orthogonalisation).
 */
export function nullSpaceBasis(matrix: Matrix): Matrix {
  const n = matrix.columns;
  const { right, rank } = decompose(matrix);
  const basis: Float64Array[] = [];
  const against = Array.from({ length: rank }, (_, k) =>
    Float64Array.from({ length: n }, (_, i) => at(right.data, i * rank + k)),
  );
  for (let column = 0; column < n - rank; column++) {
    const spanned = [...against, ...basis];
    // Length² of what is left of the unit vector eᵢ: 1 − Σ qᵢ².
    const lengths = Array.from({ length: n }, (_, i) => 1 - spanned.reduce((sum, q) => sum + at(q, i) ** 2, 0));
    // The margin makes the choice among equals the first, whatever the rounding.
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0) - 1e-9;
    const pivot = lengths.findIndex((length) => length >= longest);
    const vector = new Float64Array(n);
    vector[pivot] = 1;
    orthogonalize(vector, spanned);
    orthogonalize(vector, spanned); // twice is enough (Kahan, in Parlett 1998, §6.9)
    basis.push(vector);
  }
  const columns = n - rank;
  return {
    rows: n,
    columns,
    data: Float64Array.from({ length: n * columns }, (_, k) => at(at(basis, k % columns), Math.floor(k / columns))),
  };
}

/** vector ← (vector − Σ q (q·vector)), scaled to length 1. */
function orthogonalize(vector: Float64Array, against: readonly Float64Array[]): void {
  for (const q of against) {
    let product = 0;
    for (let i = 0; i < vector.length; i++) product += at(q, i) * at(vector, i);
    for (let i = 0; i < vector.length; i++) vector[i] = at(vector, i) - product * at(q, i);
  }
  const length = euclideanNorm(vector);
  for (let i = 0; i < vector.length; i++) vector[i] = at(vector, i) / length;
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = at(data, i * columns + j);
  return { rows: columns, columns: rows, data: result };
}

/** A x for A[m, n], x[n]. */
export function matrixVector({ rows, columns, data }: Matrix, x: ArrayLike<number>): Float64Array {
  const result = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += at(data, i * columns + j) * at(x, j);
    result[i] = sum;
  }
  return result;
}

export { fromDense, toDense };

/** The rows of a matrix at these positions, in their order. */
export const selectRows = ({ columns, data }: Matrix, rows: readonly number[]): Matrix => ({
  rows: rows.length,
  columns,
  data: Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
});
