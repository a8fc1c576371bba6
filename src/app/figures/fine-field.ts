/** A field between its samples: cubic where it is smooth, straight beside corners and jumps. */
import type { Field } from './scene.ts';

/** The values of a line of samples at evenly spaced places between them: `factor` intervals in place of each. */
function betweenSamples(samples: Float64Array, factor: number): Float64Array {
  const last = samples.length - 1;
  const bend = (i: number) =>
    (samples[i - 1] ?? Number.NaN) - 2 * (samples[i] ?? Number.NaN) + (samples[i + 1] ?? Number.NaN);
  const fine = new Float64Array(last * factor + 1);
  for (let i = 0; i < last; i++) {
    const [from = Number.NaN, to = Number.NaN] = [samples[i], samples[i + 1]];
    const [left, right] = [bend(i), bend(i + 1)];
    for (let k = 0; k < factor; k++) {
      const t = k / factor;
      fine[i * factor + k] = k === 0 ? from : from + t * (to - from) - ((t * (1 - t)) / 2) * limited(left, right, t);
    }
  }
  fine[last * factor] = samples[last] ?? Number.NaN;
  return fine;
}

/**
 * The second difference within an interval, of those at its ends: weighted as in the cubic through four samples, and at most twice
 * the smaller, none where they disagree, so that a corner or a jump beside the interval makes no wave in it. Where a sample is missing
 * or not finite, the other end's. Source of the limiter: van Leer 1977, J. Comput. Phys. 23 (monotonized central).
 */
function limited(left: number, right: number, t: number): number {
  if (!Number.isFinite(left)) return Number.isFinite(right) ? right : 0;
  if (!Number.isFinite(right)) return left;
  if (left * right <= 0) return 0;
  const cubic = ((2 - t) * left + (1 + t) * right) / 3;
  return Math.sign(cubic) * Math.min(2 * Math.abs(left), 2 * Math.abs(right), Math.abs(cubic));
}

const placesBetween = (places: ArrayLike<number>, factor: number): number[] =>
  Array.from({ length: (places.length - 1) * factor + 1 }, (_, i) => {
    const [whole, part] = [Math.floor(i / factor), i % factor];
    const from = places[whole] ?? Number.NaN;
    return part === 0 ? from : from + (part / factor) * ((places[whole + 1] ?? from) - from);
  });

/** The same field with `factor` intervals in place of each, along both axes. At its samples it has their values, exactly. */
export function refined({ xs, ys, values }: Field, factor: number): Field {
  const [columns, rows] = [(xs.length - 1) * factor + 1, (ys.length - 1) * factor + 1];
  const wide = new Float64Array(columns * ys.length);
  for (let row = 0; row < ys.length; row++) {
    const samples = Float64Array.from({ length: xs.length }, (_, i) => values[row * xs.length + i] ?? Number.NaN);
    wide.set(betweenSamples(samples, factor), row * columns);
  }
  const fine = new Float64Array(columns * rows);
  const column = new Float64Array(ys.length);
  for (let i = 0; i < columns; i++) {
    for (let row = 0; row < ys.length; row++) column[row] = wide[row * columns + i] ?? Number.NaN;
    betweenSamples(column, factor).forEach((value, row) => {
      fine[row * columns + i] = value;
    });
  }
  return { xs: placesBetween(xs, factor), ys: placesBetween(ys, factor), values: fine };
}

/** Points of a close-up: more take longer than a frame of a drag. */
const MOST_FINE_POINTS = 8_000;
/** Intervals in place of one: beyond these, a set of one cell is as round as the eye tells. */
const FINEST = 16;
/** Cells around those that count: the cubic between two samples needs one more on each side. */
const AROUND = 2;

/**
 * The fields of one grid on the part of it where all of them may be at most 0, or where all may be 0, the finer the smaller that part
 * is: a small set, and a tip between two rims, are less than a few cells. Unchanged where no cell may hold such a point, and where
 * seams say what a grid misses.
 */
export function closeUp(fields: readonly Field[], where: 'at most 0' | '0'): readonly Field[] {
  const [first] = fields;
  if (!first || fields.some(({ seams = [] }) => seams.length > 0)) return fields;
  const [columns, rows] = [first.xs.length, first.ys.length];
  const corners = [0, 1, columns, columns + 1];
  const counts = ({ values }: Field, corner: number) =>
    corners.some((step) => (values[corner + step] ?? 1) <= 0) &&
    (where === 'at most 0' || corners.some((step) => (values[corner + step] ?? -1) >= 0));
  let [left, right, low, high] = [columns, -1, rows, -1];
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i + 1 < columns; i++) {
      if (!fields.every((field) => counts(field, j * columns + i))) continue;
      [left, right, low, high] = [Math.min(left, i), Math.max(right, i + 1), Math.min(low, j), Math.max(high, j + 1)];
    }
  if (right < 0) return fields;
  [left, right] = [Math.max(0, left - AROUND), Math.min(columns - 1, right + AROUND)];
  [low, high] = [Math.max(0, low - AROUND), Math.min(rows - 1, high + AROUND)];
  const factor = Math.min(FINEST, Math.floor(Math.sqrt(MOST_FINE_POINTS / ((right - left) * (high - low)))));
  if (factor < 2) return fields;
  return fields.map(({ xs, ys, values }) =>
    refined(
      {
        xs: Array.from(xs).slice(left, right + 1),
        ys: Array.from(ys).slice(low, high + 1),
        values: Float64Array.from({ length: (right - left + 1) * (high - low + 1) }, (_, k) => {
          const [column, row] = [k % (right - left + 1), Math.floor(k / (right - left + 1))];
          return values[(low + row) * columns + left + column] ?? Number.NaN;
        }),
      },
      factor,
    ),
  );
}
