import { describe, expect, it } from 'vitest';
import { finished } from '../../stages.ts';
import { decompose, type Matrix, matrixVector, pseudoinverse } from '../../tensor/matrix.ts';
import { blocksOf, factoredBlocks, spectrumOf, unreached } from './blocks.ts';

const matrix = (...rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

describe('blocks of a matrix', () => {
  it('are rows that share columns, through other rows too', () => {
    const A = matrix([1, 0, 0, 0, 2], [0, 0, 3, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 4, 5], [0, 0, 6, 0, 0]);
    expect(blocksOf(A)).toEqual([
      { rows: [0, 3], columns: [0, 3, 4], matrix: { rows: 2, columns: 3, data: Float64Array.of(1, 0, 2, 0, 4, 5) } },
      { rows: [1, 4], columns: [2], matrix: { rows: 2, columns: 1, data: Float64Array.of(3, 6) } },
      { rows: [2], columns: [], matrix: { rows: 1, columns: 0, data: new Float64Array(0) } },
    ]);
  });

  it('of one row are not decomposed, and say the same', () => {
    const A = matrix([0, 3, 0, -4]);
    expect(spectrumOf(finished(factoredBlocks(A)), A).singularValues).toEqual([5]);
    const faint = matrix([1, 0, 0], [0, 1e-14, 1e-14]);
    const rests = finished(factoredBlocks(faint)).map((block) => unreached(block, [2], 1));
    expect(rests).toEqual([[0], [2]]); // below the cut-off of the whole
  });

  it('say what of b their columns cannot reach: it is orthogonal to them', () => {
    const A = matrix([1, 2, 0], [2, 4, 0], [0, 1, 1], [1, 3, 1]);
    const b = [1, 1, 0, 2];
    const [block] = finished(factoredBlocks(A));
    const rest = block ? unreached(block, b, 10) : [];
    const along = (column: number) => rest.reduce((sum, value, i) => sum + value * (A.data[i * 3 + column] ?? 0), 0);
    for (const column of [0, 1, 2]) expect(along(column)).toBeCloseTo(0, 12);
    const inverse = pseudoinverse(A);
    const reached = matrixVector(A, matrixVector(inverse, b));
    rest.forEach((value, i) => {
      expect(value).toBeCloseTo((b[i] ?? 0) - (reached[i] ?? 0), 12);
    });
  });

  it('have the singular values of the whole, and its rank by its cut-off', () => {
    const A = matrix([1, 2, 0, 0, 0], [3, 4, 0, 0, 0], [0, 0, 5, 6, 0], [0, 0, 10, 12, 0], [0, 0, 0, 0, 1e-11]);
    const [whole, found] = [decompose(A), spectrumOf(finished(factoredBlocks(A)), A)];
    found.singularValues.forEach((value, k) => {
      expect(value).toBeCloseTo(whole.singularValues[k] ?? Number.NaN, 12);
    });
    expect(found.rank).toBe(whole.rank);
    expect(found.rank).toBe(3);
    expect(found.conditionNumber).toBeCloseTo(whole.conditionNumber, 10);
  });
});
