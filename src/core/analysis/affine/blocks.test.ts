import { describe, expect, it } from 'vitest';
import { decompose, type Matrix } from '../../tensor/matrix.ts';
import { blockInverse, blocksOf, spectrumOf } from './blocks.ts';

const matrix = (...rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

describe('blocks of a matrix', () => {
  it('are rows that share columns, through other rows too', () => {
    const A = matrix([1, 0, 0, 0, 2], [0, 0, 3, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 4, 5], [0, 0, 6, 0, 0]);
    expect(blocksOf(A)).toEqual([
      { rows: [0, 3], matrix: { rows: 2, columns: 3, data: Float64Array.of(1, 0, 2, 0, 4, 5) } },
      { rows: [1, 4], matrix: { rows: 2, columns: 1, data: Float64Array.of(3, 6) } },
      { rows: [2], matrix: { rows: 1, columns: 0, data: new Float64Array(0) } },
    ]);
  });

  it('of one row are not decomposed, and say the same', () => {
    const A = matrix([0, 3, 0, -4]);
    const [block] = blocksOf(A);
    expect(spectrumOf(blocksOf(A), A).singularValues).toEqual([5]);
    expect(block && [...blockInverse(block, 5).data]).toEqual([0.12, -0.16]);
    const faint = matrix([1, 0, 0], [0, 1e-14, 1e-14]);
    const inverses = blocksOf(faint).map((one) => blockInverse(one, 1));
    expect(inverses.map(({ data }) => [...data])).toEqual([[1], [0, 0]]); // below the cut-off of the whole
  });

  it('have the singular values of the whole, and its rank by its cut-off', () => {
    const A = matrix([1, 2, 0, 0, 0], [3, 4, 0, 0, 0], [0, 0, 5, 6, 0], [0, 0, 10, 12, 0], [0, 0, 0, 0, 1e-11]);
    const [whole, found] = [decompose(A), spectrumOf(blocksOf(A), A)];
    found.singularValues.forEach((value, k) => {
      expect(value).toBeCloseTo(whole.singularValues[k] ?? Number.NaN, 12);
    });
    expect(found.rank).toBe(whole.rank);
    expect(found.rank).toBe(3);
    expect(found.conditionNumber).toBeCloseTo(whole.conditionNumber, 10);
  });
});
