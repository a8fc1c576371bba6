/**
 * Plain data whose long lists of numbers cross from thread to thread as blocks of memory. A list of numbers, or of rows of them, is
 * cloned entry by entry: a matrix of a million takes half a second, of the page's time too. As a block it takes a millisecond; it
 * becomes lists again when it is first looked at.
 */
import { at } from '../core/diagnostic.ts';

/** Shorter lists are left as they are. */
const LEAST = 4096;

/** A list of numbers; with `ends`, of rows that lie one after the other and end before these positions. */
interface Block {
  readonly packedNumbers: Float64Array;
  readonly ends: Int32Array | null;
}

/** The data with blocks in place of long lists: for `unpacked` alone. */
export interface Packed<Data> {
  readonly packed: unknown;
  /** Only a type: what is in it. */
  readonly of?: Data;
}

const isBlock = (value: object): value is Block => 'packedNumbers' in value;
const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;
const areNumbers = (list: unknown): list is readonly number[] =>
  Array.isArray(list) && list.every((entry) => typeof entry === 'number');

function blockOf(list: readonly unknown[]): Block | null {
  if (list.length >= LEAST && areNumbers(list)) return { packedNumbers: Float64Array.from(list), ends: null };
  const total = list.reduce((sum: number, row) => sum + (Array.isArray(row) ? row.length : 0), 0);
  if (total < LEAST || !list.every(areNumbers)) return null;
  const [packedNumbers, ends] = [new Float64Array(total), new Int32Array(list.length)];
  let end = 0;
  list.forEach((row, i) => {
    packedNumbers.set(row, end);
    end += row.length;
    ends[i] = end;
  });
  return { packedNumbers, ends };
}

/** A spread, or `Array.from`, goes through an iterator: four to twenty times as long. */
function asList(numbers: Float64Array): number[] {
  const list = new Array<number>(numbers.length).fill(0);
  for (let i = 0; i < list.length; i++) list[i] = at(numbers, i);
  return list;
}

function listOf({ packedNumbers, ends }: Block): readonly unknown[] {
  if (ends === null) return asList(packedNumbers);
  return Array.from(ends, (end, i) => asList(packedNumbers.subarray(i === 0 ? 0 : at(ends, i - 1), end)));
}

/** What is the same object before is the same object after. The data have no cycles. */
export function packed<Data>(data: Data): Packed<Data> {
  const known = new Map<object, unknown>();
  const pack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (!known.has(value)) known.set(value, packedObject(value));
    return known.get(value);
  };
  const packedObject = (value: object): unknown => {
    if (Array.isArray(value)) return blockOf(value) ?? value.map(pack);
    return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, pack(entry)])) : value;
  };
  return { packed: pack(data) };
}

/** The data, made of what has crossed, which is nobody else's. */
export function unpacked<Data>({ packed }: Packed<Data>): Data {
  const seen = new Set<object>();
  const lists = new Map<Block, readonly unknown[]>();
  const unpack = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (!Array.isArray(value) && !isPlain(value)) return;
    for (const [key, entry] of Object.entries(value as object)) {
      if (typeof entry === 'object' && entry !== null && isBlock(entry)) writeOutWhenRead(value, key, entry);
      else unpack(entry);
    }
  };
  const writeOutWhenRead = (owner: object, key: string, block: Block) => {
    const own = { configurable: true, enumerable: true };
    const get = () => {
      const list = lists.get(block) ?? listOf(block);
      lists.set(block, list);
      Object.defineProperty(owner, key, { ...own, value: list, writable: true });
      return list;
    };
    Object.defineProperty(owner, key, { ...own, get });
  };
  unpack(packed);
  return packed as Data;
}
