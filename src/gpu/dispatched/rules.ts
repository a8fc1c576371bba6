/** How each operation becomes dispatches, or a view and no dispatch at all. */
import { at, invariant } from '../../core/diagnostic.ts';
import { reductionExtents } from '../../core/tensor/reference.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { applyRule, type Id, type RuleTable, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { dispatch } from '../kernels/dispatch.ts';
import { gather, scatter } from '../kernels/place.ts';
import { RANDOM_KIND, random } from '../kernels/random.ts';
import { label, type Phase, type Rule } from './phase.ts';
import { elementwise, matrixProduct, subtract } from './product-rules.ts';
import { reduced } from './reduction.ts';
import {
  type BufferView,
  broadcastView,
  four,
  isContiguous,
  reshapedView,
  slicedView,
  transposedView,
} from './view.ts';

/** An operation that has no dispatched form; the message is for the reader. */
export class NotDispatched extends Error {}

const only = (value: Value, phase: Phase): BufferView => phase.view(at<Id>(value.args, 0));

const reduction =
  (name: 'sum' | 'max'): Rule<ValueOf<'sum'> | ValueOf<'max'>> =>
  (value, id, phase) => {
    const view = phase.contiguous(only(value, phase), label(id));
    const { outer, length, inner } = reductionExtents(view.shape, value.attributes.axis);
    if (length === 0) return phase.filled(name === 'sum' ? 0 : Number.NEGATIVE_INFINITY, value.shape, label(id));
    return reduced(phase, name, view, { outer, length, inner }, value.shape, label(id));
  };

const assemble: Rule<ValueOf<'assemble'>> = (value, id, phase) => {
  const isTiled = tiles(value, phase);
  const into = isTiled ? phase.fresh(value.shape) : phase.filled(0, value.shape, label(id));
  value.args.forEach((argument, i) => {
    const part = phase.view(argument);
    const count = sizeOf(part.shape);
    if (count === 0) return;
    if (isTiled) {
      const place = at(value.attributes.parts, i).offset;
      if (isReadHereOnly(argument, phase) && phase.redirect(part, into.buffer, place)) return;
      const flat = { shape: [1, 1, 1, count], strides: [0, 0, 0, 1], count, offset: place } as const;
      const row = part.offset === 0 ? phase.contiguous(part, label(id)) : phase.copy(part, label(id));
      const arrays = { part: row.buffer, result: into.buffer };
      phase.emit(label(id), dispatch(scatter, flat, arrays, { adding: 0 }));
      return;
    }
    const whole = part.offset === 0 ? phase.contiguous(part, label(id)) : phase.copy(part, label(id));
    const { offset, strides } = at(value.attributes.parts, i);
    const params = { shape: four(part.shape, 1), strides: four(strides, 0), count, offset };
    phase.emit(label(id), dispatch(scatter, params, { part: whole.buffer, result: into.buffer }));
  });
  return into;
};

/** Whether nothing else reads a product, or its entries under another shape. */
function isReadHereOnly(id: Id, phase: Phase): boolean {
  if (phase.readers.get(id) !== 1) return false;
  const value = at(phase.values, id);
  return value.op === 'matmul' || (value.op === 'reshape' && isReadHereOnly(value.args[0], phase));
}

/** Whether the parts lie end to end, each in row-major order, and cover the whole. */
function tiles({ args, attributes, shape }: ValueOf<'assemble'>, phase: Phase): boolean {
  const parts = args.map((argument, i) => {
    const { offset, strides } = at(attributes.parts, i);
    const own = phase.view(argument).shape;
    return { offset, size: sizeOf(own), isWhole: isContiguous({ buffer: 0, shape: own, offset, strides }) };
  });
  let end = 0;
  for (const { offset, size, isWhole } of parts.toSorted((a, b) => a.offset - b.offset || a.size - b.size)) {
    if (offset !== end || !isWhole) return false;
    end += size;
  }
  return end === sizeOf(shape);
}

const gatherRows: Rule<ValueOf<'gather'>> = (value, id, phase) => {
  const [table, rows] = value.args.map((argument) => phase.contiguous(phase.view(argument), label(id)));
  invariant(table && rows, 'a table and its rows');
  const into = phase.fresh(value.shape);
  const count = sizeOf(value.shape);
  const width = sizeOf(value.shape.slice(1));
  if (count === 0) return into;
  const params = { count, width, table_offset: table.offset, rows_offset: rows.offset };
  phase.emit(label(id), dispatch(gather, params, { table: table.buffer, rows: rows.buffer, result: into.buffer }));
  return into;
};

const randomNumbers: Rule<ValueOf<'random'>> = (value, id, phase) => {
  const { kind, stream, count: rows } = value.attributes;
  const [seed, start, t] = value.args.map((argument) => phase.contiguous(phase.view(argument), label(id)));
  invariant(seed && start && t, 'a seed, a start and a step');
  const into = phase.fresh(value.shape);
  const count = sizeOf(value.shape);
  if (count === 0) return into;
  const offsets = { seed_offset: seed.offset, start_offset: start.offset, t_offset: t.offset };
  const arrays = { seed: seed.buffer, start: start.buffer, t: t.buffer, result: into.buffer };
  phase.emit(label(id), dispatch(random, { count, stream, rows, ...offsets }, arrays, { kind: RANDOM_KIND[kind] }));
  return into;
};

const elsewhere = (value: Value): never => invariant(false, `${value.op} is not a dispatch`) as never;
const factorisation = (value: Value): never => {
  throw new NotDispatched(
    `The ${value.op === 'pinv' ? 'pseudoinverse' : 'factorisation'} of a matrix that changes from step to step has no dispatched form. Choose another executor, or a method that needs none.`,
  );
};

const DISPATCHED: RuleTable<[id: Id, phase: Phase], BufferView> = {
  constant: elsewhere,
  // Dispatched runs have one start: its number is 0.
  input: (value, id, phase) =>
    value.attributes.source === 'index' ? phase.filled(0, [], label(id)) : elsewhere(value),
  identity: (value, _, phase) => only(value, phase),
  negate: elementwise,
  abs: elementwise,
  sign: elementwise,
  exp: elementwise,
  log: elementwise,
  sqrt: elementwise,
  sin: elementwise,
  cos: elementwise,
  tan: elementwise,
  tanh: elementwise,
  floor: elementwise,
  add: elementwise,
  subtract,
  multiply: elementwise,
  divide: elementwise,
  power: elementwise,
  maximum: elementwise,
  minimum: elementwise,
  less: elementwise,
  lessEqual: elementwise,
  equal: elementwise,
  where: elementwise,
  broadcast: (value, _, phase) => broadcastView(only(value, phase), value.shape),
  reshape: (value, id, phase) => viewOrCopy(value, id, phase, (view) => reshapedView(view, value.shape)),
  transpose: (value, _, phase) => transposedView(only(value, phase)),
  slice: (value, id, phase) =>
    viewOrCopy(value, id, phase, (view) =>
      slicedView(view, value.shape, value.attributes.offset, value.attributes.strides),
    ),
  assemble,
  sum: reduction('sum'),
  max: reduction('max'),
  matmul: matrixProduct,
  pinv: factorisation,
  nullSpace: factorisation,
  rowSpace: factorisation,
  gather: gatherRows,
  random: randomNumbers,
  repeat: elsewhere,
  pick: elsewhere,
  carry: elsewhere,
  turn: elsewhere,
};

function viewOrCopy(value: Value, id: Id, phase: Phase, look: (view: BufferView) => BufferView | null): BufferView {
  const view = only(value, phase);
  const result = look(view) ?? look(phase.copy(view, label(id)));
  invariant(result, 'a copy lies in row-major order');
  return result;
}

/** Emits the dispatches of one value; loops are `lower`'s. */
export function lowerValue(value: Value, id: Id, phase: Phase): BufferView {
  return applyRule<[Id, Phase], BufferView>(DISPATCHED, value, id, phase);
}
