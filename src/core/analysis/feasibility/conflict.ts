/** A smallest set of lines that contradict each other, why, and by how much. */
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { farkasSum } from '../affine/farkas.ts';
import { type Statement, statementsOf } from '../statements.ts';
import type { Structure } from '../structure.ts';
import { listed } from '../wording.ts';
import type { Give } from './least-give.ts';
import { type Beyond, leastGive, type Questions, type RowsOf } from './questions.ts';

/** Sets of lines that are tried for a smallest conflict, before one line after the other is left out. */
const MOST_SETS = 300;
/** Of an amount: what a search may be short of its bound. */
const CERTAIN = 1e-5;

/** Statements that no point meets together; each is necessary. */
export interface Conflict {
  /** 1-based lines of the text, ascending, each once. */
  readonly lines: readonly number[];
  /** Positions of the constraints that they stand for. */
  readonly constraints: readonly number[];
  /** Why, in a sentence that a reader can check. */
  readonly certificate: string;
  /** For each statement, the least amount by which it alone must give for the rest to hold, in its own units as typed; Infinity where it alone cannot, NaN where the amount was not found. */
  readonly relaxations: readonly { readonly line: number; readonly amount: number }[];
  /** Of affine equalities alone least ‖A x − b‖₂, else the amount of the statement typed last. */
  readonly relaxation: number;
}

export interface Line {
  readonly statement: Statement;
  readonly rows: readonly number[];
}

/** Rows by the statement in which they are typed. */
export function linesOf(problem: Problem, rowsOfConstraint: RowsOf): Line[] {
  const position = new Map(problem.constraints.map(({ index }, k) => [index, k]));
  return statementsOf(problem).map((statement) => ({
    statement,
    rows: statement.constraints.flatMap(({ index }) => at(rowsOfConstraint, position.get(index) ?? -1)),
  }));
}

export const rowsOf = (lines: readonly Line[]): number[] => lines.flatMap(({ rows }) => rows);

/** A conflict of the fewest lines where few sets have to be tried; else one from which no line can be left out. */
export function* smallest(
  lines: readonly Line[],
  isEmpty: (some: readonly Line[]) => Stages<boolean>,
): Stages<readonly Line[]> {
  let tried = 0;
  for (let count = 1; count < lines.length; count++) {
    const sets = binomial(lines.length, count);
    if (tried + sets > MOST_SETS) break;
    tried += sets;
    for (const some of combinations(lines, count)) if (yield* isEmpty(some)) return some;
  }
  let kept = lines;
  for (const line of lines) {
    const rest = kept.filter((other) => other !== line);
    if (rest.length > 0 && (yield* isEmpty(rest))) kept = rest;
  }
  return kept;
}

const binomial = (n: number, k: number): number =>
  Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1);

function* combinations<T>(items: readonly T[], count: number, from = 0): Generator<readonly T[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - count; i++)
    for (const rest of combinations(items, count - 1, i + 1)) yield [at(items, i), ...rest];
}

export function* explained(
  problem: Problem,
  structure: Structure,
  lines: readonly Line[],
  questions: Questions,
): Stages<Conflict> {
  const gives: { readonly line: Line; readonly give: Give | null }[] = [];
  let isKnown = false;
  for (const line of lines) {
    yield;
    const others = lines.filter((other) => other !== line);
    const searched = yield* leastGive(questions, rowsOf(others), line.rows);
    const known = beyondOthers(structure, line, others, questions.beyond);
    isKnown = known?.isLeast === true;
    gives.push({ line, give: better(searched, known) });
  }
  const relaxations = gives.map(({ line, give }) => ({
    line: line.statement.line,
    amount: give ? rounded(give, questions.finest) : Number.NaN,
  }));
  const statements = lines.map(({ statement }) => statement);
  const constraints = statements.flatMap((statement) => statement.constraints.map(({ index }) => index));
  const known = structure.contradictions.find((found) =>
    found.constraints.every((index) => constraints.includes(index)),
  );
  const last = at(gives, gives.length - 1).give;
  const isLeast = isKnown || (last !== null && (yield* reachesBound(questions, lines, last)));
  const sum = farkasSum(problem, structure, statements);
  const off = certificateOf(
    problem,
    statements,
    last && { ...last, amount: rounded(last, questions.finest) },
    sum === null ? (known?.reason ?? null) : null,
    isLeast,
  );
  return {
    lines: [...new Set(statements.map(({ line }) => line))],
    constraints,
    certificate: sum ? `${sum}; ${off}` : off,
    relaxations,
    relaxation: at(relaxations, relaxations.length - 1).amount,
  };
}

/** Whether the last line must give that much for certain: all rows are convex, or those that are need as much. */
function* reachesBound({ proof, isConvex }: Questions, lines: readonly Line[], { amount }: Give): Stages<boolean> {
  if (isConvex || amount === 0) return isConvex;
  const bound = yield* proof.leastGive(rowsOf(lines.slice(0, -1)), rowsOf(lines.slice(-1)));
  return bound !== null && bound.amount >= (1 - CERTAIN) * amount;
}

/** Of a line of one affine row. */
function beyondOthers(structure: Structure, line: Line, others: readonly Line[], beyond: Beyond) {
  const [constraint, second] = line.statement.constraints;
  const affine = constraint && !second ? at(structure.constraints, constraint.index).affine : null;
  if (constraint?.rows !== 1 || !affine) return null;
  return beyond(
    others.flatMap(({ statement }) => statement.constraints),
    { a: at(affine.A, 0), b: at(affine.b, 0), relation: constraint.relation },
  );
}

/** What the sets say where it is exact, or less than what a search found. */
function better(searched: Give | null, known: ReturnType<Beyond>): Give | null {
  if (!known) return searched;
  const isLess = !searched || known.give.amount < searched.amount;
  return known.isLeast || isLess ? known.give : searched;
}

/** An amount that is only the tolerance of the search, where a bound is neared without end, is 0. */
const rounded = ({ amount, x }: Give, finest: number): number =>
  amount > finest * (1 + maximumNorm(x ?? [0])) ? amount : 0;

/** As “where line 4 and line 5 hold, line 6 is off by at least 0.2, as at x = 0.6, y = 0.4”, after what is known already; of rows that are not convex only what was found. */
function certificateOf(
  problem: Problem,
  statements: readonly Statement[],
  give: Give | null,
  reason: string | null,
  isLeast: boolean,
): string {
  const names = statements.map(({ name }) => name);
  const last = at(names, names.length - 1);
  const because = reason === null ? '' : `${reason.replace(/\.$/u, '')}; `;
  if (names.length === 1)
    return reason === null ? `${last} cannot hold for any values of the parameters` : reason.replace(/\.$/u, '');
  const where = `${because}where ${listed(names.slice(0, -1))} ${names.length === 2 ? 'holds' : 'hold'}`;
  if (give === null || (give.amount === 0 && !isLeast))
    return `${where}, ${last} cannot hold, and by how much it is off was not found`;
  if (!Number.isFinite(give.amount)) return `${where}, ${last} cannot hold, however much it alone gives`;
  const { amount } = give;
  if (amount === 0) return `${where}, ${last} comes as near as one likes, but never holds`;
  const point = give.x && problem.size <= 4 ? pointOf(problem, give.x) : '';
  if (isLeast) return `${where}, ${last} is off by at least ${short(amount)}${point && `, as at ${point}`}`;
  return `${where}, ${last} is off by ${short(amount)} at the nearest point that was found${point && `, ${point}`}`;
}

const pointOf = ({ parameters }: Problem, x: readonly number[]): string =>
  parameters
    .map(({ name, shape, offset, start }) => {
      const entries = start.map((_, i) => short(at(x, offset + i)));
      return `${name} = ${shape.length === 0 ? entries[0] : `[${entries.join(', ')}]`}`;
    })
    .join(', ');

const short = (value: number): string => shortNumber(Math.abs(value) < 1e-9 ? 0 : value);
