/** A + τI = L Lᵀ of a small symmetric matrix, and solves with it. Source: Golub & Van Loan 2013, §4.2. */
import { at } from '../../diagnostic.ts';

/** L[n, n] of A[n, n] and τ = shift, row-major, the lower triangle; null where A + τI is not positive definite, beyond rounding. */
export function factorize(A: Float64Array, n: number, shift: number): Float64Array | null {
  const L = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = at(A, i * n + j) + (i === j ? shift : 0);
      const before = Math.abs(sum);
      for (let k = 0; k < j; k++) sum -= at(L, i * n + k) * at(L, j * n + k);
      if (i > j) L[i * n + j] = sum / at(L, j * n + j);
      else if (sum > 1e-14 * before && sum > 0) L[j * n + j] = Math.sqrt(sum);
      else return null;
    }
  }
  return L;
}

/** x with L Lᵀ x = b. */
export function solveFactorized(L: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = at(x, i);
    for (let k = 0; k < i; k++) sum -= at(L, i * n + k) * at(x, k);
    x[i] = sum / at(L, i * n + i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(x, i);
    for (let k = i + 1; k < n; k++) sum -= at(L, k * n + i) * at(x, k);
    x[i] = sum / at(L, i * n + i);
  }
  return x;
}
