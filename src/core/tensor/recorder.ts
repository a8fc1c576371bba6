/** Records values: hash-consed, so equal expressions are one value; constants folded; loops as regions. */
import { at, invariant } from '../diagnostic.ts';
import { foldable, foldConstant } from './fold.ts';
import { type Shape, sameShape, sizeOf } from './shape.ts';
import {
  type Id,
  type Operations,
  type OpName,
  type Region,
  type RegionId,
  type Source,
  USES,
  type Value,
  type ValueOf,
} from './value.ts';

/** A handle to one recorded value. */
export interface Tensor {
  readonly id: Id;
  readonly shape: Shape;
}

/** Numbers may stand for scalar constants. */
export type Operand = Tensor | number;

/** Constants with fewer entries are hash-consed and folded by value; larger ones by identity. */
const FOLD_LIMIT = 256;

const SOURCE_USES: Record<Source, number> = {
  start: USES.start,
  index: USES.start,
  time: USES.time,
  setting: USES.setting,
  state: USES.state,
};

interface OpenRegion {
  parent: RegionId | null;
  depth: number;
  count: number;
  carries: Id[];
  turn: Id;
  results: Id[];
  until: Id | null;
}

export class Recorder {
  readonly values: Value[] = [];
  private readonly open: OpenRegion[] = [];
  private current: RegionId | null = null;
  private readonly known = new Map<string, Id>();
  private readonly arrays = new Map<Float64Array, Tensor>();

  get regions(): readonly Region[] {
    return this.open;
  }

  // ── leaves ──

  /** Row-major data of the given shape; a number without a shape is a scalar, an array a vector. */
  constant(data: number | ArrayLike<number>, shape?: Shape): Tensor {
    const entries = typeof data === 'number' ? Float64Array.of(data) : Float64Array.from(data);
    const resolved = shape ?? (typeof data === 'number' ? [] : [entries.length]);
    invariant(entries.length === sizeOf(resolved), `${entries.length} entries for shape [${resolved}]`);
    return this.record('constant', [], { data: entries }, resolved);
  }

  /** A constant that keeps the array itself, and is one value however often it is asked for. Nobody may write into it. */
  shared(data: Float64Array, shape: Shape): Tensor {
    if (data.length <= FOLD_LIMIT) return this.constant(data, shape);
    const before = this.arrays.get(data);
    if (before && sameShape(before.shape, shape)) return before;
    invariant(data.length === sizeOf(shape), `${data.length} entries for shape [${shape}]`);
    const tensor = this.record('constant', [], { data }, shape);
    this.arrays.set(data, tensor);
    return tensor;
  }

  input(source: Source, name: string, shape: Shape): Tensor {
    return this.record('input', [], { source, name }, shape);
  }

  tensor(a: Operand): Tensor {
    return typeof a === 'number' ? this.constant(a) : a;
  }

  valueOf(a: Tensor): Value {
    return at(this.values, a.id);
  }

  /** The value of a constant whose entries are all equal, else null. */
  scalarConstant(a: Tensor): number | null {
    const value = this.valueOf(a);
    if (value.op === 'broadcast') return this.scalarConstant({ id: at(value.args, 0), shape: [] });
    if (value.op !== 'constant') return null;
    const first = value.attributes.data[0];
    return first !== undefined && value.attributes.data.every((entry) => entry === first) ? first : null;
  }

  // ── loops ──

  /** carried ← body(carried), at most `count` times, and not after `until(carried)` has become true. */
  repeat(
    count: number,
    initial: readonly Tensor[],
    body: (carried: readonly Tensor[], turn: Tensor) => readonly Tensor[],
    until?: (carried: readonly Tensor[]) => Tensor,
  ): readonly Tensor[] {
    invariant(Number.isInteger(count) && count >= 0, `a loop of ${count} turns`);
    const region = this.open.length;
    const parent = this.current;
    const opened: OpenRegion = {
      parent,
      depth: this.depth(parent) + 1,
      count,
      carries: [],
      turn: 0,
      results: [],
      until: null,
    };
    this.open.push(opened);
    this.current = region;
    // Carried values depend on what the loop depends on, which is known only at its end: they start from their initial values.
    const carried = initial.map(({ id, shape }, position) =>
      this.recordWith('carry', [], { region, position }, shape, at(this.values, id).uses, region),
    );
    opened.carries = carried.map(({ id }) => id);
    const turn = this.recordWith('turn', [], { region }, [], 0, region);
    opened.turn = turn.id;
    const results = body(carried, turn);
    const done = until?.(carried);
    this.current = parent;
    invariant(results.length === initial.length, 'a loop returns as many values as it carries');
    results.forEach((result, i) =>
      invariant(sameShape(result.shape, at(initial, i).shape), 'a carried value keeps its shape'),
    );
    opened.results = results.map(({ id }) => id);
    opened.until = done?.id ?? null;
    return this.closeRegion(region, initial);
  }

  private closeRegion(region: RegionId, initial: readonly Tensor[]): readonly Tensor[] {
    const { results, until } = at(this.open, region);
    let uses = 0;
    let outer: RegionId | null = null;
    const seen = new Set<Id>();
    const pending = [...results, ...initial.map(({ id }) => id), ...(until === null ? [] : [until])];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const value = at(this.values, id);
      uses |= value.uses;
      if (value.region !== region && !this.isInside(value.region, region)) outer = this.deeper(outer, value.region);
      else pending.push(...value.args, ...this.bodyOf(value));
    }
    this.widen(region, uses); // the turn, too, and what is made of it alone
    const loop = this.recordWith(
      'repeat',
      initial.map(({ id }) => id),
      { region },
      [],
      uses,
      outer,
    );
    return initial.map(({ shape }, position) => this.recordWith('pick', [loop.id], { position }, shape, uses, outer));
  }

  /** What a loop inside another one computes: it may read what the outer ones carry. */
  private bodyOf(value: Value): readonly Id[] {
    if (value.op !== 'repeat') return [];
    const { results, until } = at(this.open, value.attributes.region);
    return until === null ? results : [...results, until];
  }

  /** Everything in a loop is computed in that loop, so it depends on all that the loop depends on. */
  private widen(region: RegionId, uses: number): void {
    this.values.forEach((value, id) => {
      if (value.region === region || this.isInside(value.region, region))
        this.values[id] = { ...value, uses: value.uses | uses };
    });
  }

  private depth = (region: RegionId | null): number => (region === null ? 0 : at(this.open, region).depth);

  private deeper(a: RegionId | null, b: RegionId | null): RegionId | null {
    return this.depth(a) >= this.depth(b) ? a : b;
  }

  private isInside(region: RegionId | null, ancestor: RegionId): boolean {
    for (let r = region; r !== null; r = at(this.open, r).parent) if (r === ancestor) return true;
    return false;
  }

  // ── recording ──

  /** The same operation on other arguments of the same shapes. */
  again<Name extends OpName>(value: ValueOf<Name>, args: readonly Id[]): Tensor {
    invariant(
      value.op !== 'repeat' && value.op !== 'pick' && value.op !== 'carry' && value.op !== 'turn',
      'loops are recorded anew',
    );
    return this.record(value.op, args as Operations[Name]['args'], value.attributes, value.shape);
  }

  protected record<Name extends OpName>(
    op: Name,
    args: Operations[Name]['args'],
    attributes: Operations[Name]['attributes'],
    shape: Shape,
  ): Tensor {
    let uses = op === 'input' ? SOURCE_USES[(attributes as Operations['input']['attributes']).source] : 0;
    let region: RegionId | null = null;
    for (const id of args) {
      const argument = at(this.values, id);
      uses |= argument.uses;
      region = this.deeper(region, argument.region);
    }
    return this.recordWith(op, args, attributes, shape, uses, region);
  }

  private recordWith<Name extends OpName>(
    op: Name,
    args: Operations[Name]['args'],
    attributes: Operations[Name]['attributes'],
    shape: Shape,
    uses: number,
    region: RegionId | null,
  ): Tensor {
    const value = { op, args, attributes, shape, uses, region } as ValueOf<Name> as Value;
    if (foldable(value, FOLD_LIMIT)) {
      const args = value.args.map((id) => at(this.values, id));
      if (args.every((argument) => argument.op === 'constant'))
        return this.constant(foldConstant(value, this.values), shape);
    }
    const key = keyOf(value, this.values.length);
    const existing = this.known.get(key);
    if (existing !== undefined) return { id: existing, shape: at(this.values, existing).shape };
    this.values.push(value);
    this.known.set(key, this.values.length - 1);
    return { id: this.values.length - 1, shape };
  }
}

/** Two values with equal keys are the same value. */
function keyOf(value: Value, fresh: number): string {
  const head = `${value.op}[${value.shape}](${value.args})`;
  if (value.op !== 'constant') return head + JSON.stringify(value.attributes);
  // −0 and 0 differ as divisors, so they are told apart.
  return value.attributes.data.length <= FOLD_LIMIT
    ? head + Array.from(value.attributes.data, (entry) => (Object.is(entry, -0) ? '-0' : entry)).join()
    : `${head}#${fresh}`;
}
