/** Marks of several runs at one place: the earlier ones are drawn larger, so that each is seen around those that lie on it. */

import type { Range } from './figure.ts';

/** More rings than this around a mark would hide its surroundings. */
export const DEEPEST = 4;

/** Cells are counted from the middle of so many on each axis: two of them still make a whole number exactly. */
const CELLS = 2 ** 21;

/**
 * For each point of each layer, how many marks of later layers lie on it, one on another: 0 where it is on top, at most 4. Points are
 * row-major [count, 2] in units of a length that tells two marks apart; what is not finite lies on nothing.
 */
export function depths(layers: readonly ArrayLike<number>[]): Uint8Array[] {
  const highest = new Map<number, number>();
  const found = layers.map((points) => new Uint8Array(points.length >> 1));
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const points = layers[layer] ?? [];
    const depth = found[layer] ?? new Uint8Array(0);
    const cells = Float64Array.from(depth, (_, i) => cellOf(points[2 * i], points[2 * i + 1]));
    depth.forEach((_, i) => {
      const cell = cells[i] ?? Number.NaN;
      let below = 0;
      for (let column = -1; column <= 1; column++) {
        for (let row = -1; row <= 1; row++) {
          below = Math.max(below, highest.get(cell + column * CELLS + row) ?? 0);
        }
      }
      depth[i] = Math.min(DEEPEST, below);
    });
    cells.forEach((cell, i) => {
      if (!Number.isNaN(cell)) highest.set(cell, Math.max(highest.get(cell) ?? 0, 1 + (depth[i] ?? 0)));
    });
  }
  return found;
}

/** NaN beyond all cells. */
function cellOf(x = Number.NaN, y = Number.NaN): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  return Math.max(Math.abs(column), Math.abs(row)) < CELLS / 2 - 1 ? column * CELLS + row : Number.NaN;
}

/** What counts as one place in a still picture, as a share of what it shows. */
const SAME_SHARE = 1 / 200;

/** The same of points [x, y] in the data's coordinates, in a picture of these ranges. */
export const depthsInView = (
  layers: readonly (readonly (readonly [number | null, number | null])[])[],
  view: readonly [Range, Range],
): Uint8Array[] =>
  depths(
    layers.map((points) =>
      points.flatMap((point) =>
        point.map((value, axis) => (value ?? Number.NaN) / (SAME_SHARE * extentOf(view[axis]))),
      ),
    ),
  );

/** For one point a run, on two or three axes: how many later ones are at its place, at most 4. */
export const laterAtPlace = (points: readonly (readonly number[])[], view: readonly Range[]): number[] =>
  points.map((point, i) => {
    const isHere = (other: readonly number[]) =>
      point.every((value, axis) => Math.abs((other[axis] ?? Number.NaN) - value) < SAME_SHARE * extentOf(view[axis]));
    return Math.min(DEEPEST, points.slice(i + 1).filter(isHere).length);
  });

const extentOf = ([from, to]: Range = [0, 1]): number => Math.abs(to - from) || 1;
