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
}

interface ResolvedAxis {
  readonly _offset: number;
  readonly _length: number;
  readonly range: readonly [number, number];
}

interface Camera {
  readonly model: ArrayLike<number>;
  readonly view: ArrayLike<number>;
  readonly projection: ArrayLike<number>;
}

interface ResolvedScene {
  readonly container: HTMLElement;
  readonly dataScale: readonly [number, number, number];
  readonly glplot: { readonly cameraParams: Camera };
}

interface ResolvedLayout {
  readonly xaxis?: ResolvedAxis;
  readonly yaxis?: ResolvedAxis;
  readonly scene?: { readonly _scene?: ResolvedScene };
}

const layoutOf = (element: HTMLElement): ResolvedLayout | undefined =>
  (element as HTMLElement & { _fullLayout?: ResolvedLayout })._fullLayout;

/** The axis by its name ('xaxis', 'xaxis2'), or null before the first drawing. */
export function readAxis(element: HTMLElement, name: string): ResolvedAxis | null {
  const layout = layoutOf(element) as Readonly<Record<string, unknown>> | undefined;
  const axis = layout?.[name] as ResolvedAxis | undefined;
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
  };
}

export function spaceProjector(element: HTMLElement): Projector | null {
  const scene = layoutOf(element)?.scene?._scene;
  if (!scene?.glplot?.cameraParams) return null;
  const frame = element.getBoundingClientRect();
  const area = scene.container.getBoundingClientRect();
  const matrix = cameraMatrix(element);
  const [m0 = 0, m1 = 0, , m3 = 0, m4 = 0, m5 = 0, , m7 = 0, m8 = 0, m9 = 0, , m11 = 0, m12 = 0, m13 = 0, , m15 = 1] =
    matrix ?? [];
  return {
    left: area.left - frame.left,
    top: area.top - frame.top,
    width: area.width,
    height: area.height,
    dimensions: 3,
    project(points, offset, pixel) {
      const x = points[offset] ?? Number.NaN;
      const y = points[offset + 1] ?? Number.NaN;
      const z = points[offset + 2] ?? Number.NaN;
      const depth = m3 * x + m7 * y + m11 * z + m15;
      const scale = depth > 0 ? 1 / depth : Number.NaN; // behind the eye: not drawn
      pixel[0] = (0.5 + 0.5 * (m0 * x + m4 * y + m8 * z + m12) * scale) * area.width;
      pixel[1] = (0.5 - 0.5 * (m1 * x + m5 * y + m9 * z + m13) * scale) * area.height;
    },
  };
}

/** Projection · view · model · scale of the data, column by column; null before the first drawing. */
export function cameraMatrix(element: HTMLElement): Float64Array | null {
  const scene = layoutOf(element)?.scene?._scene;
  if (!scene?.glplot?.cameraParams) return null;
  const { model, view, projection } = scene.glplot.cameraParams;
  const matrix = multiply(projection, multiply(view, model));
  scene.dataScale.forEach((factor, column) => {
    for (let row = 0; row < 4; row++) matrix[4 * column + row] = (matrix[4 * column + row] ?? 0) * factor;
  });
  return matrix;
}

function multiply(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const product = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += (a[4 * k + row] ?? 0) * (b[4 * column + k] ?? 0);
      product[4 * column + row] = sum;
    }
  }
  return product;
}
