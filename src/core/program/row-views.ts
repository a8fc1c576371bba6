/** Where rows of data lie once their values have another shape. */
import { at } from '../diagnostic.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import type { View } from '../tensor/value.ts';

/** The axis of the new shape that has the same entries before it and the same length, or null. */
export function axisAfter(from: Shape, axis: number, to: Shape): number | null {
  const before = sizeOf(from.slice(0, axis));
  const found = to.findIndex((length, i) => length === from[axis] && sizeOf(to.slice(0, i)) === before);
  return found < 0 ? null : found;
}

/** Whether a view of `shape` takes columns of all rows of a `whole`: its first axis steps from row to row, the others stay within one. */
export function isOfColumns({ offset, strides }: View, shape: Shape, whole: Shape): boolean {
  const width = sizeOf(whole.slice(1));
  const inRow = shape.slice(1).map((length, i) => (length - 1) * at(strides, i + 1));
  const reach = inRow.reduce((sum, step) => sum + Math.abs(step), offset);
  return shape[0] === whole[0] && strides[0] === width && reach < width && inRow.every((step) => step >= 0);
}
