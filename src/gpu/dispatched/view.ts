/** Strided views of buffers: broadcast, transposed, sliced and reshaped values are read where they lie, and copied only if they must be. */
import { at, invariant } from '../../core/diagnostic.ts';
import { type Shape, sizeOf, stridesOf } from '../../core/tensor/shape.ts';
import type { Four } from '../kernels/define-kernel.ts';
import type { BufferId } from '../kernels/dispatch.ts';

/** Entry (i, j, …) is element offset + i·strides[0] + j·strides[1] + … of the buffer. */
export interface BufferView {
  readonly buffer: BufferId;
  readonly shape: Shape;
  readonly offset: number;
  readonly strides: readonly number[];
}

export const wholeView = (buffer: BufferId, shape: Shape, offset = 0): BufferView => ({
  buffer,
  shape,
  offset,
  strides: stridesOf(shape),
});

/** Whether the entries lie one after the other in row-major order. */
export function isContiguous({ shape, strides }: BufferView): boolean {
  const own = stridesOf(shape);
  return sizeOf(shape) <= 1 || shape.every((length, axis) => length === 1 || strides[axis] === own[axis]);
}

/** NumPy's broadcasting: new axes and axes of length 1 are repeated by a stride of 0. */
export function broadcastView(view: BufferView, shape: Shape): BufferView {
  const added = shape.length - view.shape.length;
  const strides = shape.map((_, axis) =>
    axis < added || view.shape[axis - added] === 1 ? 0 : at(view.strides, axis - added),
  );
  return { ...view, shape, strides };
}

export const transposedView = (view: BufferView): BufferView => ({
  ...view,
  shape: view.shape.toReversed(),
  strides: view.strides.toReversed(),
});

/** The same entries under another shape, or null where that takes a copy. */
export function reshapedView(view: BufferView, shape: Shape): BufferView | null {
  if (isContiguous(view)) return { ...view, shape, strides: stridesOf(shape) };
  const long = (of: Shape) => of.filter((length) => length !== 1);
  if (long(view.shape).join() !== long(shape).join()) return null;
  const kept = view.strides.filter((_, axis) => view.shape[axis] !== 1);
  return { ...view, shape, strides: shape.map((length) => (length === 1 ? 0 : (kept.shift() ?? 0))) };
}

/** A view of the row-major entries of `view`, or null where that takes a copy. */
export function slicedView(
  view: BufferView,
  shape: Shape,
  offset: number,
  strides: readonly number[],
): BufferView | null {
  return isContiguous(view) ? { buffer: view.buffer, shape, offset: view.offset + offset, strides } : null;
}

/** Several views of one shape with as few axes as they share: what an elementwise kernel is told. */
export interface Collapsed {
  readonly rank: 1 | 2 | 4;
  readonly shape: Four;
  readonly strides: readonly Four[];
}

export function collapse(shape: Shape, views: readonly { readonly strides: readonly number[] }[]): Collapsed {
  const lengths: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const isJoined =
      lengths.length > 0 &&
      views.every((view, i) => at(at(strides, i), lengths.length - 1) === at(view.strides, axis) * length);
    if (isJoined) lengths[lengths.length - 1] = at(lengths, lengths.length - 1) * length;
    else lengths.push(length);
    views.forEach((view, i) => {
      at(strides, i)[lengths.length - 1] = at(view.strides, axis);
    });
  });
  invariant(lengths.length <= 4, `kernels read at most four axes, not ${lengths.length}`);
  const rank = lengths.length <= 1 ? 1 : lengths.length === 2 ? 2 : 4;
  return { rank, shape: four(lengths, 1), strides: strides.map((own) => four(own, 0)) };
}

/** The numbers at the end of four, with `fill` in front. */
export function four(numbers: readonly number[], fill: number): Four {
  const [a = fill, b = fill, c = fill, d = fill] = [...new Array<number>(4 - numbers.length).fill(fill), ...numbers];
  return [a, b, c, d];
}
