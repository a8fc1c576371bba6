/** Affine evidence in the entries of its own constraint. */
import type { AffineEvidence, ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

type Local = Pick<AffineEvidence, 'A' | 'b'>;

/** Many kinds ask the same of a constraint, whose rows may be long. */
const known = new WeakMap<AffineEvidence, { readonly coordinates: readonly number[]; readonly local: Local }>();

/** A x = b or A x ≤ b in the entries that the constraint restricts. */
export function localAffine({ affine, coordinates }: Pick<ConstraintFacts, 'affine' | 'coordinates'>): Local | null {
  if (!affine) return null;
  const before = known.get(affine);
  if (before?.coordinates === coordinates) return before.local;
  const local = { A: affine.A.map((row) => coordinates.map((j) => at(row, j))), b: affine.b };
  known.set(affine, { coordinates, local });
  return local;
}
