/**
 * Elementwise dispatches that may be one kernel become one, and products of a matrix and a vector, which are a sum for each entry, with
 * them: fewer dispatches, and no memory for what is passed on.
 */
import { at } from '../../core/diagnostic.ts';
import type { BufferId, Dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE_RUN, type ElementwiseRun, type Line, type Operand, type Row } from '../kernels/elementwise-run.ts';
import {
  type Access,
  accessesOf,
  buffersOf,
  factorsOf,
  type Member,
  memberOf,
  type Product,
  readBy,
  writtenBy,
} from './members.ts';
import type { Call, Item } from './plan.ts';

/** Storage buffers that every adapter binds at once. */
export const MOST_ARRAYS = 8;
const MOST_LINES = 64;
/** Products of a matrix and a vector in one run: each has loops of its own to compile. */
const MOST_PRODUCTS = 8;
/** Runs that wait for more members. */
const MOST_OPEN = 16;
/** Every invocation computes the scalars of its run again: so many times at most, or a dispatch of their own is cheaper. */
const MOST_REPEATED = 1 << 22;

/**
 * The same computation in fewer dispatches. `isKept` says which buffers are read beside these items; a result that nothing else
 * reads gets no buffer. Dispatches change places only where neither reads or writes what the other writes.
 */
export function fuseRuns(items: readonly Item[], isKept: (buffer: BufferId) => boolean): Item[] {
  return fuseBody(items, { isKept, mentions: mentionsOf(items) });
}

/** How many dispatches name each buffer, and loops as their end. */
export function mentionsOf(items: readonly Item[]): Map<BufferId, number> {
  const mentions = new Map<BufferId, number>();
  const count = (buffer: BufferId) => mentions.set(buffer, (mentions.get(buffer) ?? 0) + 1);
  const visit = (item: Item) => {
    if (item.kind === 'call') return buffersOf(item).forEach(count);
    item.body.forEach(visit);
    if (item.done !== undefined) count(item.done);
  };
  items.forEach(visit);
  return mentions;
}

export interface Surroundings {
  readonly isKept: (buffer: BufferId) => boolean;
  /** Dispatches of the phase that name a buffer. */
  readonly mentions: ReadonlyMap<BufferId, number>;
}

function fuseBody(items: readonly Item[], around: Surroundings): Item[] {
  const done: Item[] = [];
  let open: Run[] = [];
  const close = (count: number) => {
    for (const { members } of open.slice(0, count)) done.push(joined(members, around));
    open = open.slice(count);
  };
  for (const item of items) {
    if (item.kind === 'loop') {
      close(open.length);
      done.push({ ...item, body: fuseBody(item.body, around) });
      continue;
    }
    const named = buffersOf(item);
    const written = writtenBy(item);
    const last = open.findLastIndex((run) => run.conflicts(named, written));
    const member = memberOf(item);
    if (!member) {
      close(last + 1);
      done.push(item);
      continue;
    }
    const place = open.findIndex((run, i) => i >= last && run.mayTake(member, named, around));
    const run = open[place] ?? new Run();
    if (place < 0) open.push(run);
    run.take(member, named);
    if (open.length > MOST_OPEN) close(1);
  }
  close(open.length);
  return done;
}

/** Members that will be one dispatch. */
class Run {
  readonly members: Member[] = [];
  /** How many members name a buffer. */
  private readonly inside = new Map<BufferId, number>();
  /** From memory. */
  private readonly read = new Set<BufferId>();
  private readonly written = new Set<BufferId>();
  private count = 1;
  private scalars = 0;

  /** Whether a dispatch that names and writes these buffers must stay on its side of this run. */
  conflicts(named: readonly BufferId[], written: readonly BufferId[]): boolean {
    return named.some((buffer) => this.written.has(buffer)) || written.some((buffer) => this.inside.has(buffer));
  }

  mayTake(member: Member, named: readonly BufferId[], around: Surroundings): boolean {
    if (this.members.length === MOST_LINES) return false;
    if (member.count !== 1 && this.count !== 1 && member.count !== this.count) return false;
    const count = Math.max(this.count, member.count);
    const products = [...this.members, member].filter(({ product }) => product);
    if (products.length > MOST_PRODUCTS || products.some((one) => one.count < count)) return false; // none is computed twice
    if (count > 1 && (this.scalars + 1) * count > MOST_REPEATED) return false;
    return isSound([...this.members, member], count) && this.arraysWith(member, named, around) <= MOST_ARRAYS;
  }

  /** Arrays to bind if the member came in: what is read from memory, and results that are wanted elsewhere. */
  private arraysWith(member: Member, named: readonly BufferId[], { isKept, mentions }: Surroundings): number {
    if (this.inside.size + named.length <= MOST_ARRAYS) return 0; // however many of them are needed
    const bound = new Set(this.read);
    for (const buffer of readBy(member)) if (!this.written.has(buffer)) bound.add(buffer);
    for (const into of [...this.written, member.into]) {
      const inside = (this.inside.get(into) ?? 0) + (named.includes(into) ? 1 : 0);
      if (isKept(into) || inside !== mentions.get(into)) bound.add(into);
    }
    return bound.size;
  }

  take(member: Member, named: readonly BufferId[]): void {
    for (const buffer of readBy(member)) if (!this.written.has(buffer)) this.read.add(buffer);
    for (const buffer of named) this.inside.set(buffer, (this.inside.get(buffer) ?? 0) + 1);
    this.members.push(member);
    this.written.add(member.into);
    this.count = Math.max(this.count, member.count);
    if (member.count === 1) this.scalars += 1;
  }
}

/** Whether every invocation finds what it needs: in its registers, or in memory that no other invocation writes. */
function isSound(members: readonly Member[], count: number): boolean {
  const writers = new Map<BufferId, Member>();
  const reads: { readonly member: Member; readonly access: Access }[] = [];
  const anywhere: BufferId[] = [];
  for (const member of members) {
    for (const buffer of factorsOf(member)) {
      if (writers.has(buffer)) return false;
      anywhere.push(buffer);
    }
    for (const access of accessesOf(member)) {
      const writer = writers.get(access.buffer);
      if (!writer) reads.push({ member, access });
      else if (!isPassedOn(writer, member, access)) return false;
    }
    if (writers.has(member.into)) return false;
    writers.set(member.into, member);
  }
  if (count > 1 && anywhere.some((buffer) => writers.has(buffer))) return false;
  return reads.every(({ member, access }) => {
    const writer = writers.get(access.buffer);
    return !writer || count === 1 || (member.count === count && writer.count === count && isOwn(access, count));
  });
}

const isPassedOn = (writer: Member, reader: Member, access: Access): boolean =>
  writer.count === reader.count
    ? isOwn(access, reader.count)
    : writer.count === 1 && access.offset === 0 && access.strides.every((stride) => stride === 0);

/** Entry i for invocation i. */
const isOwn = ({ offset, shape, strides }: Access, count: number): boolean =>
  offset === 0 && (count === 1 || (shape.length === 1 && strides[0] === 1));

const joined = (members: readonly Member[], around: Surroundings): Call =>
  members.length === 1 ? at(members, 0).call : asOne(members, around);

/** A dispatch that computes entry by entry as a run, also where it is only one operation; null for any other. */
export function asRun(call: Call, around: Surroundings): Call | null {
  if (call.dispatch.kernel === ELEMENTWISE_RUN) return call;
  const member = memberOf(call);
  return member && asOne([member], around);
}

function asOne(members: readonly Member[], around: Surroundings): Call {
  const { run, buffers } = runOf(members, around);
  const count = Math.max(...members.map((member) => member.count));
  const dispatch: Dispatch = {
    kernel: ELEMENTWISE_RUN,
    constants: {},
    params: { count, first: 0 },
    arrays: buffers,
    run,
  };
  return { kind: 'call', label: [...new Set(members.map(({ call }) => call.label))].join(' '), dispatch };
}

function runOf(members: readonly Member[], { isKept, mentions }: Surroundings) {
  const count = Math.max(...members.map((member) => member.count));
  const inside = new Map<BufferId, number>();
  for (const { call } of members)
    for (const buffer of buffersOf(call)) inside.set(buffer, (inside.get(buffer) ?? 0) + 1);
  const names = new Map<BufferId, string>();
  const written = new Set<BufferId>();
  const read = new Set<BufferId>();
  const nameOf = (buffer: BufferId): string => {
    const name = names.get(buffer) ?? `b${names.size}`;
    names.set(buffer, name);
    return name;
  };
  const lineOf = new Map<BufferId, number>();
  const drafts = members.map(({ operation, operands, product, into, count: own, call: { label } }, i) => {
    const rows = product ? [rowOf(product, nameOf)] : [];
    if (product) for (const { buffer } of [product.matrix, product.vector]) read.add(buffer);
    const shown = operands.map((operand): Operand => {
      if (typeof operand === 'number') return { kind: 'literal', value: operand };
      const line = lineOf.get(operand.buffer);
      if (line !== undefined) return { kind: 'line', line };
      read.add(operand.buffer);
      const { buffer, offset, shape, strides } = operand;
      return { kind: 'entry', array: nameOf(buffer), offset, shape, strides };
    });
    lineOf.set(into, i);
    return { operation, operands: [...rows, ...shown], isScalar: own === 1 && count > 1, into, label };
  });
  const lines = drafts.map(({ into, ...draft }): Line => {
    const isWanted = isKept(into) || read.has(into) || inside.get(into) !== mentions.get(into);
    if (!isWanted) return { ...draft, into: null };
    written.add(into);
    return { ...draft, into: nameOf(into) };
  });
  const run: ElementwiseRun = {
    lines,
    arrays: [...names].map(([buffer, name]) => ({ name, isWritten: written.has(buffer) })),
  };
  return { run, buffers: Object.fromEntries([...names].map(([buffer, name]) => [name, buffer])) };
}

function rowOf({ terms, matrix, vector }: Product, nameOf: (buffer: BufferId) => string): Row {
  const named = <T extends { readonly buffer: BufferId }>({ buffer, ...place }: T) => ({
    ...place,
    array: nameOf(buffer),
  });
  return { kind: 'row', terms, matrix: named(matrix), vector: named(vector) };
}

export const callsOf = (items: readonly Item[]): Call[] =>
  items.flatMap((item) => (item.kind === 'call' ? [item] : callsOf(item.body)));
