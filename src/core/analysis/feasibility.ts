/** Whether some point meets all constraints; if none does, a smallest set of lines that contradict each other, and by how much. */
import { at } from '../diagnostic.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import { maximumNorm } from '../tensor/matrix.ts';
import { farkasSum } from './farkas.ts';
import { kinksOf } from './kinks.ts';
import { type Elastic, linearElastic, smoothElastic } from './least-give.ts';
import type { LinearSolver } from './linear-program.ts';
import { modelOf, violationAt } from './model.ts';
import type { Structure } from './structure.ts';

/** Lines that no point meets together; each is necessary. */
export interface Conflict {
  /** 1-based lines of the text, ascending. */
  readonly lines: readonly number[];
  /** Why, in a sentence that a reader can check. */
  readonly certificate: string;
  /** For each line, the least amount by which it alone must give for the rest to hold, in its own units as typed; Infinity where it alone cannot. */
  readonly relaxations: readonly { readonly line: number; readonly amount: number }[];
  /** Of affine equalities alone least ‖A x − b‖₂, else the amount of the line typed last. */
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
 * By linear programs where every constraint is affine and a solver is given, else by interior points: a proof of emptiness
 * where all constraints are known to be convex, a feasible point where one is found, otherwise `unknown`. Constraints that
 * move are taken at t = 0. Source: Chinneck 2008, Feasibility and Infeasibility in Optimization, §6.2 (deletion filter).
 */
export function feasibilityOf(problem: Problem, structure: Structure, solve: LinearSolver | null): Feasibility {
  if (problem.constraints.length === 0) return { verdict: 'yes', point: [...startOf(problem)] };
  const first = startOf(problem);
  const atStart = violationAt(problem, first);
  if (atStart <= 1e-9 * (1 + maximumNorm(first))) return { verdict: 'yes', point: [...first] };
  const rows = structure.equalityRows + structure.inequalityRows;
  const isLinear = solve !== null && structure.constraints.every(({ affine }) => affine);
  if (isLinear && rows * problem.size <= LINEAR_LIMIT) {
    const elastic = linearElastic(problem.size, linearRows(structure), solve);
    return decide(problem, structure, typedRows(problem), elastic, true);
  }
  if (problem.size === 0 || problem.size > SIZE_LIMIT || rows > ROWS_LIMIT) return { verdict: 'unknown' };
  const isConvex = isKnownConvex(structure);
  const model = modelOf(problem, kinksOf(problem));
  const start = startOf(problem);
  for (let k = 0; k < (isConvex ? 1 : STARTS); k++) {
    const from = start.map((entry, i) => entry + k * Math.sin(12.9898 * (i + 1) + 78.233 * k)); // a fixed scatter
    const found = decide(
      problem,
      structure,
      model.rowsOf,
      smoothElastic(model, problem.size, model.lift(from), isConvex),
      isConvex,
    );
    if (found.verdict !== 'unknown') return found;
  }
  return { verdict: 'unknown' };
}

/** Affine, or a convex set of the catalogue on its own. */
const isKnownConvex = ({ constraints, lines }: Structure): boolean =>
  constraints.every(
    ({ index, affine }) => affine || lines.some((set) => set.isConvex && set.constraints.includes(index)),
  );

const linearRows = ({ constraints }: Structure) =>
  constraints.flatMap(({ affine, relation }) =>
    (affine?.A ?? []).map((entries, i) => ({ entries, b: at(affine?.b ?? [], i), relation })),
  );

interface Line {
  readonly line: number;
  readonly rows: readonly number[];
  readonly relation: 'equality' | 'inequality' | 'both';
}

/** Rows by the line on which they are typed. */
function linesOf({ constraints }: Problem, rowsOfConstraint: RowsOf): Line[] {
  const lines = new Map<number, { rows: number[]; relations: Set<'equality' | 'inequality'> }>();
  for (const [k, { line, relation }] of constraints.entries()) {
    const known = lines.get(line) ?? { rows: [], relations: new Set() };
    known.rows.push(...at(rowsOfConstraint, k));
    known.relations.add(relation);
    lines.set(line, known);
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([line, { rows, relations }]) => ({
      line,
      rows,
      relation: relations.size > 1 ? 'both' : ([...relations][0] ?? 'equality'),
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

function decide(
  problem: Problem,
  structure: Structure,
  rowsOfConstraint: RowsOf,
  elastic: Elastic,
  isConvex: boolean,
): Feasibility {
  const lines = linesOf(problem, rowsOfConstraint);
  const gap = elastic.leastGive([], rowsOf(lines));
  if (gap === null) return { verdict: 'unknown' };
  if (gap.amount <= TOLERANCE * (1 + maximumNorm(gap.x ?? [0])))
    return { verdict: 'yes', ...(gap.x && { point: gap.x }) };
  if (!isConvex) return { verdict: 'unknown' };
  const isEmpty = (some: readonly Line[]): boolean => {
    const give = elastic.leastGive([], rowsOf(some));
    return give !== null && give.amount > TOLERANCE * (1 + maximumNorm(give.x ?? [0]));
  };
  return { verdict: 'no', conflict: explained(problem, structure, smallest(lines, isEmpty), elastic) };
}

/** A conflict of the fewest lines where few sets have to be tried; else one from which no line can be left out. */
function smallest(lines: readonly Line[], isEmpty: (some: readonly Line[]) => boolean): readonly Line[] {
  let tried = 0;
  for (let count = 1; count < lines.length; count++) {
    const sets = binomial(lines.length, count);
    if (tried + sets > MOST_SETS) break;
    tried += sets;
    for (const some of combinations(lines, count)) if (isEmpty(some)) return some;
  }
  let kept = lines;
  for (const line of lines) {
    const rest = kept.filter((other) => other !== line);
    if (rest.length > 0 && isEmpty(rest)) kept = rest;
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

function explained(problem: Problem, structure: Structure, lines: readonly Line[], elastic: Elastic): Conflict {
  const gives = lines.map((line) => {
    const others = lines.filter((other) => other !== line);
    return { line, give: elastic.leastGive(rowsOf(others), line.rows) };
  });
  const relaxations = gives.map(({ line, give }) => ({
    line: line.line,
    amount: give?.amount ?? Number.POSITIVE_INFINITY,
  }));
  const last = at(gives, gives.length - 1);
  const named = (number: number) => `line ${number}`;
  const others = lines.slice(0, -1).map(({ line }) => named(line));
  const numbers = lines.map(({ line }) => line);
  const sum = farkasSum(problem, structure, numbers);
  const off = certificateOf(problem, others, last.line.line, last.give);
  return {
    lines: numbers,
    certificate: sum && others.length > 0 ? `${sum}; ${off}` : off,
    relaxations,
    relaxation: at(relaxations, relaxations.length - 1).amount,
  };
}

/** As “where line 4 and line 5 hold, line 6 is off by at least 0.2, as at x = 0.6, y = 0.4”. */
function certificateOf(
  problem: Problem,
  others: readonly string[],
  last: number,
  give: ReturnType<Elastic['leastGive']>,
): string {
  if (others.length === 0) return `line ${last} cannot hold for any values of the parameters`;
  const listed = others.length === 1 ? others[0] : `${others.slice(0, -1).join(', ')} and ${others[others.length - 1]}`;
  const holds = others.length === 1 ? 'holds' : 'hold';
  if (give === null || !Number.isFinite(give.amount)) return `where ${listed} ${holds}, line ${last} cannot hold`;
  const point = give.x && problem.size <= 4 ? `, as at ${pointOf(problem, give.x)}` : '';
  return `where ${listed} ${holds}, line ${last} is off by at least ${short(give.amount)}${point}`;
}

const pointOf = ({ parameters }: Problem, x: readonly number[]): string =>
  parameters
    .map(({ name, shape, offset, start }) => {
      const entries = start.map((_, i) => short(at(x, offset + i)));
      return `${name} = ${shape.length === 0 ? entries[0] : `[${entries.join(', ')}]`}`;
    })
    .join(', ');

const short = (value: number): string => String(Number((Math.abs(value) < 1e-9 ? 0 : value).toPrecision(4)));
