/** Sums of groups of entries: what their kind looks for. The proof is in another file, so that the page need not load it. */
import type { Claim, ConstraintFacts, SumEvidence } from '../../contracts.ts';

/** Of one size. */
export const areAlike = ({ groups }: SumEvidence): boolean =>
  groups.every(({ length }) => length === groups[0]?.length);

type Sums = { weights: readonly (readonly number[])[]; totals: readonly number[] };

/** Equalities that are such sums, each by itself. Those whose matrix is held are left to the affine set of all of them. */
export const weightedSumsOf = (facts: readonly ConstraintFacts[]): Claim<Sums>[] =>
  facts.flatMap(({ index, relation, affine, sums }) =>
    relation === 'equality' && !affine && sums && areAlike(sums)
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
