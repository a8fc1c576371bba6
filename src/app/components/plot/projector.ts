/** From the data's coordinates to pixels, as the graph has them now. Read from Plotly 4.1's resolved layout. */

export interface Projector {
  /** The plot area in CSS pixels, relative to the graph's element. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Coordinates of one point per row of `points`. */
  readonly dimensions: 2 | 3;
  /** Writes the pixel of the point at `offset`, relative to the plot area, into `pixel`. Allocates nothing. */
  project(points: Float64Array, offset: number, pixel: Float64Array): void;
  /** Pixels of a vector of the data at a point, as if it lay in the plane of the screen: turning the picture does not change it. */
  lengthAt(point: ArrayLike<number>, vector: ArrayLike<number>): number;
}

interface ResolvedAxis {
  readonly _offset: number;
  readonly _length: number;
  /** Of exponents on a logarithmic axis. */
  readonly range: readonly [number, number];
  readonly type?: string;
}

/** By their names: 'xaxis', 'xaxis2'. */
export type Axes = Readonly<Record<string, ResolvedAxis>>;

const layoutOf = (element: HTMLElement): Readonly<Record<string, unknown>> | undefined =>
  (element as HTMLElement & { _fullLayout?: Readonly<Record<string, unknown>> })._fullLayout;

/** Axes that are still seen while Plotly has those of the next figure. */
const kept = new WeakMap<HTMLElement, Axes>();

/** The axes of a graph, as they are now. */
export const axesOf = (element: HTMLElement): Axes =>
  Object.fromEntries(
    Object.entries(layoutOf(element) ?? {}).flatMap(([name, axis]) => {
      const { _offset, _length, range, type } = (/^[xy]axis\d*$/.test(name) ? axis : {}) as Partial<ResolvedAxis>;
      if (_offset === undefined || _length === undefined || range === undefined) return [];
      return [[name, { _offset, _length, range: [range[0], range[1]] as const, ...(type && { type }) }]];
    }),
  );

/** Whoever reads the graph's axes reads these, until it calls what this returns. */
export function keepAxes(element: HTMLElement, axes: Axes): () => void {
  kept.set(element, axes);
  return () => void kept.delete(element);
}

/** The axis by its name as it is seen, or null before the first drawing. */
export function readAxis(element: HTMLElement, name: string): ResolvedAxis | null {
  const axis = (kept.get(element) ?? layoutOf(element))?.[name] as ResolvedAxis | undefined;
  return axis && Number.isFinite(axis._length) && axis._length > 0 ? axis : null;
}

export function planeProjector(element: HTMLElement): Projector | null {
  const x = readAxis(element, 'xaxis');
  const y = readAxis(element, 'yaxis');
  if (!x || !y) return null;
  const [x0, x1] = x.range;
  const [y0, y1] = y.range;
  const perX = x._length / (x1 - x0);
  const perY = y._length / (y1 - y0);
  return {
    left: x._offset,
    top: y._offset,
    width: x._length,
    height: y._length,
    dimensions: 2,
    project(points, offset, pixel) {
      pixel[0] = ((points[offset] ?? Number.NaN) - x0) * perX;
      pixel[1] = (y1 - (points[offset + 1] ?? Number.NaN)) * perY;
    },
    lengthAt: (_, vector) => Math.hypot(perX * (vector[0] ?? 0), perY * (vector[1] ?? 0)),
  };
}
