/** The loss as a relief: a monotone bend of its values, so that level lines spread evenly over the view. */

import { once } from '../../core/once.ts';
import { extent, readable } from './drawable.ts';
import type { Field } from './scene.ts';

export interface Relief {
  /** Height in [0, 1] by row and column; null where the loss is not finite. */
  readonly heights: (number | null)[][];
  /** The loss itself, for the read-out. */
  readonly values: (number | null)[][];
  /** Whether the loss is finite everywhere. */
  readonly isWhole: boolean;
}

/**
 * Heights u^p of the loss scaled to u in [0, 1]; p moves the median to the middle, so that a quadratic bowl and a narrow
 * curved valley both get about ten lines where the reader looks. The order of the values, all that lines mean, is kept.
 */
function reliefOf({ xs, ys, values }: Field, sense: 'minimize' | 'maximize' = 'minimize'): Relief {
  const [from, to] = extent(Array.from(values)) ?? [0, 0];
  const span = to - from;
  const scaled = (value: number): number => {
    const share = span > 0 ? (value - from) / span : 0;
    return sense === 'maximize' ? 1 - share : share; // the goal is dark either way
  };
  const drawn = Array.from(values, readable);
  const sorted = drawn
    .filter((value) => value !== null)
    .map(scaled)
    .sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0.5;
  const power = median > 0 && median < 1 ? Math.min(1.5, Math.max(0.08, Math.log(0.5) / Math.log(median))) : 1;
  const rowOf = (row: number): (number | null)[] => drawn.slice(row * xs.length, (row + 1) * xs.length);
  const rows = Array.from({ length: ys.length }, (_, row) => rowOf(row));
  return {
    values: rows,
    isWhole: sorted.length === drawn.length,
    heights: rows.map((row) => row.map((value) => (value === null ? null : scaled(value) ** power))),
  };
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
