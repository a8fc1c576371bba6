/** A dense quadratic with n/4 equalities: as text, and as a loop written by hand over flat arrays. */
import { pseudoinverse } from '../src/core/tensor/matrix.ts';

export interface DenseProblem {
  readonly size: number;
  readonly rows: number;
  /** Q[n, n], symmetric, with eigenvalues within 1 ± 0.9. */
  readonly Q: Float64Array;
  readonly c: Float64Array;
  readonly A: Float64Array;
  readonly text: string;
}

export function denseProblem(size: number): DenseProblem {
  const rows = size / 4;
  const entry = (seed: number) => Math.round(100 * Math.sin(seed)) / 100;
  const Q = Float64Array.from({ length: size * size }, (_, k) => {
    const [i, j] = [Math.floor(k / size), k % size];
    return i === j ? 1 : Math.round((900 * Math.sin(i * j + i + j)) / size) / 1000;
  });
  const c = Float64Array.from({ length: size }, (_, i) => entry(i + 1));
  const A = Float64Array.from({ length: rows * size }, (_, k) => entry(7 * k + 3));
  const matrix = (data: Float64Array, count: number) =>
    `[${Array.from({ length: count }, (_, i) => `[${data.subarray(i * size, (i + 1) * size).join(', ')}]`).join(', ')}]`;
  const text = `param x[${size}]
data Q = ${matrix(Q, size)}
data c = [${c.join(', ')}]
data A = ${matrix(A, rows)}
minimize 0.5 * x @ Q @ x - c @ x
subject to A @ x = 1`;
  return { size, rows, Q, c, A, text };
}

/** x ← x − η(Q x − c), then x ← x − A⁺(A x − 1), from 0. */
export function projectDense({ size, rows, Q, c, A }: DenseProblem, steps: number, rate: number): Float64Array {
  const { data: inverse } = pseudoinverse({ rows, columns: size, data: A });
  const x = new Float64Array(size);
  const slope = new Float64Array(size);
  const residual = new Float64Array(rows);
  const times = (out: Float64Array, matrix: Float64Array, vector: Float64Array) => {
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      for (let j = 0; j < vector.length; j++) sum += (matrix[i * vector.length + j] as number) * (vector[j] as number);
      out[i] = sum;
    }
  };
  for (let t = 0; t < steps; t++) {
    times(slope, Q, x);
    for (let i = 0; i < size; i++) x[i] = (x[i] as number) - rate * ((slope[i] as number) - (c[i] as number));
    times(residual, A, x);
    for (let i = 0; i < rows; i++) residual[i] = (residual[i] as number) - 1;
    times(slope, inverse, residual);
    for (let i = 0; i < size; i++) x[i] = (x[i] as number) - (slope[i] as number);
  }
  return x;
}
