/** Numbers from the host lie in one buffer, at offsets that are given as they are asked for. */
import type { Id } from '../../core/tensor/value.ts';

/** Where the numbers of a value lie in a packed buffer. */
export interface Placed {
  readonly id: Id;
  readonly offset: number;
  readonly size: number;
}

/** Offsets of values in a buffer, in the order in which they are first asked for. */
export class Packing {
  readonly placed: Placed[] = [];
  private readonly offsets = new Map<Id, number>();
  size = 0;

  offsetOf(id: Id, size: number): number {
    const known = this.offsets.get(id);
    if (known !== undefined) return known;
    const offset = this.size;
    this.offsets.set(id, offset);
    this.placed.push({ id, offset, size });
    this.size += size;
    return offset;
  }
}
