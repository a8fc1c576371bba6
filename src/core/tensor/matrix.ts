/** What is asked of matrices: rank, pseudoinverses, bases of rows, columns and null spaces. Small ones by singular vectors, large ones by reflections. */
import { at } from '../diagnostic.ts';
import { finished, type Stages } from '../stages.ts';
import { decompose, isZero, type Matrix, RANK_CUTOFF, type Spectrum, spectrumFrom, transposed } from './dense.ts';
import { LARGE, volumeOf } from './factoring-cost.ts';
import { LargeFactors } from './large-factors.ts';
import { euclideanNorm } from './norms.ts';
import { addFrom, dotFrom, Pace } from './orthogonal.ts';

export {
  type Decomposition,
  decompose,
  fromDense,
  type Matrix,
  RANK_CUTOFF,
  type Spectrum,
  spectrumFrom,
  toDense,
  transposed,
} from './dense.ts';
export { matrixVector } from './matrix-vector.ts';

/** Whether work on it takes so long that it is shared, and has pauses. */
export const isLarge = (matrix: Matrix): boolean => volumeOf(matrix.rows, matrix.columns) >= LARGE && !isZero(matrix);

/** Of the matrices that were asked for last: a study, a recording and the runs of an experiment ask for those of the same one. */
const lately: LargeFactors[] = [];
const MOST_KEPT = 2;

function* largeFactors(matrix: Matrix): Stages<LargeFactors> {
  const known = lately.find((factors) => factors.isOf(matrix));
  const factors = known ?? (yield* LargeFactors.of(matrix));
  if (lately[0] !== factors) {
    lately.splice(0, lately.length, factors, ...lately.filter((other) => other !== factors).slice(0, MOST_KEPT - 1));
  }
  return factors;
}

/** The part of `decompose` that is numbers. Of large matrices much sooner than the vectors. */
export const spectrum = (matrix: Matrix, cutoff = RANK_CUTOFF): Spectrum => finished(spectrumStages(matrix, cutoff));

/** `spectrum`, with pauses where the matrix is large. */
export function* spectrumStages(matrix: Matrix, cutoff = RANK_CUTOFF): Stages<Spectrum> {
  return isLarge(matrix)
    ? spectrumFrom((yield* largeFactors(matrix)).singularValues, cutoff)
    : decompose(matrix, cutoff);
}

/** A⁺[n, m] = V Σ⁻¹ Uᵀ. */
export const pseudoinverse = (matrix: Matrix, cutoff = RANK_CUTOFF): Matrix =>
  finished(pseudoinverseStages(matrix, cutoff));

/** `pseudoinverse`, with pauses where the matrix is large. */
export function* pseudoinverseStages(matrix: Matrix, cutoff = RANK_CUTOFF): Stages<Matrix> {
  if (isLarge(matrix)) {
    const factors = yield* largeFactors(matrix);
    return yield* factors.inverse(spectrumFrom(factors.singularValues, cutoff).rank);
  }
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
export const rowSpaceBasis = (matrix: Matrix): Matrix => finished(rowSpaceStages(matrix));

/** `rowSpaceBasis`, with pauses where the matrix is large. */
export function* rowSpaceStages(matrix: Matrix): Stages<Matrix> {
  if (isLarge(matrix)) {
    const factors = yield* largeFactors(matrix);
    return yield* factors.rowSpace(spectrumFrom(factors.singularValues, RANK_CUTOFF).rank);
  }
  return transposed(decompose(matrix).right);
}

/** Q[rank, m]: orthonormal rows that span what the columns of A with these so many largest singular values reach. */
export function columnSpaceBasis(matrix: Matrix, rank: number): Matrix {
  if (isLarge(matrix)) return finished(finished(largeFactors(matrix)).columnSpace(rank));
  const { left } = decompose(matrix, 0);
  return { rows: rank, columns: matrix.rows, data: transposed(left).data.slice(0, rank * matrix.rows) };
}

/**
 * N[n, n − rank]: orthonormal columns with A N = 0. The columns are made by Gram–Schmidt with pivoting on the projector
 * I − QᵀQ: the unit vector that keeps most of its length is taken next. Hence N depends on the null space alone, and
 * each column's pivot entry is positive.
 * Source: Golub & Van Loan 2013, §5.4.2 (pivoted orthogonalisation).
 */
export const nullSpaceBasis = (matrix: Matrix): Matrix => finished(nullSpaceStages(matrix));

/** `nullSpaceBasis`, with pauses where the matrix is large. */
export function* nullSpaceStages(matrix: Matrix): Stages<Matrix> {
  const known = isLarge(matrix) ? yield* largeFactors(matrix) : null;
  if (known?.complement) return known.complement;
  const { rows: rank, data } = yield* rowSpaceStages(matrix);
  const n = matrix.columns;
  const spanned = Array.from({ length: rank }, (_, k) => data.subarray(k * n, (k + 1) * n));
  // Length² of what is left of the unit vector eᵢ: 1 − Σ qᵢ².
  const lengths = new Float64Array(n).fill(1);
  const shorten = (q: Float64Array) => {
    for (let i = 0; i < n; i++) lengths[i] = at(lengths, i) - at(q, i) ** 2;
  };
  spanned.forEach(shorten);
  const pace = new Pace();
  while (spanned.length < n) {
    // The margin makes the choice among equals the first, whatever the rounding.
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0) - 1e-9;
    const pivot = lengths.findIndex((length) => length >= longest);
    const vector = new Float64Array(n);
    vector[pivot] = 1;
    subtractShares(vector, pivot, spanned);
    // Subtracting from a unit vector loses digits where little of it is left (Kahan, in Parlett 1998, §6.9: twice is enough).
    if (at(lengths, pivot) < SHORT) for (const q of spanned) addFrom(q, 0, -dotFrom(q, 0, vector, 0, n), vector, 0, n);
    const length = euclideanNorm(vector);
    for (let i = 0; i < n; i++) vector[i] = at(vector, i) / length;
    spanned.push(vector);
    shorten(vector);
    yield* pace.did(n * spanned.length);
  }
  const basis = spanned.slice(rank);
  const complement: Matrix = { rows: n, columns: n - rank, data: new Float64Array(n * (n - rank)) };
  basis.forEach((vector, k) => {
    for (let i = 0; i < n; i++) complement.data[i * (n - rank) + k] = at(vector, i);
  });
  if (known) known.complement = complement;
  return complement;
}

/** vector ← vector − Σ q[pivot] q: four at a time, as what is written is read again otherwise. */
function subtractShares(vector: Float64Array, pivot: number, spanned: readonly Float64Array[]): void {
  const n = vector.length;
  let k = 0;
  for (; k + 3 < spanned.length; k += 4) {
    const [p, q, r, s] = spanned.slice(k, k + 4) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const [a, b, c, d] = [at(p, pivot), at(q, pivot), at(r, pivot), at(s, pivot)];
    for (let i = 0; i < n; i++)
      vector[i] =
        (vector[i] as number) -
        (a * (p[i] as number) + b * (q[i] as number) + (c * (r[i] as number) + d * (s[i] as number)));
  }
  for (const q of spanned.slice(k)) addFrom(q, 0, -at(q, pivot), vector, 0, n);
}

/** Length² of which so little is left that one subtraction is too few. */
const SHORT = 0.05;

/** The rows of a matrix at these positions, in their order. */
export const selectRows = ({ columns, data }: Matrix, rows: readonly number[]): Matrix => ({
  rows: rows.length,
  columns,
  data: Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
});
