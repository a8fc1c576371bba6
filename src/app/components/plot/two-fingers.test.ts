import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Axes } from './projector.ts';
import { type Grip, type Ranges, rangesAfter } from './two-fingers.ts';

const axes = {
  xaxis: { _offset: 50, _length: 300, range: [-1, 2] },
  yaxis: { _offset: 20, _length: 200, range: [0, 2] },
} as const;

const gripIn = fc.record<Grip>({
  x: fc.integer({ min: 50, max: 350 }),
  y: fc.integer({ min: 20, max: 220 }),
  apart: fc.integer({ min: 30, max: 250 }),
});

/** What lies under the middle of the fingers. */
const under = (seen: Ranges, { x, y }: Grip) => {
  const at = ([a, b]: readonly [number, number], share: number) => a + share * (b - a);
  return [at(seen.xaxis ?? [0, 0], (x - 50) / 300), at(seen.yaxis ?? [0, 0], 1 - (y - 20) / 200)] as const;
};

const given: Ranges = { xaxis: axes.xaxis.range, yaxis: axes.yaxis.range };

const width = ([a, b]: readonly [number, number] = [0, 0]) => b - a;

describe('two fingers on a plane', () => {
  it('keep what lies under their middle, and stretch both axes alike', () => {
    fc.assert(
      fc.property(gripIn, gripIn, (first, second) => {
        const after = rangesAfter(axes, first, second);
        const [[x, y], [x2, y2]] = [under(given, first), under(after, second)];
        expect(x2).toBeCloseTo(x, 9);
        expect(y2).toBeCloseTo(y, 9);
        expect(width(after.xaxis)).toBeCloseTo((3 * first.apart) / second.apart, 9);
        expect(width(after.yaxis)).toBeCloseTo((2 * first.apart) / second.apart, 9);
      }),
    );
  });

  it('that did not move change nothing', () => {
    const grip = { x: 100, y: 100, apart: 80 };
    const after = rangesAfter(axes, grip, grip);
    expect(after.xaxis?.[0]).toBeCloseTo(-1, 12);
    expect(after.yaxis?.[1]).toBeCloseTo(2, 12);
  });

  it('hold the axes that they lie on, of several beside each other', () => {
    const pairs: Axes = { ...axes, xaxis2: { _offset: 400, _length: 300, range: [5, 6] } };
    const after = rangesAfter(pairs, { x: 500, y: 100, apart: 80 }, { x: 500, y: 100, apart: 160 });
    expect(Object.keys(after)).toEqual(['yaxis', 'xaxis2']);
    expect(width(after.xaxis2)).toBeCloseTo(0.5, 12);
  });

  it('that lie on each other stretch nothing to infinity', () => {
    const after = rangesAfter(axes, { x: 100, y: 100, apart: 0 }, { x: 100, y: 100, apart: 0.001 });
    expect(width(after.xaxis)).toBeCloseTo(3, 12);
  });
});
