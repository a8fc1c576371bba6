/** The forces along a run, computed from the problem at each iterate, in the coordinates of the picture. */
import type { ForcesReporter } from '../../../core/run/forces.ts';
import { KKT_TOLERANCE, precisionOf } from '../../../core/run/verdict.ts';
import { type Arrow, type ForceArrows, forceArrows, seen } from '../../figures/force-arrows.ts';
import type { RunResult } from '../../store/run-slice.ts';
import type { SeenPlane } from '../../study.ts';

/** The chosen run if it is drawn, else the first that is; −1 where none is. */
export function runWithArrows(
  results: readonly (RunResult | null)[],
  runs: readonly { readonly visible?: boolean | undefined }[] | undefined,
  selected: number,
): number {
  const isDrawn = (i: number) => runs?.[i]?.visible !== false && (results[i]?.trajectory?.steps.length ?? 0) > 0;
  return isDrawn(selected) ? selected : results.findIndex((_, i) => isDrawn(i));
}

interface Seeing {
  /** n. */
  readonly size: number;
  /** The shown entries; on a plane of its own they are not asked for. */
  readonly axes: readonly number[];
  readonly plane: SeenPlane | null;
}

/** `run` is the position of the result. Null before its first record. */
export function arrowsOf(
  reporter: ForcesReporter | null,
  result: RunResult | null | undefined,
  run: number,
  { size, axes, plane }: Seeing,
): ForceArrows | null {
  const trajectory = result?.trajectory;
  if (!reporter || !trajectory) return null;
  const tolerance = KKT_TOLERANCE[precisionOf(result.end?.executor ?? 'fused')];
  const see = (vector: Float64Array): Arrow =>
    plane ? plane.directions.map((direction) => along(vector, direction)) : axes.map((axis) => vector[axis] ?? 0);
  return forceArrows(String(run), trajectory.steps.length, (record) => {
    const x = trajectory.iterates.subarray(record * size, (record + 1) * size);
    const forces = x.length === size ? reporter(x, trajectory.steps[record] ?? 0, tolerance) : null;
    return forces && seen(forces, see);
  });
}

const along = (vector: Float64Array, direction: readonly number[]): number =>
  direction.reduce((sum, d, i) => sum + d * (vector[i] ?? 0), 0);
