/** Where a field on a grid is 0, and where it is at most 0: marching squares. Source: Lorensen & Cline 1987, in the plane. */
import type { Point } from './clip.ts';
import type { Field } from './scene.ts';

/** Farther out than any value counts: what is not a number is outside. */
const OUTSIDE = 1e300;

interface Grid {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** Row-major [ys, xs]. */
  readonly values: ArrayLike<number>;
}

/** A directed segment from one edge of the grid to another, with what is ≤ 0 on its left. */
interface Segment {
  readonly from: number;
  readonly to: number;
}

/** {field = 0} as polylines; closed ones end where they begin. Cells with a value that is not finite have none. */
export const levelLines = (field: Field): Point[][] => linesAt(field, [0]).flat();

/**
 * {field ≤ 0} on the grid as closed rings: outer ones anticlockwise, holes clockwise, so that a fill by winding number leaves holes
 * out. Where the set reaches the rim of the grid, the ring follows the rim.
 */
export function regionRings({ xs, ys, values }: Field): Point[][] {
  const [columns, rows] = [xs.length + 2, ys.length + 2];
  const clamped = (places: ArrayLike<number>, i: number) => places[Math.max(0, Math.min(places.length - 1, i))] ?? 0;
  const framed = Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [(i % columns) - 1, Math.floor(i / columns) - 1];
    const isInside = column >= 0 && row >= 0 && column < xs.length && row < ys.length;
    const value = isInside ? (values[row * xs.length + column] ?? OUTSIDE) : OUTSIDE;
    return Number.isNaN(value) ? OUTSIDE : Math.max(-OUTSIDE, Math.min(OUTSIDE, value));
  });
  const frame = {
    xs: Array.from({ length: columns }, (_, i) => clamped(xs, i - 1)),
    ys: Array.from({ length: rows }, (_, i) => clamped(ys, i - 1)),
    values: framed,
  };
  return linesAt(frame, [0]).flat();
}

/** {field = level} of each level. The cells are gone through once for all levels: there may be a hundred thousand, most without a line. */
export function linesAt(grid: Grid, levels: readonly number[]): Point[][][] {
  const { xs, ys, values } = grid;
  const columns = xs.length;
  const traces = levels.map((level) => traceOf(grid, level));
  const heights = Float64Array.from(levels);
  for (let row = 0; row + 1 < ys.length; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const corner = row * columns + column;
      const a = values[corner] ?? Number.NaN;
      const b = values[corner + 1] ?? Number.NaN;
      const c = values[corner + columns + 1] ?? Number.NaN;
      const d = values[corner + columns] ?? Number.NaN;
      const lowest = Math.min(Math.min(a, b), Math.min(c, d)); // not a number where one of them is not: no line
      const highest = Math.max(Math.max(a, b), Math.max(c, d));
      for (let k = 0; k < heights.length; k++) {
        const level = heights[k] ?? Number.NaN;
        if (lowest <= level && highest > level) traces[k]?.enter(column, row);
      }
    }
  }
  return traces.map(({ lines }) => lines());
}

/** Gathers the line {field = level} cell by cell. */
function traceOf({ xs, ys, values }: Grid, level: number) {
  const columns = xs.length;
  const value = (column: number, row: number): number => (values[row * columns + column] ?? Number.NaN) - level;
  const along = (places: ArrayLike<number>, i: number, share: number) => {
    const [from, to] = [places[i] ?? 0, places[i + 1] ?? places[i] ?? 0];
    return from + share * (to - from);
  };
  const segments: Segment[] = [];
  /** Where lines cross within a cell, by the edge at which a segment enters it. */
  const crossings = new Map<number, Point>();
  const point = (edge: number): Point => {
    const corner = edge >> 1;
    const [column, row] = [corner % columns, Math.floor(corner / columns)];
    const isUp = (edge & 1) === 1;
    const here = value(column, row);
    const there = isUp ? value(column, row + 1) : value(column + 1, row);
    const share = here === there ? 0.5 : here / (here - there);
    return [along(xs, column, isUp ? 0 : share), along(ys, row, isUp ? share : 0)];
  };
  return {
    /** A cell with corners on both sides. */
    enter(column: number, row: number): void {
      const within = cellSegments(column, row, columns, value);
      segments.push(...within);
      const shares = within.length > 0 && crossing(cornersOf(column, row, value));
      if (!shares) return;
      for (const { from } of within) crossings.set(from, [along(xs, column, shares[0]), along(ys, row, shares[1])]);
    },
    lines: (): Point[][] =>
      joined(segments).map((edges) =>
        edges.flatMap((edge, i) => {
          const crossed = i + 1 < edges.length ? crossings.get(edge) : undefined;
          return crossed ? [point(edge), crossed] : [point(edge)];
        }),
      ),
  };
}

type Corners = readonly [number, number, number, number];
type HeightAt = (column: number, row: number) => number;

/** Anticlockwise, from the lower left one. */
const cornersOf = (column: number, row: number, value: HeightAt): Corners => [
  value(column, row),
  value(column + 1, row),
  value(column + 1, row + 1),
  value(column, row + 1),
];

/** Of the greatest height at the corners: what is this near to 0 is 0. */
const ROUNDING = 1e-9;

/**
 * Shares of the cell at which the bilinear field has its saddle, if it is 0 there: its zeros are two lines that cross, as in x y = 0,
 * and a line past the crossing would leave a notch.
 */
function crossing(corners: Corners): readonly [number, number] | null {
  const scale = Math.max(...corners.map(Math.abs));
  const [a = 0, b = 0, c = 0, d = 0] = corners.map((height) => height / scale);
  const twist = a - b + c - d;
  const [u, v] = [(a - d) / twist, (a - b) / twist];
  const isWithin = u >= 0 && u <= 1 && v >= 0 && v <= 1;
  return isWithin && Math.abs(a * c - b * d) <= ROUNDING * Math.abs(twist) ? [u, v] : null;
}

/** Edges are numbered by their lower left corner: twice its index for the edge to the right, one more for the edge upwards. */
function cellSegments(column: number, row: number, columns: number, value: HeightAt): Segment[] {
  const corners = cornersOf(column, row, value);
  if (!corners.every(Number.isFinite)) return [];
  const corner = row * columns + column;
  const edges = [2 * corner, 2 * (corner + 1) + 1, 2 * (corner + columns), 2 * corner + 1]; // bottom, right, top, left
  const isIn = corners.map((height) => height <= 0);
  // Anticlockwise around the cell: a line comes in where the boundary goes from inside to outside.
  const starts = [0, 1, 2, 3].filter((k) => isIn[k] && !isIn[(k + 1) % 4]);
  const ends = [0, 1, 2, 3].filter((k) => !isIn[k] && isIn[(k + 1) % 4]);
  const [start, otherStart] = starts;
  const [end, otherEnd] = ends;
  if (start === undefined || end === undefined) return [];
  const segment = (from: number, to: number): Segment => ({ from: edges[from] ?? 0, to: edges[to] ?? 0 });
  if (otherStart === undefined || otherEnd === undefined) return [segment(start, end)];
  // A saddle: the middle says whether the two inner corners belong together.
  const isMiddleIn = corners.reduce((sum, height) => sum + height / 4, 0) <= 0;
  const endAfter = (k: number) => (ends.includes((k + 1) % 4) ? (k + 1) % 4 : (k + 3) % 4);
  const endBefore = (k: number) => (ends.includes((k + 3) % 4) ? (k + 3) % 4 : (k + 1) % 4);
  const partner = isMiddleIn ? endAfter : endBefore;
  return starts.map((k) => segment(k, partner(k)));
}

function joined(segments: readonly Segment[]): number[][] {
  const next = new Map(segments.map(({ from, to }) => [from, to]));
  const targets = new Set(segments.map(({ to }) => to));
  const lines: number[][] = [];
  const follow = (first: number) => {
    const line = [first];
    for (let edge = next.get(first); edge !== undefined; edge = next.get(edge)) {
      next.delete(line.at(-1) ?? first);
      line.push(edge);
    }
    lines.push(line);
  };
  for (const { from } of segments) if (next.has(from) && !targets.has(from)) follow(from); // open ones from their ends
  for (const { from } of segments) if (next.has(from)) follow(from);
  return lines;
}

/** The field between its grid points; NaN outside the grid. `xs` and `ys` are evenly spaced. */
export function bilinear({ xs, ys, values }: Field, [x = 0, y = 0]: Point): number {
  const place = (places: ArrayLike<number>, at: number) => {
    const [first, last] = [places[0] ?? 0, places[places.length - 1] ?? 0];
    return ((at - first) / (last - first)) * (places.length - 1);
  };
  const [u, v] = [place(xs, x), place(ys, y)];
  const room = 1e-9;
  if (!(u >= -room && v >= -room && u <= xs.length - 1 + room && v <= ys.length - 1 + room)) return Number.NaN;
  const [i, j] = [
    Math.min(xs.length - 2, Math.max(0, Math.floor(u))),
    Math.min(ys.length - 2, Math.max(0, Math.floor(v))),
  ];
  const [s, t] = [u - i, v - j];
  const at = (column: number, row: number) => values[row * xs.length + column] ?? Number.NaN;
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j)) + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}
