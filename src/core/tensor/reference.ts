/** The Float64 meaning of every operation. Each rule prepares a closure that fills `out` from the arguments' arrays. */
import { at } from '../diagnostic.ts';
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

const elementwise =
  (f: (a: number) => number) =>
  (_: Value, [a]: Arguments, out: Float64Array): Kernel => {
    const x = (a as Operator).data;
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = f(x[i] as number);
    };
  };

const pairwise =
  (f: (a: number, b: number) => number) =>
  (_: Value, [a, b]: Arguments, out: Float64Array): Kernel => {
    const [x, y] = [(a as Operator).data, (b as Operator).data];
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = f(x[i] as number, y[i] as number);
    };
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

const reduction =
  (initial: number, combine: (sum: number, entry: number) => number) =>
  (value: Value & { attributes: { axis: number | null } }, [a]: Arguments, out: Float64Array): Kernel => {
    const { data, shape } = a as Operator;
    const { outer, length, inner } = reductionExtents(shape, value.attributes.axis);
    return () => {
      for (let i = 0; i < outer; i++) {
        for (let j = 0; j < inner; j++) {
          let result = initial;
          for (let k = 0; k < length; k++) result = combine(result, data[(i * length + k) * inner + j] as number);
          out[i * inner + j] = result;
        }
      }
    };
  };

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
  identity: elementwise((a) => a),
  negate: elementwise((a) => -a),
  abs: elementwise(Math.abs),
  sign: elementwise(Math.sign),
  exp: elementwise(Math.exp),
  log: elementwise(Math.log),
  sqrt: elementwise(Math.sqrt),
  sin: elementwise(Math.sin),
  cos: elementwise(Math.cos),
  tan: elementwise(Math.tan),
  tanh: elementwise(Math.tanh),
  floor: elementwise(Math.floor),
  add: pairwise((a, b) => a + b),
  subtract: pairwise((a, b) => a - b),
  multiply: pairwise((a, b) => a * b),
  divide: pairwise((a, b) => a / b),
  power: pairwise((a, b) => a ** b),
  maximum: pairwise(Math.max),
  minimum: pairwise(Math.min),
  less: pairwise((a, b) => (a < b ? 1 : 0)),
  lessEqual: pairwise((a, b) => (a <= b ? 1 : 0)),
  equal: pairwise((a, b) => (a === b ? 1 : 0)),
  where: (_, args, out) => {
    const [c, a, b] = args.map(({ data }) => data) as [Float64Array, Float64Array, Float64Array];
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = (c[i] !== 0 ? a[i] : b[i]) as number;
    };
  },
  broadcast: gathered((value, from) => broadcastIndices(from, value.shape)),
  reshape: elementwise((a) => a),
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
  sum: reduction(0, (sum, entry) => sum + entry),
  max: reduction(Number.NEGATIVE_INFINITY, Math.max),
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
