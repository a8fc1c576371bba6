/** Lines, planes and polygons cut to boxes and by half-spaces. Points are arrays of two or three coordinates. */

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

/** Rows that let through what rounding puts outside: a line in the rim of a half-space stays. */
export function slack(rows: readonly Row[], box: readonly Range[]): Row[] {
  const room = 1e-9 * Math.max(...box.flatMap(([from, to]) => [Math.abs(from), Math.abs(to)]));
  return rows.map(({ coefficients, offset }) => ({ coefficients, offset: offset + room }));
}

/** The ends of a line within a box and half-spaces, or null where it misses them. */
export function lineInBox(
  point: Point,
  direction: Point,
  box: readonly Range[],
  rows: readonly Row[] = [],
): [Point, Point] | null {
  let from = -Infinity;
  let to = Infinity;
  const length = Math.hypot(...direction);
  for (const { coefficients, offset } of [...sides(box), ...rows]) {
    const speed = dot(coefficients, direction);
    const room = offset - dot(coefficients, point);
    if (Math.abs(speed) <= 1e-12 * length) {
      if (room < 0) return null;
      continue;
    }
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

/** The disk in which a plane cuts a ball, as a polygon; empty where it misses. */
export function diskOf({ coefficients, offset }: Row, center: Point, radius: number): Point[] {
  const distance = offset - dot(coefficients, center);
  if (!(Math.abs(distance) <= radius)) return [];
  const foot = center.map((value, k) => value + distance * (coefficients[k] ?? 0));
  const [u, v] = spanOf(coefficients, Math.sqrt(radius ** 2 - distance ** 2));
  return Array.from({ length: DISK_CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / DISK_CORNERS;
    return foot.map((value, k) => value + Math.cos(angle) * (u[k] ?? 0) + Math.sin(angle) * (v[k] ?? 0));
  });
}

const DISK_CORNERS = 96;

/** Two vectors of one length, orthogonal to each other and to a unit normal. */
function spanOf(normal: Point, length: number): [Point, Point] {
  const least = normal.reduce((best, value, k) => (Math.abs(value) < Math.abs(normal[best] ?? 0) ? k : best), 0);
  const side = cross(
    normal,
    [0, 1, 2].map((k) => (k === least ? 1 : 0)),
  );
  const u = side.map((value) => (value * length) / (Math.hypot(...side) || 1));
  return [u, cross(normal, u)];
}

/** The point that three planes share, or null where they share none or more. */
export function pointOfPlanes(first: Row, second: Row, third: Row): Point | null {
  const line = lineOfPlanes(first, second);
  const speed = line ? dot(third.coefficients, line.direction) : 0;
  if (!line || Math.abs(speed) < 1e-12) return null;
  const t = (third.offset - dot(third.coefficients, line.point)) / speed;
  return line.point.map((value, k) => value + t * (line.direction[k] ?? 0));
}

/** The part of a plane in space within a box and half-spaces, as a convex polygon; empty where it misses them. */
export function planeInBox(row: Row, box: readonly Range[], rows: readonly Row[] = []): Point[] {
  const normal = row.coefficients;
  const centre = box.map(([from, to]) => (from + to) / 2);
  const reach = Math.hypot(...box.map(([from, to]) => to - from));
  const foot = centre.map((value, k) => value + (row.offset - dot(normal, centre)) * (normal[k] ?? 0));
  const [u, v] = spanOf(normal, reach);
  const corner = (s: number, t: number): Point => foot.map((value, k) => value + s * (u[k] ?? 0) + t * (v[k] ?? 0));
  const sheet = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
  return [...sides(box), ...rows].reduce<Point[]>((polygon, half) => clipPolygon(polygon, half), sheet);
}
