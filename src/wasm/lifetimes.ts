/** Who reads which array of a function, and where arrays lie until the last of them has. */
import type { Id } from '../core/tensor/value.ts';
import type { Address } from './arrays.ts';
import type { MemoryPlan } from './places.ts';

export class Lifetimes {
  private readonly readers = new Map<Id, Set<Id>>();
  private readonly unread = new Map<Id, number>();
  private readonly owned = new Map<Id, { readonly address: Address; readonly entries: number }>();
  private readonly wanted = new Set<Id>();
  private loops = 0;
  private readonly afterLoops: (readonly [reader: Id, roots: readonly Id[]])[] = [];

  constructor(private readonly memory: MemoryPlan) {}

  /** Says that the function ends with this value, or that another function reads it. */
  want(id: Id): void {
    this.wanted.add(id);
  }

  isWanted(id: Id): boolean {
    return this.wanted.has(id);
  }

  addReader(id: Id, reader: Id): void {
    this.readers.set(id, this.readersOf(id).add(reader));
  }

  readersOf(id: Id): Set<Id> {
    return this.readers.get(id) ?? new Set();
  }

  /** An address for a new array. */
  place(id: Id, entries: number): Address {
    const address = this.memory.place(entries);
    this.owned.set(id, { address, entries });
    return address;
  }

  /** What a loop reads is there in its last turn, too. */
  enterLoop(): void {
    this.loops += 1;
  }

  leaveLoop(): void {
    this.loops -= 1;
    if (this.loops > 0) return;
    for (const [reader, roots] of this.afterLoops.splice(0)) this.hasRead(reader, roots);
  }

  /** `reader` is written and has no further use for these. Arrays that nobody else reads give their memory to those to come. */
  hasRead(reader: Id, roots: readonly Id[]): void {
    if (this.loops > 0) {
      this.afterLoops.push([reader, roots]);
      return;
    }
    for (const id of new Set(roots)) {
      const unread = (this.unread.get(id) ?? this.readersOf(id).size) - 1;
      this.unread.set(id, unread);
      if (unread === 0 && !this.wanted.has(id)) this.release(id);
    }
  }

  /** Everything that is left may be written over by other functions. */
  finish(): void {
    for (const id of [...this.owned.keys()]) this.release(id);
  }

  private release(id: Id): void {
    const array = this.owned.get(id);
    if (!array) return;
    this.owned.delete(id);
    this.memory.release(array.address, array.entries);
  }
}
