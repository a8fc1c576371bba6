/** The proof that rows of an affine constraint read entries of their own, as the sums of the rows of a matrix. */
import type { SumEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';

/** Entries, weights and total of each row of A x = b, or ≤ b; null where two rows share an entry, or one has none. */
export function sumEvidence(slopes: SparseMatrix, b: ArrayLike<number>): SumEvidence | null {
  if (!areApart(slopes)) return null;
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
