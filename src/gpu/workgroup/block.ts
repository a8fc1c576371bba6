/** Values in the order of their dependences, in levels: what is in one level is computed between two barriers. */
import { at, invariant } from '../../core/diagnostic.ts';
import { reductionExtents, viewIndices } from '../../core/tensor/reference.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, type RegionId, USES, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { indented } from '../fused/emit.ts';
import { asNumber, literal } from '../fused/scalar.ts';
import { Body, Reads } from './body.ts';
import { viewed } from './index-text.ts';
import type { Kernel } from './kernel.ts';
import { lengthOf, SHORT } from './places.ts';

export const WIDTH = 64; // invocations of a workgroup; the default limit of WebGPU is 256

/** Replaced by the barriers that the places of the buffers need. */
export const BARRIER = 'BARRIER;';

/** A sum in fewer parts than this is finished by one invocation. */
const FEW_PARTS = 16;

/** Lines that need no barrier inside, or a loop that has its own. */
interface Task {
  readonly lines: readonly string[];
  readonly reads: Reads;
  readonly writes: readonly number[];
  /** The number that it defines, which needs no barrier to be read. */
  readonly scalar?: Id;
}

export class Block {
  private readonly tasks: Task[] = [];
  /** Numbers of the buffers that this block alone uses. */
  readonly own: number[] = [];
  /** Lines that one invocation goes through. */
  operations = 0;

  /** `isKept`: what is computed stays for the whole dispatch. */
  constructor(
    private readonly kernel: Kernel,
    private readonly isKept: boolean,
  ) {}

  /** Computes the values, in ascending order, that belong to the region and are not there yet. */
  compute(needed: readonly Id[], region: RegionId | null): void {
    for (const id of needed) {
      const value = this.kernel.value(id);
      if (value.region !== region || this.kernel.isDefined(id)) continue;
      if (value.op === 'repeat') this.loop(id, value, needed);
      else if (value.op === 'pick') this.pick(id, value);
      else if (this.kernel.keepings.get(id) === 'scalar') this.scalar(id, value);
      else if (this.kernel.keepings.get(id) === 'memory') this.array(id, value);
    }
  }

  /** All targets take their next values at once. */
  assign(targets: readonly number[], next: readonly Id[]): void {
    const late = targets.map((target, i) => {
      const id = at(next, i);
      const size = at(this.kernel.buffers, target).size;
      const reads = new Reads();
      new Body(this.kernel, reads).read(id, 'i');
      const isOwn = [...reads.buffers].every(
        ([buffer, positions]) => !targets.includes(buffer) || (buffer === target && [...positions].join() === 'i'),
      );
      if (isOwn) return (body: Body) => body.number(id, 'i');
      const held = this.fresh(size);
      this.spread(size, [held], (body) => [`${this.kernel.entry(held, 'i')} = ${body.number(id, 'i')};`]);
      return (body: Body) => asNumber(body.entry(held, 'i'));
    });
    this.close();
    targets.forEach((target, i) => {
      const size = at(this.kernel.buffers, target).size;
      this.spread(size, [target], (body) => [`${this.kernel.entry(target, 'i')} = ${at(late, i)(body)};`]);
    });
    this.close();
  }

  /** Runs `lines` for each i below `count`, spread over the invocations. */
  spread(count: number, writes: readonly number[], write: (body: Body) => string[]): void {
    if (count === 0) return;
    const body = new Body(this.kernel);
    const last = write(body);
    this.add({ lines: spreadLines(count, [...body.lines, ...last]), reads: body.reads, writes });
    this.operations += (body.lines.length + 1) * Math.ceil(count / WIDTH);
  }

  /** What was added before is done before what comes after. */
  close(): void {
    this.tasks.push(CLOSED);
  }

  /** The lines, with a barrier after each level. Within a loop buffers keep their places: `isLoop` counts no lifetimes. */
  lines(isLoop = false): string[] {
    const levels: string[][] = [];
    const written = new Map<number, number>(); // level after which it may be read
    const scalars = new Map<Id, number>();
    let floor = 0;
    for (const task of this.tasks) {
      if (task === CLOSED) {
        floor = levels.length;
        continue;
      }
      const level = Math.max(
        floor,
        ...[...task.reads.buffers.keys()].map((buffer) => written.get(buffer) ?? 0),
        ...task.writes.map((buffer) => written.get(buffer) ?? 0),
        ...[...task.reads.scalars].map((id) => scalars.get(id) ?? 0),
      );
      while (levels.length <= level) levels.push([]);
      at(levels, level).push(...task.lines);
      if (task.scalar !== undefined) scalars.set(task.scalar, level);
      for (const buffer of task.writes) written.set(buffer, level + 1);
      if (isLoop) continue;
      for (const buffer of [...task.writes, ...task.reads.buffers.keys()]) {
        const life = at(this.kernel.buffers, buffer);
        life.first = Math.min(life.first, level);
        life.last = Math.max(life.last, level);
      }
    }
    return levels.flatMap((level) => [...level, BARRIER]);
  }

  /** Everything that the tasks read and write. */
  private touched(): { reads: Reads; writes: Set<number> } {
    const reads = new Reads();
    const writes = new Set<number>();
    for (const task of this.tasks) {
      for (const [buffer] of task.reads.buffers) reads.buffers.set(buffer, new Set(['?']));
      for (const id of task.reads.scalars) reads.scalars.add(id);
      for (const buffer of task.writes) writes.add(buffer);
    }
    return { reads, writes };
  }

  private add(task: Task): void {
    this.tasks.push(task);
  }

  private fresh(size: number): number {
    const buffer = this.kernel.buffer(size, this.isKept);
    this.own.push(buffer);
    return buffer;
  }

  private scalar(id: Id, value: Value): void {
    const body = new Body(this.kernel);
    const written = isReduction(value) ? this.short(value, body) : body.computed(value, '0u');
    if ('text' in written) this.kernel.define(id, written);
    else {
      body.lines.push(`let v${id} = ${written.expression};`);
      this.kernel.define(id, { text: `v${id}`, kind: written.kind, literal: null });
    }
    this.add({ lines: body.lines, reads: body.reads, writes: [], scalar: id });
    this.operations += body.lines.length;
  }

  private short(value: Reduction, body: Body) {
    const length = lengthOf(value, this.kernel.program);
    const terms = Array.from({ length }, (_, k) => this.term(value, body, '0u', `${k}u`));
    const [first, ...rest] = terms;
    if (first === undefined) return literal(0);
    const combine = this.combine(value);
    return { expression: rest.reduce((sum, term) => combine(sum, term), first), kind: 'number' as const };
  }

  private array(id: Id, value: Value): void {
    const size = sizeOf(value.shape);
    if (isReduction(value)) this.kernel.lie(id, this.reduced(value, size));
    else {
      const into = this.fresh(size);
      if (value.op === 'assemble') this.assembled(value, into);
      else if (value.op === 'random') this.drawn(value, into);
      else {
        this.spread(size, [into], (body) => {
          const written = body.computed(value, 'i');
          const scalar = 'text' in written ? written : { ...written, text: written.expression, literal: null };
          return [`${this.kernel.entry(into, 'i')} = ${asNumber(scalar)};`];
        });
      }
      this.kernel.lie(id, into);
    }
  }

  // ── sums ──

  /** A long sum goes in parts, one an invocation, then in parts of the parts. */
  private reduced(value: Reduction, entries: number): number {
    const length = lengthOf(value, this.kernel.program);
    if (length === 0) {
      const into = this.fresh(entries);
      this.spread(entries, [into], () => [`${this.kernel.entry(into, 'i')} = 0.0;`]);
      return into;
    }
    const combine = this.combine(value);
    let parts = partsOf(entries, length);
    let into = this.summed(entries, length, parts, combine, (body, entry, k) => this.term(value, body, entry, k));
    while (parts > 1) {
      const [from, many] = [into, parts];
      parts = many > FEW_PARTS ? Math.ceil(many / 8) : 1;
      into = this.summed(entries, many, parts, combine, (body, entry, k) =>
        asNumber(body.entry(from, `${entry} * ${many}u + ${k}`)),
      );
    }
    return into;
  }

  /** Part s of an entry combines its terms s, s + parts, s + 2 parts, …; there are at least as many terms as parts. */
  private summed(
    entries: number,
    length: number,
    parts: number,
    combine: (a: string, b: string) => string,
    term: (body: Body, entry: string, k: string) => string,
  ): number {
    const into = this.fresh(entries * parts);
    const outside = new Body(this.kernel);
    const [entry, part] =
      parts === 1 ? ['i', '0u'] : [outside.position(`i / ${parts}u`), outside.position(`i % ${parts}u`)];
    const first = term(outside, entry, part);
    const inside = new Body(this.kernel, outside.reads);
    const next = term(inside, entry, 'k');
    const lines = [
      ...outside.lines,
      `var sum = ${first};`,
      ...(length > parts
        ? [
            `for (var k = ${part === '0u' ? '' : `${part} + `}${parts}u; k < ${length}u; k += ${parts}u) {`,
            ...indented([...inside.lines, `sum = ${combine('sum', next)};`]),
            '}',
          ]
        : []),
      `${this.kernel.entry(into, 'i')} = sum;`,
    ];
    this.add({ lines: spreadLines(entries * parts, lines), reads: outside.reads, writes: [into] });
    this.operations += Math.ceil((entries * parts) / WIDTH) * Math.ceil(length / parts) * (inside.lines.length + 1);
    return into;
  }

  private combine({ op }: Reduction): (a: string, b: string) => string {
    if (op !== 'max') return (a, b) => `${a} + ${b}`;
    this.kernel.shared.functions.add('larger');
    return (a, b) => `larger(${a}, ${b})`;
  }

  private term(value: Reduction, body: Body, entry: string, k: string): string {
    const [first, second] = value.args;
    const from = this.kernel.value(first).shape;
    if (value.op === 'matmul') {
      const factor = this.kernel.value(second as Id).shape;
      const inner = at(factor, 0);
      const columns = sizeOf(factor) / inner;
      const row = columns === 1 ? entry : `(${entry} / ${columns}u)`;
      const left = from.length === 1 ? k : body.position(`${row} * ${inner}u + ${k}`);
      const right = columns === 1 ? k : body.position(`${k} * ${columns}u + ${entry} % ${columns}u`);
      return `${body.number(first, left)} * ${body.number(second as Id, right)}`;
    }
    const { length, inner } = reductionExtents(from, value.attributes.axis);
    if (sizeOf(value.shape) === 1) return body.number(first, k);
    const position =
      inner === 1
        ? `${entry} * ${length}u + ${k}`
        : `(${entry} / ${inner}u * ${length}u + ${k}) * ${inner}u + ${entry} % ${inner}u`;
    return body.number(first, body.position(position));
  }

  // ── the rest ──

  /** Parts that touch no entry of another may be written together; one that does waits for them, and adds. */
  private assembled(value: ValueOf<'assemble'>, into: number): void {
    const size = sizeOf(value.shape);
    const counts = new Uint8Array(size);
    const touched = value.args.map((argument, i) =>
      viewIndices(at(value.attributes.parts, i), this.kernel.value(argument).shape),
    );
    for (const indices of touched) for (const index of indices) counts[index] = Math.min(2, at(counts, index) + 1);
    const isPartition = counts.every((count) => count === 1);
    if (!isPartition) this.spread(size, [into], () => [`${this.kernel.entry(into, 'i')} = 0.0;`]);
    const groups: { text: string[]; reads: Reads }[] = [];
    value.args.forEach((argument, i) => {
      const { shape } = this.kernel.value(argument);
      if (sizeOf(shape) === 0) return;
      const body = new Body(this.kernel);
      const target = body.position(viewed(at(value.attributes.parts, i), shape, 'i'));
      const entry = this.kernel.entry(into, target);
      const part = body.number(argument, 'i');
      const isAlone = touched[i]?.every((index) => counts[index] === 1) ?? false;
      body.lines.push(`${entry} = ${isAlone ? '' : `${entry} + `}${part};`);
      const lines = spreadLines(sizeOf(shape), body.lines);
      if (isPartition) groups.push({ text: lines, reads: body.reads });
      else this.add({ lines, reads: body.reads, writes: [into] });
      this.operations += body.lines.length * Math.ceil(sizeOf(shape) / WIDTH);
    });
    if (groups.length === 0) return;
    const reads = new Reads();
    for (const group of groups) {
      for (const [buffer, positions] of group.reads.buffers) reads.buffers.set(buffer, positions);
      for (const id of group.reads.scalars) reads.scalars.add(id);
    }
    this.add({ lines: groups.flatMap(({ text }) => text), reads, writes: [into] });
  }

  private drawn({ args: [seed, start, t], attributes, shape }: ValueOf<'random'>, into: number): void {
    this.kernel.shared.functions.add('random_functions');
    const { kind, stream, count } = attributes;
    const size = sizeOf(shape);
    this.spread(size, [into], (body) => {
      const place = `vec2f(${body.number(seed, '0u')}, ${body.number(seed, '1u')}), ${body.number(start, '0u')}, ${body.number(t, '0u')}, ${stream}u, i`;
      const drawn = kind === 'uniform' ? `random_uniform(${place})` : `random_index(${place}, ${size}u, ${count}u)`;
      return [`${this.kernel.entry(into, 'i')} = ${drawn};`];
    });
  }

  // ── loops ──

  private pick(id: Id, { args: [loop], attributes }: ValueOf<'pick'>): void {
    const value = this.kernel.value(loop);
    invariant(value.op === 'repeat', 'pick reads a loop');
    if (!(value.uses & (USES.state | USES.start))) return; // the host's
    const carried = at(at(this.kernel.program.regions, value.attributes.region).carries, attributes.position);
    const buffer = this.kernel.bufferOf(carried);
    if (buffer !== undefined) this.kernel.lie(id, buffer);
  }

  private loop(id: Id, { args, attributes: { region }, uses }: ValueOf<'repeat'>, needed: readonly Id[]): void {
    if (!(uses & (USES.state | USES.start))) return;
    this.kernel.run(id);
    const { count, carries, results, until } = at(this.kernel.program.regions, region);
    const homes = carries.map((id) => {
      const home = this.fresh(sizeOf(this.kernel.value(id).shape));
      this.kernel.lie(id, home);
      return home;
    });
    const before = new Block(this.kernel, this.isKept);
    homes.forEach((home, i) => {
      before.spread(at(this.kernel.buffers, home).size, [home], (body) => [
        `${this.kernel.entry(home, 'i')} = ${body.number(at(args, i), 'i')};`,
      ]);
    });
    const inside = new Block(this.kernel, this.isKept);
    inside.compute(needed, region);
    let stop: number | null = null;
    if (until !== null) {
      stop = inside.fresh(1);
      const flag = stop;
      inside.spread(1, [flag], (body) => [`${this.kernel.entry(flag, 'i')} = ${body.number(until, 'i')};`]);
      inside.close();
      inside.add({
        lines: [`if (workgroupUniformLoad(&${this.kernel.entry(flag, '0u')}) != 0.0) { break; }`],
        reads: new Reads(),
        writes: [flag],
      });
      inside.close();
    }
    inside.assign(homes, results);
    const [first, turn] = [before.touched(), inside.touched()];
    const writes = new Set([...first.writes, ...turn.writes]);
    this.own.push(...before.own, ...inside.own);
    const reads = new Reads();
    for (const touched of [first, turn]) {
      for (const [buffer, positions] of touched.reads.buffers)
        if (!writes.has(buffer)) reads.buffers.set(buffer, positions);
      for (const id of touched.reads.scalars) reads.scalars.add(id);
    }
    this.add({
      lines: [
        ...before.lines(true),
        `for (var turn${region} = 0u; turn${region} < ${count}u; turn${region}++) {`,
        ...indented(inside.lines(true)),
        '}',
      ],
      reads,
      writes: [...writes],
    });
    this.operations += before.operations + count * inside.operations;
  }
}

const CLOSED: Task = { lines: [], reads: new Reads(), writes: [] };

type Reduction = ValueOf<'sum'> | ValueOf<'max'> | ValueOf<'matmul'>;

const isReduction = (value: Value): value is Reduction => ['sum', 'max', 'matmul'].includes(value.op);

/** Parts of each sum so that all invocations have one, and each of them some terms. */
function partsOf(entries: number, length: number): number {
  if (length <= SHORT || entries > WIDTH / 2) return 1;
  return Math.max(1, Math.min(Math.floor(WIDTH / entries), Math.floor(length / SHORT)));
}

export function spreadLines(count: number, lines: readonly string[]): string[] {
  const head =
    count === 1
      ? ['if (lane == 0u) {', '  let i = 0u;']
      : count <= WIDTH
        ? [`if (lane < ${count}u) {`, '  let i = lane;']
        : [`for (var i = lane; i < ${count}u; i += ${WIDTH}u) {`];
  return [...head, ...indented(lines), '}'];
}
