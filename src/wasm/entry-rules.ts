/** Every operation on few entries: straight code on local variables. */
import { at } from '../core/diagnostic.ts';
import type { EntrywiseName } from '../core/tensor/entrywise.ts';
import { broadcastIndices, reductionExtents, viewIndices } from '../core/tensor/reference.ts';
import { type Shape, sizeOf } from '../core/tensor/shape.ts';
import type { Id, OpName, RuleTable, Value, ValueOf } from '../core/tensor/value.ts';
import { BYTES, pushMissing } from './arrays.ts';
import { literal, pushNumber, type Scalar, writeEntry } from './scalar.ts';
import { named, pushDrawn, type Writing } from './writing.ts';

const each = (value: { readonly shape: Shape }, write: (k: number) => Scalar): Scalar[] =>
  Array.from({ length: sizeOf(value.shape) }, (_, k) => write(k));

const entrywise = (value: ValueOf<EntrywiseName>, writing: Writing): Scalar[] =>
  each(value, (k) =>
    writeEntry(
      writing,
      writing.shared.calls,
      value.op,
      value.args.map((id) => writing.entry(id, k)),
    ),
  );

/** The entries of the argument, in another order. */
const moved =
  <Name extends OpName>(indices: (value: ValueOf<Name>, from: Shape) => Int32Array) =>
  (value: ValueOf<Name>, writing: Writing): Scalar[] => {
    const argument = at(value.args as readonly Id[], 0);
    return Array.from(indices(value, writing.shapeOf(argument)), (k) => writing.entry(argument, k));
  };

const reduced = (value: ValueOf<'sum' | 'max'>, writing: Writing): Scalar[] => {
  const { op, args, attributes } = value;
  const { length, inner } = reductionExtents(writing.shapeOf(args[0]), attributes.axis);
  return each(value, (k) => {
    const [outer, offset] = [Math.floor(k / inner), k % inner];
    const entries = Array.from({ length }, (_, j) => writing.entry(args[0], (outer * length + j) * inner + offset));
    writing.code.number(op === 'sum' ? 0 : Number.NEGATIVE_INFINITY);
    for (const one of entries) pushNumber(writing.code, one).op(op === 'sum' ? 'f64.add' : 'f64.max');
    return named(writing);
  });
};

/** 0 + a₀b₀ + a₁b₁ + …, in order; a factor ±1 needs no product. */
function inOrder(writing: Writing, factors: readonly (readonly [Scalar, Scalar])[]): Scalar {
  const { code } = writing;
  code.number(0);
  for (const [a, b] of factors) {
    const sign = [a, b].findIndex((factor) => factor.kind === 'literal' && Math.abs(factor.value) === 1);
    if (sign < 0) {
      pushNumber(code, a);
      pushNumber(code, b).op('f64.mul', 'f64.add');
      continue;
    }
    const [unit, other] = sign === 0 ? [a, b] : [b, a];
    pushNumber(code, other).op(unit.kind === 'literal' && unit.value < 0 ? 'f64.sub' : 'f64.add');
  }
  return named(writing);
}

const neverHere = ({ op }: Value): never => {
  throw new Error(`Invariant broken: ${op} is not written entry by entry`);
};

export const ENTRIES: RuleTable<[writing: Writing], readonly Scalar[]> = {
  constant: neverHere,
  input: neverHere,
  identity: neverHere,
  negate: entrywise,
  abs: entrywise,
  sign: entrywise,
  exp: entrywise,
  log: entrywise,
  sqrt: entrywise,
  sin: entrywise,
  cos: entrywise,
  tan: entrywise,
  tanh: entrywise,
  floor: entrywise,
  add: entrywise,
  subtract: entrywise,
  multiply: entrywise,
  divide: entrywise,
  power: entrywise,
  maximum: entrywise,
  minimum: entrywise,
  less: entrywise,
  lessEqual: entrywise,
  equal: entrywise,
  where: entrywise,
  broadcast: moved<'broadcast'>(({ shape }, from) => broadcastIndices(from, shape)),
  reshape: neverHere,
  transpose: moved<'transpose'>(({ shape }) => viewIndices({ offset: 0, strides: [1, at(shape, 0)] }, shape)),
  slice: moved<'slice'>(({ attributes, shape }) => viewIndices(attributes, shape)),
  assemble: (value, writing) => {
    const terms: Scalar[][] = Array.from({ length: sizeOf(value.shape) }, () => []);
    value.attributes.parts.forEach((view, position) => {
      const part = at(value.args, position);
      viewIndices(view, writing.shapeOf(part)).forEach((into, k) => {
        at(terms, into).push(writing.entry(part, k));
      });
    });
    return terms.map((summands) => {
      if (summands.length === 0) return literal(0);
      writing.code.number(0);
      for (const summand of summands) pushNumber(writing.code, summand).op('f64.add');
      return named(writing);
    });
  },
  sum: reduced,
  max: reduced,
  matmul: (value, writing) => {
    const [a, b] = value.args;
    const inner = at(writing.shapeOf(b), 0);
    const columns = sizeOf(writing.shapeOf(b)) / Math.max(1, inner);
    return each(value, (entry) => {
      const [row, column] = [Math.floor(entry / columns), entry % columns];
      const factors = Array.from(
        { length: inner },
        (_, k) => [writing.entry(a, row * inner + k), writing.entry(b, k * columns + column)] as const,
      );
      return inOrder(writing, factors);
    });
  },
  pinv: neverHere,
  nullSpace: neverHere,
  rowSpace: neverHere,
  gather: ({ args: [table, rows], shape }, writing) => {
    const { code, frame } = writing;
    const [tableRows = 0, ...rest] = writing.shapeOf(table);
    const width = sizeOf(rest);
    const picked = Array.from({ length: at(shape, 0) }, (_, i) => writing.entry(rows, i));
    if (picked.every((row) => row.kind === 'literal'))
      // where the table changes from step to step
      return picked.flatMap(({ value }) =>
        Array.from({ length: width }, (_, k) => writing.entry(table, value * width + k)),
      );
    const address = writing.address(table);
    const [index, missing] = [frame.local('i32'), frame.local('f64')];
    return picked.flatMap((one) => {
      const row = frame.local('f64');
      pushNumber(code, one).set(row);
      pushMissing(code, row, index, tableRows, missing);
      return Array.from({ length: width }, (_, k) => {
        code
          .get(index)
          .integer(width * BYTES)
          .op('i32.mul')
          .access('f64.load', address + k * BYTES);
        code.get(missing).op('f64.add');
        return named(writing);
      });
    });
  },
  random: (value, writing) =>
    each(value, (k) => {
      pushDrawn(writing, value, () => writing.code.number(k));
      return named(writing);
    }),
  repeat: neverHere,
  pick: neverHere,
  carry: neverHere,
  turn: neverHere,
};
