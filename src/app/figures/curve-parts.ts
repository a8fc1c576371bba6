/** Parts of curves on a grid: where they are inside other sets, and where they meet other curves. */
import type { Row } from './affine-shadow.ts';
import type { Point } from './clip.ts';
import { isWithin } from './feasible-shape.ts';
import { bilinear } from './level-lines.ts';
import type { Field } from './scene.ts';

/** What a point has to keep: half-planes, and a residual that is at most 0. */
export interface Limits {
  readonly rows: readonly Row[];
  readonly outside: Field | null;
}

const between = (a: Point, b: Point, share: number): Point =>
  a.map((value, k) => value + share * ((b[k] ?? 0) - value));

const SPACES = 400;

/** A segment as points close enough to be cut one by one. */
export const spacedPoints = ([from, to]: readonly [Point, Point]): Point[] =>
  Array.from({ length: SPACES + 1 }, (_, i) => between(from, to, i / SPACES));

/** How far outside a point is: at most 0 inside. */
function excess(point: Point, { rows, outside }: Limits): number {
  const linear = rows.map(({ coefficients, offset }) =>
    coefficients.reduce((sum, c, k) => sum + c * (point[k] ?? 0), -offset),
  );
  const curved = outside ? [bilinear(outside, point)] : [];
  const most = Math.max(-1, ...linear, ...curved);
  return Number.isNaN(most) ? Number.POSITIVE_INFINITY : most;
}

/** The parts of a polyline that keep the limits, cut where they end. */
export function runsWithin(line: readonly Point[], limits: Limits): Point[][] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  line.forEach((point, i) => {
    const here = excess(point, limits);
    const last = line[i - 1];
    const before = last ? excess(last, limits) : here;
    if (last && here <= 0 !== before <= 0 && Number.isFinite(here) && Number.isFinite(before)) {
      run.push(between(last, point, before / (before - here)));
    }
    if (here <= 0) run.push(point);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  });
  if (run.length > 0) runs.push(run);
  return runs.filter(({ length }) => length > 1);
}

/** Where a polyline crosses the zeros of a field. */
export function zerosAlong(line: readonly Point[], field: Field): Point[] {
  return line.flatMap((point, i) => {
    const last = line[i - 1];
    if (!last) return [];
    const [before, here] = [bilinear(field, last), bilinear(field, point)];
    return before * here < 0 || (here === 0 && before !== 0) ? [between(last, point, before / (before - here))] : [];
  });
}

/** Of the extent of a field's values: two curves meet where both are about 0 on the grid. */
const NEAR = 5e-3;

/** The points that keep the limits and lie on all of the curves, as far as a grid can tell. */
export function pointsWithin(points: readonly Point[], { rows, outside }: Limits, curves: readonly Field[]): Point[] {
  const scale = ({ values }: Field) =>
    Array.from(values).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const isOn = (point: Point) => curves.every((curve) => Math.abs(bilinear(curve, point)) <= NEAR * scale(curve));
  const isInside = (point: Point) => outside === null || bilinear(outside, point) <= NEAR * scale(outside);
  return points.filter((point) => isWithin(point, rows) && isInside(point) && isOn(point));
}
