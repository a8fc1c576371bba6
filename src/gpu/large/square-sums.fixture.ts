import type { SparseRows } from './sparse-rows.ts';

/** Every row and every column of a square of side² unknowns, which lie row by row, has the sum 1: 2 side² entries. */
export function squareSums(side: number): SparseRows {
  const n = side * side;
  const entryOf = (k: number) => (k < n ? k : side * (k % side) + Math.floor((k - n) / side));
  return {
    columns: n,
    starts: Uint32Array.from({ length: 2 * side + 1 }, (_, i) => side * i),
    indices: Uint32Array.from({ length: 2 * n }, (_, k) => entryOf(k)),
    values: new Float32Array(2 * n).fill(1),
    targets: new Float32Array(2 * side).fill(1),
  };
}
