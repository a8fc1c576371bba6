/** Equations of which each reads few entries, and many share some: as one set, line by line or several lines together. */
import type { Claim, ConstraintFacts, Part } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { arbitraryImage, conjugateEnd } from '../../tensor/conjugate-gradients.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { permutedRows, rowLengths, type SparseMatrix, sparseTransposed, stackedRows } from '../../tensor/sparse.ts';
import { type PaddedRows, paddedRows, paddedSize } from '../../tensor/sparse-products.ts';

/** A by its rows, Aᵀ by its rows, and b, of A x = b: as `PaddedRows` say. */
export type SparseEquations = {
  entries: PaddedRows['entries'];
  weights: PaddedRows['weights'];
  rows: PaddedRows['entries'];
  factors: PaddedRows['weights'];
  b: readonly number[];
  /** Turns of conjugate gradients that an arbitrary point took. */
  turns: number;
};

/** The same where few rows read very many entries: A is `entries` and `weights` above `dense`, and its row i is shares[i] times the row of b[places[i]]. */
export type BorderedEquations = SparseEquations & {
  dense: readonly (readonly number[])[];
  places: readonly number[];
  shares: readonly number[];
};

/** By how much padding may make a matrix longer: one row that reads everything would make all as long. */
const MOST_PADDING = 4;
/** Numbers of a matrix and its transpose, padded. */
const MOST_NUMBERS = 2_000_000;
/** Turns of conjugate gradients: a projection takes twice as many in each step. */
const MOST_TURNS = 300;

/** By how much ‖b‖ may be missed where no rows contradict each other. */
const ROUNDING = 1e-6;

/** Rows that may read very many entries, beside those that read few. */
const MOST_DENSE = 8;

function isShort(A: SparseMatrix): boolean {
  const entries = A.values.length;
  const padded = entries === 0 ? Number.POSITIVE_INFINITY : paddedSize(A);
  return padded <= Math.min(2 * MOST_PADDING * entries, MOST_NUMBERS);
}

/** Turns after which conjugate gradients have solved arbitrary equations with the matrix; null where those are many. */
const fewTurns = (A: SparseMatrix): number | null => conjugateEnd(A, arbitraryImage(A), MOST_TURNS)?.turns ?? null;

/** The same where nearest points on A x = b are soon found by products with A and Aᵀ; null where they are not. */
export const soonSolved = (A: SparseMatrix): number | null => (isShort(A) ? fewTurns(A) : null);

/** Whether A x = b has a solution, as far as conjugate gradients tell. */
export function hasSolution(A: SparseMatrix, b: readonly number[]): boolean {
  const side = Float64Array.from(b);
  const end = conjugateEnd(A, side, MOST_TURNS);
  return end !== null && euclideanNorm(end.rest) <= ROUNDING * euclideanNorm(side);
}

function dataOf(A: SparseMatrix, b: readonly number[], turns: number): SparseEquations {
  const [{ entries, weights }, byColumn] = [paddedRows(A), paddedRows(sparseTransposed(A))];
  return { entries, weights, rows: byColumn.entries, factors: byColumn.weights, b, turns };
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
  sparse?.isConsistent && !affine ? dataOf(within(sparse.A, coordinates), sparse.b, sparse.turns) : null;

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
  const turns = soonSolved(A);
  return turns !== null && hasSolution(A, b) ? dataOf(A, b, turns) : null;
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
  const turns = all && soonSolved(all.A);
  if (!all || turns === null || !hasSolution(all.A, all.b)) return null;
  const { A, b, coordinates } = all;
  return { data: dataOf(A, b, turns), constraints: facts.map(({ index }) => index), coordinates };
}

/** The rows of A in an order in which few dense ones are the last, with how many those are; null where without eight of them it is dense still. */
function denseLast(A: SparseMatrix): { readonly order: readonly number[]; readonly dense: number } | null {
  const lengthOf = (row: number) => at(A.starts, row + 1) - at(A.starts, row);
  const order = Array.from({ length: A.rows }, (_, row) => row).sort((i, j) => lengthOf(i) - lengthOf(j) || i - j);
  for (let dense = 1; dense <= Math.min(MOST_DENSE, A.rows - 1); dense++) {
    const few = order.slice(0, A.rows - dense).sort((i, j) => i - j);
    if (isShort(permutedRows(A, few))) return { order: [...few, ...order.slice(A.rows - dense)], dense };
  }
  return null;
}

/** Affine equalities that share entries, as one system, where few of them read very many entries. */
export function borderedEquations(facts: readonly ConstraintFacts[]): Claim<BorderedEquations> | null {
  const all = facts.every(({ affine }) => affine) ? null : rowsTogether(facts);
  const split = all && !isShort(all.A) ? denseLast(all.A) : null;
  if (!all || !split) return null;
  const { A, b, coordinates } = all;
  const few = split.order.slice(0, A.rows - split.dense);
  const sparse = permutedRows(A, few);
  // No longer than the others, which conjugate gradients would else hardly see beside them.
  const usual = Math.max(...rowLengths(sparse));
  const bordering = split.order.slice(few.length).map((row) => {
    const dense = new Array<number>(A.columns).fill(0);
    for (let k = at(A.starts, row); k < at(A.starts, row + 1); k++) dense[at(A.indices, k)] = at(A.values, k);
    const share = usual / euclideanNorm(dense);
    return { share, dense: dense.map((entry) => share * entry) };
  });
  const scaled = permutedRows(A, split.order);
  bordering.forEach(({ share }, i) => {
    for (let k = at(scaled.starts, few.length + i); k < at(scaled.starts, few.length + i + 1); k++)
      scaled.values[k] = share * at(scaled.values, k);
  });
  const turns = fewTurns(scaled);
  const shares = [...few.map(() => 1), ...bordering.map(({ share }) => share)];
  const sides = split.order.map((row, i) => at(shares, i) * at(b, row));
  if (turns === null || !hasSolution(scaled, sides)) return null;
  const data = {
    ...dataOf(sparse, b, turns),
    dense: bordering.map(({ dense }) => dense),
    places: split.order,
    shares,
  };
  return { data, constraints: facts.map(({ index }) => index), coordinates };
}
