/** Where the loss is sampled for a figure: a grid over its window, the other entries held where the first shown run ends. */
import { startOf } from '../../core/problem/problem.ts';
import type { GridRequest } from '../study.ts';
import type { Picture } from './run-slice.ts';

/** One or two shown entries of x, and the ranges that are seen. */
export interface FigureWindow {
  readonly axes: readonly number[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const POINTS = 81;
const POINTS_OF_LARGE = 33;
/** Problems beyond these sizes are sampled on fewer points, or not at all. */
const LARGE = 100;
const TOO_LARGE = 5000;

/** Sampled beyond the window on each side, so that a small pan shows no edge. */
const MARGIN = 0.25;

function spread([from, to]: readonly [number, number], count: number): number[] {
  const margin = MARGIN * (to - from);
  return Array.from({ length: count }, (_, i) => from - margin + ((to - from + 2 * margin) * i) / (count - 1));
}

/** The entries that are held: the last iterate of the first run that has one, else the start. */
function heldAt({ study, results }: Picture): Float64Array {
  const { problem } = study;
  const iterates = results.find(({ trajectory }) => trajectory !== null && trajectory.iterates.length > 0)?.trajectory
    ?.iterates;
  return iterates ? iterates.slice(iterates.length - problem.size) : startOf(problem);
}

export function gridOf(picture: Picture, { axes, x, y }: FigureWindow): GridRequest | null {
  const { size } = picture.study.problem;
  const [first, second] = axes;
  if (size > TOO_LARGE || first === undefined || first >= size || (second !== undefined && second >= size)) return null;
  const points = size > LARGE ? POINTS_OF_LARGE : POINTS;
  const at = heldAt(picture);
  // Of one axis, the grid is a column: the second coordinate is written last, and is the same entry.
  if (second === undefined) return { at, axes: [first, first], xs: [0], ys: spread(x, 4 * points) };
  return { at, axes: [first, second], xs: spread(x, points), ys: spread(y, points) };
}
