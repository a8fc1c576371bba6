import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { reference } from '../reference/trajectories.ts';
import { echelonNullSpace } from './echelon.ts';

const nullSpaceOf = (A: readonly (readonly number[])[]): number[][] => {
  const { rows, columns, data } = echelonNullSpace({
    rows: A.length,
    columns: at(A, 0).length,
    data: Float64Array.from(A.flat()),
  });
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
};

it.each(['ratio', 'mlp-tied'])('finds the shared parameters of %s', (id) => {
  const { A = [], tie_matrix = [[2], [1]] } = reference.problems[id] ?? {};
  expect(nullSpaceOf(A)).toEqual(tie_matrix);
});

it('takes the earliest entries as free, also where rows depend on each other', () => {
  const rows = [
    [1, -1, 0, 0],
    [0, 2, -3, 0],
    [1, 1, -3, 0],
  ];
  expect(nullSpaceOf(rows)).toEqual([
    [3, 0],
    [3, 0],
    [2, 0],
    [0, 1],
  ]);
});

it('leaves irrational ratios as they are', () => {
  expect(nullSpaceOf([[Math.SQRT2, -1]])).toEqual([[1], [Math.SQRT2]]);
});
