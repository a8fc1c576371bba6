/** Equations whose set is known without their matrix: singular values of large matrices take seconds. */
import type { ConstraintFacts } from '../../contracts.ts';
import { claimsOfFlats } from './flats.ts';
import { claimsOfSymmetry, claimsOfTies } from './ties.ts';

/** Of a flat, more rows than this go by their set; fewer have methods that need their matrix. */
const MOST_HELD_ROWS = 512;

/**
 * The facts without matrices of ties that share no entry with other equalities, and of many rows that leave few directions, where other
 * equalities that share entries with them read no further ones.
 */
export function withoutMatricesOfSets(facts: readonly ConstraintFacts[]): readonly ConstraintFacts[] {
  const equalities = facts.filter(({ relation }) => relation === 'equality');
  return facts.map((line) => {
    if (!line.affine || !(line.ties || (line.flat && line.rows > MOST_HELD_ROWS))) return line;
    const bare = { ...line, affine: null };
    const entries = new Set(line.coordinates);
    const sharing = equalities.filter(
      ({ index, coordinates }) => index !== line.index && coordinates.some((entry) => entries.has(entry)),
    );
    const isSet = line.ties
      ? sharing.length === 0 && claimsOfTies([bare]).length + claimsOfSymmetry([bare]).length > 0
      : claimsOfFlats([bare, ...sharing]).some(({ constraints }) => constraints.length === 1 + sharing.length);
    return isSet ? bare : line;
  });
}
