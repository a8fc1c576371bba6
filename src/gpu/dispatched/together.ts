/**
 * Small dispatches one after the other become one of one workgroup, and loops of them whole: what they pass on lies in the memory of
 * the workgroup, and a loop ends once it is done.
 */
import { at } from '../../core/diagnostic.ts';
import { ceilDiv } from '../kernels/define-kernel.ts';
import type { BufferId, Dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE_RUN, rowsOf } from '../kernels/elementwise-run.ts';
import { matmul } from '../kernels/product.ts';
import { PRODUCT_RUN } from '../kernels/product-run.ts';
import { BESIDE, partCount, TOGETHER, type Together, type TogetherItem } from '../kernels/together.ts';
import { writtenBy } from './members.ts';
import type { Call, Item } from './plan.ts';
import { Pool } from './reuse.ts';
import { asRun, callsOf, MOST_ARRAYS, mentionsOf, type Surroundings } from './runs.ts';

/** Invocations of the workgroup, and of one for loops whose parts would keep those too long. */
const [WIDTH, LARGE_WIDTH] = [64, 256] as const;
/** Terms that an invocation may add one after the other because the workgroup is alone, where a dispatch would have more workgroups. */
const MOST_EXTRA = 64;
/** The same in a loop and beside it: its turns are then no dispatches, and it ends once it is done. Each further place counts as some terms. */
const [MOST_EXTRA_OF_TURNS, TERMS_OF_A_PLACE] = [1024, 16] as const;
/** Lines that one kernel has at most: compilers take long for barriers. */
const MOST_LINES = 500;
const LINES_OF_A_PART = 16;
/** Numbers in the memory of a workgroup that every adapter has: 16 KiB, less what barriers and loops may need. */
const MOST_LOCAL = 3968;
/** Parts that one dispatch does at most, and terms that an invocation adds: a GPU must come to an end. */
const [MOST_TURNS, MOST_TERMS] = [20_000, 1 << 19] as const;

/** How many invocations a kernel takes, and terms that each adds. */
type Work = (params: Readonly<Record<string, number>>) => { readonly count: number; readonly terms: number };

/** Kernels that a workgroup can do beside others: an invocation needs no more than its place. */
const WORK: Readonly<Record<string, Work>> = {
  matvec: ({ rows = 0, inner = 0, piece = 1 }) => ({ count: rows * ceilDiv(inner, piece), terms: piece }),
  project_affine: ({ rows = 0, inner = 0, turns = 1 }) => ({ count: ceilDiv(rows, turns), terms: inner * turns }),
  reduce: ({ outer = 0, length = 0, inner = 0, piece = 1 }) => ({
    count: outer * ceilDiv(length, piece) * inner,
    terms: piece,
  }),
  scatter: ({ count = 0 }) => ({ count, terms: 1 }),
  gather: ({ count = 0 }) => ({ count, terms: 1 }),
  random: ({ count = 0 }) => ({ count, terms: 1 }),
};

/**
 * The same computation in fewer dispatches. `isKept` says which buffers are read beside these items, `lengths` how long the others are,
 * each of which is written before it is read.
 */
export function putTogether(
  items: readonly Item[],
  isKept: (buffer: BufferId) => boolean,
  lengths: ReadonlyMap<BufferId, number>,
): Item[] {
  return inBody(items, { isKept, mentions: mentionsOf(items) }, lengths);
}

function inBody(items: readonly Item[], around: Surroundings, lengths: ReadonlyMap<BufferId, number>): Item[] {
  const drafts = items.map((item) => draftOf(item, around, false));
  const besideTurns = items.map((item) => draftOf(item, around, true));
  const done: Item[] = [];
  let first = 0;
  const upTo = (end: number) => {
    while (first < end) {
      const group = longest(drafts.slice(0, end), first, around, lengths);
      const item = at(items, first);
      if (group) done.push(group.call);
      else done.push(item.kind === 'loop' ? { ...item, body: inBody(item.body, around, lengths) } : item);
      first += group?.count ?? 1;
    }
  };
  for (const [loop, draft] of drafts.entries()) {
    if (draft?.kind !== 'loop' || loop < first) continue;
    const begin = firstWith(besideTurns, first, loop, around, lengths);
    if (begin === null) continue;
    upTo(begin.first);
    done.push(begin.call);
    first += begin.count;
  }
  upTo(items.length);
  return done;
}

/**
 * The group with a loop that begins the earliest. Loops come first: what carries them to their first turn, if another group had it,
 * would have to be bound.
 */
function firstWith(
  drafts: readonly (Item | null)[],
  first: number,
  loop: number,
  around: Surroundings,
  lengths: ReadonlyMap<BufferId, number>,
): (Group & { readonly first: number }) | null {
  const barrier = drafts.slice(0, loop).lastIndexOf(null) + 1;
  for (let begin = Math.max(first, barrier); begin <= loop; begin++) {
    const group = longest(drafts, begin, around, lengths, loop - begin + 1);
    if (group) return { ...group, first: begin };
  }
  return null;
}

interface Group {
  readonly call: Call;
  /** Items that it stands for. */
  readonly count: number;
}

/** An item whose elementwise calls are runs, if a workgroup can do all of it; `isTurn`: it is in a loop, or beside one. */
function draftOf(item: Item, around: Surroundings, isTurn: boolean): Item | null {
  if (item.kind === 'loop') {
    const body = item.body.map((inner) => draftOf(inner, around, true));
    return body.every((inner) => inner !== null) ? { ...item, body } : null;
  }
  const call = asRun(item, around) ?? item;
  const isShort = isTurn
    ? extraTerms(call, LARGE_WIDTH, TERMS_OF_A_PLACE) <= MOST_EXTRA_OF_TURNS
    : extraTerms(call, WIDTH) <= MOST_EXTRA;
  return isShort ? call : null;
}

/** Terms that an invocation of one workgroup adds beside those that it would add in a dispatch; `ofPlace` more for each further place. */
function extraTerms({ dispatch }: Call, width: number, ofPlace = 0): number {
  const { count, terms } = workOf(dispatch) ?? { count: Number.POSITIVE_INFINITY, terms: 1 };
  return (ceilDiv(count, width) - 1) * (terms + ofPlace);
}

const widthOf = (items: readonly Item[]): number =>
  callsOf(items).some((call) => extraTerms(call, WIDTH) > MOST_EXTRA) ? LARGE_WIDTH : WIDTH;

const termsOf = (call: Call, width: number): number => extraTerms(call, width) + (workOf(call.dispatch)?.terms ?? 0);

/** All that an invocation adds, turns of loops counted. */
const allTerms = (items: readonly Item[], width: number): number =>
  items.reduce(
    (sum, item) => sum + (item.kind === 'call' ? termsOf(item, width) : item.count * allTerms(item.body, width)),
    0,
  );

function workOf({ kernel, params, run }: Dispatch): ReturnType<Work> | null {
  if ((kernel === matmul.name && params.alpha === 1 && params.delta === 0) || kernel === PRODUCT_RUN) {
    const { rows = 0, inner = 0, columns = 0, piece = 1 } = params as Readonly<Record<string, number>>;
    return { count: rows * columns * ceilDiv(inner, piece), terms: Math.min(inner, piece) };
  }
  if (run && kernel === ELEMENTWISE_RUN) {
    const terms = rowsOf(run).reduce((sum, row) => sum + row.terms, Math.ceil(run.lines.length / 16));
    return { count: Number(params.count), terms };
  }
  return WORK[kernel]?.(params as Readonly<Record<string, number>>) ?? null;
}

/** The longest group from here on that fits into one kernel: two dispatches at least, or a loop; of `least` items or more. */
function longest(
  drafts: readonly (Item | null)[],
  first: number,
  around: Surroundings,
  lengths: ReadonlyMap<BufferId, number>,
  least = 1,
): Group | null {
  const group: Item[] = [];
  const bindings = new Bindings(around, lengths);
  const fitting: number[] = [];
  let [lines, parts] = [0, 0];
  for (let draft = drafts[first]; draft; draft = drafts[first + group.length]) {
    group.push(draft);
    lines += linesOf([draft]);
    parts += partCount(shapesOf([draft]));
    if (lines > MOST_LINES || parts > MOST_TURNS || allTerms(group, widthOf(group)) > MOST_TERMS) break;
    bindings.take(draft);
    const isWorthIt = group.length > 1 || draft.kind === 'loop';
    if (group.length >= least && bindings.count <= MOST_ARRAYS && isWorthIt) fitting.push(group.length);
  }
  for (const count of fitting.reverse()) {
    const call = asOne(group.slice(0, count), around, lengths);
    if (call) return { call, count };
  }
  return null;
}

/** How many buffers a growing group must bind: those that others read or write as well, or that come from elsewhere. */
class Bindings {
  count = 0;
  private readonly inside = new Map<BufferId, number>();

  constructor(
    private readonly around: Surroundings,
    private readonly lengths: ReadonlyMap<BufferId, number>,
  ) {}

  take(item: Item): void {
    for (const [buffer, added] of mentionsOf([item])) {
      const before = this.inside.get(buffer) ?? 0;
      this.inside.set(buffer, before + added);
      if (before === 0) this.count += 1;
      if (this.isOwn(buffer)) this.count -= 1;
    }
  }

  private isOwn(buffer: BufferId): boolean {
    const { isKept, mentions } = this.around;
    return !isKept(buffer) && this.lengths.has(buffer) && this.inside.get(buffer) === mentions.get(buffer);
  }
}

const linesOf = (items: readonly Item[]): number =>
  callsOf(items).reduce((sum, { dispatch: { run } }) => {
    const parts = run ? rowsOf(run).length : 1;
    return sum + (run?.lines.length ?? 0) + LINES_OF_A_PART * parts + 3;
  }, 0);

/** The group as one dispatch, or null where it takes too many bindings or too much memory. */
function asOne(
  group: readonly Item[],
  { isKept, mentions }: Surroundings,
  lengths: ReadonlyMap<BufferId, number>,
): Call | null {
  const inside = mentionsOf(group);
  const locals = new Map(
    [...inside].flatMap(([buffer, count]) => {
      const length = lengths.get(buffer);
      return isKept(buffer) || length === undefined || count !== mentions.get(buffer)
        ? []
        : [[buffer, length] as const];
    }),
  );
  const bound = [...inside.keys()].filter((buffer) => !locals.has(buffer));
  const held = heldIn(group, locals);
  if (!held || bound.length + (held.beside ? 1 : 0) > MOST_ARRAYS) return null;
  const names = new Map([...bound.map((buffer, i) => [buffer, `g${i}`] as const), ...held.names]);
  if (doneOf(group).some((buffer) => !locals.has(buffer))) return null;
  const written = new Set(callsOf(group).flatMap(writtenBy));
  const together = {
    items: partsOf(group, (buffer) => names.get(buffer) ?? ''),
    globals: bound.map((buffer, i) => ({ name: `g${i}`, isWritten: written.has(buffer) })),
    locals: held.locals,
    beside: held.beside?.arrays ?? [],
    width: widthOf(group),
  };
  const dispatch: Dispatch = {
    kernel: TOGETHER,
    constants: {},
    params: { parts: callsOf(group).length },
    arrays: {
      ...Object.fromEntries(bound.map((buffer, i) => [`g${i}`, buffer])),
      ...(held.beside && { [BESIDE]: held.beside.buffer }),
    },
    together,
  };
  return { kind: 'call', label: [...new Set(callsOf(group).map(({ label }) => label))].join(' '), dispatch };
}

/** Where what is passed on lies. */
interface Held extends Pick<Together, 'locals'> {
  readonly names: ReadonlyMap<BufferId, string>;
  /** What is too long for the memory of the workgroup, and a buffer of those that are passed on, which takes all of it. */
  readonly beside: { readonly buffer: BufferId; readonly arrays: Together['beside'] } | null;
}

/** All in the memory of the workgroup, or the longest beside it; null where there are too many numbers that end loops. */
function heldIn(group: readonly Item[], lengths: ReadonlyMap<BufferId, number>): Held | null {
  const descending = [...new Set(lengths.values())].sort((a, b) => b - a);
  // What ends a loop has one entry, and stays in the workgroup.
  for (const least of [Number.POSITIVE_INFINITY, ...descending.filter((length) => length > 1)]) {
    const those = (isLong: boolean) => new Map([...lengths].filter(([, length]) => length >= least === isLong));
    const [long, short] = [new Pool(), new Pool()];
    const [inLong, inShort] = [long, short].map((pool, i) => pool.assign(group, those(i === 0), new Set()));
    let room = MOST_LOCAL - short.lengths.reduce((sum, length) => sum + length, 0);
    if (room < 0 || !inLong || !inShort) continue;
    const arraysOf = (pool: Pool, first: number) =>
      pool.lengths.map((length, i) => ({ name: `w${first + i}`, length }));
    const [shortArrays, longArrays] = [arraysOf(short, 0), arraysOf(long, short.lengths.length)];
    const fitting = longArrays.filter(({ length }) => {
      const fits = length <= room;
      if (fits) room -= length;
      return fits;
    });
    const beside = longArrays.filter((array) => !fitting.includes(array));
    const nameOf = (place: number) => {
      const array = at(longArrays, place);
      return beside.includes(array) ? `${BESIDE}.${array.name}` : array.name;
    };
    const names = new Map([
      ...[...inShort].map(([buffer, place]) => [buffer, at(shortArrays, place).name] as const),
      ...[...inLong].map(([buffer, place]) => [buffer, nameOf(place)] as const),
    ]);
    const [buffer] = [...names].find(([, name]) => name.startsWith(BESIDE)) ?? [];
    return {
      locals: [...shortArrays, ...fitting],
      names,
      beside: buffer === undefined ? null : { buffer, arrays: beside },
    };
  }
  return null;
}

/** Lengths of the buffers that hold what is too long for the memory of a workgroup. */
export const lengthsBeside = (items: readonly Item[]): Map<BufferId, number> =>
  new Map(
    callsOf(items).flatMap(({ dispatch: { arrays, together } }) => {
      const buffer = arrays[BESIDE];
      const length = together?.beside.reduce((sum, array) => sum + array.length, 0) ?? 0;
      return buffer === undefined || length === 0 ? [] : [[buffer, length] as const];
    }),
  );

const doneOf = (items: readonly Item[]): BufferId[] =>
  items.flatMap((item) =>
    item.kind === 'call' ? [] : [...(item.done === undefined ? [] : [item.done]), ...doneOf(item.body)],
  );

const partsOf = (items: readonly Item[], nameOf: (buffer: BufferId) => string): TogetherItem[] =>
  items.map((item): TogetherItem => {
    if (item.kind === 'loop')
      return {
        kind: 'turns',
        count: item.count,
        done: item.done === undefined ? null : nameOf(item.done),
        body: partsOf(item.body, nameOf),
      };
    const { kernel, constants, params, arrays, run = null } = item.dispatch;
    const named = Object.fromEntries(Object.entries(arrays).map(([array, buffer]) => [array, nameOf(buffer)]));
    const { count } = at([workOf(item.dispatch) ?? { count: 0 }], 0);
    return { kind: 'part', label: item.label, kernel, constants, params, arrays: named, run, count };
  });

/** For counting parts. */
const shapesOf = (items: readonly Item[]): TogetherItem[] => partsOf(items, () => '');
