/** How large and how costly a problem may be whose optimum is searched. */
import type { Problem } from '../../problem/problem.ts';
import { CONVEX_SIZE } from './curvature.ts';
import { growingLift } from './lift.ts';
import { expectedCost, type Model, modelOf } from './model.ts';

/** The Hessian is formed entry by entry: for small problems only, */
export const OPTIMUM_LIMITS = { parameters: 40, rows: 120 } as const;
/** and for larger ones that are known to be convex, for which one search is enough. */
export const CONVEX_LIMITS = { parameters: CONVEX_SIZE, rows: 240 } as const;
/** Work in all, in entries computed: a costly problem is tried from fewer points, and one beyond it from none. */
const WORK = 1.5e7;
/** Of a problem that is known to be convex, which needs few. */
const CONVEX_WORK = 1e8;
/** Iterations that a start takes, about. */
const TYPICAL_ITERATIONS = 50;

/** From how many starts an optimum may be looked for: 0 where one look at the loss costs too much. */
export const affordableStarts = ({ cost }: Pick<Model, 'cost'>, isConvexProblem: boolean): number =>
  Math.floor((isConvexProblem ? CONVEX_WORK : WORK) / (TYPICAL_ITERATIONS * cost));

/** Whether there are more parameters or rows than are searched. */
export function isTooLarge({ size, constraints }: Problem, isConvexProblem: boolean): boolean {
  const { parameters, rows } = isConvexProblem ? CONVEX_LIMITS : OPTIMUM_LIMITS;
  return size > parameters || constraints.reduce((sum, { rows: own }) => sum + own, 0) > rows;
}

/** Whether the search is left out for what it would cost. */
export const isTooCostly = (problem: Problem, isConvexProblem: boolean): boolean =>
  isSurelyTooCostly(problem) || affordableStarts(modelOf(problem, growingLift(problem)), isConvexProblem) === 0;

/** Known before a large problem is recorded. */
export const isSurelyTooCostly = (problem: Problem): boolean =>
  problem.size > OPTIMUM_LIMITS.parameters && affordableStarts({ cost: expectedCost(problem) }, true) === 0;
