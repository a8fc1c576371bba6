/** Sums of groups of entries: what their kind looks for. The proof is in another file, so that the page need not load it. */
import type { Claim, ConstraintFacts, SumEvidence } from '../../contracts.ts';

/** Of one size. */
export const areAlike = ({ groups }: SumEvidence): boolean =>
  groups.every(({ length }) => length === groups[0]?.length);

/** One total a group; weights [g, k], or [g, 1] or [1, k] or [1, 1] where groups or entries have the same. */
export type Sums = { weights: readonly (readonly number[])[]; totals: readonly number[] };

/**
 * Lines of the relation that are such sums, each by itself. Equalities whose matrix is held are left to the affine set of all of them;
 * rows with a limit each are apart, whether they have one or not.
 */
export const weightedSumsOf = (facts: readonly ConstraintFacts[], wanted: ConstraintFacts['relation']): Claim<Sums>[] =>
  facts.flatMap(({ index, relation, affine, sums }) =>
    relation === wanted && !(relation === 'equality' && affine) && sums && areAlike(sums)
      ? [
          {
            data: { weights: shortened(sums.weights), totals: sums.b },
            constraints: [index],
            coordinates: sums.groups.flat(),
          },
        ]
      : [],
  );

/** Without what repeats itself: equal rows once, and of rows of equal numbers one of them. */
function shortened(weights: SumEvidence['weights']): Sums['weights'] {
  const [first = []] = weights;
  const areRowsEqual = weights.every((row) => row.every((weight, k) => weight === first[k]));
  const rows = areRowsEqual ? [first] : weights;
  return rows.every((row) => row.every((weight) => weight === row[0])) ? rows.map((row) => row.slice(0, 1)) : rows;
}
