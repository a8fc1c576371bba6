/** The arrows at a head as part of a still picture: shapes and annotations in the data's coordinates, and their place in the legend. */
import type { Annotation, Data, Layout, Shape } from 'plotly.js';
import type { Figure, Range } from './figure.ts';
import { type Arrow, arrowLength, NORMAL_LENGTH, type SeenForces } from './force-arrows.ts';
import { lookOf } from './look.ts';
import type { MotionPath } from './motion-path.ts';
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

/** With its length in pixels. */
type SizedMark = Mark & { readonly length: number };

/** Pixels of an arrow that its head is drawn on. Shafts are shapes, all below all heads: one may lie on another. */
const HEAD_PIXELS = 12;
/** Plotly draws no arrow that is shorter than its own head. */
const LEAST_PIXELS = 6;

/** What is left free beside the edges of what is shown, as a share of it: a tip there would be half a tip. */
const RIM = 0.012;

/** Pixels of a unit on each axis. In space: of the box as it is seen from its usual distance. */
type Units = readonly number[];

/**
 * The figure with the arrows: as they stand on the screen, their lengths in pixels of a picture of this size. Where one would leave
 * what the figure shows it is shorter: a normal by itself, −∇f and its parts all by the same factor.
 */
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
  const { descent, normals } = forces;
  const tangent = forces.tangent ?? descent;
  const window = windowOf(figure.layout, head.length, size);
  const wanted = arrowLength(Math.hypot(...descent), largest) / (pixels(descent) || 1);
  const scale = Math.min(wanted, roomFor(head, descent, window), roomFor(head, tangent, window));
  const tip = along(head, descent, scale);
  const bend = along(head, tangent, scale);
  const marks: Mark[] = [
    ...normals.map(({ direction }): Mark => {
      const length = Math.min(NORMAL_LENGTH / (pixels(direction) || 1), roomFor(head, direction, window));
      const to = along(head, direction, length);
      return { name: 'constraint normal', color: look.accent, width: 1.25, from: head, to };
    }),
    { name: sense === 'maximize' ? '∇f, uphill' : '−∇f, downhill', color: look.ink, width: 4.5, from: head, to: tip },
    { name: 'its part held back', color: look.accent, width: 1.75, isDashed: true, from: bend, to: tip },
    ...(forces.tangent ? [{ name: 'its allowed part', color: look.free, width: 2, from: head, to: bend }] : []),
  ];
  const drawn = marks
    .map((mark): SizedMark => ({ ...mark, length: pixels(along(mark.to, mark.from, -1)) }))
    .filter(({ length }) => length > LEAST_PIXELS);
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

/** How many times as long the vector may be that its tip stays in the window; 0 where the head is outside. */
function roomFor(head: Arrow, vector: Arrow, window: readonly Range[]): number {
  const rooms = window.map(([from, to], axis) => {
    const [at = 0, by = 0] = [head[axis], vector[axis]];
    if (at < from || at > to) return 0;
    return by === 0 ? Infinity : ((by > 0 ? to : from) - at) / by;
  });
  return Math.min(...rooms);
}

/** Pixels of the height that a title and a legend of several rows may take from the picture. */
const ABOVE = 120;

/** What the figure shows of each axis at least, without its rim; of an axis that finds its own range, all. */
function windowOf(layout: Partial<Layout>, dimensions: number, { width, height }: StillSize): Range[] {
  const { xaxis, yaxis, scene } = layout;
  const axes = dimensions === 3 ? [scene?.xaxis, scene?.yaxis, scene?.zaxis] : [xaxis, yaxis];
  // Of two axes of one scale, the one that has room to spare shows more than it was asked for.
  const room = dimensions === 3 || yaxis?.scaleanchor === undefined ? 0 : height - ABOVE;
  const [unit = 1] = pixelsPerUnit(layout, { width, height: room });
  return axes.map((axis, k): Range => {
    const [a, b] = (axis?.range ?? []) as Partial<Range>;
    if (a === undefined || b === undefined) return [-Infinity, Infinity];
    const shown = room > 0 ? plotSide(layout, k, { width, height: room }) / unit : 0;
    const half = (0.5 - RIM) * Math.max(shown, Math.abs(b - a));
    return [(a + b) / 2 - half, (a + b) / 2 + half];
  });
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

/** Where the shaft of an arrow ends and what its head is drawn on begins. */
function neck({ from: [x = 0, y = 0], to: [toX = 0, toY = 0], length }: SizedMark): readonly [number, number] {
  const share = Math.min(1, HEAD_PIXELS / length);
  return [toX - share * (toX - x), toY - share * (toY - y)];
}

function shaft(mark: SizedMark): Partial<Shape> {
  const { from, color, width, isDashed } = mark;
  const [x1, y1] = neck(mark);
  const line = { color, width, dash: isDashed ? 'dash' : 'solid' } as const;
  return { type: 'line', layer: 'above', x0: from[0] ?? 0, y0: from[1] ?? 0, x1, y1, line };
}

function arrow(mark: SizedMark): Partial<Annotation> {
  const { to, color, width, name } = mark;
  const [ax, ay] = neck(mark);
  return {
    x: to[0] ?? 0,
    y: to[1] ?? 0,
    ax,
    ay,
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

/** Pixels of the plot area along an axis, where it has what the margins leave. */
const plotSide = ({ margin }: Partial<Layout>, axis: number, { width, height }: StillSize): number =>
  axis === 0 ? width - (margin?.l ?? 0) - (margin?.r ?? 0) : height - (margin?.t ?? 0) - (margin?.b ?? 0);

/** Pixels of a unit along each axis, where the plot area has what the margins leave; of axes of one scale, the smaller for both. */
function pixelsPerUnit(layout: Partial<Layout>, size: StillSize): Units {
  const { xaxis, yaxis } = layout;
  const sx = plotSide(layout, 0, size) / extent(xaxis?.range);
  const sy = plotSide(layout, 1, size) / extent(yaxis?.range);
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
  path: Pick<MotionPath, 'points' | 'steps' | 'records'> | undefined,
  index: number,
): StillArrows | null {
  const forces = path && arrows ? arrows.at(path.records[index] ?? 0) : null;
  if (!path || !arrows || !forces) return null;
  const width = path.points.length / path.steps.length;
  const head = [...path.points.subarray(index * width, (index + 1) * width)];
  return head.length === width && head.every(Number.isFinite) ? { head, forces, largest: arrows.largest } : null;
}
