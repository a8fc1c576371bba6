/** Whether the solutions of A x = b leave some entries free, told without eliminating the others: those are hundreds of columns. */
import type { AffineSystem } from '../../core/analysis/structure.ts';
import { at } from '../../core/diagnostic.ts';
import type { Matrix } from '../../core/tensor/matrix.ts';
import { matrixVector } from '../../core/tensor/matrix-vector.ts';

export type Spectrum = Pick<AffineSystem, 'A' | 'rank' | 'singularValues'>;

/** Conjugate gradients halve what is left in a step, or it is told by elimination. */
const MOST_STEPS = 6;

/**
 * True: any values of these entries have others with A x = b; false: that is not known. With P the projection on the row space and S
 * the entries, they are free where I − P_SS is regular, as it is where Σ_S P_jj < 1. P_jj = 1 − ‖N e_j‖², and, for any w = e_j − Aᵀy,
 * ‖N e_j‖² = ‖N w‖² ≥ ‖w‖² − ‖A w‖²/σ²: conjugate gradients look for a y that makes A w small. A: independent rows, σ the least of
 * their singular values. Source: leverage scores, Drineas et al. 2012.
 */
export function areFree({ A, rank, singularValues }: Spectrum, entries: readonly number[]): boolean {
  const least = singularValues[A.rows - 1] ?? 0;
  if (rank < A.rows || least === 0) return false;
  let sum = 0;
  entries.forEach((entry, k) => {
    if (sum < 1) sum += leverage(A, entry, 0.9 * least, (1 - sum) / (entries.length - k));
  });
  return sum < 1;
}

/** A number P_jj is not above, as small as asked where few steps find it. */
function leverage(A: Matrix, entry: number, least: number, enough: number): number {
  const w = new Float64Array(A.columns);
  w[entry] = 1;
  let gradient = matrixVector(A, w);
  let squares = dot(gradient, gradient);
  const direction = Float64Array.from(gradient);
  let bound = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    bound = Math.min(bound, 1 - dot(w, w) + squares / least ** 2);
    if (bound < enough || squares === 0) return bound;
    const change = transposedTimes(A, direction);
    const length = squares / dot(change, change);
    for (let i = 0; i < w.length; i++) w[i] = at(w, i) - length * at(change, i);
    gradient = matrixVector(A, w);
    const next = dot(gradient, gradient);
    for (let i = 0; i < direction.length; i++) direction[i] = at(gradient, i) + (next / squares) * at(direction, i);
    squares = next;
  }
  return bound;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += at(a, i) * at(b, i);
  return sum;
}

function transposedTimes({ rows, columns, data }: Matrix, y: Float64Array): Float64Array {
  const result = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const share = at(y, row);
    for (let i = 0, k = row * columns; i < columns; i++, k++) result[i] = at(result, i) + share * at(data, k);
  }
  return result;
}
