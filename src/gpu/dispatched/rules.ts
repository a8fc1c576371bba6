/** How each operation becomes dispatches, or a view and no dispatch at all. */
import { at, invariant } from '../../core/diagnostic.ts';
import { reductionExtents } from '../../core/tensor/reference.ts';
import { type Shape, sizeOf } from '../../core/tensor/shape.ts';
import { applyRule, type Id, type RuleTable, type Value, type ValueOf } from '../../core/tensor/value.ts';
import { dispatch } from '../kernels/dispatch.ts';
import type { ElementwiseName } from '../kernels/elementwise.ts';
import { scatter } from '../kernels/place.ts';
import { affineResidual, matmul, matvec, projectAffine } from '../kernels/product.ts';
import { REDUCTION, reduce } from '../kernels/reduce.ts';
import type { Phase } from './phase.ts';
import { type BufferView, broadcastView, four, reshapedView, slicedView, transposedView } from './view.ts';

/** An operation that has no dispatched form; the message is for the reader. */
export class NotDispatched extends Error {}

/** Longer sums are made in pieces of about the root of their length. */
const ONE_PIECE = 64;

type Rule<V extends Value> = (value: V, id: Id, phase: Phase) => BufferView;

const elementwise: Rule<Value> = (value, id, phase) =>
  phase.apply(
    value.op as ElementwiseName,
    value.shape,
    value.args.map((argument) => phase.view(argument)),
    label(id),
  );

const label = (id: Id): string => `%${id}`;
const only = (value: Value, phase: Phase): BufferView => phase.view(at<Id>(value.args, 0));

const reduction =
  (name: 'sum' | 'max'): Rule<ValueOf<'sum'> | ValueOf<'max'>> =>
  (value, id, phase) => {
    const view = phase.contiguous(only(value, phase), label(id));
    const { outer, length, inner } = reductionExtents(view.shape, value.attributes.axis);
    if (length === 0) return phase.filled(name === 'sum' ? 0 : Number.NEGATIVE_INFINITY, value.shape, label(id));
    const inPieces = (from: BufferView, count: number, piece: number, shape: Shape): BufferView => {
      const into = phase.fresh(shape);
      if (sizeOf(shape) === 0) return into;
      const params = { outer, length: count, inner, piece, offset: from.offset };
      phase.emit(
        label(id),
        dispatch(reduce, params, { a: from.buffer, result: into.buffer }, { operation: REDUCTION[name] }),
      );
      return into;
    };
    if (length <= ONE_PIECE) return inPieces(view, length, length, value.shape);
    const piece = Math.ceil(Math.sqrt(length));
    const pieces = Math.ceil(length / piece);
    return inPieces(inPieces(view, length, piece, [outer, pieces, inner]), pieces, pieces, value.shape);
  };

/** A matrix and a vector whose product a matmul is, or null where both are matrices with more than one row and column. */
interface Product {
  readonly matrix: { readonly buffer: number; readonly offset: number; readonly row: number; readonly inner: number };
  readonly vector: { readonly buffer: number; readonly offset: number; readonly stride: number };
  readonly rows: number;
  readonly inner: number;
}

/** Operands as matrices [rows, inner] and [inner, columns]: a vector on the left is a row, on the right a column. */
function matrices(value: ValueOf<'matmul'>, phase: Phase): { a: BufferView; b: BufferView } {
  const [left, right] = [phase.view(value.args[0]), phase.view(value.args[1])];
  const a =
    left.shape.length === 1 ? { ...left, shape: [1, at(left.shape, 0)], strides: [0, at(left.strides, 0)] } : left;
  const b =
    right.shape.length === 1 ? { ...right, shape: [at(right.shape, 0), 1], strides: [at(right.strides, 0), 0] } : right;
  return { a, b };
}

function productOf(value: ValueOf<'matmul'>, phase: Phase): Product | null {
  const { a, b } = matrices(value, phase);
  const inner = at(a.shape, 1);
  if (at(b.shape, 1) === 1) {
    const matrix = { buffer: a.buffer, offset: a.offset, row: at(a.strides, 0), inner: at(a.strides, 1) };
    return {
      matrix,
      vector: { buffer: b.buffer, offset: b.offset, stride: at(b.strides, 0) },
      rows: at(a.shape, 0),
      inner,
    };
  }
  if (at(a.shape, 0) !== 1) return null;
  const matrix = { buffer: b.buffer, offset: b.offset, row: at(b.strides, 1), inner: at(b.strides, 0) }; // Bᵀ a
  return {
    matrix,
    vector: { buffer: a.buffer, offset: a.offset, stride: at(a.strides, 1) },
    rows: at(b.shape, 1),
    inner,
  };
}

const matrixProduct: Rule<ValueOf<'matmul'>> = (value, id, phase) => {
  const { a, b } = matrices(value, phase);
  const [rows, inner, columns] = [at(a.shape, 0), at(a.shape, 1), at(b.shape, 1)];
  if (inner === 0) return phase.filled(0, value.shape, label(id));
  const into = phase.fresh(value.shape);
  if (sizeOf(value.shape) === 0) return into;
  const product = productOf(value, phase);
  if (product) {
    const { matrix, vector } = product;
    const params = {
      rows: product.rows,
      inner,
      a_offset: matrix.offset,
      a_row: matrix.row,
      a_inner: matrix.inner,
      x_offset: vector.offset,
      x_stride: vector.stride,
    };
    phase.emit(label(id), dispatch(matvec, params, { a: matrix.buffer, x: vector.buffer, result: into.buffer }));
    return into;
  }
  const params = {
    rows,
    inner,
    columns,
    a_offset: a.offset,
    a_row: at(a.strides, 0),
    a_inner: at(a.strides, 1),
    b_offset: b.offset,
    b_inner: at(b.strides, 0),
    b_column: at(b.strides, 1),
    alpha: 1,
    delta: 0,
  };
  phase.emit(label(id), dispatch(matmul, params, { a: a.buffer, b: b.buffer, result: into.buffer }));
  return into;
};

/** The product that `subtract` takes into its own dispatch: A x − b, or x − P r. A vector of the same loop, read nowhere else. */
export function fusedProduct(value: Value, phase: Phase): { readonly id: Id; readonly side: 0 | 1 } | null {
  if (value.op !== 'subtract' || value.shape.length !== 1 || sizeOf(value.shape) === 0) return null;
  for (const side of [1, 0] as const) {
    const id = value.args[side];
    const argument = at(phase.values, id);
    if (
      argument.op !== 'matmul' ||
      phase.readers.get(id) !== 1 ||
      argument.region !== value.region ||
      phase.isKnown(id)
    )
      continue;
    if (at(phase.values, argument.args[1]).shape[0] !== 0) return { id, side };
  }
  return null;
}

const subtract: Rule<ValueOf<'subtract'>> = (value, id, phase) => {
  const fused = fusedProduct(value, phase);
  const inner = fused && at(phase.values, fused.id);
  if (!fused || inner?.op !== 'matmul') return elementwise(value, id, phase);
  const product = productOf(inner, phase);
  invariant(product, 'a vector is the product of a matrix and a vector');
  const { matrix, vector, rows } = product;
  const other = phase.view(value.args[fused.side === 0 ? 1 : 0]);
  const place = { offset: other.offset, stride: at(other.strides, 0) };
  const into = phase.fresh(value.shape);
  const { buffer: result } = into;
  if (fused.side === 0) {
    const params = {
      rows,
      inner: product.inner,
      a_offset: matrix.offset,
      a_row: matrix.row,
      a_inner: matrix.inner,
      x_offset: vector.offset,
      x_stride: vector.stride,
      b_offset: place.offset,
      b_stride: place.stride,
    };
    phase.emit(
      label(id),
      dispatch(affineResidual, params, { a: matrix.buffer, x: vector.buffer, b: other.buffer, result }),
    );
  } else {
    const params = {
      rows,
      inner: product.inner,
      p_offset: matrix.offset,
      p_row: matrix.row,
      p_inner: matrix.inner,
      x_offset: place.offset,
      x_stride: place.stride,
      r_offset: vector.offset,
      r_stride: vector.stride,
    };
    phase.emit(
      label(id),
      dispatch(projectAffine, params, { p: matrix.buffer, x: other.buffer, r: vector.buffer, result }),
    );
  }
  return into;
};

const assemble: Rule<ValueOf<'assemble'>> = (value, id, phase) => {
  const into = phase.filled(0, value.shape, label(id));
  value.args.forEach((argument, i) => {
    const part = phase.view(argument);
    const count = sizeOf(part.shape);
    if (count === 0) return;
    const whole = part.offset === 0 ? phase.contiguous(part, label(id)) : phase.copy(part, label(id));
    const { offset, strides } = at(value.attributes.parts, i);
    const params = { shape: four(part.shape, 1), strides: four(strides, 0), count, offset };
    phase.emit(label(id), dispatch(scatter, params, { part: whole.buffer, result: into.buffer }));
  });
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
  input: elsewhere,
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
