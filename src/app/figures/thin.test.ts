import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { evenlyApart, thinPath } from './thin.ts';

const spiral = (count: number) =>
  Float64Array.from(
    { length: 2 * count },
    (_, i) => (i % 2 ? Math.sin : Math.cos)((i >> 1) / 50) * Math.exp(-i / 4000),
  );

const paths = {
  'a path that is short enough': spiral(40),
  'a spiral': spiral(5000),
  'a path that stands still': new Float64Array(10_000).fill(1),
  'a path with a gap': spiral(5000).fill(Number.NaN, 200, 240),
  'a path that is lost': new Float64Array(10_000).fill(Number.NaN),
  'a path whose size cannot be measured': Float64Array.from({ length: 10_000 }, (_, i) => (i % 3 ? 1e300 : -1e300)),
};

describe('a path that is thinned', () => {
  it.each(Object.entries(paths))('%s keeps its ends, its order and no more points than asked', (_, points) => {
    const kept = thinPath(points, 2, 100);
    const count = points.length / 2;
    expect(kept.length).toBeLessThanOrEqual(100);
    expect([kept[0], kept.at(-1)]).toEqual([0, count - 1]);
    kept.slice(1).forEach((row, i) => expect(row).toBeGreaterThan(at(kept, i)));
  });

  it('leaves each point as near to a kept one as two shares of the length', () => {
    const points = paths['a spiral'];
    const gap = (a: number, b: number) =>
      Math.hypot(at(points, 2 * a) - at(points, 2 * b), at(points, 2 * a + 1) - at(points, 2 * b + 1));
    const rows = Array.from({ length: points.length / 2 }, (_, row) => row);
    const length = rows.slice(1).reduce((sum, row) => sum + gap(row - 1, row), 0);
    const kept = thinPath(points, 2, 400);
    const away = (row: number) => Math.min(...kept.map((other) => gap(row, other)));
    for (const row of rows.filter((each) => each % 37 === 0)) expect(away(row)).toBeLessThan((2 * length) / 400);
  });
});

describe('positions evenly apart', () => {
  it.each([
    ['none', [], 4, 0, []],
    ['one', [7], 4, 0.5, [7]],
    ['fewer than asked', [1, 2, 3], 9, 0.5, [1, 2, 3]],
    ['by their number', [0, 1, 2, 3, 4, 5, 6, 7, 8], 2, 0.5, [2, 6]],
  ] as const)('%s', (_, positions, count, phase, expected) => {
    expect(evenlyApart(positions, null, count, phase)).toEqual(expected);
  });
  it('are the nearest to their places on the way', () => {
    expect(evenlyApart([1, 2, 4, 8, 100], (position) => position, 2, 0.5)).toEqual([8, 100]);
    expect(evenlyApart([1, 10, 100, 1000], Math.log, 3, 0)).toEqual([1, 10, 100]);
  });
});
