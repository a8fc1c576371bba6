/** The arrows at a head as part of a still picture: shapes and annotations in the data's coordinates, and their place in the legend. */
import type { Annotation, Data, Layout, Shape } from 'plotly.js';
import type { Figure, Range } from './figure.ts';
import { type Arrow, arrowLength, NORMAL_LENGTH, type SeenForces } from './force-arrows.ts';
import { lookOf } from './look.ts';
import type { Scene } from './scene.ts';

export interface StillArrows {
  readonly head: Arrow;
  readonly forces: SeenForces;
  /** The longest descent of the run. */
  readonly largest: number;
}

export interface StillSize {
  readonly width: number;
  readonly height: number;
}

interface Mark {
  readonly name: string;
  readonly color: string;
  readonly width: number;
  readonly isDashed?: boolean;
  readonly from: Arrow;
  readonly to: Arrow;
}

/** Share of an arrow that its head is drawn on. Shafts are shapes, all below all heads: one may lie on another. */
const HEAD_SHARE = 0.12;
/** Plotly draws no arrow that is shorter than its own head. */
const LEAST_PIXELS = 6;

/** Pixels of a unit on each axis. In space: of the box as it is seen from its usual distance. */
type Units = readonly number[];

/** The figure with the arrows: as they stand on the screen, their lengths in pixels of a picture of this size. */
export function withArrows(
  figure: Figure,
  { head, forces, largest }: StillArrows,
  { theme, sense }: Pick<Scene, 'theme' | 'sense'>,
  size: StillSize,
): Figure {
  const look = lookOf(theme);
  const isSpace = head.length === 3;
  const units = isSpace ? spaceUnits(figure.layout, size) : pixelsPerUnit(figure.layout, size);
  const pixels = (vector: Arrow) => Math.hypot(...vector.map((entry, i) => (units[i] ?? 0) * entry));
  const along = (from: Arrow, vector: Arrow, scale: number): Arrow =>
    from.map((entry, i) => entry + scale * (vector[i] ?? 0));
  const { descent, tangent, normals } = forces;
  const scale = arrowLength(Math.hypot(...descent), largest) / (pixels(descent) || 1);
  const tip = along(head, descent, scale);
  const bend = along(head, tangent, scale);
  const marks: Mark[] = [
    ...normals.map(({ direction }): Mark => {
      const to = along(head, direction, NORMAL_LENGTH / (pixels(direction) || 1));
      return { name: 'constraint normal', color: look.accent, width: 1.25, from: head, to };
    }),
    { name: sense === 'maximize' ? '∇f, uphill' : '−∇f, downhill', color: look.ink, width: 4.5, from: head, to: tip },
    { name: '+ part held back', color: look.accent, width: 1.75, isDashed: true, from: bend, to: tip },
    { name: '= allowed part', color: look.free, width: 2, from: head, to: bend },
  ];
  const drawn = marks.filter(({ from, to }) => pixels(along(to, from, -1)) > LEAST_PIXELS);
  if (drawn.length === 0) return figure;
  if (isSpace) return { ...figure, data: [...figure.data, ...drawn.map(arrowInSpace)] };
  const { shapes = [], annotations = [] } = figure.layout;
  return {
    ...figure,
    data: [...figure.data, ...legendOf(drawn)],
    layout: {
      ...figure.layout,
      shapes: [...shapes, ...drawn.map(shaft)],
      annotations: [...annotations, ...drawn.map(arrow)],
    },
  };
}

/** A line with a mark at its tip. */
const arrowInSpace = ({ name, color, width, isDashed, from, to }: Mark): Data => {
  const [x = [], y = [], z = []] = [0, 1, 2].map((axis) => [from[axis] ?? null, to[axis] ?? null]);
  return {
    type: 'scatter3d',
    mode: 'lines+markers',
    name,
    x,
    y,
    z,
    line: { color, width: 1.6 * width, dash: isDashed ? 'dash' : 'solid' },
    marker: { symbol: 'diamond', size: [0, 3 + width], color, line: { width: 0 } },
  };
};

/** A line without points for each name: the legend is all that is seen of it. */
const legendOf = (marks: readonly Mark[]): Data[] =>
  marks
    .filter(({ name }, i) => marks.findIndex((other) => other.name === name) === i)
    .map(({ name, color, width, isDashed }) => ({
      type: 'scatter',
      mode: 'lines',
      name,
      x: [null],
      y: [null],
      line: { color, width, dash: isDashed ? 'dash' : 'solid' },
    }));

const shaft = ({ from: [x = 0, y = 0], to: [toX = 0, toY = 0], color, width, isDashed }: Mark): Partial<Shape> => ({
  type: 'line',
  layer: 'above',
  x0: x,
  y0: y,
  x1: toX - HEAD_SHARE * (toX - x),
  y1: toY - HEAD_SHARE * (toY - y),
  line: { color, width, dash: isDashed ? 'dash' : 'solid' },
});

function arrow({ from: [x = 0, y = 0], to: [toX = 0, toY = 0], color, width, name }: Mark): Partial<Annotation> {
  return {
    x: toX,
    y: toY,
    ax: toX - HEAD_SHARE * (toX - x),
    ay: toY - HEAD_SHARE * (toY - y),
    axref: 'x',
    ayref: 'y',
    text: '',
    showarrow: true,
    arrowhead: name === 'constraint normal' ? 3 : 2,
    arrowsize: width > 4 ? 0.6 : 1.1,
    arrowwidth: width,
    arrowcolor: color,
  };
}

const extent = (range: unknown): number => {
  const [from = 0, to = 1] = (range ?? []) as Partial<Range>;
  return Math.abs(to - from) || 1;
};

/** Pixels of a unit along each axis, where the plot area has what the margins leave; of axes of one scale, the smaller for both. */
function pixelsPerUnit({ xaxis, yaxis, margin }: Partial<Layout>, { width, height }: StillSize): Units {
  const sx = (width - (margin?.l ?? 0) - (margin?.r ?? 0)) / extent(xaxis?.range);
  const sy = (height - (margin?.t ?? 0) - (margin?.b ?? 0)) / extent(yaxis?.range);
  if (yaxis?.scaleanchor === undefined) return [sx, sy];
  return [Math.min(sx, sy), Math.min(sx, sy)];
}

/** Of the height, for a side of the box of length 1. */
const SIDE_SHARE = 0.5;

function spaceUnits({ scene }: Partial<Layout>, { height }: StillSize): Units {
  const { x = 1, y = 1, z = 1 } = scene?.aspectratio ?? {};
  const sides = [scene?.xaxis, scene?.yaxis, scene?.zaxis];
  return [x, y, z].map((side, i) => (SIDE_SHARE * height * side) / extent(sides[i]?.range));
}

/** Where the arrows stand at a step of the clock; null where nothing is drawn there. */
export function stillArrows(
  arrows: { readonly at: (record: number) => SeenForces | null; readonly largest: number } | null,
  path: { readonly points: Float64Array; readonly records: readonly number[] } | undefined,
  index: number,
): StillArrows | null {
  const forces = path && arrows ? arrows.at(path.records[index] ?? 0) : null;
  if (!path || !arrows || !forces) return null;
  const width = forces.descent.length;
  const head = [...path.points.subarray(index * width, (index + 1) * width)];
  return head.length === width && head.every(Number.isFinite) ? { head, forces, largest: arrows.largest } : null;
}
