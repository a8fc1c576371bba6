/** The values of a program, written as tasks of one workgroup: numbers, arrays, and loops over them. */
import { at, invariant } from '../../core/diagnostic.ts';
import { viewIndices } from '../../core/tensor/reference.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, type RegionId, USES, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { indented } from '../fused/lines.ts';
import type { Written } from '../fused/rules.ts';
import { asNumber, literal } from '../fused/scalar.ts';
import { Body, Reads } from './body.ts';
import { viewed } from './index-text.ts';
import type { Kernel } from './kernel.ts';
import { isReduction, type Reduction, reduced, unrolled } from './sums.ts';
import { spreadLines, Tasks, WIDTH } from './tasks.ts';

export class Block {
  readonly tasks: Tasks;

  /** `isKept`: what is computed stays for the whole dispatch. */
  constructor(
    private readonly kernel: Kernel,
    isKept: boolean,
  ) {
    this.tasks = new Tasks(kernel, isKept);
  }

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
      const held = this.tasks.fresh(size);
      this.tasks.spread(size, [held], (body) => [`${this.kernel.entry(held, 'i')} = ${body.number(id, 'i')};`]);
      return (body: Body) => asNumber(body.entry(held, 'i'));
    });
    this.tasks.close();
    targets.forEach((target, i) => {
      const size = at(this.kernel.buffers, target).size;
      this.tasks.spread(size, [target], (body) => [`${this.kernel.entry(target, 'i')} = ${at(late, i)(body)};`]);
    });
    this.tasks.close();
  }

  private scalar(id: Id, value: Value): void {
    const body = new Body(this.kernel);
    const written = isReduction(value) ? this.sum(value, body) : body.computed(value, '0u');
    if ('text' in written) this.kernel.define(id, written);
    else {
      body.lines.push(`let v${id} = ${written.expression};`);
      this.kernel.define(id, { text: `v${id}`, kind: written.kind, literal: null });
    }
    this.tasks.add({ lines: body.lines, reads: body.reads, writes: [], scalar: id }, body.lines.length);
  }

  private array(id: Id, value: Value): void {
    const size = sizeOf(value.shape);
    if (isReduction(value)) this.kernel.lie(id, reduced(this.tasks, value));
    else {
      const into = this.tasks.fresh(size);
      if (value.op === 'assemble') this.assembled(value, into);
      else if (value.op === 'random') this.drawn(value, into);
      else {
        this.tasks.spread(size, [into], (body) => {
          const written = body.computed(value, 'i');
          const scalar = 'text' in written ? written : { ...written, text: written.expression, literal: null };
          return [`${this.kernel.entry(into, 'i')} = ${asNumber(scalar)};`];
        });
      }
      this.kernel.lie(id, into);
    }
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
    if (!isPartition) this.tasks.spread(size, [into], () => [`${this.kernel.entry(into, 'i')} = 0.0;`]);
    const groups: { text: string[]; reads: Reads; operations: number }[] = [];
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
      const operations = body.lines.length * Math.ceil(sizeOf(shape) / WIDTH);
      if (isPartition) groups.push({ text: lines, reads: body.reads, operations });
      else this.tasks.add({ lines, reads: body.reads, writes: [into] }, operations);
    });
    if (groups.length === 0) return;
    const reads = new Reads();
    for (const group of groups) {
      for (const [buffer, positions] of group.reads.buffers) reads.buffers.set(buffer, positions);
      for (const id of group.reads.scalars) reads.scalars.add(id);
    }
    this.tasks.add(
      { lines: groups.flatMap(({ text }) => text), reads, writes: [into] },
      groups.reduce((sum, { operations }) => sum + operations, 0),
    );
  }

  private drawn({ args: [seed, start, t], attributes, shape }: ValueOf<'random'>, into: number): void {
    this.kernel.shared.functions.add('random_functions');
    const { kind, stream, count } = attributes;
    const size = sizeOf(shape);
    this.tasks.spread(size, [into], (body) => {
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
      const home = this.tasks.fresh(sizeOf(this.kernel.value(id).shape));
      this.kernel.lie(id, home);
      return home;
    });
    const before = new Tasks(this.kernel, this.tasks.isKept);
    homes.forEach((home, i) => {
      before.spread(at(this.kernel.buffers, home).size, [home], (body) => [
        `${this.kernel.entry(home, 'i')} = ${body.number(at(args, i), 'i')};`,
      ]);
    });
    const inside = new Block(this.kernel, this.tasks.isKept);
    inside.compute(needed, region);
    if (until !== null) inside.stop(until);
    inside.assign(homes, results);
    const turns = inside.tasks;
    const [first, turn] = [before.touched(), turns.touched()];
    const writes = new Set([...first.writes, ...turn.writes]);
    this.tasks.own.push(...before.own, ...turns.own);
    const reads = new Reads();
    for (const touched of [first, turn]) {
      for (const [buffer, positions] of touched.reads.buffers)
        if (!writes.has(buffer)) reads.buffers.set(buffer, positions);
      for (const id of touched.reads.scalars) reads.scalars.add(id);
    }
    this.tasks.add(
      {
        lines: [
          ...before.lines(true),
          `for (var turn${region} = 0u; turn${region} < ${count}u; turn${region}++) {`,
          ...indented(turns.lines(true)),
          '}',
        ],
        reads,
        writes: [...writes],
      },
      before.operations + count * turns.operations,
    );
  }

  /** Ends the loop around these tasks for all invocations alike, where the number is not 0. */
  private stop(until: Id): void {
    const flag = this.tasks.fresh(1);
    const entry = this.kernel.entry(flag, '0u');
    this.tasks.spread(1, [flag], (body) => [`${this.kernel.entry(flag, 'i')} = ${body.number(until, 'i')};`]);
    this.tasks.close();
    this.tasks.add({
      lines: [`if (workgroupUniformLoad(&${entry}) != 0.0) { break; }`],
      reads: new Reads(),
      writes: [flag],
    });
    this.tasks.close();
  }

  /** The one number of a short sum. */
  private sum(value: Reduction, body: Body): Written {
    const expression = unrolled(this.kernel, value, body);
    return expression === null ? literal(0) : { expression, kind: 'number' };
  }
}
