import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { finished } from '../core/stages.ts';
import { CONSTRAINT_BOUND, checkedOn, HEIGHT_BOUND, LOSS_BOUND } from './field-check.ts';

const COUNT = 81;
const places = Array.from({ length: COUNT }, (_, i) => -2 + (4 * i) / (COUNT - 1));

type Function2 = (x: number, y: number) => number;

/** What a device gives: `computed` where it is not the function itself rounded. */
function checking(
  exactly: Function2,
  { isLoss = true, computed = (x: number, y: number) => Math.fround(exactly(x, y)) } = {},
) {
  const on = (f: Function2) =>
    Float64Array.from({ length: COUNT ** 2 }, (_, i) => f(at(places, i % COUNT), at(places, Math.floor(i / COUNT))));
  const values = on(computed);
  const exact = on(exactly);
  const asked = new Set<number>();
  const confirmed = finished(
    checkedOn([{ values, isLoss }], (point) => {
      asked.add(point);
      return [at(exact, point)];
    }),
  );
  return { isTaken: confirmed !== null, values, exact, asked };
}

const bowl: Function2 = (x, y) => (x - 0.3) ** 2 + 3 * (y + 0.2) ** 2;
/** As float32 computes it, each operation rounded. */
const bowlInFloat32: Function2 = (x, y) => {
  const f = Math.fround;
  const [a, b] = [f(f(x) - f(0.3)), f(f(y) + f(0.2))];
  return f(f(a * a) + f(3 * f(b * b)));
};

describe('numbers of a device', () => {
  it.each([
    ['a bowl', bowl, bowlInFloat32],
    [
      'a loss on both sides of 0',
      (x, y) => x * y - 0.5,
      (x, y) => Math.fround(Math.fround(Math.fround(x) * Math.fround(y)) - 0.5),
    ],
    [
      'a plane that cancels along a line',
      (x, y) => x - y,
      (x, y) => Math.fround(Math.fround(x + 1e-8) - Math.fround(y)),
    ],
    [
      'one that is infinite and undefined in places',
      (x, y) => Math.log(x) / Math.max(0, y),
      (x, y) => Math.fround(Math.log(x) / Math.max(0, y)),
    ],
    ['a constant', () => 3, () => 3],
  ] as [string, Function2, Function2][])(
    'stand for Float64 within the bounds at every point: %s',
    (_, exactly, computed) => {
      const { isTaken, values, exact, asked } = checking(exactly, { computed });
      expect(isTaken).toBe(true);
      const lowest = exact.reduce((least, value) => (value < least ? value : least), Number.POSITIVE_INFINITY);
      values.forEach((value, point) => {
        const should = at(exact, point);
        if (!Number.isFinite(should)) return expect(value).toBe(should);
        expect(Math.abs(value - should)).toBeLessThanOrEqual(LOSS_BOUND * Math.abs(should));
        if (Number.isFinite(lowest))
          expect(Math.abs(value - should)).toBeLessThanOrEqual(HEIGHT_BOUND * (should - lowest) + Number.EPSILON);
      });
      expect(asked.size).toBeLessThan(values.length / 4);
    },
  );

  it('are exact where Float64 was asked, the lowest point of a loss among them', () => {
    const { values, exact, asked } = checking(bowl, { computed: bowlInFloat32 });
    for (const point of asked) expect(at(values, point)).toBe(at(exact, point));
    const least = exact.indexOf(Math.min(...exact));
    expect(asked.has(least)).toBe(true);
  });

  it.each([
    ['lose the slope of a loss far above 0', (x, y) => 1e6 + bowl(x, y), undefined],
    [
      'are infinite where Float64 is not',
      (x) => Math.exp(40 * x + 40),
      (x) => (Math.exp(40 * x + 40) > 3.4e38 ? Infinity : Math.fround(Math.exp(40 * x + 40))),
    ],
    ['are a number where Float64 has none', (x) => Math.sqrt(x), (x) => Math.fround(Math.sqrt(Math.abs(x)))],
    ['are off by a digit in a corner', bowl, (x, y) => bowl(x, y) * (x > 1 && y > 1 ? 1.0001 : 1)],
    ['see no difference in a narrow window', (x, y) => (1 + 1e-9 * x) ** 2 + 1e-9 * y, undefined],
  ] as [string, Function2, Function2 | undefined][])('are not taken where they %s', (_, exactly, computed) => {
    expect(checking(exactly, computed && { computed }).isTaken).toBe(false);
  });

  it('of a constraint put its contour within a thousandth of a cell, with signs that are never wrong beside it', () => {
    const circle: Function2 = (x, y) => x * x + y * y - 1;
    const computed: Function2 = (x, y) => Math.fround(circle(x, y) + 3e-7 * Math.sin(1e4 * x + 7e3 * y));
    const { isTaken, values, exact } = checking(circle, { isLoss: false, computed });
    expect(isTaken).toBe(true);
    values.forEach((value, point) => {
      expect(Math.sign(value)).toBe(Math.sign(at(exact, point)));
      expect(Math.abs(value - at(exact, point))).toBeLessThanOrEqual(CONSTRAINT_BOUND * Math.abs(at(exact, point)));
    });
  });
});
