/** The path of a run on the shown axes, thinned to what a drawing needs. */
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
  const points = projectRecords(run, size, axes);
  const records = thinPath(points, axes.length, maximum);
  return {
    records,
    coordinates: axes.map((_, k) => records.map((record) => drawable(points[record * axes.length + k]))),
  };
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
