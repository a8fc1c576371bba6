/** How soon conjugate gradients solve equations with a matrix. */
import { at } from '../diagnostic.ts';
import { euclideanNorm } from './norms.ts';
import type { SparseMatrix } from './sparse.ts';

/** As `lsmr` ends. */
const TOLERANCE = 1e-7;

/** Numbers in (−1, 1) without a pattern, the same each time. */
const scattered = (k: number): number => {
  const turn = Math.sin(12.9898 * (k + 1)) * 43758.5453;
  return 2 * (turn - Math.floor(turn)) - 1;
};

export function timesSparse({ rows, starts, indices, values }: SparseMatrix, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = at(starts, i); k < at(starts, i + 1); k++) sum += at(values, k) * at(x, at(indices, k));
    y[i] = sum;
  }
  return y;
}

export function transposedTimesSparse(
  { rows, columns, starts, indices, values }: SparseMatrix,
  y: Float64Array,
): Float64Array {
  const x = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let k = at(starts, i); k < at(starts, i + 1); k++) {
      const j = at(indices, k);
      x[j] = at(x, j) + at(values, k) * at(y, i);
    }
  }
  return x;
}

/** Where conjugate gradients ended: after so many turns, with b − A x left. */
export interface ConjugateEnd {
  readonly turns: number;
  readonly rest: Float64Array;
}

/**
 * The least-squares solution of A x = b, from 0, until ‖Aᵀ(A x − b)‖ has fallen to a share of ‖Aᵀ b‖, 1e-7; null where that takes more than `most` turns:
 * about 8 κ(A), or as many as A has different singular values.
 * Source: Björck 1996, Numerical Methods for Least Squares Problems, §7.4 (CGLS).
 */
export function conjugateEnd(
  A: SparseMatrix,
  b: Float64Array,
  most: number,
  tolerance = TOLERANCE,
): ConjugateEnd | null {
  const r = b.slice();
  let s = transposedTimesSparse(A, r);
  const p = s.slice();
  const first = euclideanNorm(s);
  let length = first;
  for (let turns = 0; turns <= most; turns++) {
    if (!(length > tolerance * first)) return { turns, rest: r };
    const q = timesSparse(A, p);
    const step = (length / euclideanNorm(q)) ** 2;
    for (let i = 0; i < r.length; i++) r[i] = at(r, i) - step * at(q, i);
    s = transposedTimesSparse(A, r);
    const next = euclideanNorm(s);
    const share = (next / length) ** 2;
    for (let j = 0; j < p.length; j++) p[j] = at(s, j) + share * at(p, j);
    length = next;
  }
  return null;
}

/** A z for an arbitrary z that has a part along every direction. */
export const arbitraryImage = (A: SparseMatrix): Float64Array =>
  timesSparse(
    A,
    Float64Array.from({ length: A.columns }, (_, k) => scattered(k)),
  );
