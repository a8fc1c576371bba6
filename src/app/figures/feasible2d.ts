/** The feasible set in the plane of two entries: the shadow of linear sets, and what grids say about curved ones. */
import type { Data } from 'plotly.js';
import type { Row } from './affine-shadow.ts';
import { halfSpacesInBox, lineInBox, lineOfRow, type Point, slack } from './clip.ts';
import { drawable } from './drawable.ts';
import { feasibleShape, isEverything, isWithin, type Shape } from './feasible-shape.ts';
import type { Range } from './figure.ts';
import { type Look, lookOf } from './look.ts';
import { isField } from './relief.ts';
import type { Field, Scene } from './scene.ts';
import { setLabel } from './set-label.ts';

type Box = readonly [Range, Range];

/** The name of traces that draw the feasible set. */
export const SET_NAME = 'feasible set';

/** Sets reach beyond the view, so that panning finds them. */
const REACH = 6;

const grown = ([from, to]: Range): Range => [from - REACH * (to - from), to + REACH * (to - from)];

/** The traces, and what the key says of them. */
export function feasiblePlane({ sets, axes, theme }: Scene, view: Box): { data: Data[]; label: string | null } {
  const box: Box = [grown(view[0]), grown(view[1])];
  const look = lookOf(theme);
  const isMoving = sets.some((set) => set.kind === 'affine' && set.isMoving);
  const shape = feasibleShape(sets, axes);
  const linear = shapeTraces(shape, box, look, isMoving);
  const sampled = sets.flatMap((set) => {
    if (set.kind === 'curve') return gridTrace(set.residual, '=', look);
    return set.kind === 'region' ? gridTrace(set.residual, '<', look) : [];
  });
  const data = [...linear, ...sampled];
  // Each sampled set is drawn by itself: the feasible set is where all of them overlap.
  const isExact = shape.isExact && (sampled.length === 0 || (sampled.length === 1 && isEverything(shape)));
  return { data, label: setLabel(sets, { isSeen: data.length > 0, isExact }) };
}

/** One row is a line, two are a point; no row leaves the half-planes, and contradicting rows nothing. */
function shapeTraces({ equalities, halfSpaces }: Shape, box: Box, look: Look, isMoving: boolean): Data[] {
  const rows = slack(halfSpaces, box);
  const [first, second] = equalities ?? [];
  if (equalities === null || (!first && rows.length === 0)) return [];
  if (!first) return regionTrace(halfSpacesInBox(rows, box), look);
  if (second) {
    const point = crossing(first, second);
    return isWithin(point, rows) ? pointTrace(point, look) : [];
  }
  const { point, direction } = lineOfRow(first);
  const ends = lineInBox(point, direction, box, rows);
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
