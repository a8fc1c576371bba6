/** Claims of the statements `x in set(…)`, from what analysis knows of their constraints. */
import type { Claim, ConstraintFacts, MemberEvidence, SetData } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';

/** A statement `x in set(…)` with all of its constraints. */
export interface Members extends Pick<Claim, 'constraints' | 'coordinates'> {
  readonly member: MemberEvidence;
}

/** The statements of a set whose constraints are all among the facts. */
function membersOf(facts: readonly ConstraintFacts[], set: string): Members[] {
  const statements = new Map<number, ConstraintFacts[]>();
  for (const line of facts) {
    if (line.member?.set !== set) continue;
    statements.set(line.member.statement, [...(statements.get(line.member.statement) ?? []), line]);
  }
  return [...statements.values()].flatMap((lines) => {
    const { member, coordinates } = at(lines, 0);
    if (!member || lines.length < member.parts) return [];
    return [{ member, coordinates, constraints: lines.map(({ index }) => index) }];
  });
}

/** Claims of such statements, with the data that are made of each. */
export const claimsOf =
  <Data extends SetData>(set: string, data: (member: MemberEvidence, coordinates: readonly number[]) => Data) =>
  (facts: readonly ConstraintFacts[]): Claim<Data>[] =>
    membersOf(facts, set).map(({ member, ...claim }) => ({ ...claim, data: data(member, claim.coordinates) }));

/**
 * Claims of a set that is affine, but has a projection of its own. Where other affine equalities or bounds share its entries, it is
 * left to them: together they are one affine set with one exact projection. Where its matrix is too large to hold, it never is.
 */
export const affineClaimsOf =
  <Data extends SetData>(set: string, data: (member: MemberEvidence, coordinates: readonly number[]) => Data) =>
  (facts: readonly ConstraintFacts[]): Claim<Data>[] =>
    membersOf(facts, set).flatMap(({ member, ...claim }) => {
      const own = facts.filter(({ index }) => claim.constraints.includes(index));
      const entries = new Set(claim.coordinates);
      const isShared = facts.some(
        ({ index, relation, affine, coordinates }) =>
          relation === 'equality' &&
          affine !== null &&
          !claim.constraints.includes(index) &&
          coordinates.some((entry) => entries.has(entry)),
      );
      const isHeld = own.every(({ affine }) => affine !== null);
      return isShared && isHeld ? [] : [{ ...claim, data: data(member, claim.coordinates) }];
    });
