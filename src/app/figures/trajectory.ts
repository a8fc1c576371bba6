/** The path of a run on the shown axes, thinned to what a drawing needs. */

import { once } from '../../core/once.ts';
import { drawable } from './drawable.ts';
import type { RunView } from './scene.ts';
import { thinPath } from './thin.ts';

/** Points of one run in a still figure. */
export const STILL_POINTS = 1000;

export interface Trajectory {
  /** The drawn records, ascending. */
  readonly records: readonly number[];
  /** For each shown axis, its coordinates at these records; null is a gap. */
  readonly coordinates: readonly (readonly (number | null)[])[];
}

export function trajectoryOf(run: RunView, size: number, axes: readonly number[], maximum = STILL_POINTS): Trajectory {
  const { records, points } = thinned(run, size, axes, maximum);
  return {
    records,
    coordinates: axes.map((_, k) => records.map((_, i) => drawable(points[i * axes.length + k]))),
  };
}

export interface Thinned {
  /** Ascending, with the first and the last. */
  readonly records: readonly number[];
  /** Row-major [records, axes]. */
  readonly points: Float64Array;
}

/** Of the iterates of a run, by how many points they were thinned to, what was asked for last. */
const thinnings = once((_: Float64Array) => new Map<number, { readonly asked: string; readonly found: Thinned }>());

/** At most `maximum` records whose shown entries draw the same path. The same object, where the same was asked for last. */
export function thinned(run: RunView, size: number, axes: readonly number[], maximum: number): Thinned {
  const before = thinnings(run.iterates);
  const asked = [size, ...axes].join(' ');
  const known = before.get(maximum);
  if (known?.asked === asked) return known.found;
  const all = projectRecords(run, size, axes);
  const found = rowsAt(all, axes.length, thinPath(all, axes.length, maximum));
  before.set(maximum, { asked, found });
  return found;
}

/** These rows of row-major points alone. */
export function rowsAt(all: Float64Array, width: number, records: readonly number[]): Thinned {
  const points = new Float64Array(records.length * width);
  records.forEach((record, i) => {
    for (let k = 0; k < width; k++) points[i * width + k] = all[record * width + k] ?? Number.NaN;
  });
  return { records, points };
}

/** Row-major [records, axes]: the entries of each iterate that are shown. */
export function projectRecords({ iterates, steps }: RunView, size: number, axes: readonly number[]): Float64Array {
  const count = size > 0 ? Math.min(steps.length, Math.floor(iterates.length / size)) : 0;
  const points = new Float64Array(count * axes.length);
  axes.forEach((axis, k) => {
    for (let record = 0; record < count; record++) {
      points[record * axes.length + k] = iterates[record * size + axis] ?? Number.NaN;
    }
  });
  return points;
}

/** Last record whose shown coordinates are all finite: where the marker of the result stands. */
export function lastDrawable({ coordinates, records }: Trajectory): number | null {
  for (let i = records.length - 1; i >= 0; i--) {
    if (coordinates.every((values) => values[i] !== null && values[i] !== undefined)) return i;
  }
  return null;
}
