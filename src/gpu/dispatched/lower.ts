/** Program → dispatches over resident buffers. Pure: made and tested without a device. */
import { at } from '../../core/diagnostic.ts';
import { frontier } from '../../core/program/host.ts';
import type { Program } from '../../core/program/program.ts';
import { slotsReadBySteps } from '../../core/program/read-slots.ts';
import { reachable } from '../../core/tensor/evaluate.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, levelOf, type RegionId, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { type BufferId, dispatch } from '../kernels/dispatch.ts';
import { carry, fill, nextRow } from '../kernels/place.ts';
import { fuseEpilogues } from './epilogues.ts';
import { Phase } from './phase.ts';
import {
  CONSTANTS,
  CURSOR,
  type DispatchPlan,
  dispatchCount,
  FIXED_BUFFERS,
  type Item,
  type Placed,
  type PlannedBuffer,
  ROW,
  SCHEDULE,
  START,
} from './plan.ts';
import { fusedProduct } from './product-rules.ts';
import { Pool } from './reuse.ts';
import { lowerValue } from './rules.ts';
import { fuseRuns } from './runs.ts';
import { lengthsBeside, putTogether } from './together.ts';
import { uniformValues } from './uniform.ts';
import { type BufferView, broadcastView, isContiguous, wholeView } from './view.ts';

/** Throws `NotDispatched` for the few operations without a dispatched form. */
export function lower(program: Program): DispatchPlan {
  return new Lowering(program).plan();
}

class Lowering {
  private readonly resident = new Map<Id, BufferView>();
  private readonly buffers: PlannedBuffer[] = [];
  private readonly constants: readonly Placed[];
  private readonly times: readonly Placed[];
  private readonly slots: DispatchPlan['slots'];
  private readonly pool = new Pool();
  private readonly real = new Map<BufferId, BufferId>();
  private readonly pooled = new Map<BufferId, number>();
  private readonly numbers = { next: 0 };

  constructor(private readonly program: Program) {
    const { values, start, state, size } = program;
    const { runValues, timeValues } = frontier(program);
    const uniform = uniformValues(program, [...runValues, ...timeValues]);
    this.constants = this.place(runValues, CONSTANTS, uniform);
    this.times = this.place(timeValues, ROW, uniform);
    this.buffers.push(
      { label: 'constants', length: lengthOf(this.constants) },
      { label: 'start', length: size },
      { label: 'schedule', length: 0 },
      { label: 'cursor', length: 1 },
      { label: 'row', length: lengthOf(this.times) },
    );
    if (start !== null) this.resident.set(start, wholeView(START, at(values, start).shape));
    this.slots = state.map(({ name, shape, current }, i) => {
      const buffer = FIXED_BUFFERS + i;
      this.buffers.push({ label: `s${i}`, length: sizeOf(shape) });
      this.resident.set(current, wholeView(buffer, shape));
      return { name, buffer, size: sizeOf(shape) };
    });
  }

  plan(): DispatchPlan {
    const { state, outputs } = this.program;
    const start = this.phase();
    this.readRow(start);
    const early = this.startValues();
    this.compute(start, [...early, ...state.map(({ initial }) => initial)]);
    for (const id of early) this.keep(id, start);
    this.settle(
      start,
      state.map(({ current, initial }) => ({ current, next: initial })),
    );
    this.fuse(start, new Set());
    this.allocate(start, new Set());

    const recordedStep = this.step(state);
    const lean = this.step(slotsReadBySteps(this.program));
    const step = dispatchCount(lean.items) < dispatchCount(recordedStep.items) ? lean : recordedStep;
    for (const phase of new Set([recordedStep, step])) this.allocate(phase, new Set());

    const record = this.phase();
    this.compute(
      record,
      outputs.map(({ value }) => value),
    );
    const results = outputs.map(({ name, value }) => {
      const view = record.contiguous(record.view(value), `%${value}`);
      return { name, buffer: view.buffer, offset: view.offset, size: sizeOf(view.shape) };
    });
    const kept = new Set(results.map(({ buffer }) => buffer));
    this.fuse(record, kept);
    this.allocate(record, kept);

    const first = this.buffers.length;
    const resolve = (buffer: BufferId): BufferId =>
      buffer >= 0 ? buffer : (this.real.get(buffer) ?? first + (this.pooled.get(buffer) ?? 0));
    const placed = results.map((result) => ({ ...result, buffer: resolve(result.buffer) }));
    return {
      buffers: [...this.buffers, ...this.pool.lengths.map((length, i) => ({ label: `b${i}`, length }))],
      constants: this.constants,
      schedule: { width: lengthOf(this.times), values: this.times },
      slots: this.slots,
      outputs: placed,
      recordWidth: placed.reduce((width, { size }) => width + size, 0),
      start: resolved(start.items, resolve),
      step: resolved(step.items, resolve),
      recordedStep: step === recordedStep ? null : resolved(recordedStep.items, resolve),
      record: resolved(record.items, resolve),
    };
  }

  /** A step as far as it moves these slots. */
  private step(slots: Program['state']): Phase {
    const phase = this.phase();
    this.readRow(phase);
    this.compute(
      phase,
      slots.map(({ next }) => next),
    );
    this.settle(phase, slots);
    this.fuse(phase, new Set());
    return phase;
  }

  /** One after the other. What has four entries or more begins where four-vectors do: products read matrices by them. */
  private place(ids: readonly Id[], buffer: BufferId, uniform: ReadonlySet<Id>): Placed[] {
    let offset = 0;
    return ids.map((id) => {
      const { shape } = this.valueOf(id);
      const own = uniform.has(id) ? [] : shape;
      const size = sizeOf(own);
      if (size >= 4) offset = 4 * Math.ceil(offset / 4);
      const placed = { id, offset, size };
      this.resident.set(id, broadcastView(wholeView(buffer, own, offset), shape));
      offset += placed.size;
      return placed;
    });
  }

  /** Start-level values that a step or an output reads. */
  private startValues(): Id[] {
    const roots = [...this.program.state.map(({ next }) => next), ...this.program.outputs.map(({ value }) => value)];
    const moving = this.idsFor(roots).filter((id) => this.levelOf(id) === 'step');
    const readBy = (id: Id): readonly Id[] => {
      const value = this.valueOf(id);
      if (value.op !== 'repeat') return value.args;
      const { results, until } = at(this.program.regions, value.attributes.region);
      return [...value.args, ...results, ...(until === null ? [] : [until])];
    };
    return [...new Set([...roots, ...moving.flatMap(readBy)])].filter((id) => this.levelOf(id) === 'start');
  }

  private valueOf = (id: Id): Value => at(this.program.values, id);
  private levelOf = (id: Id) => levelOf(this.valueOf(id).uses);
  private idsFor = (targets: readonly Id[]): Id[] => [...reachable(this.program, targets)].sort((a, b) => a - b);
  private phase = (): Phase => new Phase(this.program.values, this.program.regions, this.resident, this.numbers);

  /** The time-level values of this step come into their buffer. */
  private readRow(phase: Phase): void {
    const width = lengthOf(this.times);
    if (width > 0) phase.emit('t', dispatch(nextRow, { width }, { schedule: SCHEDULE, cursor: CURSOR, row: ROW }));
  }

  private compute(phase: Phase, targets: readonly Id[]): void {
    const needed = this.idsFor(targets).filter(
      (id) => !phase.isKnown(id) && ['start', 'step'].includes(this.levelOf(id)),
    );
    const count = (id: Id) => phase.readers.set(id, (phase.readers.get(id) ?? 0) + 1);
    targets.forEach(count);
    for (const id of needed) {
      const value = this.valueOf(id);
      value.args.forEach(count);
      if (value.op !== 'repeat') continue;
      const { results, until } = at(this.program.regions, value.attributes.region);
      results.forEach(count);
      if (until !== null) count(until);
    }
    this.computeRegion(phase, needed, null);
  }

  private computeRegion(phase: Phase, needed: readonly Id[], region: RegionId | null): void {
    const fused = new Set(needed.map((id) => fusedProduct(this.valueOf(id), phase)));
    for (const id of needed) {
      const value = this.valueOf(id);
      if (value.region !== region || fused.has(id) || value.op === 'carry' || value.op === 'turn') continue;
      if (value.op === 'repeat') this.loop(phase, value, needed);
      else if (value.op === 'pick') phase.define(id, phase.view(this.carried(value)));
      else phase.define(id, lowerValue(value, id, phase));
    }
  }

  /** The carried value of a loop, which after the loop holds its last. */
  private carried({ args: [loop], attributes }: ValueOf<'pick'>): Id {
    const repeat = this.valueOf(loop);
    const region = repeat.op === 'repeat' ? repeat.attributes.region : -1;
    return at(at(this.program.regions, region).carries, attributes.position);
  }

  private loop(phase: Phase, value: ValueOf<'repeat'>, needed: readonly Id[]): void {
    const { count, carries, turn, results, until } = at(this.program.regions, value.attributes.region);
    carries.forEach((id, i) => phase.define(id, phase.copy(phase.view(at(value.args, i)), `%${id}`)));
    const isCounted = (phase.readers.get(turn) ?? 0) > 0;
    if (isCounted) phase.define(turn, phase.filled(0, [], `%${turn}`));
    const outside = phase.items;
    phase.items = [];
    this.computeRegion(phase, needed, value.attributes.region);
    const homes = carries.map((id) => phase.view(id));
    const done = until === null ? null : firstEntry(phase, phase.view(until), homes, `%${until}`);
    const next = this.apart(phase, results, homes);
    next.forEach((view, i) => {
      const home = at(homes, i);
      const size = sizeOf(home.shape);
      if (size === 0) return;
      if (!done) phase.copy(view, `%${at(results, i)}`, home);
      else {
        const whole =
          view.offset === 0 ? phase.contiguous(view, `%${at(results, i)}`) : phase.copy(view, `%${at(results, i)}`);
        phase.emit(
          `%${at(results, i)}`,
          dispatch(carry, { count: size }, { done: done.buffer, next: whole.buffer, carried: home.buffer }),
        );
      }
    });
    if (isCounted)
      phase.emit(`%${turn}`, dispatch(fill, { count: 1, step: 1, value: 1 }, { result: phase.view(turn).buffer }));
    const body = phase.items;
    phase.items = outside;
    phase.items.push({ kind: 'loop', count, body, ...(done ? { done: done.buffer } : {}) });
  }

  /** Views of the next values that stay right while the homes are overwritten one after the other. */
  private apart(phase: Phase, ids: readonly Id[], homes: readonly BufferView[]): BufferView[] {
    const overwritten = new Set(homes.map(({ buffer }) => buffer));
    return ids.map((id, i) => {
      const view = phase.view(id);
      const isOwn = view.buffer === at(homes, i).buffer && view.offset === 0 && isContiguous(view);
      return overwritten.has(view.buffer) && !isOwn ? phase.copy(view, `%${id}`) : view;
    });
  }

  /** Slots take their next values; one that keeps its value needs nothing. */
  private settle(phase: Phase, slots: readonly { readonly current: Id; readonly next: Id }[]): void {
    const homes = slots.map(({ current }) => phase.view(current));
    const ids = slots.map(({ next }) => next);
    this.apart(phase, ids, homes).forEach((view, i) => {
      const home = at(homes, i);
      if (view.buffer !== home.buffer) phase.copy(view, `%${at(ids, i)}`, home);
    });
  }

  /** A value of the start that stays for the whole run. */
  private keep(id: Id, phase: Phase): void {
    const view = phase.view(id);
    if (view.buffer < 0 && !this.real.has(view.buffer)) {
      this.real.set(view.buffer, this.buffers.length);
      this.buffers.push({ label: `v${id}`, length: phase.lengths.get(view.buffer) ?? 0 });
    }
    this.resident.set(id, view);
  }

  /** Dispatches that can be one become one. */
  private fuse(phase: Phase, kept: ReadonlySet<BufferId>): void {
    const isKept = (buffer: BufferId) => buffer >= 0 || this.real.has(buffer) || kept.has(buffer);
    const items = fuseEpilogues(fuseRuns(phase.items, isKept), isKept);
    phase.items = putTogether(items, isKept, this.ownLengths(phase));
  }

  /** What still needs a buffer gets one. */
  private allocate(phase: Phase, kept: ReadonlySet<BufferId>): void {
    const assigned = this.pool.assign(phase.items, this.ownLengths(phase), kept);
    for (const [buffer, physical] of assigned) this.pooled.set(buffer, physical);
  }

  private ownLengths = ({ lengths, items }: Phase): ReadonlyMap<BufferId, number> =>
    new Map([...lengths, ...lengthsBeside(items)].filter(([buffer]) => !this.real.has(buffer)));
}

const lengthOf = (placed: readonly Placed[]): number =>
  placed.reduce((length, { offset, size }) => Math.max(length, offset + size), 0);

/** A truth value at the start of a buffer that none of the homes is: it is read while they are written. */
const firstEntry = (phase: Phase, view: BufferView, homes: readonly BufferView[], label: string): BufferView =>
  view.offset === 0 && homes.every(({ buffer }) => buffer !== view.buffer) ? view : phase.copy(view, label);

function resolved(items: readonly Item[], resolve: (buffer: BufferId) => BufferId): Item[] {
  return items.map((item) => {
    if (item.kind === 'loop') {
      const end = item.done === undefined ? {} : { done: resolve(item.done) };
      return { ...item, body: resolved(item.body, resolve), ...end };
    }
    const arrays = Object.fromEntries(
      Object.entries(item.dispatch.arrays).map(([name, buffer]) => [name, resolve(buffer)]),
    );
    return { ...item, dispatch: { ...item.dispatch, arrays } };
  });
}
