/** The proof that rows of an affine constraint read entries of their own, as the sums of the rows of a matrix. */
import type { SumEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';
import { constraintSlopes } from './constraint-slopes.ts';

/** Of an affine constraint; null where rows share an entry, one has none, or their gradients are not the same everywhere. */
export function sumEvidence(problem: Problem, constraint: Constraint, b: ArrayLike<number>): SumEvidence | null {
  const slopes = constraintSlopes(problem, constraint);
  if (!slopes || !areApart(slopes)) return null;
  const { starts, indices, values, rows } = slopes;
  const part = (of: Int32Array | Float64Array, i: number) => [...of.subarray(at(starts, i), at(starts, i + 1))];
  const each = Array.from({ length: rows }, (_, i) => i);
  const totals = Array.from(b);
  return totals.every(Number.isFinite)
    ? { groups: each.map((i) => part(indices, i)), weights: each.map((i) => part(values, i)), b: totals }
    : null;
}

function areApart({ rows, columns, starts, indices }: SparseMatrix): boolean {
  const isRead = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) if (starts[i] === starts[i + 1]) return false;
  return indices.every((j) => {
    const isFirst = !isRead[j];
    isRead[j] = 1;
    return isFirst;
  });
}
