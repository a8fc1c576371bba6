/** Numbers from the host lie in one buffer, at offsets that are given as they are asked for. */
import type { Id } from '../../core/tensor/value.ts';

/** Where the numbers of a value lie in a packed buffer. */
export interface Placed {
  readonly id: Id;
  readonly offset: number;
  readonly size: number;
  /** Of a matrix with so many columns, that lies column by column: lanes that have a row each then read side by side. */
  readonly columns?: number;
}

/** Offsets of values in a buffer, in the order in which they are first asked for. */
export class Packing {
  readonly placed: Placed[] = [];
  private readonly offsets = new Map<string, number>();
  size = 0;

  /** `columns`: of a matrix that is to lie column by column; it may lie row by row, too. */
  offsetOf(id: Id, size: number, columns?: number): number {
    const key = columns === undefined ? `${id}` : `${id} by columns`;
    const known = this.offsets.get(key);
    if (known !== undefined) return known;
    const offset = this.size;
    this.offsets.set(key, offset);
    this.placed.push({ id, offset, size, ...(columns !== undefined && { columns }) });
    this.size += size;
    return offset;
  }
}
