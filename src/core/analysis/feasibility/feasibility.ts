import { type Problem, startEntries, startOf } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { LinearSolver } from '../affine/linear-program.ts';
import { violationAt } from '../optimum/model.ts';
import type { Structure } from '../structure.ts';
import { excludingBoxes } from './boxes.ts';
import { type Conflict, explained, type Line, linesOf, rowsOf, smallest } from './conflict.ts';
import type { Give } from './least-give.ts';
import { type Beyond, casesOf, type Questions, questionsOf, TOLERANCE } from './questions.ts';

export interface Feasibility {
  readonly verdict: 'yes' | 'no' | 'unknown';
  /** A feasible point, where one was found. */
  readonly point?: readonly number[];
  readonly conflict?: Conflict;
}

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
  if (problem.constraints.length === 0) return { verdict: 'yes', point: startEntries(problem) };
  const first = startOf(problem);
  const atStart = violationAt(problem, first);
  const isProved = structure.contradictions.length > 0;
  if (!isProved && atStart <= 1e-9 * (1 + maximumNorm(first))) return { verdict: 'yes', point: [...first] };
  const questions = casesOf(problem, structure, solve) ?? questionsOf(problem, structure, solve);
  return questions ? yield* decide(problem, structure, { ...questions, beyond }) : { verdict: 'unknown' };
}

/** Whether a gap is more than rounding. */
const isGap = ({ amount, x }: Give): boolean => amount > TOLERANCE * (1 + maximumNorm(x ?? [0]));

/** Whether the rows as typed hold where a search ended: those that it went by may be others, as where entries are chosen anew. */
const isMet = (problem: Problem, { x }: Give): boolean =>
  x === undefined || violationAt(problem, x) <= 10 * TOLERANCE * (1 + maximumNorm(x));

function* decide(problem: Problem, structure: Structure, questions: Questions): Stages<Feasibility> {
  const lines = linesOf(problem, questions.rowsOf);
  const boxes = new Map<string, number>(); // by the constraints that they prove to be empty
  const isEmpty = function* (some: readonly Line[]): Stages<boolean> {
    const constraints = new Set(some.flatMap(({ statement }) => statement.constraints.map(({ index }) => index)));
    if (structure.contradictions.some((found) => found.constraints.every((index) => constraints.has(index))))
      return true;
    yield;
    const give = yield* questions.proof.leastGive([], rowsOf(some));
    if (give !== null && isGap(give)) return true;
    if (questions.isConvex) return false;
    const still = structure.constraints.filter(({ index, isMoving }) => !isMoving && constraints.has(index));
    const count = yield* excludingBoxes(problem, still);
    if (count !== null) boxes.set(String([...constraints]), count);
    return count !== null;
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
  const conflict = yield* explained(problem, structure, few, questions);
  const count = boxes.get(String(conflict.constraints));
  if (count === undefined) return { verdict: 'no', conflict };
  const proof = `no point is left: in each of ${count} boxes that cover all values some line is missed, by interval arithmetic`;
  return { verdict: 'no', conflict: { ...conflict, certificate: `${conflict.certificate}; ${proof}` } };
}
