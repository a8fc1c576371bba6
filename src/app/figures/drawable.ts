/** Numbers that a drawing can hold: no NaN, no infinity, no denormals, no coordinates so large that pixels overflow. */

/** Beyond this a coordinate is drawn at the bound: no view is that wide. */
const LARGEST = 1e12;
/** Beyond this a value on a chart is a gap: sums of larger ones overflow. */
const LARGEST_VALUE = 1e300;
/** Below this a Float64 is denormal, which slows drawing down and shows as 0 anyway. */
const SMALLEST = 2.2250738585072014e-308;

/** A loss, a violation: as it is; null (a gap) where it is not finite, or beyond what an axis can hold. */
export function readable(value: number | undefined): number | null {
  if (value === undefined || !(Math.abs(value) <= LARGEST_VALUE)) return null;
  return Math.abs(value) < SMALLEST ? 0 : value;
}

/** A coordinate as it is drawn: null (a gap) where it is not finite. */
export function drawable(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  if (Math.abs(value) < SMALLEST) return 0;
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}

/** Least and greatest readable value, or null where there is none. */
export function extent(values: Iterable<number>): [number, number] | null {
  let from = Infinity;
  let to = -Infinity;
  for (const value of values) {
    const drawn = readable(value);
    if (drawn === null) continue;
    if (drawn < from) from = drawn;
    if (drawn > to) to = drawn;
  }
  return from <= to ? [from, to] : null;
}
