/** Where the loss is sampled for a figure: a grid over its window, the other entries held where the first shown run ends. */
import { startOf } from '../../core/problem/problem.ts';
import type { GridRequest, SeenPlane } from '../study.ts';
import type { Picture } from './run-slice.ts';

/** The shown entries of x, one to three, and the ranges that are seen. */
export interface FigureWindow {
  readonly axes: readonly number[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly z?: readonly [number, number];
  /** In place of axes: the ranges are along its directions. */
  readonly plane?: SeenPlane;
}

/** A step of the longest run, where constraints move. */
export interface Moment {
  readonly step: number;
  readonly steps: number;
}

const POINTS = 81;
const POINTS_OF_LARGE = 33;
/** Along each axis of a volume. */
const POINTS_OF_VOLUME = 29;
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

/** Null where nothing needs to be sampled, or the problem is too large for it. */
export function gridOf(
  picture: Picture,
  { axes, x, y, z, plane }: FigureWindow,
  moment: Moment | null,
): GridRequest | null {
  const { problem, structure } = picture.study;
  const { size } = problem;
  const [first, second, third] = axes;
  if (size > TOO_LARGE || first === undefined || axes.some((axis) => axis >= size)) return null;
  const time = moment && structure.constraints.some(({ isMoving }) => isMoving) ? { time: moment } : {};
  const points = size > LARGE ? POINTS_OF_LARGE : POINTS;
  if (plane && plane.origin.length !== size) return null; // of the problem before: its window stays until the next figure is drawn
  if (plane) {
    const { origin, directions } = plane;
    return {
      at: Float64Array.from(origin),
      axes: [0, 1],
      directions,
      xs: spread(x, points),
      ys: spread(y, points),
      ...time,
    };
  }
  const at = heldAt(picture);
  if (second === undefined) return { at, axes: [first, first], xs: [0], ys: spread(x, 4 * points), ...time };
  if (third === undefined) return { at, axes: [first, second], xs: spread(x, points), ys: spread(y, points), ...time };
  const isCurved = structure.constraints.some(({ affine }) => affine === null);
  if (!isCurved && !time.time) return null;
  const [xs, ys, zs] = [x, y, z ?? y].map((range) => (isCurved ? spread(range, POINTS_OF_VOLUME) : [range[0]])) as [
    number[],
    number[],
    number[],
  ];
  return { at, axes: [first, second, third], xs, ys, zs, ...time };
}

/** Share of its extent by which a window may differ from one that was sampled: far less than the margin. */
const NEAR = 0.02;

/** Whether a sample of the one shows as much of the plane as one of the other, of the same points of the other entries at the same step. */
export function isNearly(one: GridRequest, other: GridRequest, near = NEAR): boolean {
  const isNear = (places: readonly number[] = [], others: readonly number[] = []) => {
    const [from = 0, to = 0] = [places[0], places.at(-1)];
    const [low = 0, high = 0] = [others[0], others.at(-1)];
    return (
      places.length === others.length &&
      Math.abs(from - low) + Math.abs(to - high) <= near * Math.min(to - from, high - low)
    );
  };
  const plane = ({ axes, directions, time, isExact }: GridRequest) => JSON.stringify([axes, directions, time, isExact]);
  return (
    isNear(one.xs, other.xs) &&
    isNear(one.ys, other.ys) &&
    isNear(one.zs, other.zs) &&
    plane(one) === plane(other) &&
    one.at.length === other.at.length &&
    one.at.every((value, i) => value === other.at[i])
  );
}

/** Whether two samples are of the same points, at whatever steps. */
export const isSamePlace = (one: GridRequest, other: GridRequest): boolean =>
  isNearly({ ...one, ...(other.time && { time: other.time }) }, other, 0);

/** About so many points along an axis tell what a plane will show. */
const POINTS_AT_FIRST = 20;

/** Some of the points of a plane, spread over all of it: a first answer where the whole one takes long. Null where it would not be less. */
export function coarser(grid: GridRequest): GridRequest | null {
  const { xs, ys, zs } = grid;
  const stride = Math.floor((Math.min(xs.length, ys.length) - 1) / POINTS_AT_FIRST) || 1;
  if (zs || stride === 1) return null;
  const some = (places: readonly number[]) => places.filter((_, i) => i % stride === 0 || i === places.length - 1);
  return { ...grid, xs: some(xs), ys: some(ys) };
}

/** Points of a plane's request: beyond these, principal directions change no more than a pixel. */
const MOST_POINTS = 240;
const MOST_NUMBERS = 120_000;

/** Finite iterates of the shown runs, evenly thinned: start and end of each are among them. Row-major [points, n]. */
export function pathPoints({ study, results }: Picture, isVisible: (run: number) => boolean): Float64Array {
  const { size } = study.problem;
  const paths = results.flatMap(({ trajectory }, run) => (trajectory && isVisible(run) ? [trajectory] : []));
  const each = Math.max(2, Math.floor(Math.min(MOST_POINTS, MOST_NUMBERS / size) / Math.max(1, paths.length)));
  const points = paths.flatMap(({ iterates, steps }) => {
    const count = Math.min(each, steps.length);
    const records = Array.from({ length: count }, (_, i) =>
      Math.round((i * (steps.length - 1)) / Math.max(1, count - 1)),
    );
    return records.map((record) => iterates.subarray(record * size, (record + 1) * size));
  });
  const finite = points.filter((x) => x.every((entry) => Math.abs(entry) < 1e6));
  const kept = finite.length > 0 ? finite : [startOf(study.problem)];
  const joined = new Float64Array(kept.length * size);
  kept.forEach((x, i) => {
    joined.set(x, i * size);
  });
  return joined;
}
