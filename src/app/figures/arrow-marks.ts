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

/** The figure with the arrows: as they stand on the screen, their lengths in pixels of a picture of this size. */
export function withArrows(
  figure: Figure,
  { head, forces, largest }: StillArrows,
  { theme, sense }: Pick<Scene, 'theme' | 'sense'>,
  size: StillSize,
): Figure {
  const look = lookOf(theme);
  const [sx, sy] = pixelsPerUnit(figure.layout, size);
  const pixels = ([x, y]: Arrow) => Math.hypot(sx * x, sy * y);
  const along = (from: Arrow, [x, y]: Arrow, scale: number): Arrow => [from[0] + scale * x, from[1] + scale * y];
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
  const drawn = marks.filter(({ from, to }) => pixels([to[0] - from[0], to[1] - from[1]]) > LEAST_PIXELS);
  if (drawn.length === 0) return figure;
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

const shaft = ({ from, to, color, width, isDashed }: Mark): Partial<Shape> => ({
  type: 'line',
  layer: 'above',
  x0: from[0],
  y0: from[1],
  x1: to[0] - HEAD_SHARE * (to[0] - from[0]),
  y1: to[1] - HEAD_SHARE * (to[1] - from[1]),
  line: { color, width, dash: isDashed ? 'dash' : 'solid' },
});

function arrow({ from, to, color, width, name }: Mark): Partial<Annotation> {
  return {
    x: to[0],
    y: to[1],
    ax: to[0] - HEAD_SHARE * (to[0] - from[0]),
    ay: to[1] - HEAD_SHARE * (to[1] - from[1]),
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

/** Pixels of a unit along each axis, where the plot area has what the margins leave; of axes of one scale, the smaller for both. */
function pixelsPerUnit({ xaxis, yaxis, margin }: Partial<Layout>, { width, height }: StillSize): Arrow {
  const extent = (range: unknown): number => {
    const [from = 0, to = 1] = (range ?? []) as Partial<Range>;
    return Math.abs(to - from) || 1;
  };
  const sx = (width - (margin?.l ?? 0) - (margin?.r ?? 0)) / extent(xaxis?.range);
  const sy = (height - (margin?.t ?? 0) - (margin?.b ?? 0)) / extent(yaxis?.range);
  if (yaxis?.scaleanchor === undefined) return [sx, sy];
  return [Math.min(sx, sy), Math.min(sx, sy)];
}

/** Where the arrows stand at a step of the clock; null where nothing is drawn there. */
export function stillArrows(
  arrows: { readonly at: (record: number) => SeenForces | null; readonly largest: number } | null,
  path: { readonly points: Float64Array; readonly records: readonly number[] } | undefined,
  index: number,
): StillArrows | null {
  const forces = path && arrows ? arrows.at(path.records[index] ?? 0) : null;
  const [x, y] = [path?.points[2 * index] ?? Number.NaN, path?.points[2 * index + 1] ?? Number.NaN];
  if (!arrows || !forces || !Number.isFinite(x) || !Number.isFinite(y)) return null;
  return { head: [x, y], forces, largest: arrows.largest };
}
