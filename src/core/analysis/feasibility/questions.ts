/** What is asked of solvers: how much rows must give, from several starts, and of convex rows alone, whose answer is a proof. */
import { at } from '../../diagnostic.ts';
import { type Constraint, type Problem, startOf } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import type { LinearSolver } from '../affine/linear-program.ts';
import { factsOf } from '../evidence/facts.ts';
import { type Curvature, convexPart, curvaturesOf, isConvexSystem, modelCurvatures } from '../optimum/curvature.ts';
import { growingLift } from '../optimum/lift.ts';
import { modelOf } from '../optimum/model.ts';
import type { Structure } from '../structure.ts';
import { type Elastic, type Give, linearElastic, smoothElastic } from './least-give.ts';
import { leastOfCases, sparseCases } from './sparse-cases.ts';
import { factoredModel } from './spectral-factors.ts';

const SIZE_LIMIT = 40;
const ROWS_LIMIT = 120;
/** For linear programs, which take sparse rows. */
const LINEAR_LIMIT = 200_000;
const STARTS = 8;
/** More than this, relative to 1 + |x|∞, is no rounding. */
export const TOLERANCE = 1e-7;

export type RowsOf = readonly (readonly number[])[];

/** How far one affine row is off where some constraints hold; whether that is the least, or an upper bound. Null where it is not known. */
export type Beyond = (
  held: readonly Constraint[],
  row: { readonly a: readonly number[]; readonly b: number; readonly relation: Constraint['relation'] },
) => { readonly give: Give; readonly isLeast: boolean } | null;

/** What is asked: how much rows must give, from several starts, and of convex rows alone, whose answer is a proof. */
export interface Questions {
  readonly rowsOf: RowsOf;
  readonly elastics: readonly Elastic[];
  readonly proof: Elastic;
  /** Whether one answer is as good as any. */
  readonly isConvex: boolean;
  /** An amount below it, relative to 1 + |x|∞, is only how near the search came. */
  readonly finest: number;
  readonly beyond: Beyond;
}

/**
 * As linear programs where all rows are affine and a solver is given, else by interior points from several starts; null beyond the
 * size that is searched.
 */
export function questionsOf(
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

/** The same for sets of few entries, case by case, where each case is convex; null where one is not, or there are no such sets. */
export function casesOf(
  problem: Problem,
  structure: Structure,
  solve: LinearSolver | null,
): Omit<Questions, 'beyond'> | null {
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

/** The rows of each constraint where they are counted as typed. */
function typedRows({ constraints }: Problem): RowsOf {
  let before = 0;
  return constraints.map(({ rows }) => {
    before += rows;
    return Array.from({ length: rows }, (_, i) => before - rows + i);
  });
}

/** The least that was found from any start: of rows that are not convex an upper bound; where nothing was found what the convex ones need. */
export function* leastGive(
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
