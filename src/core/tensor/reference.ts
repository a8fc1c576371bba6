/** The Float64 meaning of every operation. Each rule prepares a closure that fills `out` from the arguments' arrays. */
import { at } from '../diagnostic.ts';
import { ENTRY_LOOPS, type EntryLoop } from './entry-loops.ts';
import { nullSpaceBasis, pseudoinverse, rowSpaceBasis } from './matrix.ts';
import { type Shape, sizeOf, stridesOf } from './shape.ts';
import { type RandomPlace, shuffledAt, uniformAt } from './threefry.ts';
import { applyRule, type RuleTable, type Value, type View } from './value.ts';

/** An argument: its numbers, which change from call to call, and its shape. */
export interface Operator {
  readonly data: Float64Array;
  readonly shape: Shape;
}

/** Computes a value from its arguments' current numbers. Null where there is nothing to compute: leaves and loops. */
export type Kernel = (() => void) | null;

type Arguments = readonly Operator[];

const entrywise =
  (loop: EntryLoop) =>
  (_: Value, args: Arguments, out: Float64Array): Kernel => {
    const [x = out, y = out, z = out] = args.map(({ data }) => data);
    return () => loop(out, x, y, z);
  };

const copied = (_: Value, [a]: Arguments, out: Float64Array): Kernel => {
  const { data } = a as Operator;
  return () => out.set(data);
};

/** out[k] = a[index[k]]. */
const gathered =
  (index: (value: Value, shape: Shape) => Int32Array) =>
  (value: Value, [a]: Arguments, out: Float64Array): Kernel => {
    const { data, shape } = a as Operator;
    const from = index(value, shape);
    return () => {
      for (let k = 0; k < out.length; k++) out[k] = data[from[k] as number] as number;
    };
  };

/** Flat positions that a view of the given shape touches, in row-major order. */
export function viewIndices({ offset, strides }: View, shape: Shape): Int32Array {
  const indices = new Int32Array(sizeOf(shape));
  const own = stridesOf(shape);
  for (let k = 0; k < indices.length; k++) {
    let position = offset;
    for (let axis = 0; axis < shape.length; axis++) {
      position += (Math.floor(k / at(own, axis)) % at(shape, axis)) * at(strides, axis);
    }
    indices[k] = position;
  }
  return indices;
}

/** Position in the argument of each entry of a broadcast result: axes of length 1 are repeated. */
export function broadcastIndices(from: Shape, to: Shape): Int32Array {
  const own = stridesOf(from);
  const strides = to.map((_, axis) => {
    const source = axis - (to.length - from.length);
    return source < 0 || from[source] === 1 ? 0 : at(own, source);
  });
  return viewIndices({ offset: 0, strides }, to);
}

/** For a reduction: entry (outer, k, inner) of the argument is outer·length·inner + k·inner + inner. */
export function reductionExtents(shape: Shape, axis: number | null): { outer: number; length: number; inner: number } {
  if (axis === null) return { outer: 1, length: sizeOf(shape), inner: 1 };
  return { outer: sizeOf(shape.slice(0, axis)), length: at(shape, axis), inner: sizeOf(shape.slice(axis + 1)) };
}

type Extents = ReturnType<typeof reductionExtents>;

/** As in `ENTRY_LOOPS`, each has its loop. */
const reduction =
  (loop: (out: Float64Array, data: Float64Array, extents: Extents) => void) =>
  (value: Value & { attributes: { axis: number | null } }, [a]: Arguments, out: Float64Array): Kernel => {
    const { data, shape } = a as Operator;
    const extents = reductionExtents(shape, value.attributes.axis);
    return () => loop(out, data, extents);
  };

function sums(out: Float64Array, data: Float64Array, { outer, length, inner }: Extents): void {
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += data[(i * length + k) * inner + j] as number;
      out[i * inner + j] = sum;
    }
  }
}

function largest(out: Float64Array, data: Float64Array, { outer, length, inner }: Extents): void {
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < length; k++) most = Math.max(most, data[(i * length + k) * inner + j] as number);
      out[i * inner + j] = most;
    }
  }
}

/** A matrix-valued function of one matrix. */
const ofMatrix =
  (f: (matrix: { rows: number; columns: number; data: Float64Array }) => { data: Float64Array }) =>
  (_: Value, [a]: Arguments, out: Float64Array): Kernel => {
    const { data, shape } = a as Operator;
    return () => out.set(f({ rows: at(shape, 0), columns: at(shape, 1), data }).data);
  };

const nothing = (): Kernel => null;

const REFERENCE: RuleTable<[args: Arguments, out: Float64Array], Kernel> = {
  constant: nothing,
  input: nothing,
  identity: copied,
  negate: entrywise(ENTRY_LOOPS.negate),
  abs: entrywise(ENTRY_LOOPS.abs),
  sign: entrywise(ENTRY_LOOPS.sign),
  exp: entrywise(ENTRY_LOOPS.exp),
  log: entrywise(ENTRY_LOOPS.log),
  sqrt: entrywise(ENTRY_LOOPS.sqrt),
  sin: entrywise(ENTRY_LOOPS.sin),
  cos: entrywise(ENTRY_LOOPS.cos),
  tan: entrywise(ENTRY_LOOPS.tan),
  tanh: entrywise(ENTRY_LOOPS.tanh),
  floor: entrywise(ENTRY_LOOPS.floor),
  add: entrywise(ENTRY_LOOPS.add),
  subtract: entrywise(ENTRY_LOOPS.subtract),
  multiply: entrywise(ENTRY_LOOPS.multiply),
  divide: entrywise(ENTRY_LOOPS.divide),
  power: entrywise(ENTRY_LOOPS.power),
  maximum: entrywise(ENTRY_LOOPS.maximum),
  minimum: entrywise(ENTRY_LOOPS.minimum),
  less: entrywise(ENTRY_LOOPS.less),
  lessEqual: entrywise(ENTRY_LOOPS.lessEqual),
  equal: entrywise(ENTRY_LOOPS.equal),
  where: entrywise(ENTRY_LOOPS.where),
  broadcast: (value, args, out) => {
    const { data, shape } = args[0] as Operator;
    if (sizeOf(shape) === 1) return () => out.fill(data[0] as number);
    return gathered(() => broadcastIndices(shape, value.shape))(value, args, out);
  },
  reshape: copied,
  transpose: gathered((value) => viewIndices({ offset: 0, strides: [1, at(value.shape, 0)] }, value.shape)),
  slice: (value, args, out) => gathered(() => viewIndices(value.attributes, value.shape))(value, args, out),
  assemble: (value, args, out) => {
    const parts = args.map(({ data, shape }, i) => ({ data, into: viewIndices(at(value.attributes.parts, i), shape) }));
    return () => {
      out.fill(0);
      for (const { data, into } of parts) {
        for (let k = 0; k < data.length; k++)
          out[into[k] as number] = (out[into[k] as number] as number) + (data[k] as number);
      }
    };
  },
  sum: reduction(sums),
  max: reduction(largest),
  matmul: (_, args, out) => {
    const [a, b] = args as readonly [Operator, Operator];
    const inner = at(b.shape, 0);
    const rows = sizeOf(a.shape) / inner;
    const columns = sizeOf(b.shape) / inner;
    return () => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++)
            sum += (a.data[i * inner + k] as number) * (b.data[k * columns + j] as number);
          out[i * columns + j] = sum;
        }
      }
    };
  },
  pinv: (value, args, out) => ofMatrix((matrix) => pseudoinverse(matrix, value.attributes.cutoff))(value, args, out),
  nullSpace: ofMatrix(nullSpaceBasis),
  rowSpace: ofMatrix(rowSpaceBasis),
  gather: (_, args, out) => {
    const [table, rows] = args as readonly [Operator, Operator];
    const width = sizeOf(table.shape.slice(1));
    return () => {
      for (let i = 0; i < out.length; i++) {
        const row = rows.data[Math.floor(i / width)] as number;
        out[i] = table.data[row * width + (i % width)] as number;
      }
    };
  },
  random: ({ attributes: { kind, stream, count } }, args, out) => {
    const [seed, start, t] = args.map(({ data }) => data) as [Float64Array, Float64Array, Float64Array];
    return () => {
      const place: RandomPlace = {
        low: seed[0] as number,
        high: seed[1] as number,
        start: start[0] as number,
        t: t[0] as number,
        stream,
      };
      for (let i = 0; i < out.length; i++)
        out[i] = kind === 'uniform' ? uniformAt(place, i) : shuffledAt(place, i, out.length, count);
    };
  },
  repeat: nothing,
  pick: nothing,
  carry: nothing,
  turn: nothing,
};

/** The closure that computes `value` into `out`, in Float64. */
export function prepare(value: Value, args: Arguments, out: Float64Array): Kernel {
  return applyRule<[Arguments, Float64Array], Kernel>(REFERENCE, value, args, out);
}
