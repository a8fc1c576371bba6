import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eyeFor } from './eye.ts';

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const direction = fc.tuple(entry, entry, entry).filter((of) => Math.hypot(...of) > 0.1);
const unit = fc.double({ min: 0.2, max: 5, noNaN: true });
const lengths = fc.tuple(unit, unit, unit);

const row = (coefficients: readonly number[]) => ({ coefficients, offset: 1 });
const USUAL = eyeFor(2, [], [1, 1, 1]);

/** Cosine between the eye and a direction of the picture. */
function along({ x, y, z }: typeof USUAL, of: readonly number[]): number {
  const eye = [x, y, z];
  return (
    Math.abs(eye.reduce((sum, value, k) => sum + value * (of[k] ?? 0), 0)) / (Math.hypot(...eye) * Math.hypot(...of))
  );
}

describe('the eye before anybody turns the picture', () => {
  it('sees no sheet edge-on, whatever the units of the axes', () => {
    fc.assert(
      fc.property(direction, lengths, (normal, units) => {
        const seen = normal.map((value, k) => value / (units[k] ?? 1));
        expect(along(eyeFor(2, [row(normal)], units), seen)).toBeGreaterThan(0.299);
      }),
    );
  });

  it('sees no line as a point', () => {
    fc.assert(
      fc.property(direction, direction, ([a, b, c], [d, e, f]) => {
        const line = [b * f - c * e, c * d - a * f, a * e - b * d];
        fc.pre(Math.hypot(...line) > 0.01);
        expect(along(eyeFor(2, [row([a, b, c]), row([d, e, f])], [1, 1, 1]), line)).toBeLessThan(0.96);
      }),
    );
  });

  it('looks at the simplex from outside, and stays at its usual side where that shows enough', () => {
    expect(along(eyeFor(2, [row([1, 1, 1])], [1, 1, 1]), [1, 1, 1])).toBeGreaterThan(0.9);
    for (const usual of [[row([0, 0, 1])], [row([1, -1, 0])], []]) expect(eyeFor(2, usual, [1, 1, 1])).toEqual(USUAL);
  });
});
