import { describe, expect, it } from 'vitest';
import { heightOn } from './movable-start.tsx';

describe('the height of a curve', () => {
  const curve = { xs: [-1, 0, 2], values: [1, 0, 4] };
  it('is its value at its points, and on the line between two of them', () => {
    expect([-1, 0, 2, -0.5, 1.5].map((x) => heightOn(curve, x))).toEqual([1, 0, 4, 0.5, 3]);
  });
  it('is none outside of it, without it, and where it has a hole', () => {
    expect(heightOn(curve, 2.1)).toBeUndefined();
    expect(heightOn(undefined, 0)).toBeUndefined();
    expect(heightOn({ xs: [0, 1, 2], values: [1, Number.NaN, 1] }, 0.5)).toBeUndefined();
  });
});
