import { describe, expect, it } from 'vitest';
import { decompose, type Matrix } from '../../core/tensor/matrix.ts';
import { affineShadow } from './affine-shadow.ts';
import { areFree } from './free-entries.ts';

const spectrumOf = (A: Matrix) => ({ A, ...decompose(A) });
/** Rows without a pattern, the same each time. */
const dense = (rows: number, columns: number, seed: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, k) => Math.sin(seed + 0.37 * k * k)),
});

describe('entries that equations leave free', () => {
  it('are never called free where the equations restrict them: it agrees with elimination', () => {
    let free = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const A = dense(2 + (seed % 5), 4 + (seed % 7), seed);
      if (seed % 3 === 0) A.data.set([1, 1], 0); // one row over the shown entries alone
      if (seed % 3 === 0) A.data.fill(0, 2, A.columns);
      const isEverything = affineShadow(A, new Array<number>(A.rows).fill(1), [0, 1])?.length === 0;
      const isFree = areFree(spectrumOf(A), [0, 1]);
      if (isFree) expect(isEverything, `seed ${seed}`).toBe(true);
      free += isFree ? 1 : 0;
    }
    expect(free).toBeGreaterThan(3);
  });

  it('are found free without elimination where rows are dense and fewer than a third of the entries', () => {
    for (const [rows, columns] of [
      [60, 240],
      [20, 400],
      [1, 50],
    ] as const)
      expect(areFree(spectrumOf(dense(rows, columns, 3)), [0, 1]), `${rows} × ${columns}`).toBe(true);
  });

  it('are not claimed of rows that depend on each other, nor of an entry that stands alone in a row', () => {
    const twice = { rows: 2, columns: 4, data: Float64Array.of(1, 1, 1, 1, 2, 2, 2, 2) };
    expect(areFree(spectrumOf(twice), [0, 1])).toBe(false);
    const alone = { rows: 1, columns: 40, data: new Float64Array(40).fill(1, 0, 1) };
    expect([areFree(spectrumOf(alone), [0, 1]), areFree(spectrumOf(alone), [1, 2])]).toEqual([false, true]);
  });
});
