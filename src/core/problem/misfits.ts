/** Operands and arguments that do not fit: why, in the reader's words, and the edit that would make them fit. */
import { at, type Span } from '../diagnostic.ts';
import type { CallExpr, Expr, Option } from '../language/expr.ts';
import { FUNCTIONS, type FunctionName, isFunctionName } from '../language/functions.ts';
import { printText } from '../language/print-text.ts';
import { describeShape, matmulShape, type Shape } from '../tensor/shape.ts';
import { wholeNumber } from './whole-number.ts';

/** What would mend a fault, where that is not to write the whole of it anew. */
export interface Edit {
  readonly span: Span;
  readonly insert: string;
  /** A sentence behind that of the fault. */
  readonly because?: string;
}

export interface Misfit {
  readonly message: string;
  readonly span: Span;
  readonly edit?: Edit | undefined;
}

/** Where a product stands: `span` is of all of it so far, `before` and `operand` are the factors on either side of the sign. */
interface Place {
  readonly span: Span;
  readonly before: Expr;
  readonly operand: Expr;
}

/** Of a @ b, whose shapes have no product. */
export function productMisfit(a: Shape, b: Shape, { span, before, operand }: Place): Misfit {
  if (a.length === 0 || b.length === 0) {
    const sums = sumsWithOne(before, a, operand, b);
    if (sums !== null && before.span[0] === span[0])
      return {
        message: `A vector of ones has a length, ones(3); with it, @ adds up: ${sums}.`,
        span,
        edit: { span: [before.span[0], operand.span[1]], insert: sums },
      };
    const edit: Edit = { span: [before.span[1], operand.span[0]], insert: '*' };
    return { message: '@ multiplies matrices and vectors; with a number, write *.', span, edit };
  }
  const [inner, outer] = [a[a.length - 1], b[0]];
  const turned = (side: Expr): Edit | undefined =>
    side.kind === 'name' ? { span: [side.span[1], side.span[1]], insert: '.T' } : undefined;
  const edit = matmulShape(a.toReversed(), b)
    ? before.span[0] === span[0]
      ? turned(before)
      : undefined
    : matmulShape(a, b.toReversed())
      ? turned(operand)
      : undefined;
  const message = `Shapes do not fit: ${describeShape(a)} @ ${describeShape(b)} needs ${inner} = ${outer}. A.T is the transpose of A.`;
  return { message, span, edit };
}

/** `P @ 1` and `1 @ P`, as on paper, where 1 is a vector of ones. */
function sumsWithOne(before: Expr, left: Shape, operand: Expr, right: Shape): string | null {
  const isOne = (expr: Expr) => expr.kind === 'number' && expr.value === 1;
  if (isOne(operand) && left.length > 0) return `sum(${printText(before)}${left.length === 2 ? ', axis=1' : ''})`;
  return isOne(before) && right.length > 0 ? `sum(${printText(operand)}${right.length === 2 ? ', axis=0' : ''})` : null;
}

/** Of a call with another number of arguments than the function takes. */
export function argumentMisfit(expr: CallExpr, name: FunctionName): Misfit {
  const { args, span } = expr;
  const { hasAxis, signature } = FUNCTIONS[name];
  const count = args.length === 0 ? 'nothing' : args.length === 1 ? 'one argument' : `${args.length} arguments`;
  const [, second] = args;
  const isAxis = hasAxis && args.length === 2 && second && wholeNumber(second) !== null;
  const edit = isAxis ? { span: second.span, insert: `axis=${printText(second)}` } : otherwise(expr);
  return { message: `${name} was given ${count}. It is called ${signature}.`, span, edit };
}

/** As what was meant. */
function otherwise({ name, args, span }: CallExpr): Edit | undefined {
  const [first, second, third] = args.map(printText);
  if (name === 'clip' && args.length === 2) return { span, insert: `max(${first}, ${second})` };
  if (name === 'dot' && args.length === 1) return { span, insert: `dot(${first}, ${first})` };
  if (name === 'reshape' && args.length === 1) return { span, insert: `reshape(${first}, -1)` };
  return name === 'mse' && third === undefined && second === undefined
    ? { span, insert: `mean(${tight(at(args, 0))}^2)` }
    : undefined;
}

const tight = (expr: Expr): string =>
  ['sum', 'product', 'negate', 'power'].includes(expr.kind) ? `(${printText(expr)})` : printText(expr);

/** Options of other languages that change no number of a loss. */
const HARMLESS = new Set(['keepdims', 'keepdim', 'dtype', 'out']);

const AXIS_ELSEWHERE = new Set(['dim', 'ax', 'axes', 'along']);

/** The axis that a call names, counted from 0; null without `axis=`. */
export function axisOf({ name, args, options }: CallExpr, shape: Shape): number | null | Misfit {
  const hasAxis = isFunctionName(name) && FUNCTIONS[name].hasAxis;
  const without = (option: Option): Edit => ({
    span: [args.at(-1)?.span[1] ?? option.span[0], option.span[1]],
    insert: '',
  });
  const other = options.find((option) => option.name !== 'axis' || !hasAxis);
  const [option, second] = options;
  if (other) {
    const isOnly = options.length === 1;
    const named: Edit = { span: [other.span[0], other.span[0] + other.name.length], insert: 'axis' };
    const isOrder = name === 'norm' && other.name === 'ord' && args.length === 1;
    const positional: Edit = { span: other.span, insert: printText(other.value) };
    const isAxis = hasAxis && AXIS_ELSEWHERE.has(other.name) && wholeNumber(other.value) !== null;
    const edit = !isOnly
      ? undefined
      : isOrder
        ? positional
        : isAxis
          ? named
          : HARMLESS.has(other.name)
            ? without(other)
            : undefined;
    return { message: `${name} has no option ${other.name}.`, span: other.span, edit };
  }
  if (!option) return null;
  if (second) {
    const edit: Edit = { span: [option.span[1], second.span[1]], insert: '' };
    return { message: 'axis is given twice.', span: second.span, edit };
  }
  const typed = wholeNumber(option.value);
  if (typed !== null && typed >= -shape.length && typed < shape.length) return typed < 0 ? typed + shape.length : typed;
  const allowed =
    shape.length === 0
      ? 'A number has no axes'
      : shape.length === 1
        ? 'A vector has axis 0'
        : 'A matrix has axes 0 and 1';
  const edit = shape.length === 0 ? without(option) : { span: option.value.span, insert: `${shape.length - 1}` };
  return { message: `${allowed}.`, span: option.span, edit };
}
