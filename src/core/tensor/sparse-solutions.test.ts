import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { nullSpaceBasis, pseudoinverse } from './matrix.ts';
import { toSparse } from './sparse.ts';
import { MOST_DIRECTIONS, sparseSolutions } from './sparse-solutions.ts';

/** Numbers in (−1, 1) that look random. */
const noise = (seed: number) => (k: number) => Math.sin(1e4 * Math.sin(seed + k));

/** Rows of a band, the entries of row i being from column i·stride on. */
function band(rows: number, width: number, stride = 1, entry = (_row: number, k: number): number => 1 + k) {
  const columns = (rows - 1) * stride + width;
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let k = 0; k < width; k++) data[i * columns + i * stride + k] = entry(i, k);
  return { rows, columns, data };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, entry, i) => sum + entry * at(b, i), 0);

const random = noise(3);
const cases = [
  ['differences', band(40, 2, 1, (_, k) => 2 * k - 1)],
  ['second differences', band(40, 3, 1, (_, k) => (k === 1 ? -2 : 1))],
  ['rows that share one entry', band(12, 3, 2)],
  ['rows that share none', band(7, 3, 3)],
  ['random weights', band(30, 5, 1, (i, k) => random(7 * i + k))],
  ['rows in no order', { rows: 9, columns: 12, data: Float64Array.from({ length: 108 }, (_, k) => random(k) ** 3) }],
  [
    'as many rows as columns',
    { rows: 5, columns: 5, data: Float64Array.from({ length: 25 }, (_, k) => random(k + 5)) },
  ],
] as const;

describe('solutions of sparse equations', () => {
  it.each(cases)('are the shortest one and all of the null space: %s', (_, matrix) => {
    const { rows, columns, data } = matrix;
    const b = Array.from({ length: rows }, (_, i) => random(100 + i));
    const found = sparseSolutions(toSparse(rows, columns, data), b);
    if (!found) throw new Error('there are solutions');
    const inverse = pseudoinverse(matrix);
    found.point.forEach((entry, j) => {
      expect(entry).toBeCloseTo(dot(inverse.data.subarray(j * rows, (j + 1) * rows), b), 9);
    });
    expect(found.directions.length).toBe(nullSpaceBasis(matrix).columns);
    found.directions.forEach((v, k) => {
      for (let i = 0; i < rows; i++)
        expect(Math.abs(dot(data.subarray(i * columns, (i + 1) * columns), v))).toBeLessThan(1e-12);
      found.directions.forEach((w, l) => {
        expect(dot(v, w)).toBeCloseTo(Number(k === l), 12);
      });
      expect(Math.abs(dot(v, found.point))).toBeLessThan(1e-11 * Math.hypot(...found.point));
    });
  });

  it('takes rows that follow from others, and none that contradict them', () => {
    const rows = [
      [1, 1, 0],
      [0, 1, 1],
      [1, 2, 1],
    ];
    const A = toSparse(3, 3, rows.flat());
    expect(sparseSolutions(A, [1, 2, 3])?.directions.length).toBe(1);
    expect(sparseSolutions(A, [1, 2, 3.001])).toBeNull();
  });

  it('has directions as good as float32 can say, of rows whose condition number is near 1e8', () => {
    const size = 20_000;
    const [starts, indices, values] = [[0], [] as number[], [] as number[]];
    for (let i = 0; i + 2 < size; i++) {
      indices.push(i, i + 1, i + 2);
      values.push(1, -2, 1);
      starts.push(indices.length);
    }
    const A = {
      rows: size - 2,
      columns: size,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    };
    const found = sparseSolutions(A, new Float64Array(size - 2));
    // A line keeps its place: x = P x.
    const x = Float64Array.from({ length: size }, (_, i) => 1 - i / size);
    const shares = found?.directions.map((v) => dot(v, x)) ?? [];
    const off = x.map(
      (entry, i) => entry - (found?.directions ?? []).reduce((sum, v, k) => sum + at(shares, k) * at(v, i), 0),
    );
    expect(off.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)).toBeLessThan(2 ** -22);
  });

  it('has limits', () => {
    const { rows, columns, data } = band(MOST_DIRECTIONS + 1, 2, 2);
    expect(sparseSolutions(toSparse(rows, columns, data), new Float64Array(rows))).toBeNull();
  });
});
