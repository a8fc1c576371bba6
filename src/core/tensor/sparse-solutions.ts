/** All solutions of many equations that read few entries each, as one point and few directions: by reflections, without a dense matrix. */
import { at } from '../diagnostic.ts';
import { RANK_CUTOFF } from './matrix.ts';
import { euclideanNorm } from './norms.ts';
import { type SparseMatrix, sparseTransposed } from './sparse.ts';

/** {x : x = point + directionsᵀ c}, with orthonormal directions that are orthogonal to the point, and to the spans. */
export interface Flat {
  readonly point: readonly number[];
  /** By how much the point moves with the right-hand side: one for each direction in which that may move. */
  readonly spans: readonly (readonly number[])[];
  /** One a row, [d, n]. */
  readonly directions: readonly (readonly number[])[];
}

/** Directions of a flat. */
export const MOST_DIRECTIONS = 64;
/** Numbers of all directions together, and of all reflections. */
const MOST_NUMBERS = 1_000_000;
const MOST_REFLECTED = 8_000_000;

/** By how much a row may contradict those before it, beside the numbers that it is made of: rounding. */
const ROUNDING = 1e-9;

/** I − v vᵀ on a few entries, with ‖v‖² = 2. */
interface Reflection {
  readonly entries: Int32Array;
  readonly v: Float64Array;
}

function reflect({ entries, v }: Reflection, x: Float64Array): void {
  let product = 0;
  for (let k = 0; k < entries.length; k++) product += at(v, k) * at(x, at(entries, k));
  for (let k = 0; k < entries.length; k++) {
    const i = at(entries, k);
    x[i] = at(x, i) - product * at(v, k);
  }
}

/**
 * {x : A x = b} for A[m, n] of which each column has an entry: the shortest solution A⁺ b, and an orthonormal basis of the null space of A;
 * and A⁺ c for each c of `shapes`, along which b may move. Null where the rows contradict each other, where more than 64 directions are left, and where rows tie so many entries to each other
 * that reflections fill up. A Q = L, row by row: the reflection of each row leaves one entry of it, and what is left of x in the end is
 * free; the error is that of rounding times the condition number of A, not its square. Of m rows in a band of k entries it takes some m k² operations, and for
 * each direction m k.
 * Source: George & Heath 1980, Linear Algebra and its Applications 34, 69–83 (rotations there); Golub & Van Loan 2013, §5.1 and §5.6.
 */
export function sparseSolutions(
  A: SparseMatrix,
  b: ArrayLike<number>,
  shapes: readonly ArrayLike<number>[] = [],
): Flat | null {
  const { rows, columns } = A;
  if (columns - rows > MOST_DIRECTIONS) return null;
  const lastRow = lastRowsOf(A);
  const reflections: Reflection[] = [];
  const reflectionsOf = Array.from({ length: columns }, (): number[] => []);
  const isSettled = new Uint8Array(columns); // its entry of Qᵀ x is known
  const sides = [b, ...shapes].map((side) => ({ side, y: new Float64Array(columns) })); // y = Qᵀ x
  const row = new Float64Array(columns);
  let reflected = 0;
  for (let i = 0; i < rows; i++) {
    const isPending = new Set<number>();
    const read = new Set<number>();
    const reads = (j: number, after: number) => {
      if (read.has(j)) return;
      read.add(j);
      for (const r of at(reflectionsOf, j)) if (r > after) isPending.add(r);
    };
    for (let k = at(A.starts, i); k < at(A.starts, i + 1); k++) {
      row[at(A.indices, k)] = at(A.values, k);
      reads(at(A.indices, k), -1);
    }
    // Those that only entries of a reflection lead to come after it.
    while (isPending.size > 0) {
      let next = Number.POSITIVE_INFINITY;
      for (const r of isPending) next = Math.min(next, r);
      isPending.delete(next);
      const reflection = at(reflections, next);
      reflect(reflection, row);
      for (const j of reflection.entries) reads(j, next);
      reflected += reflection.entries.length;
    }
    const entries = [...read].sort((p, q) => at(lastRow, p) - at(lastRow, q) || p - q);
    const free = entries.filter((j) => !isSettled[j]);
    const length = euclideanNorm(entries.map((j) => at(row, j)));
    const rest = euclideanNorm(free.map((j) => at(row, j)));
    const settled = entries.filter((j) => isSettled[j]);
    const rests = sides.map(({ side, y }) => {
      let [rest, size] = [at(side, i), Math.abs(at(side, i))];
      for (const j of settled) {
        rest -= at(row, j) * at(y, j);
        size += Math.abs(at(row, j) * at(y, j));
      }
      return { rest, size };
    });
    const [pivot] = free; // the entry that later rows read least
    if (pivot === undefined || rest <= RANK_CUTOFF * length) {
      if (rests.some(({ rest, size }) => Math.abs(rest) > ROUNDING * size)) return null;
    } else {
      const left = at(row, pivot) > 0 ? -rest : rest;
      const v = Float64Array.from(free, (j) => at(row, j) - (j === pivot ? left : 0));
      const scale = Math.SQRT2 / euclideanNorm(v);
      for (const j of free) at(reflectionsOf, j).push(reflections.length);
      reflections.push({ entries: Int32Array.from(free), v: v.map((entry) => scale * entry) });
      isSettled[pivot] = 1;
      sides.forEach(({ y }, k) => {
        y[pivot] = at(rests, k).rest / left;
      });
    }
    for (const j of entries) row[j] = 0;
    if (reflected > MOST_REFLECTED) return null;
  }
  const unsettled = Array.from({ length: columns }, (_, j) => j).filter((j) => !isSettled[j]);
  const vectors = unsettled.length + shapes.length;
  if (unsettled.length > MOST_DIRECTIONS || vectors * columns > MOST_NUMBERS) return null;
  const fromQ = (vector: Float64Array): number[] => {
    for (let r = reflections.length - 1; r >= 0; r--) reflect(at(reflections, r), vector);
    return Array.from(vector);
  };
  const unit = (j: number) => {
    const vector = new Float64Array(columns);
    vector[j] = 1;
    return vector;
  };
  const [point = [], ...spans] = sides.map(({ y }) => fromQ(y));
  const areFinite = [point, ...spans].every((vector) => vector.every(Number.isFinite));
  return areFinite ? { point, spans, directions: unsettled.map((j) => fromQ(unit(j))) } : null;
}

/** Of each column. */
function lastRowsOf(A: SparseMatrix): Int32Array {
  const { starts, indices } = sparseTransposed(A);
  return Int32Array.from({ length: A.columns }, (_, j) =>
    starts[j] === at(starts, j + 1) ? -1 : at(indices, at(starts, j + 1) - 1),
  );
}
