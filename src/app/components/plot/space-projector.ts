/** From three coordinates of the data to pixels, as the camera of a graph in space stands now. Loaded with Plotly's third dimension. */
import type { Projector } from './projector.ts';

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

const sceneOf = (element: HTMLElement): ResolvedScene | undefined =>
  (element as HTMLElement & { _fullLayout?: { scene?: { _scene?: ResolvedScene } } })._fullLayout?.scene?._scene;

export function spaceProjector(element: HTMLElement): Projector | null {
  const scene = sceneOf(element);
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
    lengthAt(point, vector) {
      const { model, projection } = scene.glplot.cameraParams;
      const scaled = scene.dataScale.map((factor, i) => factor * (vector[i] ?? 0));
      const inWorld = [0, 1, 2].map((row) =>
        scaled.reduce((sum, entry, column) => sum + (model[4 * column + row] ?? 0) * entry, 0),
      );
      const depth = m3 * (point[0] ?? 0) + m7 * (point[1] ?? 0) + m11 * (point[2] ?? 0) + m15;
      return (Math.hypot(...inWorld) * (projection[5] ?? 1) * area.height) / (2 * depth);
    },
  };
}

/** Projection · view · model · scale of the data, column by column; null before the first drawing. */
function cameraMatrix(element: HTMLElement): Float64Array | null {
  const scene = sceneOf(element);
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

/** A camera glides on after the finger is up and says nothing, so it is compared once a frame. Returns what ends it. */
export function onCamera(element: HTMLElement, listener: () => void): () => void {
  let last: Float64Array | null = null;
  let handle = requestAnimationFrame(compare);
  function compare(): void {
    const now = cameraMatrix(element);
    if (now && !now.every((value, i) => value === last?.[i])) {
      last = now;
      listener();
    }
    handle = requestAnimationFrame(compare);
  }
  return () => cancelAnimationFrame(handle);
}
