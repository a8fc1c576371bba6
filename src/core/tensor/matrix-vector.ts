/** Apart from what factors matrices, which weighs 15 kB: the page multiplies before that is loaded. */
import { at } from '../diagnostic.ts';
import type { Matrix } from './dense.ts';

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
