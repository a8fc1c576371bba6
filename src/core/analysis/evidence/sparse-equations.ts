/** Equations of which each reads few entries, and many share some: as one set, line by line or several lines together. */
import type { Claim, ConstraintFacts, Part } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { arbitraryImage, conjugateEnd } from '../../tensor/conjugate-gradients.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { type SparseMatrix, sparseTransposed, stackedRows } from '../../tensor/sparse.ts';
import { type PaddedRows, paddedRows, paddedSize } from '../../tensor/sparse-products.ts';

/** A by its rows, Aᵀ by its rows, and b, of A x = b: as `PaddedRows` say. */
export type SparseEquations = {
  entries: PaddedRows['entries'];
  weights: PaddedRows['weights'];
  rows: PaddedRows['entries'];
  factors: PaddedRows['weights'];
  b: readonly number[];
};

/** By how much padding may make a matrix longer: one row that reads everything would make all as long. */
const MOST_PADDING = 4;
/** Numbers of a matrix and its transpose, padded. */
const MOST_NUMBERS = 2_000_000;
/** Turns of conjugate gradients: a projection takes twice as many in each step. */
const MOST_TURNS = 300;

/** By how much ‖b‖ may be missed where no rows contradict each other. */
const ROUNDING = 1e-6;

/** Whether nearest points on A x = b are soon found by products with A and Aᵀ. */
export function isSoonSolved(A: SparseMatrix): boolean {
  const entries = A.values.length;
  const padded = entries === 0 ? Number.POSITIVE_INFINITY : paddedSize(A);
  const isShort = padded <= Math.min(2 * MOST_PADDING * entries, MOST_NUMBERS);
  return isShort && conjugateEnd(A, arbitraryImage(A), MOST_TURNS) !== null;
}

/** Whether A x = b has a solution, as far as conjugate gradients tell. */
export function hasSolution(A: SparseMatrix, b: readonly number[]): boolean {
  const side = Float64Array.from(b);
  const end = conjugateEnd(A, side, MOST_TURNS);
  return end !== null && euclideanNorm(end.rest) <= ROUNDING * euclideanNorm(side);
}

function dataOf(A: SparseMatrix, b: readonly number[]): SparseEquations {
  const [{ entries, weights }, byColumn] = [paddedRows(A), paddedRows(sparseTransposed(A))];
  return { entries, weights, rows: byColumn.entries, factors: byColumn.weights, b };
}

/** The matrix in the entries of these positions alone; none else is read. */
function within(A: SparseMatrix, positions: readonly number[]): SparseMatrix {
  const place = new Int32Array(A.columns);
  positions.forEach((position, k) => {
    place[position] = k;
  });
  return { ...A, columns: positions.length, indices: A.indices.map((j) => at(place, j)) };
}

/** One line in its own entries. */
export const sparseEquations = ({ sparse, affine, coordinates }: ConstraintFacts): SparseEquations | null =>
  sparse?.isConsistent && !affine ? dataOf(within(sparse.A, coordinates), sparse.b) : null;

/** Rows of one line each, or of several: [row][entry, weight]. */
type Terms = readonly (readonly (readonly [entry: number, weight: number])[])[];

function matrixOf(terms: Terms, columns: number): SparseMatrix {
  const sorted = terms.map((row) => row.filter(([, weight]) => weight !== 0).sort(([i], [j]) => i - j));
  const starts = new Int32Array(sorted.length + 1);
  sorted.forEach((row, i) => {
    starts[i + 1] = at(starts, i) + row.length;
  });
  return {
    rows: sorted.length,
    columns,
    starts,
    indices: Int32Array.from(sorted.flat(), ([entry]) => entry),
    values: Float64Array.from(sorted.flat(), ([, weight]) => weight),
  };
}

/** All rows of several lines that are such equations each; null where together they are not. */
export function equationsTogether(parts: readonly Part<SparseEquations>[], size: number): SparseEquations | null {
  const matrices = parts.map(({ data, positions }) =>
    matrixOf(
      data.entries.map((row, i) => row.map((entry, k) => [at(positions, entry), at(at(data.weights, i), k)] as const)),
      size,
    ),
  );
  const A = stackedRows(size, matrices);
  const b = parts.flatMap(({ data }) => data.b);
  return isSoonSolved(A) && hasSolution(A, b) ? dataOf(A, b) : null;
}

/** The rows of an affine equality, in entries of x; null where it is none, or its rows are not known. */
function termsOf({
  relation,
  sparse,
  affine,
  sums,
  bounds,
  coordinates,
}: ConstraintFacts): { terms: Terms; b: readonly number[] } | null {
  if (relation !== 'equality') return null;
  if (sparse) {
    const { A, b } = sparse;
    const terms = b.map((_, i) =>
      Array.from({ length: at(A.starts, i + 1) - at(A.starts, i) }, (_, k) => {
        const entry = at(A.starts, i) + k;
        return [at(A.indices, entry), at(A.values, entry)] as const;
      }),
    );
    return { terms, b };
  }
  if (affine) return { terms: affine.A.map((row) => coordinates.map((j) => [j, at(row, j)] as const)), b: affine.b };
  if (sums)
    return {
      terms: sums.groups.map((group, i) => group.map((j, k) => [j, at(at(sums.weights, i), k)] as const)),
      b: sums.b,
    };
  return bounds && { terms: bounds.entries.map((j, i) => [[j, at(bounds.scales, i)] as const]), b: bounds.b };
}

/** All rows of affine equalities, in the entries that they restrict; null where those of one are not known. */
export function rowsTogether(
  facts: readonly ConstraintFacts[],
): { readonly A: SparseMatrix; readonly b: readonly number[]; readonly coordinates: readonly number[] } | null {
  const known = facts.flatMap((line) => termsOf(line) ?? []);
  if (known.length < facts.length || known.length === 0) return null;
  const coordinates = [...new Set(facts.flatMap((line) => line.coordinates))].sort((i, j) => i - j);
  const all = matrixOf(
    known.flatMap((line) => line.terms),
    1 + at(coordinates, coordinates.length - 1),
  );
  return { A: within(all, coordinates), b: known.flatMap((line) => line.b), coordinates };
}

/** Affine equalities that share entries, as one system. */
export function overlappingEquations(facts: readonly ConstraintFacts[]): Claim<SparseEquations> | null {
  const all = facts.every(({ affine }) => affine) ? null : rowsTogether(facts);
  if (!all || !isSoonSolved(all.A) || !hasSolution(all.A, all.b)) return null;
  const { A, b, coordinates } = all;
  return { data: dataOf(A, b), constraints: facts.map(({ index }) => index), coordinates };
}
