import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depths } from './coincidence.ts';

const place = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
const layers = fc.array(fc.array(place, { maxLength: 20 }), { minLength: 1, maxLength: 6 });
const flat = (points: readonly (readonly number[])[], scale = 1) => points.flat().map((entry) => scale * entry);

describe('marks at one place', () => {
  it('are on top in the last layer, and deeper than every later mark that lies on them, up to a bound', () => {
    fc.assert(
      fc.property(layers, (points) => {
        const found = depths(points.map((layer) => flat(layer, 10))); // ten apart, or the same
        expect(found.at(-1)?.every((depth) => depth === 0)).toBe(true);
        points.forEach((layer, k) => {
          layer.forEach(([x, y], i) => {
            const over = points.slice(k + 1).filter((later) => later.some(([a, b]) => a === x && b === y)).length;
            expect(found[k]?.[i]).toBe(Math.min(4, over));
          });
        });
      }),
    );
  });

  it('are one place where they are nearer than a unit, whatever side of zero, and not where two apart', () => {
    const near = fc.double({ min: -0.99, max: 0.99, noNaN: true });
    const far = fc.double({ min: 2.01, max: 1e4, noNaN: true });
    const any = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(any, any, near, near, far, (x, y, dx, dy, away) => {
        const [[depth]] = depths([
          [x, y],
          [x + dx, y + dy],
        ]) as [Uint8Array];
        expect(depth).toBe(1);
        const [[apart]] = depths([
          [x, y],
          [x + away, y],
        ]) as [Uint8Array];
        expect(apart).toBe(0);
      }),
    );
  });

  it('lie on nothing where they are not finite or far beyond a screen', () => {
    for (const value of [Number.NaN, Infinity, -Infinity, 1e300]) {
      expect(
        depths([
          [value, 0],
          [value, 0],
        ]).map(([depth]) => depth),
      ).toEqual([0, 0]);
    }
  });
});
