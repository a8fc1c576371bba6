/**
 * Whether numbers that a device computed in float32 may stand for Float64 in a figure. The points where float32 is least sure, next to
 * 0 and next to the lowest loss, are computed again until the two agree, and take the exact numbers; others are probed all over.
 */
import { at } from '../core/diagnostic.ts';
import type { Stages } from '../core/stages.ts';

/** Of a loss: the fifth digit, which is the last one that a read-out shows, is off by one at most. */
export const LOSS_BOUND = 1e-5;
/** Of the height of the loss above its lowest value: it bends no level line by a pixel. */
export const HEIGHT_BOUND = 2e-3;
/** Of a constraint: its contour between two points of the grid moves by less than so much of their distance. */
export const CONSTRAINT_BOUND = 2e-3;

/** Where Float64 is asked, the two agree to this part of the bounds: what lies between such points then keeps the bounds. */
const MARGIN = 1 / 2;

/** Points that are probed all over the grid. */
const PROBES = 64;
/** Delicate points that are computed again at a time. */
const BATCH = 32;
/** Part of the points, and how many of any grid, beyond which Float64 computes the rest as well. */
const MOST_EXACT = { part: 1 / 4, points: 1024 } as const;
const mostExact = (points: number): number => Math.min(MOST_EXACT.points, Math.floor(points * MOST_EXACT.part));

/** One row of a function on the grid; exact numbers are written into it. */
export interface CheckedRow {
  readonly values: Float64Array;
  readonly isLoss: boolean;
}

/**
 * At how many points Float64 was asked, where the rows may be drawn: then each value there is within the bounds above. Null where not.
 * `exact`: all rows at a point.
 */
export function* checkedOn(
  rows: readonly CheckedRow[],
  exact: (point: number) => readonly number[],
): Stages<number | null> {
  const points = rows[0]?.values.length ?? 0;
  const left = { points: mostExact(points) };
  const asked = new Map<number, readonly number[]>();
  /** What Float64 says of a row at a point, and what the device said. */
  const given = rows.map(({ values }) => values.slice());
  const ask = (point: number): readonly number[] => {
    const known = asked.get(point);
    if (known) return known;
    left.points -= 1;
    const numbers = exact(point);
    asked.set(point, numbers);
    rows.forEach(({ values }, r) => {
      values[point] = at(numbers, r);
    });
    return numbers;
  };
  for (const [r, { isLoss }] of rows.entries()) {
    const row = at(given, r);
    const lowest = isLoss ? leastFinite(row) : 0;
    const isNear = (point: number): boolean => {
      const [is, should] = [at(row, point), at(ask(point), r)];
      if (!Number.isFinite(should) || !Number.isFinite(is)) return Object.is(is, should);
      const off = Math.abs(is - should);
      if (!isLoss) return off <= MARGIN * CONSTRAINT_BOUND * Math.abs(should);
      const height = Math.max(0, should - lowest);
      return off <= MARGIN * LOSS_BOUND * Math.abs(should) && off <= MARGIN * HEIGHT_BOUND * height;
    };
    /** From the most delicate points on; returns how delicate the ones are that are all exact, or null where there are too many. */
    const settled = function* (delicacy: (value: number) => number): Stages<number | null> {
      const order = inOrder(row, delicacy);
      for (let [from, wrong] = [0, 0]; ; ) {
        if (order.length === from) return Number.POSITIVE_INFINITY;
        const to = Math.min(order.length, Math.max(from + BATCH, wrong));
        if (left.points < to - from) return null;
        const isWrong = order.subarray(from, to).filter((point) => !isNear(point)).length > 0;
        yield;
        from = to;
        wrong = isWrong ? 0 : firstWrong(order, from);
        if (!isWrong && wrong === 0) return delicacy(at(row, at(order, from - 1)));
      }
    };
    /** Of less delicate points, some of each magnitude: the number of one that is off, and of those before it; 0 where none is. */
    const firstWrong = (order: Uint32Array, from: number): number => {
      for (let low = from; low < order.length; low *= 4)
        for (const k of spread(Math.min(order.length, 4 * low) - low, BATCH / 2))
          if (!isNear(at(order, low + k))) return low + k + 1;
      return 0;
    };
    const fromZero = yield* settled(Math.abs);
    if (fromZero === null) return null;
    const fromLowest = isLoss ? yield* settled((value) => value - lowest) : Number.NEGATIVE_INFINITY;
    if (fromLowest === null) return null;
    for (const point of probesOf(row)) {
      const value = at(row, point);
      const isExact = Math.abs(value) <= fromZero || value - lowest <= fromLowest;
      if (!isExact && !isNear(point)) return null;
    }
    yield;
  }
  return asked.size;
}

function leastFinite(row: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of row) if (Number.isFinite(value) && value < least) least = value;
  return least;
}

/** The points with finite values, the most delicate ones first: as many as are ever computed again, and all that are as delicate as those. */
function inOrder(row: Float64Array, delicacy: (value: number) => number): Uint32Array {
  const keys = new Float64Array(row.length);
  for (let point = 0; point < row.length; point++) {
    const value = delicacy(row[point] as number);
    keys[point] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }
  const most = nthLeast(keys.slice(), Math.min(row.length - 1, mostExact(row.length) + BATCH));
  const first: number[] = [];
  for (let point = 0; point < keys.length; point++) {
    const key = keys[point] as number;
    if (key <= most && key < Number.POSITIVE_INFINITY) first.push(point);
  }
  return Uint32Array.from(first.sort((a, b) => at(keys, a) - at(keys, b)));
}

/** Hoare 1961, Algorithm 65: the number that sorting would put in place n. Leaves the numbers in another order. */
function nthLeast(numbers: Float64Array, n: number): number {
  let [from, to] = [0, numbers.length - 1];
  while (from < to) {
    const pivot = at(numbers, (from + to) >> 1);
    let [i, j] = [from, to];
    while (i <= j) {
      while ((numbers[i] as number) < pivot) i++;
      while ((numbers[j] as number) > pivot) j--;
      if (i > j) break;
      const held = numbers[i] as number;
      numbers[i++] = numbers[j] as number;
      numbers[j--] = held;
    }
    if (n <= j) to = j;
    else if (n >= i) from = i;
    else break;
  }
  return at(numbers, n);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Of so many in a row some all over: no two next to each other for long, no regular steps. */
const spread = (count: number, most: number): readonly number[] =>
  count === 0 ? [] : Array.from({ length: most }, (_, k) => Math.floor(((k * GOLDEN) % 1) * count));

/** Points all over the grid, and as many of those that are not finite. */
function probesOf(row: Float64Array): readonly number[] {
  const wild: number[] = [];
  for (let point = 0; point < row.length; point++) if (!Number.isFinite(row[point])) wild.push(point);
  return [...new Set([...spread(row.length, PROBES), ...spread(wild.length, PROBES).map((k) => at(wild, k))])];
}
