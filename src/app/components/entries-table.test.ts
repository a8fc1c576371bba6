import { expect, it } from 'vitest';
import { headOf } from './entries-table.tsx';

it('names each entry of a matrix by its row and column, with its tie, and others by name', () => {
  const V = { name: 'V', rows: 2, columns: 3, offset: 4, marks: ['1', '', '×', '', '1', ''] };
  const { titles, cells } = headOf(V, []);
  expect(titles).toEqual(['row', 'column', 'tie']);
  expect([4, 5, 6, 7, 8, 9].map(cells)).toEqual([
    ['0', '0', '1'],
    ['0', '1', ''],
    ['0', '2', 'kept at 0'],
    ['1', '0', ''],
    ['1', '1', '1'],
    ['1', '2', ''],
  ]);
  expect(headOf({ ...V, marks: V.marks.map(() => '') }, []).titles).toEqual(['row', 'column']);
  expect(headOf(undefined, ['a', 'b']).cells(1)).toEqual(['b']);
});
