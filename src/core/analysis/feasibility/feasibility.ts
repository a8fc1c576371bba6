/** Whether some point meets all constraints; if none does, a smallest set of lines that contradict each other, and by how much. */
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { type Constraint, type Problem, startOf } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { farkasSum } from '../affine/farkas.ts';
import type { LinearSolver } from '../affine/linear-program.ts';
import { factsOf } from '../evidence/facts.ts';
import { type Curvature, convexPart, curvaturesOf, isConvexSystem, modelCurvatures } from '../optimum/curvature.ts';
import { growingLift } from '../optimum/lift.ts';
import { modelOf, violationAt } from '../optimum/model.ts';
import { type Statement, statementsOf } from '../statements.ts';
import type { Structure } from '../structure.ts';
import { listed } from '../wording.ts';
import { type Elastic, type Give, linearElastic, smoothElastic } from './least-give.ts';
import { leastOfCases, sparseCases } from './sparse-cases.ts';
import { factoredModel } from './spectral-factors.ts';

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

export interface Feasibility {
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** A feasible point, where one was found. */
  readonly point?: readonly number[];
  readonly conflict?: Conflict;
}

const SIZE_LIMIT = 40;
const ROWS_LIMIT = 120;
/** For linear programs, which take sparse rows. */
const LINEAR_LIMIT = 200_000;
/** Sets of lines that are tried for a smallest conflict, before one line after the other is left out. */
const MOST_SETS = 300;
/** More than this, relative to 1 + |x|∞, is no rounding. */
const TOLERANCE = 1e-7;
const STARTS = 8;

/**
 * By linear programs where every constraint is affine and a solver is given, else by interior points: a feasible point where one
 * is found; a proof of emptiness where the rows that are convex have no common point, or bounds cross; otherwise `unknown`.
 * Constraints that move are taken at t = 0. Source: Chinneck 2008, Feasibility and Infeasibility in Optimization, §6.2 (deletion
 * filter).
 */
export const feasibilityOf = (...asked: Parameters<typeof feasibilityStages>): Feasibility =>
  finished(feasibilityStages(...asked));

/** `feasibilityOf`, with a pause before each question that is asked of a solver. */
export function* feasibilityStages(
  problem: Problem,
  structure: Structure,
  solve: LinearSolver | null,
  beyond: Beyond = () => null,
): Stages<Feasibility> {
  if (problem.constraints.length === 0) return { verdict: 'yes', point: [...startOf(problem)] };
  const first = startOf(problem);
  const atStart = violationAt(problem, first);
  const isProved = structure.contradictions.length > 0;
  if (!isProved && atStart <= 1e-9 * (1 + maximumNorm(first))) return { verdict: 'yes', point: [...first] };
  const questions = casesOf(problem, structure, solve) ?? questionsOf(problem, structure, solve);
  return questions ? yield* decide(problem, structure, { ...questions, beyond }) : { verdict: 'unknown' };
}

/** Null beyond the size that is searched. */
function questionsOf(
  problem: Problem,
  structure: Structure,
  solve: LinearSolver | null,
): Omit<Questions, 'beyond'> | null {
  const { constraints } = structure;
  const rows = constraints.reduce((sum, own) => sum + own.rows, 0);
  const isLinear = solve !== null && constraints.every(({ affine }) => affine);
  if (isLinear && rows * problem.size <= LINEAR_LIMIT) {
    const elastic = linearElastic(problem.size, linearRows(structure), solve);
    return { rowsOf: typedRows(problem), elastics: [elastic], proof: elastic, isConvex: true, finest: 0 };
  }
  if (problem.size === 0 || problem.size > SIZE_LIMIT || rows > ROWS_LIMIT) return null;
  const first = startOf(problem);
  const typed = curvaturesOf(problem, structure);
  const base = modelOf(problem, growingLift(problem));
  const model = factoredModel(problem, structure, base) ?? base;
  const isConvex = isConvexSystem(base, modelCurvatures(problem, base, typed));
  const starts = Array.from(
    { length: isConvex ? 1 : STARTS },
    (_, k) => model.lift(first.map((entry, i) => entry + k * Math.sin(12.9898 * (i + 1) + 78.233 * k))), // a fixed scatter
  );
  const elastics = starts.map((start) => smoothElastic(model, problem.size, start, isConvex));
  const proof = isConvex ? at(elastics, 0) : hullElastic(problem, structure, typed);
  return { rowsOf: model.rowsOf, elastics, proof, isConvex, finest: TOLERANCE };
}

/** Of all cases together, where each is convex. */
function casesOf(problem: Problem, structure: Structure, solve: LinearSolver | null): Omit<Questions, 'beyond'> | null {
  const cases = sparseCases(problem, structure)?.map((one) =>
    questionsOf(one, { ...structure, constraints: factsOf(one) }, solve),
  );
  const [first] = cases ?? [];
  if (!first || !cases?.every((questions) => questions?.isConvex)) return null;
  const least = leastOfCases(cases.flatMap((questions) => (questions ? [questions.proof] : [])));
  return { ...first, elastics: [least], proof: least };
}

/** Of what is convex of the rows, from the start: an amount above 0 is a proof. */
export function hullElastic(problem: Problem, structure: Structure, typed: readonly Curvature[]): Elastic {
  const base = modelOf(problem, growingLift(problem, typed));
  const convex = convexPart(base, modelCurvatures(problem, base, typed));
  const hull = factoredModel(problem, structure, convex) ?? convex;
  return smoothElastic(hull, problem.size, hull.lift(startOf(problem)), true);
}

const linearRows = ({ constraints }: Structure) =>
  constraints.flatMap(({ affine, relation }) =>
    (affine?.A ?? []).map((entries, i) => ({ entries, b: at(affine?.b ?? [], i), relation })),
  );

interface Line {
  readonly statement: Statement;
  readonly rows: readonly number[];
}

/** Rows by the statement in which they are typed. */
function linesOf(problem: Problem, rowsOfConstraint: RowsOf): Line[] {
  const position = new Map(problem.constraints.map(({ index }, k) => [index, k]));
  return statementsOf(problem).map((statement) => ({
    statement,
    rows: statement.constraints.flatMap(({ index }) => at(rowsOfConstraint, position.get(index) ?? -1)),
  }));
}

const rowsOf = (lines: readonly Line[]): number[] => lines.flatMap(({ rows }) => rows);

type RowsOf = readonly (readonly number[])[];

/** The rows of each constraint where they are counted as typed. */
function typedRows({ constraints }: Problem): RowsOf {
  let before = 0;
  return constraints.map(({ rows }) => {
    before += rows;
    return Array.from({ length: rows }, (_, i) => before - rows + i);
  });
}

/** How far one affine row is off where some constraints hold; whether that is the least, or an upper bound. Null where it is not known. */
export type Beyond = (
  held: readonly Constraint[],
  row: { readonly a: readonly number[]; readonly b: number; readonly relation: Constraint['relation'] },
) => { readonly give: Give; readonly isLeast: boolean } | null;

/** What is asked: how much rows must give, from several starts, and of convex rows alone, whose answer is a proof. */
interface Questions {
  readonly rowsOf: RowsOf;
  readonly elastics: readonly Elastic[];
  readonly proof: Elastic;
  /** Whether one answer is as good as any. */
  readonly isConvex: boolean;
  /** An amount below it, relative to 1 + |x|∞, is only how near the search came. */
  readonly finest: number;
  readonly beyond: Beyond;
}

/** Whether a gap is more than rounding. */
const isGap = ({ amount, x }: Give): boolean => amount > TOLERANCE * (1 + maximumNorm(x ?? [0]));

/** Whether the rows as typed hold where a search ended: those that it went by may be others, as where entries are chosen anew. */
const isMet = (problem: Problem, { x }: Give): boolean =>
  x === undefined || violationAt(problem, x) <= 10 * TOLERANCE * (1 + maximumNorm(x));

function* decide(problem: Problem, structure: Structure, questions: Questions): Stages<Feasibility> {
  const lines = linesOf(problem, questions.rowsOf);
  const isEmpty = function* (some: readonly Line[]): Stages<boolean> {
    const constraints = new Set(some.flatMap(({ statement }) => statement.constraints.map(({ index }) => index)));
    if (structure.contradictions.some((found) => found.constraints.every((index) => constraints.has(index))))
      return true;
    yield;
    const give = yield* questions.proof.leastGive([], rowsOf(some));
    return give !== null && isGap(give);
  };
  if (structure.contradictions.length === 0) {
    for (const elastic of questions.elastics) {
      yield;
      const gap = yield* elastic.leastGive([], rowsOf(lines));
      if (gap && !isGap(gap) && isMet(problem, gap)) return { verdict: 'yes', ...(gap.x && { point: gap.x }) };
      if (gap && questions.isConvex) break;
    }
    if (!(yield* isEmpty(lines))) return { verdict: 'unknown' };
  }
  const few = yield* smallest(lines, isEmpty);
  return { verdict: 'no', conflict: yield* explained(problem, structure, few, questions) };
}

/** The least that was found from any start: of rows that are not convex an upper bound; where nothing was found what the convex ones need. */
function* leastGive(
  { elastics, proof, isConvex }: Questions,
  held: readonly number[],
  giving: readonly number[],
): Stages<Give | null> {
  const found: Give[] = [];
  for (const elastic of elastics) {
    const give = yield* elastic.leastGive(held, giving);
    if (give) found.push(give);
    if (give?.x && isConvex) break;
  }
  const finite = found.filter(({ x }) => x).sort((one, other) => one.amount - other.amount);
  return finite[0] ?? found[0] ?? (yield* proof.leastGive(held, giving));
}

/** A conflict of the fewest lines where few sets have to be tried; else one from which no line can be left out. */
function* smallest(
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

function* explained(
  problem: Problem,
  structure: Structure,
  lines: readonly Line[],
  questions: Questions,
): Stages<Conflict> {
  const gives: { readonly line: Line; readonly give: Give | null }[] = [];
  for (const line of lines) {
    yield;
    const others = lines.filter((other) => other !== line);
    const searched = yield* leastGive(questions, rowsOf(others), line.rows);
    gives.push({ line, give: better(searched, beyondOthers(structure, line, others, questions.beyond)) });
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
  const sum = farkasSum(problem, structure, statements);
  const off = certificateOf(
    problem,
    statements,
    last && { ...last, amount: rounded(last, questions.finest) },
    sum === null ? (known?.reason ?? null) : null,
  );
  return {
    lines: [...new Set(statements.map(({ line }) => line))],
    constraints,
    certificate: sum ? `${sum}; ${off}` : off,
    relaxations,
    relaxation: at(relaxations, relaxations.length - 1).amount,
  };
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

/** As “where line 4 and line 5 hold, line 6 is off by at least 0.2, as at x = 0.6, y = 0.4”, after what is known already. */
function certificateOf(
  problem: Problem,
  statements: readonly Statement[],
  give: Give | null,
  reason: string | null,
): string {
  const names = statements.map(({ name }) => name);
  const last = at(names, names.length - 1);
  const because = reason === null ? '' : `${reason.replace(/\.$/u, '')}; `;
  if (names.length === 1)
    return reason === null ? `${last} cannot hold for any values of the parameters` : reason.replace(/\.$/u, '');
  const where = `${because}where ${listed(names.slice(0, -1))} ${names.length === 2 ? 'holds' : 'hold'}`;
  if (give === null) return `${where}, ${last} cannot hold, and by how much it is off was not found`;
  if (!Number.isFinite(give.amount)) return `${where}, ${last} cannot hold, however much it alone gives`;
  const { amount } = give;
  if (amount === 0) return `${where}, ${last} comes as near as one likes, but never holds`;
  const point = give.x && problem.size <= 4 ? `, as at ${pointOf(problem, give.x)}` : '';
  return `${where}, ${last} is off by at least ${short(amount)}${point}`;
}

const pointOf = ({ parameters }: Problem, x: readonly number[]): string =>
  parameters
    .map(({ name, shape, offset, start }) => {
      const entries = start.map((_, i) => short(at(x, offset + i)));
      return `${name} = ${shape.length === 0 ? entries[0] : `[${entries.join(', ')}]`}`;
    })
    .join(', ');

const short = (value: number): string => shortNumber(Math.abs(value) < 1e-9 ? 0 : value);
