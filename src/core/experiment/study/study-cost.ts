/**
 * About how many scalar operations a study takes, before they are made: from sizes first, and more exactly as more is known. The
 * factors were measured: an operation is about a nanosecond of one thread.
 */
import { FACTORIZATION_LIMIT } from '../../analysis/affine/affine-system.ts';
import { blocksOf } from '../../analysis/affine/blocks.ts';
import { DENSE_LIMIT } from '../../analysis/evidence/facts.ts';
import { violationAt } from '../../analysis/optimum/model.ts';
import { symbolsOf } from '../../analysis/recorded/symbols.ts';
import type { Structure } from '../../analysis/structure.ts';
import type { ConstraintFacts } from '../../contracts.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { factoringOperations as factorizationOf } from '../../tensor/factoring-cost.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { operationsFor } from '../../tensor/operations.ts';

/** Evaluations of the loss: its slopes at the start, the notes on it. The search for an optimum has a bound of its own. */
const LOSS_EVALUATIONS = 20;
/** Of each constraint: intervals, curvature, points that are tried. */
const CONSTRAINT_EVALUATIONS = 500;
/** A row of a matrix takes a reverse sweep. */
const SWEEP = 3;
/** What is kept of a row: its place, its bounds, its set. */
const ROW = 5000;

/** Of evidence: values, slopes, and the matrices of affine rows. */
export function readingOperations(problem: Problem): number {
  const { ops, x, t, T } = symbolsOf(problem);
  const loss = operationsFor(ops, objectiveOf(ops, problem, x, t, T).id);
  return problem.constraints.reduce((sum, constraint) => {
    const { rows } = constraint;
    const { id } = residualOf(ops, problem, constraint, x, t, T);
    const once = operationsFor(ops, id);
    const isMatrix = rows * problem.size <= DENSE_LIMIT && degreeIn(ops, id, x.id) <= 1;
    return sum + once * (CONSTRAINT_EVALUATIONS + (isMatrix ? SWEEP * rows : 0)) + ROW * rows;
  }, LOSS_EVALUATIONS * loss);
}

/** Of matrices, once they are there: equalities are factorised block by block, rows of inequalities are compared with each other. */
export function factoringOperations(facts: readonly ConstraintFacts[], size: number): number {
  const rowsOf = (relation: ConstraintFacts['relation']) =>
    facts.flatMap(({ affine, bounds, relation: own }) => (own === relation && affine && !bounds ? affine.A : []));
  const equalities = rowsOf('equality');
  const inequalities = rowsOf('inequality');
  const entries = inequalities.reduce((sum, row) => sum + row.filter((entry) => entry !== 0).length, 0);
  return blockOperations(equalities, size) + inequalities.length * entries;
}

/** Of singular values and pseudoinverses of the blocks; 0 where there are too many to be factorised at all. */
function blockOperations(rows: readonly (readonly number[])[], size: number): number {
  if (rows.length ** 2 * size > FACTORIZATION_LIMIT) return 0;
  const A = { rows: rows.length, columns: size, data: Float64Array.from(rows.flatMap((row) => [...row])) };
  return blocksOf(A).reduce((sum, { matrix }) => sum + factorizationOf(matrix.rows, matrix.columns), 0);
}

/** Of a point on affine sets, which is looked for where the start is none. */
export function projectingOperations(problem: Problem, { sets }: Structure): number {
  const start = startOf(problem);
  if (violationAt(problem, start) <= 1e-9 * (1 + maximumNorm(start))) return 0;
  return sets.reduce((sum, { data, kind, coordinates }) => {
    const rows = kind === 'affine' && Array.isArray(data.A) ? data.A.length : 0;
    return sum + factorizationOf(rows, coordinates.length);
  }, 0);
}
