import { describe, expect, it } from 'vitest';
import { at } from '../../diagnostic.ts';
import { draws } from '../../problem/draws.ts';
import { decompose, type Matrix } from '../../tensor/matrix.ts';
import { dependenciesOf } from './row-dependencies.ts';

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

/** Rows of which every third is a combination of the two before it. */
function seeded(rows: number, columns: number): Matrix {
  const random = draws(3);
  const made: number[][] = [];
  for (let i = 0; i < rows; i++) {
    const before = [made[i - 1], made[i - 2]];
    made.push(
      Array.from({ length: columns }, (_, j) =>
        i % 3 === 2 ? 2 * (before[0]?.[j] ?? 0) - 0.5 * (before[1]?.[j] ?? 0) : 2 * random.uniform() - 1,
      ),
    );
  }
  return matrix(made);
}

describe('rows that follow from others', () => {
  it('are the combinations that are said of them, as many as the rank lacks', () => {
    const A = seeded(60, 80);
    const dependent = dependenciesOf(A);
    expect(dependent.length).toBe(A.rows - decompose(A).rank);
    for (const { row, terms } of dependent) {
      expect(terms.length).toBe(2);
      for (let j = 0; j < A.columns; j++) {
        const sum = terms.reduce((total, term) => total + term.weight * at(A.data, term.row * A.columns + j), 0);
        expect(sum).toBeCloseTo(at(A.data, row * A.columns + j), 10);
      }
    }
  });

  it('are named with their weights; rows of zeros have no terms', () => {
    const dependent = dependenciesOf(
      matrix([
        [1, 1, 0],
        [0, 1, 1],
        [0, 0, 0],
        [2, 1, -1],
      ]),
    );
    expect(dependent.map(({ row }) => row)).toEqual([2, 3]);
    expect(dependent[0]?.terms).toEqual([]);
    expect(dependent[1]?.terms).toEqual([
      { row: 0, weight: expect.closeTo(2, 12) },
      { row: 1, weight: expect.closeTo(-1, 12) },
    ]);
  });

  it('are none where rows differ in scale or are nearly parallel only', () => {
    expect(
      dependenciesOf(
        matrix([
          [1e-8, 0],
          [1, 1],
        ]),
      ),
    ).toEqual([]);
    expect(
      dependenciesOf(
        matrix([
          [1, 0],
          [1, 1e-6],
        ]),
      ),
    ).toEqual([]);
  });
});
