/** Every operation on many entries: loops over memory. What is entrywise shares loops: group-loop.ts. */
import { at } from '../core/diagnostic.ts';
import { reductionExtents } from '../core/tensor/reference.ts';
import { type Shape, sizeOf, stridesOf } from '../core/tensor/shape.ts';
import type { RuleTable, Value, ValueOf } from '../core/tensor/value.ts';
import { type Address, BYTES, copyView, fillWithZeros, gatherRows, multiply, reduce, type Strided } from './arrays.ts';
import { pushDrawn, type Writing } from './writing.ts';

const view = (writing: Writing, shape: Shape, to: Address, from: Strided): void =>
  copyView(writing, shape, { address: to, strides: stridesOf(shape) }, from, false);

const reduced = ({ op, args, attributes }: ValueOf<'sum' | 'max'>, to: Address, writing: Writing): void => {
  const extents = reductionExtents(writing.shapeOf(args[0]), attributes.axis);
  const how = op === 'sum' ? ([0, 'f64.add'] as const) : ([Number.NEGATIVE_INFINITY, 'f64.max'] as const);
  reduce(writing, extents, to, writing.address(args[0]), how);
};

/** By the reference's own kernel, on views of the memory. */
const byHost = (value: ValueOf<'pinv' | 'nullSpace' | 'rowSpace'>, to: Address, writing: Writing): void => {
  const [matrix] = value.args;
  const args = [{ address: writing.address(matrix), shape: writing.shapeOf(matrix) }];
  const call = writing.shared.calls.array({ value: value as Value, args, address: to, size: sizeOf(value.shape) });
  writing.code.integer(call).call(0);
};

const neverHere = ({ op }: Value): never => {
  throw new Error(`Invariant broken: ${op} is not written as an array`);
};

export const ARRAYS: RuleTable<[to: Address, writing: Writing], void> = {
  constant: neverHere,
  input: neverHere,
  identity: neverHere,
  negate: neverHere,
  abs: neverHere,
  sign: neverHere,
  exp: neverHere,
  log: neverHere,
  sqrt: neverHere,
  sin: neverHere,
  cos: neverHere,
  tan: neverHere,
  tanh: neverHere,
  floor: neverHere,
  add: neverHere,
  subtract: neverHere,
  multiply: neverHere,
  divide: neverHere,
  power: neverHere,
  maximum: neverHere,
  minimum: neverHere,
  less: neverHere,
  lessEqual: neverHere,
  equal: neverHere,
  where: neverHere,
  broadcast: ({ args: [argument], shape }, to, writing) => {
    const from = writing.shapeOf(argument);
    const own = stridesOf(from);
    const strides = shape.map((_, axis) => {
      const source = axis - (shape.length - from.length);
      return source < 0 || from[source] === 1 ? 0 : at(own, source);
    });
    view(writing, shape, to, { address: writing.address(argument), strides });
  },
  reshape: neverHere,
  transpose: ({ args: [argument], shape }, to, writing) =>
    view(writing, shape, to, { address: writing.address(argument), strides: [1, at(shape, 0)] }),
  slice: ({ args: [argument], attributes: { offset, strides }, shape }, to, writing) =>
    view(writing, shape, to, { address: writing.address(argument) + offset * BYTES, strides }),
  assemble: ({ args, attributes, shape }, to, writing) => {
    fillWithZeros(writing.code, to, sizeOf(shape));
    attributes.parts.forEach(({ offset, strides }, position) => {
      const part = at(args, position);
      const shape = writing.shapeOf(part);
      const from = { address: writing.address(part), strides: stridesOf(shape) };
      copyView(writing, shape, { address: to + offset * BYTES, strides }, from, true);
    });
  },
  sum: reduced,
  max: reduced,
  matmul: ({ args: [a, b], shape }, to, writing) => {
    const inner = at(writing.shapeOf(b), 0);
    if (inner === 0) {
      fillWithZeros(writing.code, to, sizeOf(shape));
      return;
    }
    const [rows, columns] = [sizeOf(writing.shapeOf(a)) / inner, sizeOf(writing.shapeOf(b)) / inner];
    multiply(writing, { rows, inner, columns }, to, writing.address(a), writing.address(b));
  },
  pinv: byHost,
  nullSpace: byHost,
  rowSpace: byHost,
  gather: ({ args: [table, rows], shape }, to, writing) => {
    const [tableRows = 0, ...rest] = writing.shapeOf(table);
    const extents = { tableRows, width: sizeOf(rest), count: at(shape, 0) };
    gatherRows(writing, extents, to, writing.address(table), writing.address(rows));
  },
  random: (value, to, writing) => {
    const { code, frame } = writing;
    const element = frame.local('i32');
    code.integer(0).set(element).begin('loop');
    code.get(element).integer(BYTES).op('i32.mul');
    pushDrawn(writing, value, () => code.get(element).op('f64.convert_i32_u'));
    code.access('f64.store', to);
    code.get(element).integer(1).op('i32.add').set(element);
    code.get(element).integer(sizeOf(value.shape)).op('i32.lt_u').branch('br_if', 0).op('end');
  },
  repeat: neverHere,
  pick: neverHere,
  carry: neverHere,
  turn: neverHere,
};
