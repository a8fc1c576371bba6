/**
 * Estimates a loss from some rows of its data. Where the loss is made of sums over rows, by additions and products with what
 * does not depend on the rows, each sum over N rows becomes N/B times the sum over B of them: drawn evenly, its expectation is
 * the loss, and the gradient's is the gradient. Whatever bends a sum, or looks from one row at all the others, is refused.
 * Source: Bottou, Curtis & Nocedal 2018, Optimization methods for large-scale machine learning, §3.
 */
import { at } from '../diagnostic.ts';
import { isEntrywise } from '../tensor/entrywise.ts';
import { reachable } from '../tensor/evaluate.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { applyRule, type Id, levelOf, type OpName, type RuleTable, type Value, type ValueOf } from '../tensor/value.ts';
import { axisAfter } from './row-views.ts';

/** What a value of the loss is to the rows of the data. */
type Reading =
  /** The same whatever the rows. */
  | { readonly kind: 'free' }
  /** Entry i along the axis depends on row i alone; `part` holds the drawn rows. */
  | { readonly kind: 'rows'; readonly axis: number; readonly part: Tensor }
  /** Linear in sums over rows. */
  | { readonly kind: 'total'; readonly estimate: Tensor }
  | { readonly kind: 'refused'; readonly reason: string };

const FREE: Reading = { kind: 'free' };
const refused = (reason: string): Reading => ({ kind: 'refused', reason });

export const NO_SUM = 'The loss has no sum or mean over rows of data, of which a batch could be a part.';
const LOOKS_AROUND = 'A term of one row of data looks at a sum over all rows, which a batch does not know.';
const OWN_PARAMETERS =
  'The loss has parameters, or numbers that change, one for each row of data; a batch leaves most of them out.';
const MIXED = 'The loss takes the rows of data apart or in another order, so that a batch is no part of it.';
const bends = (what: string) =>
  `The loss is no plain sum or mean over rows of data: it takes ${what} of such a sum, which a batch estimates with a bias.`;

/** Which rows: `drawn`[B] holds B of the numbers 0 … rows − 1. */
export interface Draw {
  readonly rows: number;
  readonly drawn: Tensor;
}

/** The estimate of a scalar from the drawn rows, or why there is none. `data` are values whose first axis is rows of data. */
export function estimated(
  ops: Ops,
  loss: Tensor,
  data: ReadonlySet<Id>,
  draw: Draw,
): { readonly estimate: Tensor } | { readonly reason: string } {
  const reading = new RowReader(ops, data, draw).read(loss.id);
  if (reading.kind === 'total') return { estimate: reading.estimate };
  return { reason: reading.kind === 'refused' ? reading.reason : NO_SUM };
}

class RowReader {
  private readonly readings = new Map<Id, Reading>();
  readonly size: number;

  constructor(
    readonly ops: Ops,
    private readonly data: ReadonlySet<Id>,
    readonly draw: Draw,
  ) {
    this.size = at(draw.drawn.shape, 0);
  }

  read(root: Id): Reading {
    for (const id of [...reachable(this.ops, [root])].sort((a, b) => a - b)) this.readings.set(id, this.readingOf(id));
    return this.known(root);
  }

  known = (id: Id): Reading => this.readings.get(id) ?? FREE;

  tensor = (id: Id): Tensor => ({ id, shape: at(this.ops.values, id).shape });

  private readingOf(id: Id): Reading {
    const value = at(this.ops.values, id);
    if (this.data.has(id) && value.shape[0] === this.draw.rows) return this.rows(0, this.picked(id, 0));
    const refusal = value.args.map(this.known).find(({ kind }) => kind === 'refused');
    const reading = refusal ?? applyRule<[RowReader], Reading>(ROWS, value, this);
    if (value.uses !== 0 || reading.kind === 'free') return reading;
    // Without parameters: computed once from all rows, exactly; or the rows of the result are picked, once it is computed.
    return reading.kind === 'rows' ? this.rows(reading.axis, this.picked(id, reading.axis)) : FREE;
  }

  rows = (axis: number, part: Tensor | null): Reading =>
    part === null ? refused(OWN_PARAMETERS) : { kind: 'rows', axis, part };

  total = (estimate: Tensor): Reading => ({ kind: 'total', estimate });

  /** N/B times a sum over drawn rows. */
  scaled = (sum: Tensor): Reading => this.total(this.ops.multiply(this.draw.rows / this.size, sum));

  /** `shape` with as many entries along the axis as rows are drawn. */
  cut = (shape: Shape, axis: number): Shape => shape.map((length, i) => (i === axis ? this.size : length));

  /** What stands for a value in a linear place. */
  linear = (id: Id): Tensor => {
    const reading = this.known(id);
    return reading.kind === 'total' ? reading.estimate : this.tensor(id);
  };

  /** The drawn rows of a value along an axis; null where they cannot be told without all of a parameter. */
  part(id: Id, axis: number): Tensor | null {
    const reading = this.known(id);
    if (reading.kind === 'rows') return reading.axis === axis ? reading.part : null;
    return reading.kind === 'free' ? this.freePart(id, axis) : null;
  }

  private freePart(id: Id, axis: number): Tensor | null {
    const value = at(this.ops.values, id);
    if (value.op === 'broadcast') {
      const own = axis - (value.shape.length - this.tensor(value.args[0]).shape.length);
      const isRepeated = own < 0 || this.tensor(value.args[0]).shape[own] === 1;
      if (isRepeated) return this.ops.broadcast(this.tensor(value.args[0]), this.cut(value.shape, axis));
    }
    if (['constant', 'run'].includes(levelOf(value.uses))) return this.picked(id, axis);
    if (!isEntrywise(value.op)) return null;
    return this.again(value, axis);
  }

  /** An elementwise value of the drawn rows of its arguments. */
  again(value: Value, axis: number): Tensor | null {
    const parts = value.args.map((argument) => this.part(argument, axis));
    if (!parts.every((part) => part !== null)) return null;
    return this.ops.again(
      { ...value, shape: this.cut(value.shape, axis) },
      parts.map(({ id }) => id),
    );
  }

  /** The drawn rows of what holds for the whole run. */
  private picked(id: Id, axis: number): Tensor {
    const { ops } = this;
    const table = this.tensor(id);
    if (axis === 0) return ops.gather(table, this.draw.drawn);
    return ops.transpose(ops.gather(ops.transpose(table), this.draw.drawn));
  }
}

/** The axis along which the rows lie in some argument. */
const axisIn = (value: Value, reader: RowReader): number | null => {
  for (const id of value.args) {
    const reading = reader.known(id);
    if (reading.kind === 'rows') return reading.axis;
  }
  return null;
};

const hasTotal = (value: Value, reader: RowReader): boolean =>
  value.args.some((id) => reader.known(id).kind === 'total');

/** Entry by entry: rows stay rows, and a sum over rows would be bent. */
const elementwise =
  (what: string) =>
  (value: Value, reader: RowReader): Reading => {
    const axis = axisIn(value, reader);
    if (hasTotal(value, reader)) return refused(axis === null ? bends(what) : LOOKS_AROUND);
    return axis === null ? FREE : reader.rows(axis, reader.again(value, axis));
  };

/** Linear in all arguments together. */
const additive = (value: Value, reader: RowReader): Reading => {
  const axis = axisIn(value, reader);
  if (!hasTotal(value, reader)) return elementwise('')(value, reader);
  return axis === null
    ? reader.total(
        reader.ops.again(
          value,
          value.args.map(reader.linear).map(({ id }) => id),
        ),
      )
    : refused(LOOKS_AROUND);
};

/** Linear in the argument at each of the places in `linear`, where the others do not depend on rows. */
const linearIn =
  (what: string, places: readonly number[]) =>
  (value: Value, reader: RowReader): Reading => {
    const totals = value.args.flatMap((id, place) => (reader.known(id).kind === 'total' ? [place] : []));
    const [only] = totals;
    if (only === undefined || axisIn(value, reader) !== null || totals.length > 1 || !places.includes(only))
      return elementwise(what)(value, reader);
    return reader.total(
      reader.ops.again(
        value,
        value.args.map(reader.linear).map(({ id }) => id),
      ),
    );
  };

/** Renames entries: `moved` says where the axis of the rows goes and what becomes of the drawn ones. */
const renaming =
  <Name extends OpName>(
    moved: (
      value: ValueOf<Name>,
      axis: number,
      part: Tensor,
      reader: RowReader,
    ) => { axis: number; part: Tensor } | null,
  ) =>
  (value: ValueOf<Name>, reader: RowReader): Reading => {
    const [argument] = value.args;
    const reading = argument === undefined ? FREE : reader.known(argument);
    if (reading.kind === 'free' || reading.kind === 'refused') return reading;
    if (reading.kind === 'total') return reader.total(reader.ops.again(value, [reading.estimate.id]));
    const result = moved(value, reading.axis, reading.part, reader);
    return result ? reader.rows(result.axis, result.part) : refused(MIXED);
  };

/** What no batch is a part of: only without rows. */
const opaque =
  (reason: string) =>
  (value: Value, reader: RowReader): Reading =>
    value.args.every((id) => reader.known(id).kind === 'free') ? FREE : refused(reason);

const free = (): Reading => FREE;

const product = (value: ValueOf<'matmul'>, reader: RowReader): Reading => {
  const { ops } = reader;
  const [a, b] = value.args;
  const [left, right] = [reader.known(a), reader.known(b)];
  const [A, B] = [reader.tensor(a), reader.tensor(b)];
  const inner = A.shape.length - 1;
  if (left.kind === 'total' || right.kind === 'total') {
    if (left.kind === 'total' && right.kind === 'total') return refused(bends('a product'));
    if (left.kind === 'rows' || right.kind === 'rows') return refused(LOOKS_AROUND);
    return reader.total(ops.matmul(reader.linear(a), reader.linear(b)));
  }
  const isSummed = (left.kind === 'rows' && left.axis === inner) || (right.kind === 'rows' && right.axis === 0);
  if (isSummed) {
    const [rowsOfA, rowsOfB] = [reader.part(a, inner), reader.part(b, 0)];
    return rowsOfA && rowsOfB ? reader.scaled(ops.matmul(rowsOfA, rowsOfB)) : refused(OWN_PARAMETERS);
  }
  if (left.kind === 'rows') return right.kind === 'rows' ? refused(MIXED) : reader.rows(0, ops.matmul(left.part, B));
  return right.kind === 'rows' ? reader.rows(value.shape.length - 1, ops.matmul(A, right.part)) : FREE;
};

const ROWS: RuleTable<[RowReader], Reading> = {
  constant: free,
  input: free,
  identity: renaming<'identity'>((_, axis, part) => ({ axis, part })),
  negate: additive,
  abs: elementwise('the absolute value'),
  sign: elementwise('the sign'),
  exp: elementwise('the exponential'),
  log: elementwise('the logarithm'),
  sqrt: elementwise('the root'),
  sin: elementwise('the sine'),
  cos: elementwise('the cosine'),
  tan: elementwise('the tangent'),
  tanh: elementwise('the tanh'),
  floor: elementwise('the whole part'),
  add: additive,
  subtract: additive,
  multiply: linearIn('the square or a product', [0, 1]),
  divide: linearIn('a quotient', [0]),
  power: elementwise('a power'),
  maximum: elementwise('the maximum'),
  minimum: elementwise('the minimum'),
  less: elementwise('a comparison'),
  lessEqual: elementwise('a comparison'),
  equal: elementwise('a comparison'),
  where: elementwise('a choice'),
  broadcast: renaming<'broadcast'>((value, axis, part, { ops, cut }) => {
    const own = axis + value.shape.length - part.shape.length;
    return { axis: own, part: ops.broadcast(part, cut(value.shape, own)) };
  }),
  reshape: renaming<'reshape'>((value, axis, part, { ops, cut, tensor }) => {
    const own = axisAfter(tensor(value.args[0]).shape, axis, value.shape);
    return own === null ? null : { axis: own, part: ops.reshape(part, cut(value.shape, own)) };
  }),
  transpose: renaming<'transpose'>((_, axis, part, { ops }) => ({ axis: 1 - axis, part: ops.transpose(part) })),
  // Columns of all rows: the first axis of the view steps from row to row, the others stay within one.
  slice: renaming<'slice'>(({ args, attributes: { offset, strides }, shape }, axis, part, { ops, cut, tensor }) => {
    const from = tensor(args[0]).shape;
    const width = sizeOf(from.slice(1));
    const reach = shape.slice(1).reduce((sum, length, i) => sum + (length - 1) * Math.abs(at(strides, i + 1)), offset);
    const isOfRows = axis === 0 && shape[0] === from[0] && strides[0] === width && reach < width;
    return isOfRows ? { axis: 0, part: ops.slice(part, { offset, strides, shape: cut(shape, 0) }) } : null;
  }),
  assemble: (value, reader) =>
    axisIn(value, reader) !== null ? refused(MIXED) : hasTotal(value, reader) ? additive(value, reader) : FREE,
  sum: (value, reader) => {
    const { ops } = reader;
    const [argument] = value.args;
    const { axis } = value.attributes;
    const reading = reader.known(argument);
    if (reading.kind === 'total') return reader.total(ops.sum(reading.estimate, axis));
    if (reading.kind !== 'rows') return reading;
    if (axis === null || axis === reading.axis) return reader.scaled(ops.sum(reading.part, axis));
    return reader.rows(reading.axis - (axis < reading.axis ? 1 : 0), ops.sum(reading.part, axis));
  },
  max: (value, reader) => {
    const [argument] = value.args;
    const { axis } = value.attributes;
    const reading = reader.known(argument);
    if (reading.kind === 'total') return refused(bends('the largest entry'));
    if (reading.kind !== 'rows') return reading;
    if (axis === null || axis === reading.axis)
      return refused('The loss takes the largest of all rows of data, which a batch does not know.');
    return reader.rows(reading.axis - (axis < reading.axis ? 1 : 0), reader.ops.max(reading.part, axis));
  },
  matmul: product,
  pinv: opaque(MIXED),
  nullSpace: opaque(MIXED),
  rowSpace: opaque(MIXED),
  gather: opaque(MIXED),
  random: opaque(MIXED),
  repeat: opaque(MIXED),
  pick: opaque(MIXED),
  carry: free,
  turn: free,
};
