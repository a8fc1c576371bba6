/** The feasible set of a single parameter: intervals and points on its axis. */
import type { Layout } from 'plotly.js';
import { feasibleShape } from './feasible-shape.ts';
import type { Range } from './figure.ts';
import { lookOf } from './look.ts';
import type { FeasibleSet, Field, Scene, Theme } from './scene.ts';
import { setLabel } from './set-label.ts';
import { SET_NAME } from './set-traces.ts';

/** Intervals reach beyond the view, so that panning finds them. */
const REACH = 6;

type Shapes = NonNullable<Layout['shapes']>;

/** The shapes, and what the key says of them. */
export function feasibleLine(
  { sets, axes, theme, time = 0 }: Scene,
  [from, to]: Range,
): { shapes: Shapes; label: string | null } {
  const reach: Range = [from - REACH * (to - from), to + REACH * (to - from)];
  const slack = 1e-9 * Math.max(Math.abs(from), Math.abs(to));
  const parts = [linearPart(sets, axes), ...sets.flatMap((set) => sampledPart(set))];
  const isFree = parts.every(
    ([only, ...more]) => only && more.length === 0 && only[0] === -Infinity && only[1] === Infinity,
  );
  const left = isFree ? [] : parts.reduce<readonly Range[]>((rest, part) => overlap(rest, part, slack), [reach]);
  return {
    shapes: left.flatMap((range) => shapesOf(range, theme)),
    label: setLabel(sets, { isSeen: left.length > 0, isExact: true, time }),
  };
}

function linearPart(sets: readonly FeasibleSet[], axes: readonly number[]): Range[] {
  const { equalities, halfSpaces } = feasibleShape(sets, axes);
  if (equalities === null) return [];
  const both = equalities.flatMap(({ coefficients, offset }) => [
    { coefficients, offset },
    { coefficients: coefficients.map((value) => -value), offset: -offset },
  ]);
  let from = -Infinity;
  let to = Infinity;
  for (const { coefficients, offset } of [...halfSpaces, ...both]) {
    const [scale = 1] = coefficients;
    if (scale > 0) to = Math.min(to, offset / scale);
    else from = Math.max(from, offset / scale);
  }
  return [[from, to]];
}

function sampledPart(set: FeasibleSet): Range[][] {
  if (set.kind === 'region') return [nonPositive(set.residual)];
  return set.kind === 'curve' ? [zeros(set.residual)] : [];
}

/** Where the line between two neighbours is 0. */
const crossing = (x: number, y: number, nextX: number, nextY: number): number => x + ((nextX - x) * y) / (y - nextY);

/** Where a residual on a column of the grid is at most 0; what is beyond the grid is not known, and left out. */
function nonPositive({ ys, values }: Field): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  for (let i = 0; i < ys.length; i++) {
    const [x, y] = [ys[i] ?? Number.NaN, values[i] ?? Number.NaN];
    const [lastX, lastY] = [ys[i - 1] ?? Number.NaN, values[i - 1] ?? Number.NaN];
    if (y <= 0) {
      from ??= lastY > 0 && Number.isFinite(lastY) ? crossing(lastX, lastY, x, y) : x;
    } else if (from !== null) {
      ranges.push([from, Number.isFinite(y) ? crossing(lastX, lastY, x, y) : lastX]);
      from = null;
    }
  }
  return from === null ? ranges : [...ranges, [from, ys[ys.length - 1] ?? from]];
}

function zeros({ ys, values }: Field): Range[] {
  const points: number[] = [];
  for (let i = 0; i < ys.length; i++) {
    const [x, y] = [ys[i] ?? Number.NaN, values[i] ?? Number.NaN];
    const [nextX, nextY] = [ys[i + 1] ?? Number.NaN, values[i + 1] ?? Number.NaN];
    if (y === 0) points.push(x);
    else if (Number.isFinite(y) && Number.isFinite(nextY) && Math.sign(y) * Math.sign(nextY) < 0)
      points.push(crossing(x, y, nextX, nextY));
  }
  return points.map((point) => [point, point]);
}

/** What two unions of intervals share; ends that differ by rounding meet. */
const overlap = (a: readonly Range[], b: readonly Range[], slack: number): Range[] =>
  a.flatMap(([from, to]) =>
    b.flatMap(([start, end]): Range[] => {
      const [low, high] = [Math.max(from, start), Math.min(to, end)];
      return low <= high + slack ? [[Math.min(low, high), Math.max(low, high)]] : [];
    }),
  );

function shapesOf([from, to]: Range, theme: Theme): Shapes {
  const look = lookOf(theme);
  const place = { name: SET_NAME, xref: 'x', yref: 'paper', x0: from, x1: to, y0: 0 } as const;
  if (from === to) return [{ type: 'line', ...place, y1: 1, line: { color: look.accent, width: 2 } }];
  return [
    { type: 'rect', ...place, y1: 1, fillcolor: look.accentSoft, line: { width: 0 }, layer: 'below' },
    { type: 'line', ...place, y1: 0, line: { color: look.accent, width: 5 } },
  ];
}
