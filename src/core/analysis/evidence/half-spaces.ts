/** Rows of affine constraints, and when each can be projected on by itself. */
import { at } from '../../diagnostic.ts';

export interface HalfSpaceRows {
  readonly A: readonly (readonly number[])[];
  readonly b: readonly number[];
}

/** Cosines below this are rounding. */
const ORTHOGONAL = 1e-14;

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);

/** In coordinates along orthogonal normals the set is a box, so each row is projected on without disturbing the others. */
export function areOrthogonal({ A }: HalfSpaceRows): boolean {
  const lengths = A.map((row) => Math.sqrt(dot(row, row)));
  if (!lengths.every((length) => Number.isFinite(length) && length > 0)) return false;
  return A.every((row, i) => {
    const used = row.flatMap((entry, j) => (entry === 0 ? [] : [j])); // few, where many rows are orthogonal
    return A.slice(0, i).every((other, k) => {
      const product = used.reduce((sum, j) => sum + at(row, j) * at(other, j), 0);
      return Math.abs(product) <= ORTHOGONAL * at(lengths, i) * at(lengths, k);
    });
  });
}
