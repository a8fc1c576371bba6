/** Which part of space a figure shows: all of the drawn iterates, the optimum, and a set that is not much larger, with some air. */
import { drawable } from './drawable.ts';
import type { Range } from './figure.ts';
import type { RunView, Scene } from './scene.ts';

/** Share of the extent added on each side. */
const AIR = 0.18;
/** From so many entries on, each may be a thousandth of 1: what stands still is seen at its own size. */
const MANY = 1000;
/** Iterates farther out than this many times the central extent (of a diverging run) do not stretch the view. */
const OUTLIER = 8;
/** What an entry of float32 moves by where it stands still, relative to 1 + |x|; */
const ROUNDING = 1e-6;
/** of entries far below 1 so much of the largest extent: as their numbers are told apart by their last digits alone; */
const STILL = 1e-4;
/** such an axis reaches this share of the largest extent to both sides. */
const FLAT = 0.3;
/** A bounded feasible set is shown whole up to this many times the extent of the iterates: in space more, where a piece of a ball tells little. */
const SET_REACH = { plane: 3, space: 6 } as const;

export type ViewNeeds = Pick<Scene, 'runs' | 'axes' | 'size' | 'optimum' | 'ternary' | 'bounds'> &
  Partial<Pick<Scene, 'start'>>;

/** A range for each shown axis. Never empty: without iterates it holds the origin, the start, the optimum and a small set, and a unit around them. */
export function viewBox({ runs, axes, size, optimum, ternary, start, bounds }: ViewNeeds): Range[] {
  const visible = runs.filter((run) => run.visible);
  const needed = axes.map((axis) => {
    const corners = ternary?.corners.map((corner) => corner[axis] ?? 0) ?? [];
    const best = drawable(optimum?.[axis]);
    const ranges = visible.map((run) => entryExtent(run, axis, size, best)).filter((range) => range !== null);
    const starts = visible.map(({ iterates }) => Math.abs(drawable(iterates[axis]) ?? 0));
    const shown = central(ranges, best, Math.max(1, ...starts));
    return corners.length > 0 ? spanned(corners, shown ?? [0, 0]) : shown;
  });
  const largest = Math.max(...needed.map((range) => (range ? range[1] - range[0] : 0)));
  const unit = size < MANY ? 1 : Math.min(1, sizeOf(axes, needed, start, optimum)) || 1;
  const far = SET_REACH[axes.length > 2 ? 'space' : 'plane'];
  return needed.map((range, k) => {
    const axis = axes[k] ?? 0;
    const set = [bounds?.lower[axis] ?? -Infinity, bounds?.upper[axis] ?? Infinity];
    if (range === null) return beforeRuns(drawable(start?.[axis]) ?? 0, drawable(optimum?.[axis]), set, far, unit);
    const whole = spanned(set, range);
    return padded(whole[1] - whole[0] <= far * largest ? whole : range, largest, unit);
  });
}

/** The largest of the shown entries, wherever they are needed. */
const sizeOf = (
  axes: readonly number[],
  needed: readonly (Range | null)[],
  ...points: readonly (ViewNeeds['start'] | ViewNeeds['optimum'])[]
): number =>
  Math.max(
    ...needed.map((range, k) => {
      const before = points.map((point) => drawable(point?.[axes[k] ?? 0]) ?? 0);
      return Math.max(...(range ?? before).map(Math.abs));
    }),
  );

const spanned = (points: readonly number[], [from, to]: Range): Range => [
  Math.min(from, ...points),
  Math.max(to, ...points),
];

/** Least and greatest value of one entry over the records of a run; of one that went off, only while it was near. */
function entryExtent({ iterates, status }: RunView, axis: number, size: number, best: number | null): Range | null {
  const isLost = status === 'diverged' || status === 'non-finite';
  const near = OUTLIER * Math.max(1, Math.abs(drawable(iterates[axis]) ?? 0), Math.abs(best ?? 0));
  let from = Infinity;
  let to = -Infinity;
  for (let i = axis; i < iterates.length; i += size) {
    const value = drawable(iterates[i]);
    if (value === null || (isLost && Math.abs(value) > near)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return from <= to ? [from, to] : null;
}

/** The union, without the runs that left far behind what the calmest of them needs, and where they started. */
function central(ranges: readonly Range[], best: number | null, start: number): Range | null {
  const all: Range[] = best === null ? [...ranges] : [...ranges, [best, best]];
  const calmest = [...ranges].sort((a, b) => reach(a) - reach(b))[0];
  if (!calmest) return null;
  const bound = OUTLIER * Math.max(reach(calmest), best === null ? 0 : Math.abs(best), start);
  const near = all.filter((range) => reach(range) <= bound);
  return [Math.min(...near.map(([from]) => from)), Math.max(...near.map(([, to]) => to))];
}

const reach = ([from, to]: Range): number => Math.max(Math.abs(from), Math.abs(to));

/** The origin, the start, the optimum and a bounded set that is not much larger, and a unit around them. */
function beforeRuns(start: number, best: number | null, set: readonly number[], far: number, unit: number): Range {
  const shown = spanned([start, best ?? start], [0, 0]);
  const whole = spanned(set, shown);
  const [from, to] = whole[1] - whole[0] <= far * Math.max(unit, shown[1] - shown[0]) ? whole : shown;
  const air = Math.max(unit, AIR * (to - from));
  return [from - air, to + air];
}

/** `largest`: of the extents of all axes. */
function padded([from, to]: Range, largest: number, unit: number): Range {
  const extent = to - from;
  const rounding = ROUNDING * Math.max(unit, Math.abs(from), Math.abs(to));
  const isStill = extent <= rounding ? largest > 1e3 * rounding : unit < 1 && extent <= STILL * largest;
  if (isStill) return [from - FLAT * largest, to + FLAT * largest];
  const air =
    extent > 1e-9 * Math.max(unit, Math.abs(from), Math.abs(to)) ? AIR * extent : 0.5 * Math.max(unit, Math.abs(from));
  return [from - air, to + air];
}

/** Whether one unit on both axes should be equally long: unless one extent dwarfs the other. */
export const hasEqualAspect = (box: readonly Range[]): boolean => {
  const extents = box.map(([from, to]) => to - from);
  return Math.max(...extents) <= 6 * Math.min(...extents);
};

/** Pixels around a plane's axes: their numbers and names. */
export const PLANE_MARGIN = { l: 52, r: 16, t: 12, b: 44 } as const;

/**
 * The window that a graph of width × height pixels shows of a view: where a unit is equally long on both axes, the range that has more
 * pixels than it needs grows around its middle. Null without pixels.
 */
export function windowOf(
  [x = [-1, 1], y = x]: readonly Range[],
  width: number,
  height: number,
): readonly [Range, Range] | null {
  const pixels = [width - PLANE_MARGIN.l - PLANE_MARGIN.r, height - PLANE_MARGIN.t - PLANE_MARGIN.b] as const;
  if (Math.min(...pixels) <= 0) return null;
  if (!hasEqualAspect([x, y])) return [x, y];
  const unit = Math.min(pixels[0] / (x[1] - x[0]), pixels[1] / (y[1] - y[0]));
  const around = ([from, to]: Range, extent: number): Range => [(from + to - extent) / 2, (from + to + extent) / 2];
  return [around(x, pixels[0] / unit), around(y, pixels[1] / unit)];
}

/**
 * The view while a problem is being changed: the previous one as long as what is needed stays inside and fills a third
 * of it, so that the picture does not swim under a slider.
 */
export function settledView(previous: readonly Range[] | null, needed: readonly Range[]): readonly Range[] {
  if (previous === null || previous.length !== needed.length) return needed;
  const fits = needed.every(([from, to], k) => {
    const [low, high] = previous[k] ?? [0, 0];
    const margin = (0.6 * AIR * (to - from)) / (1 + 2 * AIR);
    return from + margin >= low && to - margin <= high;
  });
  const fills = needed.some(([from, to], k) => {
    const [low, high] = previous[k] ?? [0, 0];
    return 3 * (to - from) >= high - low;
  });
  return fits && fills ? previous : needed;
}
