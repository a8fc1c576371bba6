/** Gives buffers of dead values to later ones. */
import { at } from '../../core/diagnostic.ts';
import type { BufferId } from '../kernels/dispatch.ts';
import type { Item } from './plan.ts';

interface Life {
  first: number;
  last: number;
}

/** Positions of first and last use; what a loop takes from before it is in use until the loop's end. */
function livesOf(items: readonly Item[]): Map<BufferId, Life> {
  const lives = new Map<BufferId, Life>();
  let position = 0;
  const visit = (body: readonly Item[]) => {
    for (const item of body) {
      if (item.kind === 'call') {
        for (const buffer of Object.values(item.dispatch.arrays)) {
          const life = lives.get(buffer);
          if (life) life.last = position;
          else lives.set(buffer, { first: position, last: position });
        }
        position += 1;
        continue;
      }
      const begin = position;
      visit(item.body);
      const end = item.done === undefined ? undefined : lives.get(item.done);
      if (end) end.last = position;
      for (const life of lives.values()) if (life.first < begin && life.last >= begin) life.last = position;
      position += 1;
    }
  };
  visit(items);
  return lives;
}

/** Physical buffers that phases share: phases never overlap, so that each may take all. */
export class Pool {
  readonly lengths: number[] = [];

  /**
   * A physical buffer for each of `lengths` (by virtual buffer); `kept` stay as they are to the phase's end. No dispatch gets one
   * buffer as argument and result: a life includes the position of its last use.
   */
  assign(
    items: readonly Item[],
    lengths: ReadonlyMap<BufferId, number>,
    kept: ReadonlySet<BufferId>,
  ): Map<BufferId, number> {
    const lives = [...livesOf(items)]
      .filter(([buffer]) => lengths.has(buffer))
      .sort(([, a], [, b]) => a.first - b.first);
    const freeFrom = this.lengths.map(() => 0);
    const assigned = new Map<BufferId, number>();
    for (const [buffer, { first, last }] of lives) {
      const length = lengths.get(buffer) ?? 0;
      let best = -1;
      this.lengths.forEach((size, i) => {
        const isBetter = best < 0 || size < at(this.lengths, best);
        if (at(freeFrom, i) <= first && size >= length && isBetter) best = i;
      });
      if (best < 0) best = this.lengths.push(length) - 1;
      freeFrom[best] = kept.has(buffer) ? Number.POSITIVE_INFINITY : last + 1;
      assigned.set(buffer, best);
    }
    return assigned;
  }
}
