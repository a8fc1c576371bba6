/** What is worth knowing of the start before any run: a loss that is no number there, and corners, where a slope is a convention. */
import { at, type Diagnostic } from '../../diagnostic.ts';
import { type CallExpr, nodesOf } from '../../language/expr.ts';
import { expressionValue, objectiveOf } from '../../problem/elaborate.ts';
import { reachableNames } from '../../problem/names.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { startInDomain } from './start-in-domain.ts';
import { undefinedAt } from './undefined-at.ts';

/** The numbers of values at the start, with t = 0 and one step. */
export function atStart(
  problem: Problem,
  record: (ops: Ops, x: Tensor, t: Tensor, T: Tensor) => readonly Id[],
): readonly (readonly number[])[] {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const ids = record(ops, x, t, T);
  if (ids.length === 0) return [];
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  machine.numbers(x.id).set(startOf(problem));
  machine.procedure(ids)();
  return ids.map((id) => Array.from(machine.numbers(id)));
}

/** At t = 0 of one step; `source` is the text as typed. Nothing is said of corners where the loss is no number. */
export function startNotes(problem: Problem, source: string): Diagnostic[] {
  const { span } = problem.loss;
  const [[loss = 0] = []] = atStart(problem, (ops, x, t, T) => [objectiveOf(ops, problem, x, t, T).id]);
  if (!Number.isFinite(loss)) {
    const message = `The loss is not a finite number at the start (${loss}): choose start values inside its domain.`;
    const why = undefinedAt(problem, source, { x: startOf(problem), step: 0, steps: 1 });
    const said: Diagnostic = why
      ? { ...why, message: `${message} ${why.message}` }
      : { severity: 'warning', message, span };
    const fix = said.fix ?? startInDomain(problem, source);
    return [fix ? { ...said, fix } : said];
  }
  const corners = cornersOfCalls(problem);
  return startsAtCornerOfAbs(problem) ? [{ severity: 'note', message: OF_ABS, span }, ...corners] : corners;
}

const OF_ABS =
  'The start stands on a corner of abs, at 0, where there is no slope: it counts as 0 there. Start beside it to be moved.';

/** Whether an absolute value in what is minimised is that of 0 at the start: sets have some that nobody typed. */
const startsAtCornerOfAbs = (problem: Problem): boolean =>
  atStart(problem, (ops, x, t, T) => {
    objectiveOf(ops, problem, x, t, T);
    return ops.values.flatMap(({ op, args }) => (op === 'abs' && args[0] !== undefined ? [args[0]] : []));
  }).some((entries) => entries.includes(0));

/** What is said of a call whose arguments have these entries, or null where it has a slope there. */
type Corner = (args: readonly (readonly number[])[]) => string | null;

const ties =
  (name: string): Corner =>
  ([a = [], b, ...more]) =>
    b && more.length === 0 && a.length === b.length && a.some((entry, i) => entry === b[i])
      ? `The two arguments of ${name} are equal at the start, where there is no slope: each gets half of it.`
      : null;

const CORNERS: ReadonlyMap<string, Corner> = new Map<string, Corner>([
  [
    'norm',
    ([a = []]) =>
      a.every((entry) => entry === 0)
        ? 'The start stands where norm has no slope, at 0: it counts as 0 there. Start beside it to be moved, or minimize sum(x^2).'
        : null,
  ],
  [
    'relu',
    ([a = []]) =>
      a.includes(0)
        ? 'The start stands on the corner of relu, at 0: its slope counts as 0 there. Start beside it to be moved.'
        : null,
  ],
  [
    'sqrt',
    ([a = []]) =>
      a.includes(0) ? 'The slope of sqrt at 0 is infinite, and the start stands there: start beside it.' : null,
  ],
  ['max', ties('max')],
  ['min', ties('min')],
]);

/** A text has few of them; more are not looked at. */
const MAX_CALLS = 40;

/** Calls in the loss and in what it is made of that have a corner at the start. */
function cornersOfCalls(problem: Problem): Diagnostic[] {
  const roots = [problem.loss, ...problem.soft.map(({ residual }) => residual)];
  const reached = reachableNames(roots, problem.definitions);
  const definitions = problem.definitions.filter(({ name, array }) => !array && reached.has(name));
  const calls: CallExpr[] = [];
  for (const root of [...roots, ...definitions.map(({ value }) => value)]) {
    for (const node of nodesOf(root)) {
      if (node.kind === 'call' && CORNERS.has(node.name) && node.options.length === 0) calls.push(node);
      if (calls.length === MAX_CALLS) break;
    }
  }
  const args = calls.flatMap((call) => call.args);
  const entries = atStart(problem, (ops, x, t, T) => args.map((arg) => expressionValue(ops, problem, arg, x, t, T).id));
  let position = 0;
  return calls.flatMap(({ name, span, args: own }): Diagnostic[] => {
    const numbers = own.map(() => at(entries, position++));
    const message = CORNERS.get(name)?.(numbers);
    return message ? [{ severity: 'note', message, span }] : [];
  });
}
