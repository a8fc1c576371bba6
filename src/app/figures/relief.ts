/** The loss as a relief: a monotone bend of its values, so that level lines spread evenly over the view. */

import { once } from '../../core/once.ts';
import type { Point } from './clip.ts';
import { extent, readable } from './drawable.ts';
import { refined } from './fine-field.ts';
import { linesAt } from './level-lines.ts';
import type { Field } from './scene.ts';

/** Heights of the level lines. */
export const LEVELS = { start: 0.1, end: 0.98, size: 0.08 } as const;

/** Values by row and column; null where the loss is not finite. */
type Rows = readonly (readonly (number | null)[])[];

export interface Relief {
  /** Height in [0, 1] at each sample. */
  readonly heights: Rows;
  /** The loss itself, for the read-out. */
  readonly values: Rows;
  /** Whether the loss is finite everywhere. */
  readonly isWhole: boolean;
  /** What a grid draws coarsely, as in a narrow valley, drawn between its samples; null where its own lines are good. */
  readonly fine: FineRelief | null;
}

export interface FineRelief {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly heights: Rows;
  /** Level lines, each a polyline. */
  readonly lines: readonly (readonly Point[])[];
}

/** Intervals in place of one of the grid: about three pixels each. */
const FINER = 4;

/**
 * Heights u^p of the loss scaled to u in [0, 1]; p moves the median to the middle, so that a quadratic bowl and a narrow
 * curved valley both get about ten lines where the reader looks. The order of the values, all that lines mean, is kept.
 */
function reliefOf(field: Field, sense: 'minimize' | 'maximize' = 'minimize'): Relief {
  const height = heightOf(legible(field.values), sense);
  const drawn = Array.from(field.values, readable);
  const values = inRows(drawn, field.xs.length);
  const heights = values.map((row) => row.map((value) => (value === null ? null : height(value))));
  return {
    values,
    isWhole: drawn.every((value) => value !== null),
    heights,
    fine: isCoarse(field, heights, height) ? fineRelief(refined(field, FINER), sense) : null,
  };
}

/** Values that a drawing can hold, and NaN. */
const legible = (values: ArrayLike<number>): Float64Array =>
  new Float64Array(values).map((value) => readable(value) ?? Number.NaN);

/** The bend of legible values. */
function heightOf(drawn: Float64Array, sense: 'minimize' | 'maximize'): (value: number) => number {
  const [from, to] = extent(drawn) ?? [0, 0];
  const span = to - from;
  const scaled = (value: number): number => {
    const share = span > 0 ? Math.min(1, Math.max(0, (value - from) / span)) : 0;
    return sense === 'maximize' ? 1 - share : share; // the goal is dark either way
  };
  const sorted = drawn.map(scaled).sort(); // what is not a number comes last
  const count = drawn.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0);
  const median = sorted[Math.floor(count / 2)] ?? 0.5;
  const power = median > 0 && median < 1 ? Math.min(1.5, Math.max(0.08, Math.log(0.5) / Math.log(median))) : 1;
  return (value) => scaled(value) ** power;
}

const inRows = <Value>(values: readonly Value[], columns: number): Value[][] =>
  Array.from({ length: values.length / columns }, (_, row) => values.slice(row * columns, (row + 1) * columns));

/** Whether in the middle of some cell the loss is more than half a level off the mean of its corners, which is what a grid's lines go by. */
function isCoarse(field: Field, heights: Rows, height: (value: number) => number): boolean {
  const { values } = refined(field, 2);
  const columns = 2 * field.xs.length - 1;
  for (let row = 0; row + 1 < field.ys.length; row++) {
    for (let column = 0; column + 1 < field.xs.length; column++) {
      const middle = readable(values[(2 * row + 1) * columns + 2 * column + 1]);
      const [below, above] = [heights[row], heights[row + 1]];
      const [a, b, c, d] = [below?.[column], below?.[column + 1], above?.[column], above?.[column + 1]];
      if (middle === null || a == null || b == null || c == null || d == null) continue;
      if (Math.abs(height(middle) - (a + b + c + d) / 4) > LEVELS.size / 2) return true;
    }
  }
  return false;
}

function fineRelief(field: Field, sense: 'minimize' | 'maximize'): FineRelief {
  const { xs, ys } = field;
  const seen = legible(field.values);
  const height = heightOf(seen, sense);
  const heights = seen.map((value) => (Number.isNaN(value) ? value : height(value)));
  const count = Math.round((LEVELS.end - LEVELS.start) / LEVELS.size) + 1;
  const levels = Array.from({ length: count }, (_, k) => LEVELS.start + k * LEVELS.size);
  const lines = linesAt({ xs, ys, values: heights }, levels).flat();
  const drawn = Array.from(heights, (value) => (Number.isNaN(value) ? null : value));
  return { xs, ys, heights: inRows(drawn, xs.length), lines };
}

/** The sense is that of the field's loss. */
export const relief = once(reliefOf);

/** Whether a loss has a relief: values on both sides of some level, on a grid that floats tell apart. */
export function hasRelief(field: Field): boolean {
  const [from, to] = extent(Array.from(field.values)) ?? [0, 0];
  return isField(field) && to > from && isSpread(field.xs) && isSpread(field.ys);
}

function isSpread(places: ArrayLike<number>): boolean {
  const first = places[0] ?? Number.NaN;
  const last = places[places.length - 1] ?? Number.NaN;
  return last - first > 1e-12 * Math.max(Math.abs(first), Math.abs(last));
}

/** Whether a grid holds what it says. */
export const isField = ({ xs, ys, values }: Field): boolean =>
  xs.length > 1 && ys.length > 1 && values.length === xs.length * ys.length;
