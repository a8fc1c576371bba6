/** Where the eye of a figure in space stands, and which part of a plane is looked at, as a link keeps them. */
import type { View2d } from './scene.ts';

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

/** Four digits of the extent are less than a pixel. */
function readRange(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [from, to]: unknown[] = value;
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  const extent = to - from;
  if (!(extent > 0 && extent < LARGEST && Math.abs(from) < LARGEST && extent > FINEST * Math.abs(from))) return null;
  const unit = 10 ** (Math.floor(Math.log10(extent)) - 3);
  const rounded = (end: number) => Number((Math.round(end / unit) * unit).toPrecision(12));
  return [rounded(from), rounded(to)];
}

/** Beyond these, axes have no room for their numbers. */
const LARGEST = 1e12;
const FINEST = 1e-9;

/** `{ x: [from, to], y: [from, to] }`; null where it is none. */
export function readWindow(value: unknown): View2d | null {
  if (!isFields(value)) return null;
  const [x, y] = [readRange(value.x), readRange(value.y)];
  return x && y ? [x, y] : null;
}

/** What a link keeps of a window. */
export const windowCamera = ([x, y]: View2d) => ({ x, y });
