/** Affine evidence in the entries of its own constraint. */
import type { AffineEvidence, ConstraintFacts } from '../contracts.ts';
import { at } from '../diagnostic.ts';

/** A x = b or A x ≤ b in the entries that the constraint restricts. */
export function localAffine({ affine, coordinates }: ConstraintFacts): Pick<AffineEvidence, 'A' | 'b'> | null {
  return affine && { A: affine.A.map((row) => coordinates.map((j) => at(row, j))), b: affine.b };
}
