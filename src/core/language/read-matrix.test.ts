import { expect, it } from 'vitest';
import { readMatrix } from './read-matrix.ts';

const twoByThree = { rows: 2, columns: 3, data: Float64Array.of(1, 1, 0, 0, 1, -1e-3) };

it.each(['[[1, 1, 0], [0, 1, -1e-3]]', 'A = np.array([[1., 1, 0], [0, 1, -0.001]])', '[1 1 0; 0 1 -1e-3]'])(
  'reads a matrix: %s',
  (text) => {
    expect(readMatrix(text)).toEqual(twoByThree);
  },
);

it('reads a list as a row, and nothing else', () => {
  expect(readMatrix('[3, 4]')).toEqual({ rows: 1, columns: 2, data: Float64Array.of(3, 4) });
  for (const text of ['', '1', '[[1, 2], [3]]', '[[a]]', '[[1, 2]', '[]', '[[1, 1/0]]', 'alert(1)'])
    expect(readMatrix(text)).toBeNull();
});
