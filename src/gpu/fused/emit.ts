/**
 * Writes the scalars of a program on demand: asking for an entry writes the lines that it needs, each once, into the scope
 * where it changes: before the loop over steps, in it, or in a `repeat`.
 */
import { at, invariant } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import { type Shape, sizeOf } from '../../core/tensor/shape.ts';
import {
  applyRule,
  type Id,
  type Level,
  levelOf,
  type RegionId,
  type Value,
  type ValueOf,
} from '../../core/tensor/value.ts';
import type { Addresses } from './bindings.ts';
import type { FunctionName } from './functions.ts';
import { assignments, indented } from './lines.ts';
import type { Packing } from './packing.ts';
import { RENAMING, WGSL, type Writer, type Written } from './rules.ts';
import { asNumber, asTruth, literal, type Scalar, variable } from './scalar.ts';

/** What all entry points of one kernel share. */
export interface Shared {
  readonly program: Program;
  readonly addresses: Addresses;
  /** Run-level numbers that the kernel reads. */
  readonly constants: Packing;
  /** Time-level numbers that it reads, one row a step. */
  readonly schedule: Packing;
  readonly functions: Set<FunctionName>;
}

/** A block of WGSL and the scalars that were written in it. */
export class Scope {
  readonly lines: string[] = [];
  /** Lines that one execution of the block goes through, turns of loops included. */
  operations = 0;
  readonly known = new Map<Id, Scalar[]>();

  write(...lines: readonly string[]): void {
    this.lines.push(...lines);
    this.operations += lines.length;
  }
}

/** Values that ask for values that ask …: beyond this, in the order of the table. */
const MAX_DEMAND = 256;

const isLeaf = ({ op }: Value): boolean => op === 'constant' || op === 'input' || op === 'carry' || op === 'turn';

/** The longest way from each value to what it is computed from. */
function depthsOf(values: readonly Value[]): readonly number[] {
  const depths: number[] = [];
  for (const { args } of values) depths.push(1 + args.reduce((most, id) => Math.max(most, depths[id] ?? 0), 0));
  return depths;
}

export class Emitter {
  private readonly loops = new Map<RegionId, Scope>();
  private readonly slots: ReadonlyMap<Id, number>;
  private readonly depths: readonly number[];
  private isInOrder = false;

  /** `once` holds what is computed before the loop, `body` what depends on the state and t; they may be the same. */
  constructor(
    private readonly shared: Shared,
    private readonly once: Scope,
    private readonly body: Scope,
  ) {
    this.slots = new Map(shared.program.state.map(({ current }, slot) => [current, slot] as const));
    this.depths = depthsOf(shared.program.values);
  }

  /** All entries of a value as numbers. */
  entries(id: Id): string[] {
    return Array.from({ length: sizeOf(this.value(id).shape) }, (_, entry) => asNumber(this.entry(id, entry)));
  }

  private value(id: Id): Value {
    return at(this.shared.program.values, id);
  }

  private entry(id: Id, entry: number): Scalar {
    const value = this.value(id);
    const level = levelOf(value.uses);
    const scope = this.scopeOf(value, level);
    const scalars = scope.known.get(id) ?? [];
    scope.known.set(id, scalars);
    const known = scalars[entry];
    if (known) return known;
    if (!this.isInOrder && at(this.depths, id) > MAX_DEMAND) {
      this.inOrder(id, value.region);
      const now = scalars[entry];
      if (now) return now;
    }
    const scalar = this.written(id, value, level, entry, scope);
    scalars[entry] = scalar;
    return scalar;
  }

  /** What a value is computed from, in the order of the table: a sum of thousands of terms asks too deep for a stack. */
  private inOrder(root: Id, region: RegionId | null): void {
    const needed = new Set<Id>();
    const open = [root];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const value = this.value(id);
      const isHere = value.region === null || value.region === region;
      if (needed.has(id) || !isHere || value.op === 'repeat' || this.isFromHost(value)) continue;
      needed.add(id);
      open.push(...value.args);
    }
    needed.delete(root);
    this.isInOrder = true;
    for (const id of [...needed].sort((a, b) => a - b)) {
      if (!isLeaf(this.value(id))) this.entries(id);
    }
    this.isInOrder = false;
  }

  private isFromHost({ op, region, uses }: Value): boolean {
    const level = levelOf(uses);
    return region === null && (level === 'constant' || level === 'run' || level === 'time') && !RENAMING.has(op);
  }

  private scopeOf({ region }: Value, level: Level): Scope {
    if (region !== null) {
      const scope = this.loops.get(region);
      invariant(scope, 'a value of a loop is written in that loop');
      return scope;
    }
    return level === 'step' || level === 'time' ? this.body : this.once;
  }

  private written(id: Id, value: Value, level: Level, entry: number, scope: Scope): Scalar {
    if (value.op === 'constant') return this.literalOr(id, value, entry, scope);
    if (value.op === 'input' && level !== 'run') return this.input(id, value, entry, scope);
    if (this.isFromHost(value)) return this.fromHost(id, value, level, entry, scope);
    if (value.op === 'pick') return this.picked(value, entry);
    if (value.op === 'carry') return variable(carryName(value.attributes.region, value.attributes.position, entry));
    if (value.op === 'turn') return variable(`f32(turn${value.attributes.region})`);
    return this.line(`v${nameOf(id, entry, value)}`, this.computed(id, value, entry, scope), scope);
  }

  private computed(id: Id, value: Value, entry: number, scope: Scope): Written {
    let parts = 0;
    const writer: Writer = {
      argument: (position, k) => this.entry(at(value.args, position), k),
      shapeOf: (position): Shape => this.value(at(value.args, position)).shape,
      table: (position, place) => {
        const table = at(value.args, position);
        const offset = this.shared.constants.offsetOf(table, sizeOf(this.value(table).shape));
        return this.shared.addresses.constant(`${offset}u + ${place}`);
      },
      partial: (expression) =>
        this.line(`v${nameOf(id, entry, value)}p${parts++}`, { expression, kind: 'number' }, scope),
      call: (name) => {
        this.shared.functions.add(name);
        return name;
      },
    };
    return applyRule<[number, Writer], Written>(WGSL, value, entry, writer);
  }

  private line(name: string, written: Written, scope: Scope): Scalar {
    if ('text' in written) return written;
    scope.write(`let ${name} = ${written.expression};`);
    scope.operations += (written.cost ?? 1) - 1;
    return { text: name, kind: written.kind, literal: null };
  }

  // ── leaves ──

  private literalOr(id: Id, value: ValueOf<'constant'>, entry: number, scope: Scope): Scalar {
    const number = at(value.attributes.data, entry);
    return Number.isNaN(number) ? this.fromHost(id, value, 'constant', entry, scope) : literal(number);
  }

  private input(id: Id, { attributes, shape }: ValueOf<'input'>, entry: number, scope: Scope): Scalar {
    if (attributes.source === 'time') return variable('f32(t)');
    if (attributes.source === 'index') return variable('f32(start)');
    if (attributes.source === 'start') {
      scope.write(`let x0_${entry} = ${this.shared.addresses.start(entry, sizeOf(shape))};`);
      return variable(`x0_${entry}`);
    }
    const slot = this.slots.get(id);
    invariant(slot !== undefined && entry < sizeOf(shape), `a slot for the state ${attributes.name}`);
    return variable(slotName(slot, entry));
  }

  /** A number that the host computes in Float64 and sends. */
  private fromHost(id: Id, value: Value, level: Level, entry: number, scope: Scope): Scalar {
    const size = sizeOf(value.shape);
    const isTime = level === 'time';
    const name = `${isTime ? 'q' : 'k'}${nameOf(id, entry, value)}`;
    const position = (isTime ? this.shared.schedule : this.shared.constants).offsetOf(id, size) + entry;
    const { constant } = this.shared.addresses;
    scope.write(`let ${name} = ${isTime ? `schedule[row + ${position}u]` : constant(`${position}u`)};`);
    return variable(name);
  }

  // ── loops ──

  private picked({ args: [loop], attributes }: ValueOf<'pick'>, entry: number): Scalar {
    const repeat = this.value(loop);
    invariant(repeat.op === 'repeat', 'pick reads a loop');
    const scope = this.scopeOf(repeat, levelOf(repeat.uses));
    if (!scope.known.has(loop)) {
      scope.known.set(loop, []);
      this.loop(repeat, scope);
    }
    return variable(carryName(repeat.attributes.region, attributes.position, entry));
  }

  /** A counted loop; once `until` holds, the remaining turns change nothing. */
  private loop({ args, attributes: { region } }: ValueOf<'repeat'>, outside: Scope): void {
    const { count, results, until } = at(this.shared.program.regions, region);
    const initial = args.map((id) => this.entries(id));
    initial.forEach((numbers, position) => {
      numbers.forEach((text, entry) => {
        outside.write(`var ${carryName(region, position, entry)}: f32 = ${text};`);
      });
    });
    const inside = new Scope();
    this.loops.set(region, inside);
    const wasInOrder = this.isInOrder;
    this.isInOrder = false;
    if (until !== null) inside.write(`if (${asTruth(this.entry(until, 0))}) { break; }`);
    const next = results.map((id) => this.entries(id));
    this.loops.delete(region);
    this.isInOrder = wasInOrder;
    const targets = next.map((numbers, position) => numbers.map((_, entry) => carryName(region, position, entry)));
    inside.write(...assignments(targets.flat(), next.flat()));
    outside.lines.push(
      `for (var turn${region} = 0u; turn${region} < ${count}u; turn${region}++) {`,
      ...indented(inside.lines),
      '}',
    );
    outside.operations += count * (inside.operations + 1);
  }
}

const nameOf = (id: Id, entry: number, { shape }: Value): string => (shape.length === 0 ? `${id}` : `${id}_${entry}`);

export const slotName = (slot: number, entry: number): string => `s${slot}_${entry}`;

const carryName = (region: RegionId, position: number, entry: number): string => `c${region}_${position}_${entry}`;
