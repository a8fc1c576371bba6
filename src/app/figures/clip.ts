/** Lines, planes and polygons cut to a box. Points are arrays of two or three coordinates. */

import type { Row } from './affine-shadow.ts';
import type { Range } from './figure.ts';

export type Point = readonly number[];

const dot = (a: Point, b: Point): number => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
const along = (a: Point, b: Point, t: number): number[] => a.map((value, k) => value + t * ((b[k] ?? 0) - value));
const cross = (a: Point, b: Point): number[] => {
  const [a0 = 0, a1 = 0, a2 = 0] = a;
  const [b0 = 0, b1 = 0, b2 = 0] = b;
  return [a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0];
};

/** The part of a convex polygon where coefficients · y ≤ offset. Source: Sutherland & Hodgman 1974. */
export function clipPolygon(polygon: readonly Point[], { coefficients, offset }: Row): Point[] {
  return polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length] ?? point;
    const here = dot(coefficients, point) - offset;
    const there = dot(coefficients, next) - offset;
    const crossing = here * there < 0 ? [along(point, next, here / (here - there))] : [];
    return here <= 0 ? [point, ...crossing] : crossing;
  });
}

/** The box as half-spaces. */
const sides = (box: readonly Range[]): Row[] =>
  box.flatMap(([from, to], k) => {
    const axis = box.map((_, i) => (i === k ? 1 : 0));
    return [
      { coefficients: axis, offset: to },
      { coefficients: axis.map((value) => -value), offset: -from },
    ];
  });

/** The part of a box in the plane that satisfies all of coefficients · y ≤ offset; empty where there is none. */
export function halfSpacesInBox(rows: readonly Row[], [x, y]: readonly [Range, Range]): Point[] {
  const corners: Point[] = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
  return rows.reduce((polygon, row) => clipPolygon(polygon, row), corners);
}

/** The ends of a line within a box, or null where it misses the box. */
export function lineInBox(point: Point, direction: Point, box: readonly Range[]): [Point, Point] | null {
  let from = -Infinity;
  let to = Infinity;
  for (const { coefficients, offset } of sides(box)) {
    const speed = dot(coefficients, direction);
    const room = offset - dot(coefficients, point);
    if (speed === 0 && room < 0) return null;
    if (speed > 0) to = Math.min(to, room / speed);
    if (speed < 0) from = Math.max(from, room / speed);
  }
  if (!(from < to) || !Number.isFinite(from) || !Number.isFinite(to)) return null;
  const at = (t: number): number[] => point.map((value, k) => value + t * (direction[k] ?? 0));
  return [at(from), at(to)];
}

/** A line in the plane: its nearest point to the origin and its direction. */
export const lineOfRow = ({ coefficients, offset }: Row): { point: Point; direction: Point } => ({
  point: coefficients.map((value) => value * offset),
  direction: [-(coefficients[1] ?? 0), coefficients[0] ?? 0],
});

/** The line in space that two planes share, or null where they are parallel. */
export function lineOfPlanes(first: Row, second: Row): { point: Point; direction: Point } | null {
  const direction = cross(first.coefficients, second.coefficients);
  const square = dot(direction, direction);
  if (square < 1e-18) return null;
  const a = cross(second.coefficients, direction);
  const b = cross(direction, first.coefficients);
  const point = a.map((value, k) => (first.offset * value + second.offset * (b[k] ?? 0)) / square);
  return { point, direction };
}

/** The part of a plane in space within a box, as a convex polygon; empty where it misses the box. */
export function planeInBox(row: Row, box: readonly Range[]): Point[] {
  const normal = row.coefficients;
  const centre = box.map(([from, to]) => (from + to) / 2);
  const reach = Math.hypot(...box.map(([from, to]) => to - from));
  const foot = centre.map((value, k) => value + (row.offset - dot(normal, centre)) * (normal[k] ?? 0));
  const least = normal.reduce((best, value, k) => (Math.abs(value) < Math.abs(normal[best] ?? 0) ? k : best), 0);
  const side = cross(
    normal,
    [0, 1, 2].map((k) => (k === least ? 1 : 0)),
  );
  const u = side.map((value) => (value * reach) / (Math.hypot(...side) || 1));
  const v = cross(normal, u);
  const corner = (s: number, t: number): Point => foot.map((value, k) => value + s * (u[k] ?? 0) + t * (v[k] ?? 0));
  const sheet = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
  return sides(box).reduce<Point[]>((polygon, half) => clipPolygon(polygon, half), sheet);
}
