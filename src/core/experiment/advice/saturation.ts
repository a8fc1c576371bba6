/** Of a run that ends above the best point that is known, where a function of the text is flat: that nothing comes through it. */
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { type CallExpr, nodesOf } from '../../language/expr.ts';
import { printText } from '../../language/print-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { type Traced, trace } from '../../problem/trace.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { USES } from '../../tensor/value.ts';
import type { Study } from '../study/study.ts';
import { isAbove } from './local-point.ts';
import type { Course } from './more-steps.ts';

/** Slopes below this share of the largest that the function has are flat. */
const FLAT = 1e-3;

interface Flat {
  /** Of all entries of the result, the largest slope by the largest that the function has anywhere. */
  readonly slope: (result: ArrayLike<number>) => number;
  readonly why: string;
  /** Where it is not flat. */
  readonly elsewhere: (argument: string) => string;
}

const largest = (numbers: ArrayLike<number>, of: (value: number) => number): number =>
  Array.from(numbers).reduce((most, value) => Math.max(most, of(value)), 0);
const logistic = (numbers: ArrayLike<number>): number => largest(numbers, (value) => 4 * value * (1 - value));
const nearZero = (argument: string): string => `where ${argument} is nearer to 0`;

/** By the slopes σ(1 − σ) of sigmoid and softmax, 1 − tanh² of tanh, and 0 or 1 of relu. */
const FUNCTIONS: ReadonlyMap<string, Flat> = new Map<string, Flat>([
  [
    'softmax',
    {
      slope: logistic,
      why: 'it is saturated: its entries are all but 0 or 1',
      elsewhere: (argument) => `where the entries of ${argument} are nearer to each other`,
    },
  ],
  ['sigmoid', { slope: logistic, why: 'it is saturated: all but 0 or 1', elsewhere: nearZero }],
  [
    'tanh',
    {
      slope: (result) => largest(result, (value) => 1 - value * value),
      why: 'it is saturated: all but −1 or 1',
      elsewhere: nearZero,
    },
  ],
  [
    'relu',
    {
      slope: (result) => largest(result, (value) => (value > 0 ? 1 : 0)),
      why: 'its argument is nowhere above 0',
      elsewhere: (argument) => `where ${argument} is above 0`,
    },
  ],
]);

/**
 * Null where no better point is known, and where none of these functions is flat in all its entries. Not for problems that move with
 * t, nor for soft constraints, which are weighed against the loss. At most one function is told, the first of the text.
 * Source: Goodfellow, Bengio & Courville 2016, Deep Learning, §6.2.2.2 and §6.3 (units that saturate).
 */
export function adviceOnSaturation(
  { problem, optimum }: Pick<Study, 'problem' | 'optimum'>,
  { iterates, loss }: Pick<Course, 'iterates' | 'loss'>,
): Advice | null {
  if (!optimum || problem.soft.length > 0 || !isAbove(at(loss, loss.length - 1), optimum.loss)) return null;
  const found = firstFlat(problem, iterates.subarray(iterates.length - problem.size));
  if (!found) return null;
  const { call, kind } = found;
  const elsewhere = kind.elsewhere(printText(at(call.args, 0)));
  return {
    message: `${printText(call)} is flat where the run ends, as ${kind.why}. Steps hardly move anything through it there, although a better point is known. Start ${elsewhere}.`,
  };
}

function firstFlat(problem: Problem, x: Float64Array): { call: CallExpr; kind: Flat } | null {
  const texts = [problem.loss, ...problem.definitions.map(({ value }) => value)];
  const isThere = texts.some((text) =>
    [...nodesOf(text)].some((node) => node.kind === 'call' && FUNCTIONS.has(node.name)),
  );
  if (!isThere) return null;
  const { ops, input, nodes } = trace(problem);
  const calls = nodes.flatMap(({ expr, tensor }: Traced) => {
    const kind = expr.kind === 'call' ? FUNCTIONS.get(expr.name) : undefined;
    return kind && expr.kind === 'call' && (ops.valueOf(tensor).uses & USES.start) !== 0
      ? [{ call: expr, kind, tensor }]
      : [];
  });
  const machine = new Machine(ops);
  machine.numbers(input.id).set(x);
  machine.procedure(calls.map(({ tensor }) => tensor.id))();
  return calls.find(({ kind, tensor }) => kind.slope(machine.numbers(tensor.id)) <= FLAT) ?? null;
}
