/** Where the lines of the constraints can be taken in a picture of two entries: one place on each. */
import { at } from '../../../core/diagnostic.ts';
import { levelLines } from '../../figures/level-lines.ts';
import type { View2d } from '../../figures/scene.ts';
import type { ConstraintRows, MovableRow } from '../../store/constraint-move.ts';

type Point = readonly [number, number];

export interface Grip extends MovableRow {
  readonly point: Point;
  /** Of the line there: ∇(residual) on the two axes. */
  readonly normal: Point;
}

export interface GripsRequest {
  readonly axes: readonly [number, number];
  readonly window: View2d;
  /** What the other entries are held at. */
  readonly x: ArrayLike<number>;
  /** Places that something else takes: the start, the optimum. */
  readonly taken: readonly Point[];
  /** Of the window, on its shorter side: two things that can be taken are farther apart. */
  readonly apart: number;
  /** Where the hand left a row, by `gripId`. */
  readonly left: ReadonlyMap<string, Point>;
}

/** More are no longer a picture. */
const MOST_GRIPS = 12;
/** Of the grid that finds the lines, on each axis. */
const POINTS = 33;
/** Shares of a line's length at which it is taken, in the order of preference. */
const SHARES = [0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92] as const;
/** Of the window: lines are taken inside this frame. */
const FRAME = 0.03;
/** A residual counts as kept up to this share of its range in the window. */
const ROOM = 1e-3;

export const gripId = ({ constraint, row }: Pick<MovableRow, 'constraint' | 'row'>): string => `${constraint} ${row}`;

/**
 * One grip for each row whose line is seen and has room for it; on the part that borders the feasible set, where there is one. A grip
 * that the hand has left somewhere stays there.
 */
export function constraintGrips(rows: ConstraintRows, request: GripsRequest): Grip[] {
  const { window, taken, apart, left } = request;
  if (rows.rows.length === 0) return [];
  const [xs, ys] = window.map(spread) as [number[], number[]];
  const at2 = residualsAt(rows, request);
  const fields = rows.rows.map(() => new Float64Array(xs.length * ys.length));
  ys.forEach((second, j) => {
    xs.forEach((first, i) => {
      at2([first, second]).forEach((value, row) => {
        at(fields, row)[j * xs.length + i] = value;
      });
    });
  });
  const rooms = fields.map(
    (values) =>
      ROOM * values.reduce((most, value) => (Math.abs(value) < Infinity ? Math.max(most, Math.abs(value)) : most), 0),
  );
  const places: Point[] = [...taken];
  const isKept = (place: Point, own: number) =>
    at2(place).every((value, row) => row === own || value <= at(rooms, row));
  const grips: Grip[] = [];
  rows.rows.forEach((row, own) => {
    if (grips.length >= MOST_GRIPS) return;
    const lines = levelLines({ xs, ys, values: at(fields, own) }).flatMap((line) =>
      framed(
        line.map(([a = 0, b = 0]) => [a, b] as const),
        window,
      ),
    );
    const borders = lines.flatMap((line) => runs(line, (place) => isKept(place, own)));
    const longest = longestOf(borders.length > 0 ? borders : lines, window);
    if (!longest) return;
    const held = left.get(gripId(row));
    const isFree = (spot: Point) => places.every((other) => distance(spot, other, window) > apart);
    const place = held
      ? nearest(lines, held, window)
      : SHARES.map((share) => along(longest, share, window)).find(isFree);
    if (!place) return;
    places.push(place);
    grips.push({ ...row, point: place, normal: slope(place, own, at2, window) });
  });
  return grips;
}

/** Newton steps towards a line that has moved. */
const TURNS = 4;
/** Next to the size of the window: nearer than a pixel to its line, */
const ON_LINE = 5e-4;
/** and a line that went farther is another part of it, maybe. */
const FAR = 0.1;

/**
 * The same grips on lines that have moved since, as those of constraints that depend on t: each goes along its normal, for a hundredth of
 * what finding them takes. Null where one of them would go far, or out of the window: then they are to be found anew.
 */
export function followingGrips(rows: ConstraintRows, before: readonly Grip[], request: GripsRequest): Grip[] | null {
  const { window } = request;
  const at2 = residualsAt(rows, request);
  const following = before.map((grip): Grip | null => {
    const own = rows.rows.findIndex((row) => gripId(row) === gripId(grip));
    if (own < 0) return null;
    let { point, normal } = grip;
    for (let turn = 0; turn < TURNS; turn++) {
      const step = onto(at(at2(point), own), normal, window);
      if (Math.hypot(...step) < ON_LINE) {
        return distance(point, grip.point, window) < FAR && isFramed(point, window) ? { ...grip, point, normal } : null;
      }
      point = [point[0] - step[0] * width(window[0]), point[1] - step[1] * width(window[1])];
      normal = slope(point, own, at2, window);
    }
    return null;
  });
  return following.every((grip) => grip !== null) ? following : null;
}

/** From a point with this residual to its line, next to the size of the window: r·n/‖n‖², n the slope across the window. */
function onto(residual: number, normal: Point, [x, y]: View2d): Point {
  const [a, b] = [normal[0] * width(x), normal[1] * width(y)];
  const square = a * a + b * b;
  return [(residual * a) / square, (residual * b) / square];
}

/** Of every row, at a place among the shown entries. */
function residualsAt(rows: ConstraintRows, { axes, x }: Pick<GripsRequest, 'axes' | 'x'>) {
  const point = Float64Array.from(x);
  return ([first, second]: Point): Float64Array => {
    point[axes[0]] = first;
    point[axes[1]] = second;
    return rows.residuals(point);
  };
}

const width = ([from, to]: readonly [number, number]): number => to - from;

const spread = ([from, to]: readonly [number, number]): number[] =>
  Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));

/** Next to the size of the window. */
const distance = ([a, b]: Point, [c, d]: Point, [x, y]: View2d): number =>
  Math.hypot((a - c) / width(x), (b - d) / width(y));

function isFramed([a, b]: Point, [x, y]: View2d): boolean {
  const inside = (value: number, range: readonly [number, number]) => {
    const share = (value - range[0]) / width(range);
    return share > FRAME && share < 1 - FRAME;
  };
  return inside(a, x) && inside(b, y);
}

const framed = (line: readonly Point[], window: View2d): Point[][] => runs(line, (place) => isFramed(place, window));

/** The parts of the line whose points all pass. */
function runs(line: readonly Point[], passes: (place: Point) => boolean): Point[][] {
  const parts: Point[][] = [];
  let part: Point[] = [];
  for (const place of line) {
    if (passes(place)) part.push(place);
    else {
      if (part.length > 1) parts.push(part);
      part = [];
    }
  }
  return part.length > 1 ? [...parts, part] : parts;
}

const lengthOf = (line: readonly Point[], window: View2d): number =>
  line.reduce((sum, place, i) => (i === 0 ? 0 : sum + distance(at(line, i - 1), place, window)), 0);

function longestOf(lines: readonly (readonly Point[])[], window: View2d): readonly Point[] | null {
  let best: readonly Point[] | null = null;
  for (const line of lines) if (best === null || lengthOf(line, window) > lengthOf(best, window)) best = line;
  return best;
}

/** The point at a share of the line's length. */
function along(line: readonly Point[], share: number, window: View2d): Point {
  let rest = share * lengthOf(line, window);
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [at(line, i - 1), at(line, i)];
    const step = distance(from, to, window);
    if (rest <= step && step > 0) {
      const part = rest / step;
      return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
    }
    rest -= step;
  }
  return at(line, line.length - 1);
}

/** On the lines, the point nearest to where the hand left them. */
function nearest(lines: readonly (readonly Point[])[], place: Point, window: View2d): Point {
  let best = at(at(lines, 0), 0);
  for (const line of lines) {
    line.forEach((to, i) => {
      const spot = i === 0 ? to : nearestBetween(at(line, i - 1), to, place, window);
      if (distance(spot, place, window) < distance(best, place, window)) best = spot;
    });
  }
  return best;
}

function nearestBetween(from: Point, to: Point, place: Point, [x, y]: View2d): Point {
  const [a, b] = [(to[0] - from[0]) / width(x), (to[1] - from[1]) / width(y)];
  const [c, d] = [(place[0] - from[0]) / width(x), (place[1] - from[1]) / width(y)];
  const share = Math.max(0, Math.min(1, (a * c + b * d) / (a * a + b * b || 1)));
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
}

/** Central differences over a hundredth of the window. */
function slope(place: Point, row: number, at2: (place: Point) => Float64Array, [x, y]: View2d): Point {
  const [dx, dy] = [width(x) / 100, width(y) / 100];
  const value = (point: Point) => at(at2(point), row);
  return [
    (value([place[0] + dx, place[1]]) - value([place[0] - dx, place[1]])) / (2 * dx),
    (value([place[0], place[1] + dy]) - value([place[0], place[1] - dy])) / (2 * dy),
  ];
}
