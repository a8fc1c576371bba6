/** Factorisations at the ends of the range of numbers. */
import { describe, expect, it } from 'vitest';
import { decompose, type Matrix, matrixVector, nullSpaceBasis, pseudoinverse, rowSpaceBasis } from './matrix.ts';

const matrix = (rows: number, columns: number, entries: readonly number[]): Matrix => ({
  rows,
  columns,
  data: Float64Array.from(entries),
});

describe('a matrix of denormal numbers', () => {
  const tiny = matrix(2, 3, [5e-324, 0, 1e-310, 0, -3e-320, 0]);

  it('counts as 0, and its pseudoinverse is 0', () => {
    expect(decompose(tiny)).toMatchObject({ rank: 0, singularValues: [0, 0], conditionNumber: 1 });
    expect(pseudoinverse(tiny)).toEqual(matrix(3, 2, [0, 0, 0, 0, 0, 0]));
    expect([...matrixVector(pseudoinverse(tiny), [1, 2])]).toEqual([0, 0, 0]);
  });

  it('leaves every direction free', () => {
    expect(rowSpaceBasis(tiny).rows).toBe(0);
    expect(nullSpaceBasis(tiny).columns).toBe(3);
  });
});

it('a small matrix has the inverse of its size', () => {
  const { data } = pseudoinverse(matrix(1, 2, [3e-200, 4e-200]));
  expect((data[0] ?? 0) * 1e-200).toBeCloseTo(0.12, 12);
  expect((data[1] ?? 0) * 1e-200).toBeCloseTo(0.16, 12);
});
