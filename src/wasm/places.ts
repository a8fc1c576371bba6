/** Where the numbers of a program's values are: in local variables where they are few, else in memory. */
import { at, invariant } from '../core/diagnostic.ts';
import type { Program } from '../core/program/program.ts';
import { isEntrywise } from '../core/tensor/entrywise.ts';
import { sizeOf, stridesOf } from '../core/tensor/shape.ts';
import { type Id, levelOf, type Value } from '../core/tensor/value.ts';
import { type Address, BYTES } from './arrays.ts';

/** Arrays with more entries are computed by loops in memory; each halving is tried until a function stays short enough. */
const MOST_ENTRIES = 16;
/** Instructions of a function beyond which browsers compile for long. */
const MOST_INSTRUCTIONS = 8000;
/** A product or a sum of more terms is a loop, however few its entries. */
const TERMS_PER_ENTRY = 8;

/** Beyond this a run is refused: a tab that takes more is ended by some browsers. */
export const MOST_BYTES = 2 ** 30;

/** Hands out addresses; arrays begin at multiples of 16 bytes and end with room for half a pair. */
export class MemoryPlan {
  private readonly kept = new Map<Id, Address>();
  private readonly free = new Map<number, Address[]>();
  /** Bytes used; the first pair is left free. */
  size = 2 * BYTES;

  /** Room for so many numbers, where an array of the same size was before, if there is such a place. */
  place(entries: number): Address {
    const pairs = pairsOf(entries);
    return this.free.get(pairs)?.pop() ?? this.fresh(pairs);
  }

  /** Says that nobody reads there any more. */
  release(address: Address, entries: number): void {
    const pairs = pairsOf(entries);
    this.free.set(pairs, [...(this.free.get(pairs) ?? []), address]);
  }

  private fresh(pairs: number): Address {
    const address = this.size;
    this.size += pairs * 2 * BYTES;
    return address;
  }

  /** The address of a value that stays there from call to call. */
  keep(id: Id, entries: number): Address {
    const known = this.kept.get(id);
    if (known !== undefined) return known;
    const address = this.fresh(pairsOf(entries)); // what was free before may be written over again
    this.kept.set(id, address);
    return address;
  }

  get keptValues(): readonly { readonly id: Id; readonly address: Address }[] {
    return [...this.kept].map(([id, address]) => ({ id, address }));
  }
}

const pairsOf = (entries: number): number => Math.ceil(Math.max(1, entries) / 2);

/** Part of an array in memory, or all of it: `offset` counts entries. */
export interface Root {
  readonly id: Id;
  readonly offset: number;
}

/** What is known of the values of a program before code is written. */
export class Places {
  readonly entries: number;

  constructor(
    readonly program: Program,
    needed: readonly Id[],
  ) {
    let entries = MOST_ENTRIES;
    const instructions = () =>
      needed.reduce((sum, id) => {
        const value = this.value(id);
        return this.isShort(value, entries) && !this.isHost(value) ? sum + this.workOf(value) : sum;
      }, 0);
    while (entries > 1 && instructions() > MOST_INSTRUCTIONS) entries /= 2;
    this.entries = entries;
  }

  value(id: Id): Value {
    return at(this.program.values, id);
  }

  sizeOf(id: Id): number {
    return sizeOf(this.value(id).shape);
  }

  /** Computed once a run by the reference's own machine. */
  isHost(value: Value): boolean {
    const level = levelOf(value.uses);
    return value.region === null && (level === 'constant' || level === 'run') && !this.isSplat(value);
  }

  /** One number in many places: never an array unless somebody reads it as one. */
  isSplat(value: Value): boolean {
    return value.op === 'broadcast' && this.sizeOf(value.args[0]) === 1 && !this.isFew(value);
  }

  /** Whether loops over entries compute it, together with others of its length. */
  isGrouped(value: Value): boolean {
    return !this.isFew(value) && (isEntrywise(value.op) || this.isSplat(value));
  }

  isFew(value: Value): boolean {
    return sizeOf(value.shape) <= this.entries;
  }

  /** Whether its entries are local variables. */
  isScalar(value: Value): boolean {
    return this.isShort(value, this.entries);
  }

  private isShort(value: Value, entries: number): boolean {
    const { op } = value;
    if (op === 'pinv' || op === 'nullSpace' || op === 'rowSpace') return false;
    return sizeOf(value.shape) <= entries && (this.workOf(value) <= TERMS_PER_ENTRY * entries || isEntrywise(op));
  }

  private workOf(value: Value): number {
    if (value.op === 'matmul') return sizeOf(value.shape) * at(this.value(value.args[1]).shape, 0);
    if (value.op === 'sum' || value.op === 'max') return this.sizeOf(value.args[0]);
    return sizeOf(value.shape);
  }

  /** The array that a value is a part of under another name; `isThere` says which values are kept in memory. */
  rootOf(id: Id, isThere: (value: Value) => boolean): Root {
    const value = this.value(id);
    if (value.op === 'identity' || value.op === 'reshape') return this.rootOf(value.args[0], isThere);
    if (isThere(value)) return { id, offset: 0 };
    if (value.op === 'pick') {
      const repeat = this.value(value.args[0]);
      invariant(repeat.op === 'repeat', 'pick reads a loop');
      const { carries } = at(this.program.regions, repeat.attributes.region);
      return { id: at(carries, value.attributes.position), offset: 0 };
    }
    if (value.op === 'slice' && !this.isFew(value) && isConsecutive(value)) {
      const root = this.rootOf(value.args[0], isThere);
      return { id: root.id, offset: root.offset + value.attributes.offset };
    }
    return { id, offset: 0 };
  }
}

const isConsecutive = ({ attributes, shape }: Extract<Value, { op: 'slice' }>): boolean => {
  const own = stridesOf(shape);
  return attributes.strides.every((stride, axis) => stride === own[axis] || shape[axis] === 1);
};
