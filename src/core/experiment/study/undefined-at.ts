/** Which operation of the text is the first without a finite value or slope at an iterate, and the form of it that has one. */
import { at, type Diagnostic, type Fix } from '../../diagnostic.ts';
import { type CallExpr, type Expr, nodesOf } from '../../language/expr.ts';
import { shortNumber } from '../../number-text.ts';
import { reachableNames } from '../../problem/names.ts';
import type { Problem } from '../../problem/problem.ts';
import { type Traced, trace } from '../../problem/trace.ts';
import { Machine, reachable } from '../../tensor/evaluate.ts';
import type { Ops, Tensor } from '../../tensor/ops.ts';
import { pullBack } from '../../tensor/reverse-mode.ts';
import { type Id, USES } from '../../tensor/value.ts';

/** Where a run ended: the last iterate with finite entries, at step t of T. */
export interface Place {
  readonly x: ArrayLike<number>;
  readonly step: number;
  readonly steps: number;
}

/** Slopes are looked for at so many nodes, each a sweep of its own, of problems of at most this size. */
const MAX_SLOPES = 60;
const MAX_SIZE = 10_000;

/** Float64 as the reference computes, or each number rounded to float32 as on a GPU. */
export type Precision = 'float64' | 'float32';

/**
 * The first node, in the order in which the text is computed, whose value at x is ±∞ or not a number though those of its parts are
 * finite; where all values are finite, the first whose slope is not. Null where all are. `source` is the text of the problem.
 */
export function undefinedAt(
  problem: Problem,
  source: string,
  { x, step, steps }: Place,
  precision: Precision = 'float64',
): Diagnostic | null {
  const { ops, input, t, T, point, scope, nodes: seen, values } = trace(problem);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = steps;
  machine.numbers(t.id)[0] = step;
  machine.numbers(input.id).set(x);
  const numbers = ({ id }: Tensor) => machine.numbers(id);
  compute(ops, machine, seen, precision);
  const isLost = (tensor: Tensor) => !numbers(tensor).every(Number.isFinite);
  if (values.some(isLost)) {
    const lost = seen.findIndex(({ tensor }) => isLost(tensor) && (ops.valueOf(tensor).uses & USES.start) !== 0);
    if (lost < 0) return null;
    const { expr } = at(seen, lost);
    const before = seen.slice(0, lost);
    const of = (part: Expr) => {
      const found = before.findLast((other) => other.expr === part);
      return found ? numbers(found.tensor) : null;
    };
    const raw = [...reachableNames([expr], problem.definitions)].find((name) => {
      const table = scope.get(name);
      const isTable = table?.shape.length === 2 && (ops.valueOf(table).uses & USES.start) === 0;
      return isTable && largest(Array.from(numbers(table), Math.abs)) > UNSCALED;
    });
    return explained(problem, source, expr, of, step === 0, raw);
  }
  if (problem.size > MAX_SIZE) return null;
  const steep = seen.filter(({ expr }) => /^(?:call|power|product)$/u.test(expr.kind)).slice(0, MAX_SLOPES);
  const slopes = steep.map(({ expr, tensor }) => ({
    expr,
    tensor: pullBack(ops, ops.sum(tensor), point, ops.constant(1)),
  }));
  compute(ops, machine, slopes, precision);
  const corner = slopes.find(({ tensor }) => isLost(tensor));
  return corner ? withoutSlope(source, corner.expr) : null;
}

function compute(ops: Ops, machine: Machine, wanted: readonly Traced[], precision: Precision): void {
  const ids = wanted.map(({ tensor }) => tensor.id);
  if (precision === 'float64') machine.procedure(ids)();
  else computeRounded(ops, machine, ids);
}

function computeRounded(ops: Ops, machine: Machine, ids: readonly Id[]): void {
  for (const id of [...reachable(ops, ids)].sort((a, b) => a - b)) {
    const value = at(ops.values, id);
    if (value.op === 'constant' || value.region !== null) continue;
    machine.procedure([id], (other) => other === value || other.region !== null)();
    const array = machine.numbers(id);
    array.forEach((number, i) => {
      array[i] = Math.fround(number);
    });
  }
}

const lineOf = (source: string, at: number): number => source.slice(0, at).split('\n').length;

/** As typed, in short. */
function typed(source: string, { span }: Expr): string {
  const text = source.slice(...span).replace(/\s+/gu, ' ');
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

const withoutSlope = (source: string, expr: Expr): Diagnostic => ({
  severity: 'warning',
  message: `${typed(source, expr)} in line ${lineOf(source, expr.span[0])} has no finite slope there: keep what stands in it off that place, by a constraint or by adding a small number.`,
  span: expr.span,
});

type Numbers = (part: Expr) => ArrayLike<number> | null;

/** `raw` names data in it whose columns are large. */
function explained(
  problem: Problem,
  source: string,
  expr: Expr,
  numbers: Numbers,
  isStart: boolean,
  raw?: string,
): Diagnostic {
  const [operation, remedy] = faultOf(expr, numbers, isStart);
  const fix = isCall(expr, 'log') || isCall(expr, 'exp') ? stableForm(problem, source) : undefined;
  const scale = raw ? ` The columns of ${raw} are large: standardise them, (${raw} − mean)/deviation of each.` : '';
  const advice = `${fix ? 'There is a form that does not overflow.' : remedy}${scale}`;
  return {
    severity: 'warning',
    message: `${typed(source, expr)} in line ${lineOf(source, expr.span[0])} is the first that has no finite value: ${operation}. ${advice}`,
    span: expr.span,
    ...(fix && { fix }),
  };
}

const smallest = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => Math.min(a, b), Infinity);
const largest = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => Math.max(a, b), -Infinity);

/** What it came to, and what helps in general: at the start no step was made yet. */
function faultOf(expr: Expr, numbers: Numbers, isStart: boolean): readonly [operation: string, remedy: string] {
  if (expr.kind === 'call') {
    const [argument] = expr.args;
    const values = argument && numbers(argument);
    const [low, high] = values ? [smallest(values), largest(values)] : [Number.NaN, Number.NaN];
    if (expr.name === 'log')
      return [
        low < 0 ? `log of ${shortNumber(low, 3)}` : 'log of 0',
        'Keep its argument above 0 by a constraint, or add a small number to it.',
      ];
    if (expr.name === 'sqrt')
      return [`the root of ${shortNumber(low, 3)}`, 'Keep its argument at 0 or above by a constraint.'];
    if (expr.name === 'exp')
      return [
        `exp of ${shortNumber(high, 3)}`,
        isStart ? 'Start where its argument is smaller.' : 'Smaller steps keep its argument smaller.',
      ];
  }
  if (expr.kind === 'product' && expr.rest.some(({ operator }) => operator === '/'))
    return ['a division by 0', 'Keep the denominator off 0 by a constraint, or add a small number to it.'];
  if (expr.kind === 'power')
    return ['the power of that number', 'Keep its base above 0 by a constraint, or write the power otherwise.'];
  return ['its numbers are too large', isStart ? 'Start nearer to 0.' : 'Smaller steps keep the iterates smaller.'];
}

/** Columns of data this far from 1 make the arguments large. */
const UNSCALED = 20;

/** log σ(z) = −softplus(−z), log(1 − σ(z)) = −softplus(z), log softmax, log Σ eᶻ: all such places of the text at once. */
function stableForm(problem: Problem, source: string): Fix | undefined {
  const values = new Map(
    problem.definitions.flatMap(({ name, value, array }) => (array ? [] : [[name, value] as const])),
  );
  const meant = (expr: Expr): Expr => (expr.kind === 'name' ? (values.get(expr.name) ?? expr) : expr);
  const text = (expr: Expr) => source.slice(...expr.span);
  const places = [problem.loss, ...values.values()].flatMap((root) =>
    [...nodesOf(root)].flatMap((node) => {
      const form = node.kind === 'call' && node.name === 'log' ? stableLog(node, meant, text) : null;
      return form === null ? [] : [{ span: node.span, form }];
    }),
  );
  const ordered = places
    .sort((a, b) => a.span[0] - b.span[0])
    .filter(({ span }, i, all) => all.findIndex((other) => other.span[0] === span[0]) === i);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last) return undefined;
  let insert = '';
  let from = first.span[0];
  for (const { span, form } of ordered) {
    insert += source.slice(from, span[0]) + form;
    [, from] = span;
  }
  const title = ordered.length === 1 ? `Write ${first.form}` : `Write ${first.form}, and so on`;
  return { title, span: [first.span[0], last.span[1]], insert };
}

/** In brackets, so that it may stand in a product. */
function stableLog(
  { args: [argument] }: CallExpr,
  meant: (expr: Expr) => Expr,
  text: (expr: Expr) => string,
): string | null {
  if (!argument) return null;
  const inner = meant(argument);
  const logit = logitOf(inner, text);
  if (logit !== null) return `(-softplus(-(${logit})))`;
  if (inner.kind === 'sum' && isNumber(inner.first, 1) && inner.rest.length === 1) {
    const [{ operator, operand } = { operator: '+', operand: inner } as const] = inner.rest;
    const complement = operator === '-' ? logitOf(meant(operand), text) : null;
    if (complement !== null) return `(-softplus(${complement}))`;
    if (operator === '+' && isCall(operand, 'exp')) return `softplus(${text(at(operand.args, 0))})`;
  }
  if (isCall(inner, 'sum') && inner.options.length === 0 && isCall(at(inner.args, 0), 'exp'))
    return `logsumexp(${text(at((at(inner.args, 0) as CallExpr).args, 0))})`;
  return null;
}

const isNumber = (expr: Expr, value: number): boolean => expr.kind === 'number' && expr.value === value;
const isCall = (expr: Expr, name: string): expr is CallExpr => expr.kind === 'call' && expr.name === name;

/** z of σ(z), also where it is written 1/(1 + exp(−z)). */
function logitOf(expr: Expr, text: (expr: Expr) => string): string | null {
  if (isCall(expr, 'sigmoid')) return text(at(expr.args, 0));
  if (expr.kind !== 'product' || !isNumber(expr.first, 1) || expr.rest.length !== 1) return null;
  const [{ operator, operand } = { operator: '*', operand: expr } as const] = expr.rest;
  if (operator !== '/' || operand.kind !== 'sum' || operand.rest.length !== 1) return null;
  const [one, { operator: sign, operand: power } = { operator: '-', operand: expr } as const] = [
    operand.first,
    operand.rest[0],
  ];
  if (!isNumber(one, 1) || sign !== '+' || !isCall(power, 'exp')) return null;
  const exponent = at(power.args, 0);
  if (exponent.kind === 'negate') return text(exponent.operand);
  if (exponent.kind !== 'product' || exponent.first.kind !== 'negate') return null;
  return text(exponent).slice(1).trim(); // −a @ b
}
