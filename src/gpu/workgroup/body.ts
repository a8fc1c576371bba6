/** Writes the entry of a value at a symbolic position, within one loop of one invocation. */
import { at, invariant } from '../../core/diagnostic.ts';
import { type Shape, sizeOf } from '../../core/tensor/shape.ts';
import { applyRule, type Id, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { WGSL, type Writer, type Written } from '../fused/rules.ts';
import { asNumber, literal, type Scalar, variable } from '../fused/scalar.ts';
import { broadcastView, transposedView, viewed } from './index-text.ts';
import type { Kernel } from './kernel.ts';
import { isFromHost } from './places.ts';

/** What a piece of text reads, so that barriers and lifetimes follow. */
export class Reads {
  readonly scalars = new Set<Id>();
  /** Buffers, each with the positions at which it is read. */
  readonly buffers = new Map<number, Set<string>>();
}

export class Body {
  readonly lines: string[] = [];
  private readonly known = new Map<string, Scalar>();

  constructor(
    private readonly kernel: Kernel,
    readonly reads: Reads = new Reads(),
  ) {}

  /** Entry `index`, a u32 expression in row-major order, of a value. */
  read(id: Id, index: string): Scalar {
    const key = `${id} ${index}`;
    const scalar = this.known.get(key) ?? this.written(id, index);
    this.known.set(key, scalar);
    return scalar;
  }

  number = (id: Id, index: string): string => asNumber(this.read(id, index));

  /** An entry of a buffer. */
  entry(buffer: number, index: string): Scalar {
    const positions = this.reads.buffers.get(buffer) ?? new Set();
    this.reads.buffers.set(buffer, positions.add(index));
    return variable(this.line(this.kernel.entry(buffer, index)));
  }

  /** Entry [row, column] of a matrix for lanes that have a row each: of the host, column by column. */
  ofRow(id: Id, row: string, column: string, columns: number): string {
    const known = isFromHost(this.kernel.value(id)) ? this.kernel.byColumns(id, row, column) : null;
    return known ? this.line(known) : this.number(id, this.position(`${row} * ${columns}u + ${column}`));
  }

  /** The value's own operation, whatever it is kept as. */
  computed(value: Value, index: string): Written {
    const writer: Writer = {
      argument: (position) => this.read(at(value.args, position), index),
      shapeOf: (position): Shape => this.shapeOf(at(value.args, position)),
      table: (position, place) => `constants[${this.kernel.tableOf(at(value.args, position))}u + ${place}]`,
      partial: (expression) => variable(this.line(expression)),
      call: (name) => {
        this.kernel.shared.functions.add(name);
        return name;
      },
    };
    return applyRule<[number, Writer], Written>(WGSL, value, 0, writer);
  }

  /** A position that is read more than once stands on a line of its own. */
  position = (text: string): string => (/^[\w]+$/.test(text) ? text : this.line(text));

  private line(expression: string): string {
    const name = `a${this.kernel.nextName()}`;
    this.lines.push(`let ${name} = ${expression};`);
    return name;
  }

  private shapeOf = (id: Id): Shape => this.kernel.value(id).shape;

  private written(id: Id, index: string): Scalar {
    const value = this.kernel.value(id);
    const moved = this.renamed(value, index);
    if (moved) return moved;
    if (value.op === 'constant') {
      const [first = 0] = value.attributes.data;
      if (!Number.isNaN(first) && value.attributes.data.every((entry) => entry === first)) return literal(first);
    }
    if (isFromHost(value)) return variable(this.line(this.kernel.fromHost(id, index)));
    if (this.kernel.keepings.get(id) === 'scalar') {
      this.reads.scalars.add(id);
      return this.kernel.scalar(id);
    }
    const buffer = this.kernel.bufferOf(id);
    if (buffer !== undefined) return this.entry(buffer, index);
    if (value.op === 'input') return this.input(value, index);
    if (value.op === 'turn') return variable(`f32(turn${value.attributes.region})`);
    if (value.op === 'gather') return this.gathered(value, index);
    const written = this.computed(value, index);
    if ('text' in written) return written;
    return { text: this.line(written.expression), kind: written.kind, literal: null };
  }

  private renamed(value: Value, index: string): Scalar | null {
    const from = (id: Id, position: string) => this.read(id, this.position(position));
    switch (value.op) {
      case 'identity':
      case 'reshape':
        return this.read(value.args[0], index);
      case 'broadcast':
        return from(value.args[0], viewed(broadcastView(this.shapeOf(value.args[0]), value.shape), value.shape, index));
      case 'transpose':
        return from(value.args[0], viewed(transposedView(value.shape), value.shape, index));
      case 'slice':
        return from(value.args[0], viewed(value.attributes, value.shape, index));
      default:
        return null;
    }
  }

  private input({ attributes: { source, name } }: ValueOf<'input'>, index: string): Scalar {
    if (source === 'time') return variable('f32(t)');
    if (source === 'index') return variable('f32(start)');
    invariant(source === 'start', `a place for ${name}`);
    return variable(this.line(`starts[(${index}) * chunk.starts + start]`));
  }

  private gathered({ args: [table, rows] }: ValueOf<'gather'>, index: string): Scalar {
    const width = sizeOf(this.shapeOf(table).slice(1));
    const row = this.number(rows, this.position(`(${index}) / ${width}u`));
    return variable(
      this.line(`constants[${this.kernel.tableOf(table)}u + u32(${row}) * ${width}u + (${index}) % ${width}u]`),
    );
  }
}
