/** The gradients of an affine constraint's rows, where they are the same at every point and every step. */
import { residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';
import { sparseSlopes } from '../recorded/sparse-slopes.ts';
import { symbolsOf } from '../recorded/symbols.ts';

/** A[rows, n] of residual(x, t) = A x − b(t); null where that is not proved by how it is recorded, or A is too large to hold. */
export function constraintSlopes(problem: Problem, constraint: Constraint): SparseMatrix | null {
  const { ops, x, t, T } = symbolsOf(problem);
  return sparseSlopes(ops, residualOf(ops, problem, constraint, x, t, T).id, x.id);
}
