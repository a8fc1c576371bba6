/**
 * Program → WebAssembly: `begin` computes the state at the start, `advance` makes steps in one loop, `outputs` computes what is
 * recorded. What depends on settings alone is computed by the reference's own machine and lies in memory.
 */
import { at, fault, type Result, success } from '../core/diagnostic.ts';
import { neededValues } from '../core/program/host.ts';
import { isOfIterate } from '../core/program/iterate-slots.ts';
import type { Program } from '../core/program/program.ts';
import { type Id, levelOf, type Value } from '../core/tensor/value.ts';
import { type Address, BYTES, loop } from './arrays.ts';
import { type Code, encodeModule, Frame, type ModuleParts } from './encode.ts';
import { FunctionWriter, type Slot } from './function-writer.ts';
import { type ArrayCall, HostCalls } from './host-calls.ts';
import { MemoryPlan, MOST_BYTES, Places } from './places.ts';
import { pushNumber } from './scalar.ts';
import type { Shared } from './writing.ts';

/** An array in memory. */
export interface Placed {
  readonly id: Id;
  readonly address: Address;
}

/** A module as data: the same for every run of a program, whatever its settings and start. */
export interface WasmPlan {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly pages: number;
  readonly arrayCalls: readonly ArrayCall[];
  /** What the host computes and writes into memory before the run. */
  readonly host: readonly Placed[];
  /** Where x₀[n] is read, or null. */
  readonly start: Address | null;
  /** Where the state is, slot by slot. */
  readonly state: readonly { readonly address: Address; readonly size: number }[];
  /** Where the outputs are after `outputs`, in order. */
  readonly outputs: readonly { readonly address: Address; readonly size: number }[];
}

/** What `advance` leaves in the exported variable `trouble`. */
export const TROUBLE = { none: 0, diverged: 1, nonFinite: 2 } as const;

const PAGE = 65_536;

/** Fails with a sentence where a run would need more memory than a page may take. */
export function lower(program: Program, hasPairs = true): Result<WasmPlan> {
  const places = new Places(program, neededValues(program));
  const shared: Shared = { places, memory: new MemoryPlan(), calls: new HostCalls(), hasPairs };
  if (program.start !== null) shared.memory.keep(program.start, program.size);
  const slots = program.state.map(({ current }) => shared.memory.keep(current, places.sizeOf(current)));
  // The others say what `begin` has to leave in memory.
  const advance = writeAdvance(program, shared, slots);
  const outputs = writeOutputs(program, shared);
  const begin = writeBegin(program, shared, slots);
  if (shared.memory.size > MOST_BYTES) return tooLarge(shared.memory.size);
  const functions: ModuleParts['functions'] = [begin, advance, outputs.written].map(({ name, frame, body }) => ({
    name,
    signature: { params: frame.params, results: name === 'advance' ? ['i32'] : [] },
    frame,
    body,
  }));
  const pages = Math.ceil((shared.memory.size + 2 * BYTES) / PAGE);
  return success({
    bytes: encodeModule({ imports: shared.calls.imports, functions, globals: ['trouble'], pages }),
    pages,
    arrayCalls: shared.calls.arrays,
    host: shared.memory.keptValues.filter(({ id }) => places.isHost(places.value(id))),
    start: program.start === null ? null : shared.memory.keep(program.start, program.size),
    state: program.state.map(({ current }, slot) => ({ address: at(slots, slot), size: places.sizeOf(current) })),
    outputs: outputs.places,
  });
}

const tooLarge = (bytes: number) =>
  fault(`In WebAssembly this run would take ${(bytes / 2 ** 30).toFixed(1)} GB of memory, more than 1 GB.`);

interface Written {
  readonly name: 'begin' | 'advance' | 'outputs';
  readonly frame: Frame;
  readonly body: Code;
}

/** In memory before a step: what settings and data determine, and what `begin` has left. */
const isKeptInSteps =
  ({ places }: Shared) =>
  (value: Value): boolean =>
    places.isHost(value) || (value.region === null && levelOf(value.uses) === 'start' && !places.isSplat(value));

const isStart = (value: Value): boolean => value.op === 'input' && value.attributes.source === 'start';

/** begin(t): the state at step t, and what the start determines. */
function writeBegin(program: Program, shared: Shared, slots: readonly Address[]): Written {
  const { places, memory } = shared;
  const frame = new Frame(['f64']);
  const writer = new FunctionWriter(shared, frame, (value) => places.isHost(value) || isStart(value), 0);
  const left = memory.keptValues.filter(({ id }) => {
    const value = places.value(id);
    return levelOf(value.uses) === 'start' && !isStart(value);
  });
  const initial = program.state.map(({ initial }) => initial);
  writer.want([...left.map(({ id }) => id), ...initial]);
  writer.compute();
  const inMemory = (id: Id, address: Address): Slot => ({ address, size: places.sizeOf(id) });
  writer.assign(
    [...left.map(({ id, address }) => inMemory(id, address)), ...initial.map((id, i) => inMemory(id, at(slots, i)))],
    [...left.map(({ id }) => id), ...initial],
  );
  writer.finish();
  return { name: 'begin', frame, body: writer.once.append(writer.code) };
}

/** outputs(t): what is recorded of the present state. */
function writeOutputs(program: Program, shared: Shared) {
  const { places } = shared;
  const frame = new Frame(['f64']);
  const isKept = isKeptInSteps(shared);
  const isState = (value: Value) => value.op === 'input' && value.attributes.source === 'state';
  const writer = new FunctionWriter(shared, frame, (value) => isKept(value) || isState(value), 0);
  writer.want(program.outputs.map(({ value }) => value));
  writer.compute();
  const results = program.outputs.map(({ value }) => writer.result(value));
  writer.finish();
  const written: Written = { name: 'outputs', frame, body: writer.once.append(writer.code) };
  return {
    written,
    places: results.map((address, i) => ({ address, size: places.sizeOf(at(program.outputs, i).value) })),
  };
}

/**
 * advance(t, count, bound) → steps made: from step t on, fewer than `count` where a number of the next state is not finite or one
 * that the iterate is computed from would leave ±bound; nothing of such a step is kept, and `trouble` says which.
 */
function writeAdvance(program: Program, shared: Shared, addresses: readonly Address[]): Written {
  const { places } = shared;
  const frame = new Frame(['f64', 'i32', 'f64']);
  const [t, count, bound] = [0, 1, 2];
  const [left, trouble] = [frame.local('i32'), frame.local('i32')];
  const writer = new FunctionWriter(shared, frame, isKeptInSteps(shared), t);
  const slots: Slot[] = program.state.map(({ current }, i) => {
    const [size, address] = [places.sizeOf(current), at(addresses, i)];
    if (!places.isScalar(places.value(current))) return { address, size };
    return { locals: Array.from({ length: size }, () => frame.local('f64')) };
  });
  const { once } = writer;
  const eachLocal = (visit: (local: number, address: Address) => void) => {
    slots.forEach((slot, i) => {
      if ('locals' in slot) slot.locals.forEach((local, k) => visit(local, at(addresses, i) + k * BYTES));
    });
  };
  eachLocal((local, address) => once.integer(0).access('f64.load', address).set(local));
  once.get(count).set(left);
  program.state.forEach(({ current }, i) => writer.provide(current, at(slots, i)));
  const next = program.state.map(({ next }) => next);
  writer.want(next);
  const { code } = writer;
  code.begin('block').begin('block').begin('loop');
  code.get(t).number(1).op('f64.add').set(t);
  program.state.forEach(({ current }, i) => writer.spillProvided(current, at(addresses, i)));
  writer.compute();
  const isBounded = isOfIterate(program);
  next.forEach((id, i) => {
    const limit = (to: Code) => (at(isBounded, i) ? to.get(bound) : to.number(MOST));
    eachCheck(writer, shared, id, limit, () => code.branch('br_if', 1));
  });
  writer.assign(slots, next);
  code.get(left).integer(1).op('i32.sub').set(left).get(left).branch('br_if', 0).op('end').branch('br', 1).op('end');
  // A step that is not kept: is any of its numbers not finite?
  code.integer(TROUBLE.diverged).set(trouble);
  const isBad = frame.local('i32');
  for (const id of next) {
    eachCheck(
      writer,
      shared,
      id,
      (to) => to.number(MOST),
      () => {
        code.set(isBad).integer(TROUBLE.nonFinite).get(trouble).get(isBad).op('select').set(trouble);
      },
    );
  }
  code.op('end');
  eachLocal((local, address) => code.integer(0).get(local).access('f64.store', address));
  code.get(trouble).globalSet(0).get(count).get(left).op('i32.sub');
  writer.finish();
  return { name: 'advance', frame, body: once.append(code) };
}

/** The largest finite number. */
const MOST = Number.MAX_VALUE;

/** Leaves on the stack whether some |entry| is beyond the limit or NaN, and lets it be taken: for each entry, or for an array at once. */
function eachCheck(
  writer: FunctionWriter,
  { places, hasPairs }: Shared,
  id: Id,
  limit: (code: Code) => Code,
  take: () => void,
): void {
  const { code, frame } = writer;
  const size = places.sizeOf(id);
  if (places.isFew(places.value(id))) {
    for (let k = 0; k < size; k++) {
      limit(pushNumber(code, writer.entry(id, k)).op('f64.abs')).op('f64.le', 'i32.eqz');
      take();
    }
    return;
  }
  const address = writer.address(id);
  const allGood = frame.local('i32');
  code.integer(1).set(allGood);
  const pairs = hasPairs ? Math.floor(size / 2) : 0;
  if (pairs > 0) {
    const good = frame.local('v128');
    code.number(0).op('f64x2.splat').number(0).op('f64x2.splat', 'f64x2.eq').set(good);
    loop({ code, frame, hasPairs }, pairs, 2 * BYTES, (i) => {
      limit(code.get(good).get(i).access('v128.load', address).op('f64x2.abs')).op(
        'f64x2.splat',
        'f64x2.le',
        'v128.and',
      );
      code.set(good);
    });
    code.get(good).op('i64x2.all_true').set(allGood);
  }
  const done = pairs * 2 * BYTES;
  loop({ code, frame, hasPairs }, size - 2 * pairs, BYTES, (i) => {
    limit(
      code
        .get(i)
        .access('f64.load', address + done)
        .op('f64.abs'),
    ).op('f64.le');
    code.get(allGood).op('i32.and').set(allGood);
  });
  code.get(allGood).op('i32.eqz');
  take();
}
