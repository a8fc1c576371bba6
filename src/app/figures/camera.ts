/** Where the eye of a figure in space stands, as a link keeps it. */

export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Camera {
  readonly eye: Vector;
  readonly center: Vector;
  readonly up: Vector;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Farther out, nothing would be seen; three digits are less than a pixel. */
const FARTHEST = 100;

function readVector(value: unknown): Vector | null {
  if (!isFields(value)) return null;
  const { x, y, z } = value;
  const isPlace = (entry: unknown): entry is number => typeof entry === 'number' && Math.abs(entry) <= FARTHEST;
  const rounded = (entry: number) => Math.round(1e3 * entry) / 1e3;
  return isPlace(x) && isPlace(y) && isPlace(z) ? { x: rounded(x), y: rounded(y), z: rounded(z) } : null;
}

/** Null where it is no camera: links are written by strangers. */
export function readCamera(value: unknown): Camera | null {
  if (!isFields(value)) return null;
  const [eye, center, up] = [value.eye, value.center, value.up].map(readVector);
  return eye && center && up && Math.hypot(eye.x, eye.y, eye.z) > 0 && Math.hypot(up.x, up.y, up.z) > 0
    ? { eye, center, up }
    : null;
}
