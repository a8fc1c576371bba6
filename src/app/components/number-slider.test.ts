import { describe, expect, it } from 'vitest';
import { numberPlace, reachAround } from './number-slider.tsx';

describe('the slider of a number', () => {
  it.each([0, 0.4, -3, 12, 1e-6, 25_000])('reaches to both sides of %d, across 0, in some tens of steps', (centre) => {
    const { min, max, step } = reachAround(centre, { value: centre, isExponent: false });
    expect(min).toBeLessThan(centre);
    expect(max).toBeGreaterThan(centre);
    expect(min).toBeLessThan(0);
    expect(max).toBeGreaterThan(0);
    expect((max - min) / step).toBeGreaterThanOrEqual(20);
    expect((max - min) / step).toBeLessThanOrEqual(400);
  });

  it('moves an exponent by whole numbers, and not below 0', () => {
    expect(reachAround(2, { value: 2, isExponent: true })).toEqual({ min: 0, max: 6, step: 1 });
  });

  it('comes where the cursor is in a number, and nowhere else', () => {
    expect(numberPlace('minimize (x - 0.4)^2', 15)).toEqual({ position: 15, centre: 0.4 });
    expect(numberPlace('minimize (x - 0.4)^2', 3)).toBeNull();
  });
});
