/** A start at which the loss is a number, near the one that is typed. */
import { violationAt } from '../../analysis/optimum/model.ts';
import { at, type Fix } from '../../diagnostic.ts';
import { objectiveOf } from '../../problem/elaborate.ts';
import { type Parameter, type Problem, startOf } from '../../problem/problem.ts';
import { gradient } from '../../tensor/derivatives.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { Ops } from '../../tensor/ops.ts';
import { writtenStart } from './written-start.ts';

/** Changes of a start that are tried, both ways, and values in its place: round numbers, so that the text stays readable. */
const CHANGES = [0.5, 1, 2, 3, 5, 10, 20, 50, 100, 1000];
const VALUES = [0, 0.5, 1];

/** Loss and slopes below this are numbers on a GPU, too. */
const MOST = 1e30;
/** Problems up to this size and number of parameters are tried. */
const LIMITS = { size: 1000, parameters: 20 } as const;

/**
 * The start of one parameter, else of all, at the number nearest to the typed one where loss and slope are finite; of these
 * preferably one that is feasible, or violates the constraints no more than the typed start. Null where there is none, or no start is typed plainly.
 */
export function startInDomain(problem: Problem, text: string): Fix | null {
  const { size, parameters } = problem;
  if (size > LIMITS.size || parameters.length > LIMITS.parameters) return null;
  const places = parameters.flatMap((own) => {
    const span = writtenStart(own, text) ?? beforeText(problem, own, text);
    return span ? [{ own, span }] : [];
  });
  const isInDomain = domainOf(problem);
  const start = startOf(problem);
  const violated = violationAt(problem, start);
  const tried = [...places.map((place) => [place]), ...(places.length > 1 ? [places] : [])].flatMap((group) =>
    numbersNear(at(at(group, 0).own.start, 0)).flatMap((value) => {
      const x = start.slice();
      for (const { own } of group) x.fill(value, own.offset, own.offset + own.start.length);
      return isInDomain(x) ? [{ group, value, x }] : [];
    }),
  );
  const within = (most: number) => tried.find(({ x }) => violationAt(problem, x) <= most);
  const found = within(0) ?? within(violated) ?? tried[0];
  if (!found) return null;
  const { group, value } = found;
  const ordered = [...group].sort((a, b) => a.span[0] - b.span[0]);
  const [from, to] = [at(ordered, 0).span[0], at(ordered, ordered.length - 1).span[1]];
  let insert = '';
  let done = from;
  for (const { own, span } of ordered) {
    const isDeclared = writtenStart(own, text) !== null;
    insert += text.slice(done, span[0]) + (isDeclared ? ` = ${value}` : `param ${own.name} = ${value}\n`);
    [, done] = span;
  }
  return { title: `Start ${group.map(({ own }) => own.name).join(', ')} at ${value}`, span: [from, to], insert };
}

/** The only parameter, where nothing declares it: a declaration before all else. Of several all would have to be declared. */
const beforeText = ({ parameters }: Problem, own: Parameter, text: string) =>
  parameters.length === 1 && own.start.length === 1 && !/(?:^|[\s;])param\s/u.test(text) ? ([0, 0] as const) : null;

const numbersNear = (start: number): readonly number[] => {
  const numbers = [...VALUES, ...CHANGES.flatMap((change) => [start + change, start - change])];
  return numbers
    .map((number) => Number(number.toPrecision(6)))
    .sort((a, b) => Math.abs(a - start) - Math.abs(b - start));
};

function domainOf(problem: Problem): (x: Float64Array) => boolean {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const loss = objectiveOf(ops, problem, x, t, T);
  const slope = gradient(ops, (point) => objectiveOf(ops, problem, point, t, T), x);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  const compute = machine.procedure([loss.id, slope.id]);
  return (point) => {
    machine.numbers(x.id).set(point);
    compute();
    return [loss, slope].every(({ id }) => machine.numbers(id).every((number) => Math.abs(number) < MOST));
  };
}
