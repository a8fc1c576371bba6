/** `p[group]`: entries picked by an array of positions, or by a mask of 0 and 1 as long as the axis, as in NumPy. */
import { at } from '../diagnostic.ts';
import type { Expr, IndexExpr, Slice } from '../language/expr.ts';
import { MAX_TENSOR_ENTRIES, tooLargeTensor } from '../language/limits.ts';
import { runsOf } from '../tensor/coordinates.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { type Shape, stridesOf } from '../tensor/shape.ts';
import type { Refuse } from './indexing.ts';
import { wholeNumber } from './whole-number.ts';

/** Entries along one axis of what the basic indices leave. */
export interface Along {
  readonly axis: number;
  readonly positions: readonly number[];
  readonly expr: Expr;
}

export interface Picked {
  /** The index with `:` in place of the array. */
  readonly basic: IndexExpr;
  readonly along: Along | null;
}

interface Surroundings {
  readonly refuse: Refuse;
  readonly constantOf: (expr: Expr) => { readonly shape: Shape; readonly entries: readonly number[] } | null;
}

/** Null where something was refused. */
export function positionsOf(
  expr: IndexExpr,
  operand: Shape,
  name: string,
  { refuse, constantOf }: Surroundings,
): Picked | null {
  const items: (Expr | Slice)[] = [];
  let along: Along | null = null;
  for (const [axis, item] of expr.items.entries()) {
    const length = operand[axis];
    if (item.kind === 'slice' || length === undefined || wholeNumber(item) !== null) {
      items.push(item);
      continue;
    }
    const constant = constantOf(item);
    if (!constant) return null;
    const [only] = constant.entries;
    if (constant.shape.length === 0 && only !== undefined && Number.isInteger(only)) {
      items.push({ kind: 'number', value: only, span: item.span });
      continue;
    }
    const axisName = operand.length === 1 ? name : `axis ${axis} of ${name}`;
    const positions = picked(item, constant.shape, constant.entries, length, axisName, { refuse, constantOf });
    if (!positions) return null;
    if (along)
      return refuse('One index may be an array, not two. Pick the rows first: V[rows][:, columns].', item.span);
    const kept = items.filter(({ kind }) => kind === 'slice').length;
    along = { axis: kept, positions, expr: item };
    items.push({ kind: 'slice', span: item.span });
  }
  return { basic: { ...expr, items }, along };
}

function picked(
  item: Expr,
  shape: Shape,
  entries: readonly number[],
  length: number,
  name: string,
  { refuse, constantOf }: Surroundings,
): readonly number[] | null {
  if (shape.length !== 1)
    return refuse(
      'An index is a whole number, a range such as 1:3, or a vector of positions or of 0 and 1.',
      item.span,
    );
  const isTruth = entries.every((entry) => entry === 0 || entry === 1);
  if (item.kind === 'compare' || (item.kind !== 'list' && isTruth && entries.length === length)) {
    if (entries.length !== length)
      return refuse(`This mask has ${entries.length} entries, but ${name} has ${length}.`, item.span);
    const positions = entries.flatMap((entry, i) => (entry === 1 ? [i] : []));
    if (positions.length > 0) return positions;
    const held = item.kind === 'compare' ? comparedWith(item.left, constantOf) : '';
    return refuse(`This mask picks none of the ${length} entries${held}.`, item.span);
  }
  const broken = entries.find((entry) => !Number.isInteger(entry));
  if (broken !== undefined)
    return refuse(`Positions are whole numbers from 0 on, but this holds ${broken}.`, item.span);
  const outside = entries.find((entry) => entry < -length || entry >= length);
  if (outside !== undefined) {
    const last = `the last is ${length - 1}`;
    return refuse(`${name} has ${length} entries, counted from 0: ${last}, and there is no ${outside}.`, item.span);
  }
  return entries.map((entry) => (entry < 0 ? entry + length : entry));
}

/** Labels of classes are 0 and 1 for some, −1 and 1 for others. */
function comparedWith(expr: Expr, constantOf: Surroundings['constantOf']): string {
  const entries = expr.kind === 'name' ? (constantOf(expr)?.entries ?? []) : [];
  const values = [...new Set(entries)].sort((a, b) => a - b);
  const [first, last] = [values.at(0), values.at(-1)];
  if (expr.kind !== 'name' || first === undefined) return '';
  return values.length <= 4
    ? `: ${expr.name} holds ${values.join(', ')}`
    : `: ${expr.name} is from ${first} to ${last}`;
}

/** More pieces than this are picked by a product with a matrix of 0 and 1. */
const MAX_PIECES = 48;

/** a with only the given entries along one axis, in their order. */
export function gatherAlong(ops: Ops, a: Tensor, { axis, positions, expr }: Along, refuse: Refuse): Tensor | null {
  const length = at(a.shape, axis);
  const shape = a.shape.map((extent, i) => (i === axis ? positions.length : extent));
  const runs = runsOf(positions);
  if (runs.length > MAX_PIECES) {
    const entries = positions.length * length;
    return entries > MAX_TENSOR_ENTRIES
      ? refuse(tooLargeTensor(entries), expr.span)
      : selected(ops, a, axis, positions, length);
  }
  const [from, to] = [stridesOf(a.shape), stridesOf(shape)];
  let offset = 0;
  const parts = runs.map(({ first, stride, count }) => {
    const own = shape.map((extent, i) => (i === axis ? count : extent));
    const strides = from.map((step, i) => (i === axis ? step * stride : step));
    const part = ops.slice(a, { offset: first * at(from, axis), strides, shape: own });
    const view = { offset: offset * at(to, axis), strides: to };
    offset += count;
    return { part, view };
  });
  return ops.assemble(parts, shape);
}

function selected(ops: Ops, a: Tensor, axis: number, positions: readonly number[], length: number): Tensor {
  const data = new Float64Array(positions.length * length);
  positions.forEach((position, row) => {
    data[row * length + position] = 1;
  });
  const picks = ops.constant(data, [positions.length, length]);
  return axis === 0 ? ops.matmul(picks, a) : ops.matmul(a, ops.transpose(picks));
}
