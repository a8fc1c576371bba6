/**
 * Writes one function that computes chosen values of a program: each value at its place in the order of the table, few entries
 * as local variables, many as loops in memory; entrywise operations of equal length share a loop, and what only they read
 * never reaches memory.
 */
import { at, invariant } from '../core/diagnostic.ts';
import { type Shape, sizeOf } from '../core/tensor/shape.ts';
import { applyRule, type Id, type Value, type ValueOf } from '../core/tensor/value.ts';
import { ARRAYS } from './array-rules.ts';
import { type Address, BYTES, copyArray } from './arrays.ts';
import { Code, type Frame } from './encode.ts';
import { ENTRIES } from './entry-rules.ts';
import { type Group, groupLoop } from './group-loop.ts';
import { Lifetimes } from './lifetimes.ts';
import { Needs } from './needs.ts';
import { literal, pushNumber, pushTruth, type Scalar } from './scalar.ts';
import type { Shared, Writing } from './writing.ts';

/** Somewhere to put the numbers of a value. */
export type Slot = { readonly locals: readonly number[] } | { readonly address: Address; readonly size: number };

export class FunctionWriter implements Writing {
  /** What is read from memory once, before everything else. */
  readonly once = new Code();
  readonly code = new Code();
  private readonly scalars = new Map<Id, readonly Scalar[]>();
  private readonly addresses = new Map<Id, Address>();
  private readonly written = new Set<Id>();
  private readonly groups = new Map<number, Group>();
  /** Scalars that loops read from memory. */
  private readonly spilled = new Set<Id>();
  private readonly needs: Needs;
  private readonly lifetimes: Lifetimes;
  private needed: readonly Id[] = [];

  /** `isKept` names the values that are in memory before the function begins; `time` is the local that holds t. */
  constructor(
    readonly shared: Shared,
    readonly frame: Frame,
    isKept: (value: Value) => boolean,
    private readonly time: number,
  ) {
    this.needs = new Needs(shared.places, isKept);
    this.lifetimes = new Lifetimes(shared.memory);
  }

  get hasPairs(): boolean {
    return this.shared.hasPairs;
  }

  shapeOf(id: Id): Shape {
    return this.needs.value(id).shape;
  }

  /** Says what is to be computed. First of all: which values loops read decides where they are put. */
  want(targets: readonly Id[]): void {
    this.needed = this.needs.reachable(targets);
    for (const id of targets) this.lifetimes.want(this.needs.root(id).id);
    for (const id of this.needed) this.notice(id, this.needs.value(id));
  }

  /** Values that other functions left in memory or local variables. */
  provide(id: Id, slot: Slot): void {
    const root = this.needs.root(id).id;
    if ('address' in slot) this.addresses.set(root, slot.address);
    else this.scalars.set(root, numbersIn(slot.locals));
  }

  /** Stores a provided scalar where loops read it. */
  spillProvided(id: Id, address: Address): void {
    if (!this.spilled.has(id)) return;
    this.addresses.set(id, address);
    this.store(id);
  }

  /** Writes everything that is wanted. */
  compute(): void {
    this.block(this.needed.filter((id) => this.needs.value(id).region === null));
  }

  /** Says that nothing more is written: other functions may use the memory. */
  finish(): void {
    this.lifetimes.finish();
  }

  /** The address of a wanted value's numbers; those in local variables are stored. */
  result(id: Id): Address {
    if (!this.isInLocals(id)) return this.address(id);
    const size = this.shared.places.sizeOf(id);
    const address = this.shared.memory.place(size);
    this.storeAt(id, size, address);
    return address;
  }

  // ── what is there, and where ──

  private isScalar(id: Id): boolean {
    return this.shared.places.isScalar(this.needs.value(id));
  }

  /** The address of the first entry of an array in memory. */
  address(id: Id): Address {
    const { id: root, offset } = this.needs.root(id);
    const kept = this.needs.isKept(this.needs.value(root));
    const address = kept ? this.shared.memory.keep(root, this.shared.places.sizeOf(root)) : this.addresses.get(root);
    invariant(address !== undefined, `value ${id} is in memory`);
    return address + offset * BYTES;
  }

  entry(id: Id, k: number): Scalar {
    const { id: root, offset } = this.needs.root(id);
    const value = this.needs.value(root);
    if (value.op === 'constant') return literal(at(value.attributes.data, k + offset));
    if (value.op === 'input' && value.attributes.source === 'time') return { kind: 'number', local: this.time };
    if (value.op === 'input' && value.attributes.source === 'index') return literal(0);
    if (this.needs.isKept(value)) return this.loadedOnce(root, k + offset);
    const known = this.scalars.get(root)?.[k + offset];
    return known ?? this.loaded(this.code, this.address(root) + (k + offset) * BYTES);
  }

  private loadedOnce(id: Id, k: number): Scalar {
    const loaded = (this.scalars.get(id) as Scalar[] | undefined) ?? [];
    this.scalars.set(id, loaded);
    loaded[k] ??= this.loaded(this.once, this.address(id) + k * BYTES);
    return loaded[k];
  }

  private loaded(code: Code, address: Address): Scalar {
    const local = this.frame.local('f64');
    code.integer(0).access('f64.load', address).set(local);
    return { kind: 'number', local };
  }

  // ── what is needed ──

  private notice(id: Id, value: Value): void {
    if (this.needs.root(id).id !== id) return; // another name
    const readsMemory = !this.isScalar(id) && !this.shared.places.isGrouped(value) && value.op !== 'repeat';
    for (const root of this.needs.readBy(value)) {
      this.lifetimes.addReader(root, id);
      if (readsMemory && !this.needs.isKept(this.needs.value(root)) && this.isScalar(root)) this.spilled.add(root);
    }
  }

  // ── writing ──

  private block(ids: readonly Id[]): void {
    for (const id of ids) this.write(id);
    this.flushAll();
  }

  private write(id: Id): void {
    if (this.written.has(id) || this.needs.root(id).id !== id || this.scalars.has(id)) return;
    this.written.add(id);
    const value = this.needs.value(id);
    if (value.op === 'carry' || value.op === 'turn') return; // their loop's
    if (value.op === 'input') {
      this.scalars.set(id, [this.entry(id, 0)]); // t, or the number of the start
      this.spill(id);
      return;
    }
    if (value.op === 'repeat') {
      this.flushAll();
      this.repeat(value);
      this.lifetimes.hasRead(id, this.needs.readBy(value));
      return;
    }
    if (this.shared.places.isGrouped(value)) {
      this.join(id, value);
      return;
    }
    for (const argument of value.args) this.flushIfPending(argument);
    if (this.isScalar(id)) {
      this.scalars.set(id, applyRule<[Writing], readonly Scalar[]>(ENTRIES, value, this));
      this.spill(id);
    } else {
      this.addresses.set(id, this.lifetimes.place(id, sizeOf(value.shape)));
      applyRule<[Address, Writing], void>(ARRAYS, value, this.address(id), this);
    }
    this.lifetimes.hasRead(id, this.needs.readBy(value));
  }

  private spill(id: Id): void {
    if (!this.spilled.has(id)) return;
    if (!this.addresses.has(id)) this.addresses.set(id, this.lifetimes.place(id, this.shared.places.sizeOf(id)));
    this.store(id);
  }

  private store(id: Id): void {
    this.storeAt(id, this.shared.places.sizeOf(id), this.address(id));
  }

  private storeAt(id: Id, size: number, address: Address): void {
    for (let k = 0; k < size; k++)
      pushNumber(this.code.integer(0), this.entry(id, k)).access('f64.store', address + k * BYTES);
  }

  // ── entrywise operations of one length ──

  private join(id: Id, value: Value): void {
    const size = sizeOf(value.shape);
    for (const argument of value.args) {
      const { id: root } = this.needs.root(argument);
      for (const [length, group] of [...this.groups]) if (length !== size && group.has(root)) this.flush(length);
    }
    const group = this.groups.get(size) ?? new Map();
    group.set(id, value);
    this.groups.set(size, group);
  }

  private flushIfPending(id: Id): void {
    const { id: root } = this.needs.root(id);
    for (const [length, group] of [...this.groups]) if (group.has(root)) this.flush(length);
  }

  private flushAll(): void {
    for (const length of [...this.groups.keys()]) this.flush(length);
  }

  private flush(length: number): void {
    const group = this.groups.get(length);
    if (!group) return;
    this.groups.delete(length);
    const stored = [...group.keys()].filter(
      (id) => this.lifetimes.isWanted(id) || [...this.lifetimes.readersOf(id)].some((reader) => !group.has(reader)),
    );
    for (const id of stored) this.addresses.set(id, this.lifetimes.place(id, length));
    groupLoop(this, this.shared.calls, group, length, {
      memberOf: (id) => {
        const { id: root } = this.needs.root(id);
        return group.has(root) ? root : null;
      },
      splat: (id) => this.entry(id, 0),
      address: (id) => this.address(id),
      stored: new Set(stored),
    });
    for (const [id, value] of group) this.lifetimes.hasRead(id, this.needs.readBy(value));
  }

  // ── loops of the program ──

  private repeat({ args, attributes: { region } }: ValueOf<'repeat'>): void {
    const { count, carries, turn, results, until } = at(this.shared.places.program.regions, region);
    this.lifetimes.enterLoop();
    const slots = carries.map((id) => this.slotOf(id));
    this.assign(slots, args);
    carries.forEach((id, i) => this.provide(id, at(slots, i)));
    const counter = this.frame.local('i32');
    const number = this.frame.local('f64');
    this.scalars.set(turn, [{ kind: 'number', local: number }]);
    if (count > 0) {
      const body = this.needed.filter((id) => this.needs.value(id).region === region);
      this.code.integer(0).set(counter).begin('block').begin('loop');
      this.code.get(counter).op('f64.convert_i32_u').set(number);
      for (const id of [...carries, turn]) this.spill(id);
      if (until !== null) {
        this.block(body.filter(this.needs.neededFor(until)));
        pushTruth(this.code, this.entry(until, 0)).branch('br_if', 1);
      }
      this.block(body);
      this.assign(slots, results);
      this.code.get(counter).integer(1).op('i32.add').set(counter);
      this.code.get(counter).integer(count).op('i32.lt_u').branch('br_if', 0).op('end', 'end');
    }
    for (const id of carries) this.spill(id); // for those that read the last ones
    this.lifetimes.leaveLoop();
  }

  private slotOf(id: Id): Slot {
    const size = this.shared.places.sizeOf(id);
    if (this.isScalar(id)) return { locals: Array.from({ length: size }, () => this.frame.local('f64')) };
    return { address: this.lifetimes.place(id, size), size };
  }

  /** All slots take their new numbers at once. */
  assign(slots: readonly Slot[], sources: readonly Id[]): void {
    const { code } = this;
    const written = new Set(slots.flatMap((slot) => ('address' in slot ? [slot.address] : [])));
    const locals: number[] = [];
    const copies: (() => void)[] = [];
    slots.forEach((slot, i) => {
      const source = at(sources, i);
      if ('locals' in slot) {
        for (let k = 0; k < slot.locals.length; k++) pushNumber(code, this.entry(source, k));
        locals.push(...slot.locals);
      } else if (this.isInLocals(source)) {
        copies.push(() => this.storeAt(source, slot.size, slot.address));
      } else {
        const root = this.address(this.needs.root(source).id);
        const from = this.address(source);
        if (from === slot.address) return;
        const isHeld = written.has(root);
        const held = isHeld ? this.shared.memory.place(slot.size) : from;
        if (isHeld) copyArray(code, held, from, slot.size);
        copies.push(() => copyArray(code, slot.address, held, slot.size));
      }
    });
    for (const copy of copies) copy();
    for (const local of locals.reverse()) code.set(local);
  }

  private isInLocals(id: Id): boolean {
    const { id: root } = this.needs.root(id);
    const value = this.needs.value(root);
    return value.op === 'constant' ? this.shared.places.isFew(value) : this.isScalar(root) && !this.needs.isKept(value);
  }
}

const numbersIn = (locals: readonly number[]): Scalar[] => locals.map((local) => ({ kind: 'number', local }));
