/** Equations whose set is known without their matrix: singular values of large matrices take seconds. */
import type { ConstraintFacts } from '../../contracts.ts';
import { flatMet } from './flats.ts';
import { claimsOfSymmetry, claimsOfTies } from './ties.ts';

/** Of a flat, more rows than this go by their set; fewer have methods that need their matrix. */
const MOST_HELD_ROWS = 512;

/**
 * The facts without matrices of ties that share no entry with other equalities, and of many rows that leave few directions, where other
 * equalities that share entries with them read no further ones. Those without a matrix have points that meet such others, too.
 */
export function withoutMatricesOfSets(facts: readonly ConstraintFacts[]): readonly ConstraintFacts[] {
  const equalities = facts.filter(({ relation }) => relation === 'equality');
  return facts.map((line) => {
    if (line.flat && (!line.affine || line.rows > MOST_HELD_ROWS)) {
      const flat = flatMet(line, equalities);
      const isSet = !line.affine || flat?.others.length === sharing(line, equalities).length;
      return isSet ? { ...line, affine: null, flat } : line;
    }
    if (!line.affine || !line.ties || sharing(line, equalities).length > 0) return line;
    const bare = { ...line, affine: null };
    return claimsOfTies([bare]).length + claimsOfSymmetry([bare]).length > 0 ? bare : line;
  });
}

/** The other lines that share entries with one. */
function sharing(line: ConstraintFacts, lines: readonly ConstraintFacts[]): ConstraintFacts[] {
  const entries = new Set(line.coordinates);
  return lines.filter(
    ({ index, coordinates }) => index !== line.index && coordinates.some((entry) => entries.has(entry)),
  );
}
