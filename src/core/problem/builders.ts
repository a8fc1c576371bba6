/** What each function of the language records: one entry for every name in `FUNCTIONS` but the derivatives. */
import { at, type Span } from '../diagnostic.ts';
import type { CallExpr, Expr } from '../language/expr.ts';
import type { DerivativeName, FunctionName } from '../language/functions.ts';
import { MAX_TENSOR_ENTRIES, tooLargeTensor } from '../language/limits.ts';
import { printText } from '../language/print-text.ts';
import { sigmoid, softmax, softplus } from '../tensor/activations.ts';
import { determinant } from '../tensor/determinant.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { broadcastShapes, describeShape, matmulShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts';
import { wholeNumber } from './whole-number.ts';

export interface Call {
  readonly ops: Ops;
  readonly expr: CallExpr;
  readonly args: readonly Tensor[];
  /** From `axis=`, counted from the front; null when it was not given. */
  readonly axis: number | null;
  /** Reports a fault of the call and stands for the missing value. */
  readonly refuse: (message: string, span?: Span, replacement?: string) => null;
}

type Builder = (call: Call) => Tensor | null;

type Elementwise = (ops: Ops, a: Tensor) => Tensor;
const entryByEntry =
  (build: Elementwise): Builder =>
  ({ ops, args }) =>
    build(ops, at(args, 0));

/** Several arguments that broadcast together. */
const together =
  (build: (ops: Ops, ...args: Tensor[]) => Tensor): Builder =>
  ({ ops, args, refuse, expr }) =>
    commonShape(args)
      ? build(ops, ...args)
      : refuse(
          `The arguments of ${expr.name} have shapes that do not fit: ${args.map(({ shape }) => describeShape(shape)).join(', ')}.`,
        );

const commonShape = (args: readonly Tensor[]): Shape | null =>
  args.reduce<Shape | null>((shape, arg) => shape && broadcastShapes(shape, arg.shape), []);

const extreme =
  (
    all: (ops: Ops, a: Tensor, axis: number | null) => Tensor,
    pair: (ops: Ops, a: Tensor, b: Tensor) => Tensor,
  ): Builder =>
  (call) => {
    const [first] = call.args;
    if (first && call.args.length === 1) return all(call.ops, first, call.axis);
    if (call.axis !== null) {
      const { args, name } = call.expr;
      const message = 'axis= goes with one argument; several are compared entry by entry.';
      return call.refuse(message, call.expr.span, `${name}(${args.map(printText).join(', ')})`);
    }
    return together((ops, ...args) => {
      if (args.length === 2) return pair(ops, at(args, 0), at(args, 1));
      // Side by side: at a tie all that are equal share the derivative, as they do in max of a vector.
      const shape = commonShape(args) ?? [];
      const row = ops.concat(args.map((arg) => ops.broadcast(arg, shape)));
      return shape.length === 0 ? all(ops, row, null) : all(ops, ops.reshape(row, [args.length, ...shape]), 0);
    })(call);
  };

/** Two vectors; `equal` asks for one length. */
const vectors =
  (build: (ops: Ops, a: Tensor, b: Tensor) => Tensor, { equal }: { equal: boolean }): Builder =>
  ({ ops, args, refuse, expr }) => {
    const [a, b] = [at(args, 0), at(args, 1)];
    const fits = a.shape.length === 1 && b.shape.length === 1 && (!equal || sameShape(a.shape, b.shape));
    if (fits) return build(ops, a, b);
    const wanted = equal ? 'two vectors of equal length' : 'two vectors';
    const message = `${expr.name} takes ${wanted}, not ${describeShape(a.shape)} and ${describeShape(b.shape)}.`;
    const isNumber = a.shape.length === 0 || b.shape.length === 0;
    return refuse(message, expr.span, equal || isNumber ? productInstead(expr, a.shape, b.shape) : undefined);
  };

/** What a product of these shapes is written as; vectors of two lengths have none. */
function productInstead({ args }: CallExpr, a: Shape, b: Shape): string | undefined {
  const [left, right] = args.map((arg) =>
    ['sum', 'product', 'negate'].includes(arg.kind) ? `(${printText(arg)})` : printText(arg),
  );
  if (a.length === 0 || b.length === 0) return `${left}*${right}`;
  if (a.length < 2 && b.length < 2) return undefined;
  return matmulShape(a, b) ? `${left} @ ${right}` : sameShape(a, b) ? `sum(${left}*${right})` : undefined;
}

const matrix =
  (build: (ops: Ops, a: Tensor, rows: number, columns: number, refuse: Call['refuse']) => Tensor | null): Builder =>
  ({ ops, args, refuse, expr }) => {
    const a = at(args, 0);
    const [rows, columns] = a.shape;
    if (rows === undefined || columns === undefined) {
      const instead = expr.name === 'trace' ? `sum(${printText(at(expr.args, 0))})` : undefined;
      return refuse(`${expr.name} takes a matrix, not ${describeShape(a.shape)}.`, expr.span, instead);
    }
    return build(ops, a, rows, columns, refuse);
  };

/** Each row is a turn of the elimination, written out. */
const MOST_OF_DETERMINANT = 12;

const diagonal = (ops: Ops, a: Tensor, rows: number, columns: number): Tensor =>
  ops.slice(a, { offset: 0, strides: [columns + 1], shape: [Math.min(rows, columns)] });

/** The reduced axis put back with length 1, so that the result broadcasts against the argument. */
const kept = (ops: Ops, reduced: Tensor, shape: Shape, axis: number | null): Tensor =>
  axis === null
    ? reduced
    : ops.reshape(
        reduced,
        shape.map((length, i) => (i === axis ? 1 : length)),
      );

/** m + log Σ exp(a − m), m = max a: no exponent is positive. */
function logSumExp(ops: Ops, a: Tensor, axis: number | null): Tensor {
  const largest = ops.max(a, axis);
  const shifted = ops.subtract(a, kept(ops, largest, a.shape, axis));
  return ops.add(largest, ops.log(ops.sum(ops.exp(shifted), axis)));
}

/** One row for each class number: 1 in its column, else 0. */
function oneHot(ops: Ops, numbers: Tensor, classes: number): Tensor {
  const columns = ops.constant(
    Float64Array.from({ length: classes }, (_, k) => k),
    [1, classes],
  );
  return ops.equal(ops.reshape(numbers, [sizeOf(numbers.shape), 1]), columns);
}

const crossEntropy: Builder = ({ ops, args, refuse }) => {
  const [logits, y] = [at(args, 0), at(args, 1)];
  const [rows, classes] = logits.shape;
  if (rows === undefined || classes === undefined)
    return refuse(
      `cross_entropy takes a matrix of logits, a column for each class, not ${describeShape(logits.shape)}. Of two classes with one logit z for each row, it is mean(softplus(z) - y*z).`,
    );
  const target = sameShape(y.shape, [rows]) ? oneHot(ops, y, classes) : y;
  if (!sameShape(target.shape, logits.shape)) {
    return refuse(
      `For logits ${describeShape(logits.shape)}, y is [${rows}] (class numbers) or ${describeShape(logits.shape)}, not ${describeShape(y.shape)}.`,
    );
  }
  return ops.mean(ops.subtract(logSumExp(ops, logits, 1), ops.sum(ops.multiply(target, logits), 1)));
};

const reshape: Builder = ({ ops, args, expr, refuse }) => {
  const a = at(args, 0);
  const [, first, ...more] = expr.args;
  const lengths: readonly Expr[] =
    first?.kind === 'list' && more.length === 0 ? first.items : first ? [first, ...more] : [];
  const shape = deduced(lengths.map(wholeNumber), sizeOf(a.shape));
  const isShape = (values: (number | null)[]): values is number[] =>
    values.every((length) => length !== null && length > 0);
  if (!isShape(shape)) return refuse('The new shape is written in whole numbers: reshape(a, 2, 3).');
  if (shape.length > 2) return refuse('There are vectors and matrices, no arrays of higher rank.');
  if (sizeOf(shape) !== sizeOf(a.shape)) {
    const fitting = fittingShape(shape, sizeOf(a.shape));
    return refuse(
      `${describeShape(a.shape)} has ${sizeOf(a.shape)} entries and cannot become ${describeShape(shape)}, which has ${sizeOf(shape)}.`,
      expr.span,
      fitting && `reshape(${printText(at(expr.args, 0))}, ${fitting.join(', ')})`,
    );
  }
  return ops.reshape(a, shape);
};

/** One length may be −1, as in NumPy: as many as there are entries for. */
function deduced(lengths: readonly (number | null)[], entries: number): (number | null)[] {
  const known = lengths.reduce<number>((product, length) => (length === -1 ? product : product * (length ?? 1)), 1);
  const isOpen = lengths.filter((length) => length === -1).length === 1 && known > 0 && entries % known === 0;
  return lengths.map((length) => (length === -1 && isOpen ? entries / known : length));
}

/** One of the lengths kept, and the other as the entries ask. */
function fittingShape([rows, columns]: readonly number[], entries: number): readonly number[] | undefined {
  if (columns === undefined) return [entries];
  if (rows !== undefined && entries % rows === 0) return [rows, entries / rows];
  return entries % columns === 0 ? [entries / columns, columns] : undefined;
}

/** `zeros(3)`, `zeros(2, 3)` and NumPy's `zeros((2, 3))`, which is read as a list. */
const filled =
  (value: number): Builder =>
  ({ ops, expr, refuse }) => {
    const [first, second] = expr.args;
    const lengths = first?.kind === 'list' && !second ? first.items : expr.args;
    const shape = lengths.map(wholeNumber);
    const isShape = (values: (number | null)[]): values is number[] =>
      values.every((length) => length !== null && length > 0);
    if (!isShape(shape) || shape.length > 2)
      return refuse(`The lengths are written in whole numbers: ${expr.name}(3) or ${expr.name}(2, 3).`);
    return ops.broadcast(ops.constant(value), shape);
  };

const identity: Builder = ({ ops, expr, refuse }) => {
  const size = wholeNumber(at(expr.args, 0));
  if (size === null || size < 1) return refuse('The number of rows is written as a whole number: eye(3).');
  return size ** 2 > MAX_TENSOR_ENTRIES ? refuse(tooLargeTensor(size ** 2)) : ops.identityMatrix(size);
};

const NORM_ORDER = 'The second argument of norm is 1, 2 or inf. It is called norm(a) or norm(a, inf).';

export const BUILDERS: Readonly<Record<Exclude<FunctionName, DerivativeName>, Builder>> = {
  sum: ({ ops, args, axis }) => ops.sum(at(args, 0), axis),
  mean: ({ ops, args, axis }) => ops.mean(at(args, 0), axis),
  min: extreme(
    (ops, a, axis) => ops.negate(ops.max(ops.negate(a), axis)),
    (ops, a, b) => ops.minimum(a, b),
  ),
  max: extreme(
    (ops, a, axis) => ops.max(a, axis),
    (ops, a, b) => ops.maximum(a, b),
  ),
  abs: entryByEntry((ops, a) => ops.abs(a)),
  sign: entryByEntry((ops, a) => ops.sign(a)),
  exp: entryByEntry((ops, a) => ops.exp(a)),
  log: entryByEntry((ops, a) => ops.log(a)),
  sqrt: entryByEntry((ops, a) => ops.sqrt(a)),
  sin: entryByEntry((ops, a) => ops.sin(a)),
  cos: entryByEntry((ops, a) => ops.cos(a)),
  tan: entryByEntry((ops, a) => ops.tan(a)),
  tanh: entryByEntry((ops, a) => ops.tanh(a)),
  sigmoid: entryByEntry(sigmoid),
  softplus: entryByEntry(softplus),
  softmax: ({ ops, args, axis }) => softmax(ops, at(args, 0), axis),
  logsumexp: ({ ops, args, axis }) => logSumExp(ops, at(args, 0), at(args, 0).shape.length < 2 ? null : axis),
  relu: entryByEntry((ops, a) => ops.where(ops.less(0, a), a, 0)),
  norm: ({ ops, args, axis, refuse, expr }) => {
    const [a, order] = [at(args, 0), args[1]];
    const number = order === undefined ? 2 : order.shape.length === 0 ? ops.scalarConstant(order) : null;
    if (number === 2) return ops.norm(a, axis);
    if (number === 1) return ops.sum(ops.abs(a), axis);
    if (number === Number.POSITIVE_INFINITY) return ops.max(ops.abs(a), axis);
    const vector = `abs(${printText(at(expr.args, 0))})`;
    return number !== null && number > 0
      ? refuse(NORM_ORDER, expr.span, `sum(${vector}^${number}${axis === null ? '' : `, axis=${axis}`})^(1/${number})`)
      : refuse(NORM_ORDER, at(expr.args, 1).span);
  },
  dot: vectors((ops, a, b) => ops.dot(a, b), { equal: true }),
  outer: vectors((ops, a, b) => ops.outer(a, b), { equal: false }),
  eye: identity,
  zeros: filled(0),
  ones: filled(1),
  diag: (call) => {
    const a = at(call.args, 0);
    const [length] = a.shape;
    if (a.shape.length !== 1 || length === undefined) return matrix(diagonal)(call);
    return call.ops.assemble([{ part: a, view: { offset: 0, strides: [length + 1] } }], [length, length]);
  },
  trace: matrix((ops, a, rows, columns) => ops.sum(diagonal(ops, a, rows, columns))),
  det: matrix((ops, a, rows, columns, refuse) => {
    if (rows !== columns) return refuse(`det takes a square matrix, not ${describeShape(a.shape)}.`);
    return rows > MOST_OF_DETERMINANT
      ? refuse(`det takes matrices of up to ${MOST_OF_DETERMINANT} rows; this one has ${rows}.`)
      : determinant(ops, a);
  }),
  transpose: entryByEntry((ops, a) => ops.transpose(a)),
  reshape,
  concat: ({ ops, args, expr, refuse }) => {
    const tooHigh = args.findIndex(({ shape }) => shape.length > 1);
    if (tooHigh < 0) return ops.concat(args);
    const [matrixArg, { shape }] = [at(expr.args, tooHigh), at(args, tooHigh)];
    const vector = `reshape(${printText(matrixArg)}, ${sizeOf(shape)})`;
    return refuse(`concat joins numbers and vectors, not ${describeShape(shape)}.`, matrixArg.span, vector);
  },
  where: together((ops, ...args) => ops.where(at(args, 0), at(args, 1), at(args, 2))),
  clip: together((ops, ...args) => {
    const [a, low, high] = [at(args, 0), at(args, 1), at(args, 2)];
    return ops.where(ops.less(a, low), low, ops.where(ops.less(high, a), high, a));
  }),
  mse: together((ops, ...args) => {
    const difference = ops.subtract(at(args, 0), at(args, 1));
    return ops.mean(ops.multiply(difference, difference));
  }),
  cross_entropy: crossEntropy,
};
