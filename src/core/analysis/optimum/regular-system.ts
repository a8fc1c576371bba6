/** Large symmetric systems that may be singular, such as the KKT conditions at a point where active rows repeat each other. */
import { at } from '../../diagnostic.ts';
import { maximumNorm } from '../../tensor/norms.ts';

/** What is added to the diagonal, relative to the largest entry, */
const REGULARIZATION = 1e-9;
/** and how often what that changes is taken back. */
const REFINEMENTS = 4;

/**
 * y with A y ≈ b for A[size, size]: (A + δ S) y = b is solved by elimination with partial pivoting, S = ±1 by `signs`, and the
 * residual b − A y again. Of a singular system that has solutions it is about the shortest. Null where something is not finite.
 * Source: Golub & Van Loan 2013, Matrix Computations, §3.4, §3.5.3; Wright 1998, SIAM J. Optim. 9, 84–111 (why δ does no harm).
 */
export function solveRegularized(A: Float64Array, b: Float64Array, signs: (i: number) => 1 | -1): Float64Array | null {
  const size = b.length;
  const delta = REGULARIZATION * (maximumNorm(A) || 1);
  const LU = A.slice();
  for (let i = 0; i < size; i++) LU[i * size + i] = at(LU, i * size + i) + delta * signs(i);
  const order = eliminated(LU, size);
  if (order === null) return null;
  const y = new Float64Array(size);
  const rest = b.slice();
  for (let round = 0; round <= REFINEMENTS; round++) {
    const step = substituted(LU, order, rest);
    for (let i = 0; i < size; i++) y[i] = at(y, i) + at(step, i);
    for (let i = 0; i < size; i++) {
      let sum = at(b, i);
      for (let j = 0; j < size; j++) sum -= at(A, i * size + j) * at(y, j);
      rest[i] = sum;
    }
  }
  return y.every(Number.isFinite) ? y : null;
}

/** L and U in place of A, and which row came where; null where a pivot is 0. */
function eliminated(A: Float64Array, size: number): number[] | null {
  const order = Array.from({ length: size }, (_, i) => i);
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(at(A, i * size + k)) > Math.abs(at(A, pivot * size + k))) pivot = i;
    const value = at(A, pivot * size + k);
    if (!(Math.abs(value) > 0)) return null;
    if (pivot !== k) {
      for (let j = 0; j < size; j++)
        [A[k * size + j], A[pivot * size + j]] = [at(A, pivot * size + j), at(A, k * size + j)];
      [order[k], order[pivot]] = [at(order, pivot), at(order, k)];
    }
    for (let i = k + 1; i < size; i++) {
      const factor = at(A, i * size + k) / value;
      A[i * size + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < size; j++) A[i * size + j] = at(A, i * size + j) - factor * at(A, k * size + j);
    }
  }
  return order;
}

function substituted(LU: Float64Array, order: readonly number[], b: Float64Array): Float64Array {
  const size = b.length;
  const y = Float64Array.from(order, (row) => at(b, row));
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) y[i] = at(y, i) - at(LU, i * size + j) * at(y, j);
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) y[i] = at(y, i) - at(LU, i * size + j) * at(y, j);
    y[i] = at(y, i) / at(LU, i * size + i);
  }
  return y;
}
