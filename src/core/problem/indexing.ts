/** `w[0]`, `V[1, :2]`, `w[-1]`, `w[::2]`: NumPy's basic indexing as a view of a row-major array. */
import { at, type Span } from '../diagnostic.ts';
import type { Expr, IndexExpr, Slice } from '../language/expr.ts';
import { printText } from '../language/print-text.ts';
import { describeShape, type Shape, stridesOf } from '../tensor/shape.ts';
import type { View } from '../tensor/value.ts';
import { wholeNumber } from './whole-number.ts';

/** `fix` replaces the whole of `span`. */
export type Refuse = (message: string, span: Span, replacement?: string) => null;

/** The view that `expr` picks of an operand of this shape, called `name` in messages; null where it was refused. */
export function viewOf(
  expr: IndexExpr,
  operand: Shape,
  name: string,
  refuse: Refuse,
): (View & { shape: Shape }) | null {
  if (operand.length === 0)
    return refuse(`${name} is a number and has no entries to pick.`, expr.span, printText(expr.operand));
  if (expr.items.length === 0)
    return refuse(`Write which entry of ${name}: the first is ${name}[0].`, expr.span, `${printText(expr.operand)}[0]`);
  if (expr.items.length > operand.length) {
    return refuse(
      `${name} has shape ${describeShape(operand)}: ${operand.length === 1 ? 'one index is' : `${operand.length} indices are`} enough.`,
      expr.span,
    );
  }
  const strides = stridesOf(operand);
  const kept: { length: number; stride: number }[] = [];
  let offset = 0;
  for (let axis = 0; axis < operand.length; axis++) {
    const [length, stride] = [at(operand, axis), at(strides, axis)];
    const item = expr.items[axis];
    if (!item) {
      kept.push({ length, stride });
    } else if (item.kind === 'slice') {
      const range = rangeOf(item, length, refuse);
      if (!range) return null;
      offset += range.first * stride;
      kept.push({ length: range.count, stride: range.step * stride });
    } else {
      const index = indexOf(item, length, operand.length === 1 ? name : `axis ${axis} of ${name}`, refuse);
      if (index === null) return null;
      offset += index * stride;
    }
  }
  return { offset, strides: kept.map(({ stride }) => stride), shape: kept.map(({ length }) => length) };
}

const isNewAxis = (item: Expr | Slice | undefined): boolean =>
  item?.kind === 'name' && (item.name === 'None' || item.name === 'newaxis');
const isAll = (item: Expr | Slice | undefined): boolean =>
  item?.kind === 'slice' && !item.from && !item.to && !item.step;

/** What `b[:, None]` and `b[None, :]` are here: a column, and the vector itself, which is a row wherever it meets a matrix. */
export function withNewAxis({ operand, items }: IndexExpr, shape: Shape): string | undefined {
  if (shape.length !== 1 || items.length !== 2) return undefined;
  const [first, second] = items;
  if (isAll(first) && isNewAxis(second)) return `reshape(${printText(operand)}, ${shape[0]}, 1)`;
  return isNewAxis(first) && isAll(second) ? printText(operand) : undefined;
}

function indexOf(item: Expr, length: number, name: string, refuse: Refuse): number | null {
  const index = wholeNumber(item);
  if (index === null) return refuse('An index is a whole number written out, such as 0, 1 or -1.', item.span);
  if (index >= -length && index < length) return index < 0 ? index + length : index;
  const last = `the last is ${length - 1}`;
  const message = `${name} has ${length} ${length === 1 ? 'entry' : 'entries'}, counted from 0: ${last}, and there is no ${index}.`;
  return refuse(message, item.span, index < 0 ? '0' : `${length - 1}`);
}

/** Bounds outside the array are cut, as in NumPy; an empty range is refused. */
function rangeOf(
  { from, to, step, span }: Slice,
  length: number,
  refuse: Refuse,
): { first: number; count: number; step: number } | null {
  const bounds = [from, to, step].map((bound) => (bound ? wholeNumber(bound) : undefined));
  if (bounds.includes(null)) return refuse('The bounds of a range are whole numbers written out, such as 1:3.', span);
  const stride = bounds[2] ?? 1;
  if (stride === 0) return refuse('A range cannot have a step of 0.', span);
  const [lowest, highest] = stride > 0 ? [0, length] : [-1, length - 1];
  const bounded = (bound: number): number => Math.min(highest, Math.max(lowest, bound < 0 ? bound + length : bound));
  const first = bounds[0] == null ? (stride > 0 ? 0 : length - 1) : bounded(bounds[0]);
  const end = bounds[1] == null ? (stride > 0 ? length : -1) : bounded(bounds[1]);
  const count = Math.ceil((end - first) / stride);
  if (count <= 0) return refuse(`This range holds none of the ${length} entries.`, span);
  return { first, count, step: stride };
}
