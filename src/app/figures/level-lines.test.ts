import { describe, expect, it } from 'vitest';
import type { Point } from './clip.ts';
import { bilinear, levelLines, linesAt, regionRings } from './level-lines.ts';
import type { Field } from './scene.ts';

const places = Array.from({ length: 41 }, (_, i) => -2 + i / 10);
const fieldOf = (value: (x: number, y: number) => number): Field => ({
  xs: places,
  ys: places,
  values: places.flatMap((y) => places.map((x) => value(x, y))),
});
/** Shoelace formula: positive where the ring is anticlockwise. */
const area = (ring: readonly Point[]): number =>
  ring.reduce((sum, [x = 0, y = 0], i) => {
    const [u = 0, v = 0] = ring[(i + 1) % ring.length] ?? [];
    return sum + (x * v - u * y) / 2;
  }, 0);

describe('the region where a field is at most 0', () => {
  it('is a disk, anticlockwise, with its area', () => {
    const rings = regionRings(fieldOf((x, y) => x * x + y * y - 1));
    expect(rings).toHaveLength(1);
    expect(Math.abs(area(rings[0] ?? []) - Math.PI)).toBeLessThan(0.02);
  });

  it('has a hole, clockwise, so that areas add up to that of the annulus', () => {
    const rings = regionRings(fieldOf((x, y) => (x * x + y * y - 2.25) * (x * x + y * y - 0.25)));
    expect(rings.map((ring) => Math.sign(area(ring))).sort()).toEqual([-1, 1]);
    expect(Math.abs(rings.reduce((sum, ring) => sum + area(ring), 0) - 2 * Math.PI)).toBeLessThan(0.05);
  });

  it('follows the rim of the grid, and is all of it or nothing', () => {
    expect(area(regionRings(fieldOf((x) => x))[0] ?? [])).toBeCloseTo(8, 9);
    expect(area(regionRings(fieldOf(() => -1))[0] ?? [])).toBeCloseTo(16, 9);
    expect(regionRings(fieldOf(() => 1))).toEqual([]);
    expect(regionRings(fieldOf(() => Number.NaN))).toEqual([]);
  });

  it('takes a saddle apart or together without crossing itself', () => {
    for (const shift of [-0.004, 0.004]) {
      const rings = regionRings(fieldOf((x, y) => (x - 0.05) * (y - 0.05) + shift));
      expect(Math.abs(rings.reduce((sum, ring) => sum + area(ring), 0) - 8)).toBeLessThan(0.3);
    }
  });
});

describe('the lines where a field is 0', () => {
  it('are closed around a circle and open where they leave the grid', () => {
    const [circle = []] = levelLines(fieldOf((x, y) => x * x + y * y - 1));
    expect(circle[0]).toEqual(circle.at(-1));
    for (const [x = 0, y = 0] of circle) expect(Math.abs(Math.hypot(x, y) - 1)).toBeLessThan(0.01);
    const lines = levelLines(fieldOf((x, y) => x * y - 0.5));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line[0]).not.toEqual(line.at(-1));
  });

  it.each([0, 0.03])('go through the point where they cross, a grid point or %s beside it', (offset) => {
    const lines = levelLines(fieldOf((x, y) => (x - offset) * (y + offset)));
    const away = (point: Point) => Math.min(Math.abs((point[0] ?? 9) - offset), Math.abs((point[1] ?? 9) + offset));
    expect(
      lines
        .flat()
        .map(away)
        .every((distance) => distance < 1e-12),
    ).toBe(true);
    const turns = lines.filter((line) => line.some(([x = 9, y = 9]) => Math.hypot(x - offset, y + offset) < 1e-12));
    expect(turns).toHaveLength(2);
  });
});

it('finds lines of several heights in one pass: those of the field less each height', () => {
  const fields = [
    fieldOf((x, y) => (1 - x) ** 2 + 5 * (y - x * x) ** 2),
    fieldOf((x, y) => (x < -1 ? Number.NaN : x * y)),
    fieldOf((x, y) => 1 / (x + y)),
  ];
  const levels = [0.5, 2, 0, -0.25];
  for (const field of fields) {
    const oneByOne = levels.map((level) =>
      levelLines({ ...field, values: Array.from(field.values, (value) => value - level) }),
    );
    expect(linesAt(field, levels)).toEqual(oneByOne);
    expect(oneByOne.flat().length).toBeGreaterThan(0);
  }
});

it('interpolates a plane exactly, and knows nothing outside the grid', () => {
  const plane = fieldOf((x, y) => 2 * x - 3 * y + 1);
  expect(bilinear(plane, [0.123, -1.77])).toBeCloseTo(2 * 0.123 + 3 * 1.77 + 1, 9);
  expect(bilinear(plane, [2, 2])).toBeCloseTo(-1, 9);
  expect(bilinear(plane, [2.1, 0])).toBeNaN();
});
