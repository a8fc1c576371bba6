/** Where the arrays of one trajectory lie: in workgroup memory, by lifetime, or, the large ones, in storage. */
import { at } from '../../core/diagnostic.ts';

/** An array of one trajectory. Levels count barriers; a permanent one lives for the whole dispatch. */
export interface Buffer {
  readonly size: number;
  readonly isPermanent: boolean;
  first: number;
  last: number;
}

/** Workgroup memory that every adapter has, in numbers; a little is kept for the kernel's own. */
export const MOST_NUMBERS = (16_384 - 64) / 4;

/** Sizes from which arrays go to storage, tried in turn until the rest fits. */
const THRESHOLDS = [Number.POSITIVE_INFINITY, 1024, 512, 256, 128, 64, 16];

export interface Placement {
  /** Of each buffer, by its number. */
  readonly places: readonly { readonly where: 'workgroup' | 'storage'; readonly offset: number }[];
  readonly workgroupSize: number;
  readonly storageSize: number;
}

/** Groups are never live at the same time as one another, save for their permanent buffers. Null where nothing fits. */
export function place(groups: readonly (readonly number[])[], buffers: readonly Buffer[]): Placement | null {
  for (const threshold of THRESHOLDS) {
    const places: Placement['places'][number][] = [];
    const size = (where: 'workgroup' | 'storage') => {
      const chosen = (id: number) => at(buffers, id).size >= threshold === (where === 'storage');
      let permanent = 0;
      for (const id of groups.flat().filter(chosen)) {
        if (!at(buffers, id).isPermanent) continue;
        places[id] = { where, offset: permanent };
        permanent += at(buffers, id).size;
      }
      return groups.reduce((most, group) => {
        const moving = group.filter((id) => chosen(id) && !at(buffers, id).isPermanent);
        return Math.max(
          most,
          byLifetime(moving, buffers, permanent, (id, offset) => (places[id] = { where, offset })),
        );
      }, permanent);
    };
    const [workgroupSize, storageSize] = [size('workgroup'), size('storage')];
    if (workgroupSize <= MOST_NUMBERS) return { places, workgroupSize, storageSize };
  }
  return null;
}

/** First fit; two arrays share numbers only where a barrier lies between the last reader and the next writer. */
function byLifetime(
  ids: readonly number[],
  buffers: readonly Buffer[],
  base: number,
  put: (id: number, offset: number) => void,
): number {
  const placed: { first: number; last: number; offset: number; end: number }[] = [];
  for (const id of [...ids].sort((a, b) => at(buffers, a).first - at(buffers, b).first)) {
    const { first, last, size } = at(buffers, id);
    let offset = base;
    const rivals = placed.filter((other) => other.first <= last && first <= other.last);
    for (const rival of rivals.sort((a, b) => a.offset - b.offset)) {
      if (offset + size <= rival.offset) break;
      offset = Math.max(offset, rival.end);
    }
    placed.push({ first, last, offset, end: offset + size });
    put(id, offset);
  }
  return placed.reduce((most, { end }) => Math.max(most, end), base);
}
