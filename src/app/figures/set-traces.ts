/** How the feasible set looks: regions tinted, lines drawn, points as diamonds; what is infeasible hatched. */
import type { Dash, Data } from 'plotly.js';
import type { Point } from './clip.ts';
import type { Range } from './figure.ts';
import type { Look } from './look.ts';

/** The name of traces that draw the feasible set. */
export const SET_NAME = 'feasible set';
/** The name of traces that hatch the rest. */
export const HATCH_NAME = 'infeasible';
/** The same where the set is a line or a point: all beside it is infeasible, and only what breaks inequalities is hatched. */
export const FLAT_HATCH_NAME = 'breaks an inequality';
/** The name of traces that draw what bounds one constraint, where no curve or region keeps all of them. */
export const ALONE_NAME = 'each constraint by itself';

type Rings = readonly (readonly Point[])[];

/** One trace of several lines: a gap after each. */
export function apart(lines: Rings): { x: (number | null)[]; y: (number | null)[] } {
  const points = lines.flatMap((line, i): (Point | null)[] => (i === 0 ? [...line] : [null, ...line]));
  return { x: points.map((point) => point?.[0] ?? null), y: points.map((point) => point?.[1] ?? null) };
}

const closed = (rings: Rings): Rings => rings.map((ring) => [...ring, ...ring.slice(0, 1)]);

export function regionTraces(rings: Rings, look: Look): Data[] {
  if (rings.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: SET_NAME,
      ...apart(closed(rings)),
      fill: 'toself',
      fillcolor: look.accentSoft,
      line: { color: look.accent, width: 1.5 },
      hoverinfo: 'skip',
    },
  ];
}

/** The box without the rings: these are anticlockwise where they bound the set from outside, so the box goes the other way. */
export function hatchTraces(
  rings: Rings,
  [x, y]: readonly [Range, Range],
  look: Look,
  name: typeof HATCH_NAME | typeof FLAT_HATCH_NAME = HATCH_NAME,
): Data[] {
  const box: Point[] = [
    [x[0], y[0]],
    [x[0], y[1]],
    [x[1], y[1]],
    [x[1], y[0]],
  ];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      ...apart(closed([box, ...rings])),
      fill: 'toself',
      fillcolor: 'rgba(0,0,0,0)',
      fillpattern: {
        shape: '/',
        size: 7,
        solidity: 0.12,
        fgcolor: look.hatch,
        bgcolor: 'rgba(0,0,0,0)',
        fillmode: 'replace',
      },
      line: { width: 0 },
      hoverinfo: 'skip',
    },
  ];
}

const lines = (name: string, drawn: Rings, line: { color: string; width: number; dash: Dash }): Data[] =>
  drawn.length === 0
    ? []
    : [{ type: 'scatter', mode: 'lines', name, ...apart(drawn), connectgaps: false, line, hoverinfo: 'skip' }];

export const lineTraces = (drawn: Rings, { accent }: Look, isMoving: boolean): Data[] =>
  lines(SET_NAME, drawn, { color: accent, width: 2.5, dash: isMoving ? 'dot' : 'solid' });

export const aloneTraces = (drawn: Rings, { accent }: Look): Data[] =>
  lines(ALONE_NAME, drawn, { color: accent, width: 1.5, dash: 'dash' });

export function pointTraces(points: readonly Point[], look: Look): Data[] {
  const drawn = points.filter((point) => point.every(Number.isFinite));
  if (drawn.length === 0) return [];
  const marker = {
    symbol: 'diamond',
    size: 11,
    color: look.accent,
    line: { color: look.surface, width: 1.5 },
  } as const;
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: SET_NAME,
      x: drawn.map(([x]) => x ?? null),
      y: drawn.map(([, y]) => y ?? null),
      marker,
      hoverinfo: 'skip',
    },
  ];
}
