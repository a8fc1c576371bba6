/** The feasible set in the plane of two entries: lines, half-planes, and what grids say about curved sets. */
import type { Data } from 'plotly.js';
import { affineShadow, type Row } from './affine-shadow.ts';
import { halfSpacesInBox, lineInBox, lineOfRow, type Point } from './clip.ts';
import { drawable } from './drawable.ts';
import type { Range } from './figure.ts';
import { type Look, lookOf } from './look.ts';
import { isField } from './relief.ts';
import type { FeasibleSet, Field, Scene } from './scene.ts';

type Box = readonly [Range, Range];

/** The name of traces that draw the feasible set. */
export const SET_NAME = 'feasible set';

/** Sets reach beyond the view, so that panning finds them. */
const REACH = 6;

const grown = ([from, to]: Range): Range => [from - REACH * (to - from), to + REACH * (to - from)];

export function feasibleTraces2d({ sets, axes, theme }: Scene, view: Box): Data[] {
  const box: Box = [grown(view[0]), grown(view[1])];
  const look = lookOf(theme);
  return sets.flatMap((set) => traces(set, axes, box, look));
}

function traces(set: FeasibleSet, axes: readonly number[], box: Box, look: Look): Data[] {
  switch (set.kind) {
    case 'affine':
      return affineTraces(affineShadow(set.A, set.b, axes), box, look, set.isMoving ?? false);
    case 'half-spaces':
      return regionTrace(halfSpacesInBox(shownRows(set, axes), box), look);
    case 'curve':
      return gridTrace(set.residual, '=', look);
    case 'region':
      return gridTrace(set.residual, '<', look);
  }
}

/** One row is a line, two are a point; no row leaves everything feasible, and contradicting rows nothing. */
function affineTraces(rows: readonly Row[] | null, box: Box, look: Look, isMoving: boolean): Data[] {
  const [first, second] = rows ?? [];
  if (!first) return [];
  if (second) return pointTrace(crossing(first, second), look);
  const { point, direction } = lineOfRow(first);
  const ends = lineInBox(point, direction, box);
  if (!ends) return [];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: SET_NAME,
      x: ends.map(([x]) => x ?? null),
      y: ends.map(([, y]) => y ?? null),
      line: { color: look.accent, width: 2.5, dash: isMoving ? 'dot' : 'solid' },
      hoverinfo: 'skip',
    },
  ];
}

/** Where two lines meet; rows of a shadow are independent. */
function crossing(first: Row, second: Row): Point {
  const [a = 0, b = 0] = first.coefficients;
  const [c = 0, d = 0] = second.coefficients;
  const determinant = a * d - b * c;
  return [(first.offset * d - b * second.offset) / determinant, (a * second.offset - first.offset * c) / determinant];
}

function pointTrace([x, y]: Point, look: Look): Data[] {
  if (!Number.isFinite(x) || !Number.isFinite(y) || x === undefined || y === undefined) return [];
  const marker = {
    symbol: 'diamond',
    size: 11,
    color: look.accent,
    line: { color: look.surface, width: 1.5 },
  } as const;
  return [{ type: 'scatter', mode: 'markers', name: SET_NAME, x: [x], y: [y], marker, hoverinfo: 'skip' }];
}

function regionTrace(polygon: readonly Point[], look: Look): Data[] {
  const [first] = polygon;
  if (!first) return [];
  const closed = [...polygon, first];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: SET_NAME,
      x: closed.map(([x]) => x ?? null),
      y: closed.map(([, y]) => y ?? null),
      fill: 'toself',
      fillcolor: look.accentSoft,
      line: { color: look.accent, width: 1.5 },
      hoverinfo: 'skip',
    },
  ];
}

/** Rows that restrict only shown entries; others say nothing about this plane by themselves. */
function shownRows({ A, b }: Extract<FeasibleSet, { kind: 'half-spaces' }>, axes: readonly number[]): Row[] {
  return b.flatMap((offset, row) => {
    const all = Array.from({ length: A.columns }, (_, column) => A.data[row * A.columns + column] ?? 0);
    const isShown = all.every((value, column) => value === 0 || axes.includes(column));
    return isShown ? [{ coefficients: axes.map((axis) => all[axis] ?? 0), offset }] : [];
  });
}

function gridTrace(residual: Field, operation: '=' | '<', look: Look): Data[] {
  if (!isField(residual)) return [];
  const { xs, ys, values } = residual;
  const z = Array.from({ length: ys.length }, (_, row) =>
    Array.from({ length: xs.length }, (_, column) => drawable(values[row * xs.length + column])),
  );
  return [
    {
      type: 'contour',
      name: SET_NAME,
      x: Array.from(xs),
      y: Array.from(ys),
      z,
      showscale: false,
      contours: { type: 'constraint', operation, value: 0 },
      fillcolor: operation === '=' ? 'rgba(0,0,0,0)' : look.accentSoft,
      line: { color: look.accent, width: operation === '=' ? 2.5 : 1.5 },
      hoverinfo: 'skip',
    },
  ];
}
