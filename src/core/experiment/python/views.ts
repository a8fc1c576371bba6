/** Views of arrays as indices of NumPy. */
import { at } from '../../diagnostic.ts';
import { type Shape, sizeOf, stridesOf } from '../../tensor/shape.ts';
import type { View } from '../../tensor/value.ts';

/** first, first + step, …: `count` positions along an axis of `length` entries. */
function along(first: number, step: number, count: number, length: number): string {
  if (step === 1 && first === 0 && count === length) return ':';
  const end = first + step * count;
  if (step === 1) return `${first}:${end}`;
  if (step > 0) return `${first}:${Math.min(length, end - step + 1)}:${step}`;
  const last = end - step;
  return `${first}:${last === 0 ? '' : last - 1}:${step}`;
}

const isRowMajor = (strides: readonly number[], shape: Shape): boolean =>
  shape.every((length, axis) => length === 1 || strides[axis] === stridesOf(shape)[axis]);

/** Flat positions that a view reads, row by row. */
export function positionsOf({ offset, strides }: View, shape: Shape): number[] {
  let positions = [offset];
  shape.forEach((length, axis) => {
    const stride = at(strides, axis);
    positions = positions.flatMap((first) => Array.from({ length }, (_, i) => first + i * stride));
  });
  return positions;
}

/** What stands in brackets after a flat vector of `size` entries to pick the view's positions; null where that takes a list. */
export function flatIndex(view: View, shape: Shape, size: number): string | null {
  const { offset, strides } = view;
  if (shape.length === 0) return String(offset);
  if (shape.length === 1) return along(offset, at(strides, 0), at(shape, 0), size);
  return isRowMajor(strides, shape) ? along(offset, 1, sizeOf(shape), size) : null;
}

/** `[1:3, 0]` after a matrix of the shape [m, n], for views along its rows and columns; null for others. */
export function matrixIndex(view: View, shape: Shape, [m = 0, n = 0]: Shape): string | null {
  const { offset, strides } = view;
  const [row, column] = [Math.floor(offset / n), offset % n];
  const isAlongRow = (stride: number, count: number) =>
    count === 1 || (column + stride * (count - 1) < n && column + stride * (count - 1) >= 0 && Math.abs(stride) < n);
  const [first = 0, second = 0] = strides;
  switch (shape.length) {
    case 0:
      return `${row}, ${column}`;
    case 1: {
      const count = at(shape, 0);
      if (isAlongRow(first, count)) {
        const entries = along(column, first, count, n);
        return entries === ':' ? String(row) : `${row}, ${entries}`;
      }
      return first % n === 0 ? `${along(row, first / n, count, m)}, ${column}` : null;
    }
    default: {
      const [rows, columns] = [at(shape, 0), at(shape, 1)];
      const isGrid = (rows === 1 || first % n === 0) && isAlongRow(second, columns);
      return isGrid ? `${along(row, rows === 1 ? 1 : first / n, rows, m)}, ${along(column, second, columns, n)}` : null;
    }
  }
}
