/** What all parts of one kernel share: buffers, names, and which value lies where. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, levelOf, type Value } from '../../core/tensor/value.ts';
import type { Shared } from '../fused/emit.ts';
import type { Scalar } from '../fused/scalar.ts';
import type { Buffer } from './memory.ts';
import { type Keeping, keepings } from './places.ts';

export class Kernel {
  readonly buffers: Buffer[] = [];
  readonly keepings: Map<Id, Keeping>;
  private lying = new Map<Id, number>();
  private scalars = new Map<Id, Scalar>();
  private loops = new Set<Id>();
  private names = 0;

  constructor(
    readonly program: Program,
    readonly shared: Shared,
  ) {
    this.keepings = keepings(program);
    for (const { current, shape } of program.state) this.lie(current, this.buffer(sizeOf(shape), true));
  }

  value = (id: Id): Value => at(this.program.values, id);

  nextName = (): number => this.names++;

  buffer(size: number, isPermanent: boolean): number {
    this.buffers.push({ size, isPermanent, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY });
    return this.buffers.length - 1;
  }

  /** The entries of the value are those of the buffer. */
  lie = (id: Id, buffer: number): unknown => this.lying.set(id, buffer);

  bufferOf = (id: Id): number | undefined => this.lying.get(id);

  define = (id: Id, scalar: Scalar): unknown => this.scalars.set(id, scalar);

  /** A loop has no entries of its own: that it has run is all there is to know of it. */
  run = (loop: Id): unknown => this.loops.add(loop);

  scalar(id: Id): Scalar {
    const scalar = this.scalars.get(id);
    invariant(scalar, 'a number is computed before it is read');
    return scalar;
  }

  /** What `body` computes is forgotten after it: it holds for the state at that moment. */
  passing(body: () => void): void {
    const [lying, scalars, loops] = [new Map(this.lying), new Map(this.scalars), new Set(this.loops)];
    body();
    this.lying = lying;
    this.scalars = scalars;
    this.loops = loops;
  }

  isDefined = (id: Id): boolean => this.scalars.has(id) || this.lying.has(id) || this.loops.has(id);

  /** An entry of a buffer, whose place is known only once all has been written: see `placed`. */
  entry = (buffer: number, index: string): string => `«${buffer}»${index}«»`;

  /** Offset of a value of the host that is read at positions which the kernel computes. */
  tableOf(id: Id): number {
    const { op, args, shape } = this.value(id);
    if (op === 'identity' || op === 'reshape') return this.tableOf(at<Id>(args, 0));
    return this.shared.constants.offsetOf(id, sizeOf(shape));
  }

  /** Entry [row, column] of a matrix of the host that lies column by column; null where it may not: what moves with time, or is made on the device. */
  byColumns(id: Id, row: string, column: string): string | null {
    const { op, shape, uses } = this.value(id);
    const [rows = 0, columns = 0] = shape;
    if (shape.length !== 2 || op === 'pinv' || levelOf(uses) === 'time') return null;
    return `constants[${this.shared.constants.offsetOf(id, rows * columns, columns)}u + ${column} * ${rows}u + ${row}]`;
  }

  fromHost(id: Id, index: string): string {
    const { shape, uses } = this.value(id);
    const isTime = levelOf(uses) === 'time';
    const offset = (isTime ? this.shared.schedule : this.shared.constants).offsetOf(id, sizeOf(shape));
    return isTime ? `schedule[row + ${offset}u + ${index}]` : `constants[${offset}u + ${index}]`;
  }
}
