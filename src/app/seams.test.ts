import { expect, it } from 'vitest';
import { seamsOf } from './seams.ts';

const places = Array.from({ length: 81 }, (_, i) => -2 + i / 20);
function seams(f: (x: number, y: number) => number) {
  let asked = 0;
  const counted = (x: number, y: number) => {
    asked += 1;
    return f(x, y);
  };
  const values = Float64Array.from(places.flatMap((y) => places.map((x) => f(x, y))));
  return { lines: seamsOf({ xs: places, ys: places, values }, counted), asked: () => asked };
}

it.each([
  ['|h| − 0.001', (x: number, y: number) => Math.abs(x * x + y * y - 1.1) - 1e-3],
  ['h² − 0.000001', (x: number, y: number) => (x * x + y * y - 1.1) ** 2 - 1e-6],
])('a ring that meets no point of the grid is one closed line of feasible points: %s', (_, f) => {
  const { lines } = seams(f);
  expect(lines).toHaveLength(1);
  const [line = []] = lines;
  expect(line.at(0)).toEqual(line.at(-1));
  for (const [x, y] of line) expect(f(x, y)).toBeLessThanOrEqual(0);
  const directions = new Set(line.map(([x, y]) => Math.floor((18 * (Math.atan2(y, x) + Math.PI)) / (2 * Math.PI))));
  expect(directions.size).toBeGreaterThanOrEqual(18);
});

it('a thin curve ends where the function does, and at the rim', () => {
  const { lines } = seams((x, y) => Math.max(Math.abs(y - Math.sin(x) - 0.013) - 1e-4, x - 0.512));
  expect(lines).toHaveLength(1);
  const across = (lines[0] ?? []).map(([x]) => x);
  expect(Math.min(...across)).toBeLessThan(-1.9);
  expect(Math.max(...across)).toBeGreaterThan(0.4);
  expect(Math.max(...across)).toBeLessThanOrEqual(0.512);
});

it.each([
  ['empty, and near to what is not', (x: number, y: number) => Math.abs(x * x + y * y - 1.1) + 1e-3],
  ['a disk that the grid shows', (x: number, y: number) => x * x + y * y - 1],
  ['a disk beyond the grid', (x: number, y: number) => x * x + (y - 4) ** 2 - 1],
  ['flat', () => 1],
])('there is none where the set is %s', (_, f) => {
  expect(seams(f).lines).toEqual([]);
});

it('asks little where nothing is thin', () => {
  expect(seams((x, y) => x * x + y * y - 1).asked()).toBe(0);
  expect(seams((x, y) => Math.exp(x) + y * y + 1).asked()).toBe(0);
});
