/** The proof that nearest points on many equations are soon found by products with their matrix; and the rank of such matrices. */
import type { ConstraintFacts, SparseEvidence } from '../../contracts.ts';
import { finished } from '../../stages.ts';
import { type SparseMatrix, sparseTransposed } from '../../tensor/sparse.ts';
import { LinkedMatrix, ProfileFactor, profileCost } from '../optimum/profile-cholesky.ts';
import { hasSolution, rowsTogether, soonSolved } from './sparse-equations.ts';

/** Multiplications of a factorisation that is made for the sake of a rank. */
const MOST_MULTIPLICATIONS = 5e8;

/** Of rows A x = b, with b at the step 0. */
export function sparseEvidence(A: SparseMatrix, b: readonly number[]): SparseEvidence | null {
  const turns = b.every(Number.isFinite) ? soonSolved(A) : null;
  const rank = turns === null ? null : sparseRank(A);
  return turns === null || rank === null ? null : { A, b, rank, turns, isConsistent: hasSolution(A, b) };
}

/** By A Aᵀ: the squares of singular values below 1e-6 of the largest are taken for rounding. Null where that takes long. */
function sparseRank(A: SparseMatrix): number | null {
  const matrix = new LinkedMatrix(A, sparseTransposed(A), () => true);
  const cost = matrix.groups.reduce((sum, group) => sum + profileCost(group), 0);
  if (cost > MOST_MULTIPLICATIONS) return null;
  return matrix.groups.reduce((sum, group) => {
    const [columns, rows] = [group.columns, group.rows].map(({ length }) => new Uint8Array(length).fill(1));
    return sum + (columns && rows ? finished(ProfileFactor.of(matrix, group, columns, rows)).rank : 0);
  }, 0);
}

/** Of all these affine equalities together; null where the rows of one are not known, or it takes long. */
export function rankTogether(equalities: readonly ConstraintFacts[]): number | null {
  const all = rowsTogether(equalities);
  return all && sparseRank(all.A);
}
