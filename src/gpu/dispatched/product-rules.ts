/** Products, and the projections of long vectors, which take a product into their own dispatch. */
import { at, invariant } from '../../core/diagnostic.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { Id, Value, ValueOf } from '../../core/tensor/value.ts';
import { pieceFor, rowPiece, turnsFor } from '../kernels/choose-product.ts';
import { dispatch } from '../kernels/dispatch.ts';
import type { ElementwiseName } from '../kernels/elementwise.ts';
import { matmul, matvec, projectAffine } from '../kernels/product.ts';
import { REDUCTION, reduce } from '../kernels/reduce.ts';
import { label, type Phase, type Rule } from './phase.ts';
import { reduced } from './reduction.ts';
import type { BufferView } from './view.ts';

export const elementwise: Rule<Value> = (value, id, phase) =>
  phase.apply(
    value.op as ElementwiseName,
    value.shape,
    value.args.map((argument) => phase.view(argument)),
    label(id),
  );

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

export const matrixProduct: Rule<ValueOf<'matmul'>> = (value, id, phase) => {
  const { a, b } = matrices(value, phase);
  const [rows, inner, columns] = [at(a.shape, 0), at(a.shape, 1), at(b.shape, 1)];
  if (inner === 0) return phase.filled(0, value.shape, label(id));
  const into = phase.fresh(value.shape);
  if (sizeOf(value.shape) === 0) return into;
  const product = productOf(value, phase);
  if (product) {
    const { matrix, vector } = product;
    const piece = rowPiece(inner);
    const pieces = Math.ceil(inner / piece);
    const params = {
      rows: product.rows,
      inner,
      a_offset: matrix.offset,
      a_row: matrix.row,
      a_inner: matrix.inner,
      x_offset: vector.offset,
      x_stride: vector.stride,
      piece,
    };
    const parts = pieces === 1 ? into : phase.fresh([pieces, product.rows]);
    phase.emit(label(id), dispatch(matvec, params, { a: matrix.buffer, x: vector.buffer, result: parts.buffer }));
    if (pieces === 1) return into;
    return reduced(phase, 'sum', parts, { outer: 1, length: pieces, inner: product.rows }, value.shape, label(id));
  }
  const piece = pieceFor({ rows, inner, columns });
  const pieces = Math.ceil(inner / piece);
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
    piece,
    result_offset: 0,
    alpha: 1,
    delta: 0,
  };
  const { buffer: result } = pieces === 1 ? into : phase.fresh([pieces, rows, columns]);
  phase.emit(label(id), dispatch(matmul, params, { a: a.buffer, b: b.buffer, result }));
  if (pieces > 1) {
    const whole = { outer: 1, length: pieces, inner: rows * columns, piece: pieces, offset: 0 };
    phase.emit(label(id), dispatch(reduce, whole, { a: result, result: into.buffer }, { operation: REDUCTION.sum }));
  }
  return into;
};

/**
 * The product that `subtract` takes into its own dispatch: P r of x − P r, where x is so long that its entries pass on their rounding.
 * Of the same loop, read nowhere else, its rows summed in one piece.
 */
export function fusedProduct(value: Value, phase: Phase): Id | null {
  if (value.op !== 'subtract' || value.shape.length !== 1 || turnsFor(sizeOf(value.shape)) === 1) return null;
  const id = value.args[1];
  const product = at(phase.values, id);
  if (product.op !== 'matmul' || product.region !== value.region || phase.readers.get(id) !== 1 || phase.isKnown(id))
    return null;
  const inner = at(phase.values, product.args[1]).shape[0] ?? 0;
  return inner !== 0 && rowPiece(inner) === inner ? id : null;
}

export const subtract: Rule<ValueOf<'subtract'>> = (value, id, phase) => {
  const fused = fusedProduct(value, phase);
  const inner = fused === null ? null : at(phase.values, fused);
  if (inner?.op !== 'matmul') return elementwise(value, id, phase);
  const product = productOf(inner, phase);
  invariant(product, 'a vector is the product of a matrix and a vector');
  const { matrix, vector, rows } = product;
  const x = phase.view(value.args[0]);
  const into = phase.fresh(value.shape);
  const params = {
    rows,
    inner: product.inner,
    p_offset: matrix.offset,
    p_row: matrix.row,
    p_inner: matrix.inner,
    x_offset: x.offset,
    x_stride: at(x.strides, 0),
    r_offset: vector.offset,
    r_stride: vector.stride,
    turns: turnsFor(rows),
  };
  const arrays = { p: matrix.buffer, x: x.buffer, r: vector.buffer, result: into.buffer };
  phase.emit(label(id), dispatch(projectAffine, params, arrays));
  return into;
};
