/** Positions in arrays as WGSL: a view's entry from the entry of its result, with what is known folded. */
import { at } from '../../core/diagnostic.ts';
import { type Shape, stridesOf } from '../../core/tensor/shape.ts';
import type { View } from '../../core/tensor/value.ts';

/** Entry `index` of a result of the given shape is this entry of the array that the view looks at. */
export function viewed({ offset, strides }: View, shape: Shape, index: string): string {
  const own = stridesOf(shape);
  const axes = shape.flatMap((length, axis) =>
    length > 1 ? [{ length, own: at(own, axis), stride: at(strides, axis), isFirst: false }] : [],
  );
  if (axes[0]) axes[0].isFirst = true;
  const known = /^(\d+)u$/.exec(index);
  if (known) {
    const position = axes.reduce(
      (sum, axis) => sum + (Math.floor(Number(known[1]) / axis.own) % axis.length) * axis.stride,
      offset,
    );
    return `${position}u`;
  }
  if (axes.every((axis) => axis.stride === axis.own)) return axes.length === 0 ? `${offset}u` : plus(offset, index);
  const terms = axes.flatMap((axis) => {
    if (axis.stride === 0) return [];
    const quotient = axis.own === 1 ? index : `${index} / ${axis.own}u`;
    const coordinate = axis.isFirst ? quotient : `(${quotient}) % ${axis.length}u`;
    const size = Math.abs(axis.stride);
    const term = size === 1 ? `(${coordinate})` : `(${coordinate}) * ${size}u`;
    return [`${axis.stride < 0 ? '-' : '+'} ${term}`];
  });
  return terms.length === 0 ? `${offset}u` : `${offset}u ${terms.join(' ')}`; // below 0 in between: u32 wraps back
}

const plus = (offset: number, index: string): string => (offset === 0 ? index : `${offset}u + ${index}`);

/** The view by which `from` is broadcast to `to`. */
export function broadcastView(from: Shape, to: Shape): View {
  const own = stridesOf(from);
  const strides = to.map((_, axis) => {
    const source = axis - (to.length - from.length);
    return source < 0 || from[source] === 1 ? 0 : at(own, source);
  });
  return { offset: 0, strides };
}

/** The view by which a matrix is transposed to `shape`. */
export const transposedView = (shape: Shape): View => ({ offset: 0, strides: [1, at(shape, 0)] });
