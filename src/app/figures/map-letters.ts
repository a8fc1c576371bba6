/** Where a map of basins names its regions: colours alone tell them apart to nobody who sees none. */
import { at } from '../../core/diagnostic.ts';
import { classOf, MARKS } from './map-classes.ts';
import type { SwarmMap } from './swarm-map.ts';

export interface MapLetter {
  readonly mark: string;
  readonly column: number;
  readonly row: number;
}

/** A region that holds no square of so large a share of the shorter side is too thin for a letter. */
const LEAST_SQUARE = 0.04;
/** Regions of one class that are so far apart, as a share of the shorter side, have a letter each, */
const APART = 0.4;
/** up to so many. */
const MOST = 3;

/** In the middle of the largest square within each class, and of those far from it. None where all is one class. */
export function mapLetters(map: SwarmMap): MapLetter[] {
  const { width, height, done } = map;
  const kinds = Int8Array.from({ length: width * height }, (_, k) => (k < done ? classOf(map, k) : -1));
  const depth = depthWithin(kinds, width, height);
  const shorter = Math.min(width, height);
  const classes = [...new Set(kinds)].filter((kind) => kind >= 0).sort((a, b) => a - b);
  if (classes.length < 2) return [];
  return classes.flatMap((kind) => {
    const chosen: MapLetter[] = [];
    while (chosen.length < MOST) {
      let best = -1;
      for (let k = 0; k < kinds.length; k++)
        if (kinds[k] === kind && at(depth, k) > (depth[best] ?? 0) && chosen.every((one) => isFar(one, k))) best = k;
      if (best < 0 || 2 * at(depth, best) - 1 < LEAST_SQUARE * shorter) break;
      chosen.push({ mark: MARKS[kind] ?? '', column: best % width, row: Math.floor(best / width) });
    }
    return chosen;
  });

  function isFar({ column, row }: MapLetter, k: number): boolean {
    return Math.max(Math.abs((k % width) - column), Math.abs(Math.floor(k / width) - row)) >= APART * shorter;
  }
}

/** Of each cell, the half side of the largest square around it that is of one class and on the map: 1 where a neighbour is of another. */
function depthWithin(kinds: Int8Array, width: number, height: number): Uint16Array {
  const depth = new Uint16Array(kinds.length).fill(Math.max(width, height));
  const relax = (k: number, column: number, row: number) => {
    const isOnMap = column >= 0 && column < width && row >= 0 && row < height;
    const beside = row * width + column;
    const reached = isOnMap && kinds[beside] === kinds[k] ? at(depth, beside) : 0;
    if (reached + 1 < at(depth, k)) depth[k] = reached + 1;
  };
  for (const way of [1, -1]) {
    for (let i = 0; i < kinds.length; i++) {
      const k = way === 1 ? i : kinds.length - 1 - i;
      const [column, row] = [k % width, Math.floor(k / width)];
      relax(k, column - way, row);
      for (const aside of [-1, 0, 1]) relax(k, column + aside, row - way);
    }
  }
  return depth;
}
