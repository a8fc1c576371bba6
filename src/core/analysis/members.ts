/** What a typed `W in symmetric` and the like say: which set, of which entries. */
import type { Claim, ConstraintFacts, MemberEvidence, SetData } from '../contracts.ts';
import { at } from '../diagnostic.ts';
import { expressionValue } from '../problem/elaborate.ts';
import type { Constraint, Problem } from '../problem/problem.ts';
import { degreeIn } from '../tensor/degree.ts';
import { singleReads } from './reads.ts';
import { machineOf, symbolsOf } from './symbols.ts';

/** Sets that restrict no other entries than those that their rows read: the rest of the member is free. */
const PARTIAL: ReadonlySet<string> = new Set(['tied', 'mask']);

/** Facts of a constraint with what its membership says: a set of matrices restricts all entries of the matrix. */
export function withMember(facts: ConstraintFacts, member: MemberEvidence | null): ConstraintFacts {
  if (!member) return facts;
  const isWhole = facts.bounds === null && !PARTIAL.has(member.set);
  return { ...facts, member, coordinates: isWhole ? member.entries : facts.coordinates };
}

/** Null where the member is anything but entries of x in their order, or an argument depends on x or t. */
export function memberEvidence(problem: Problem, { membership }: Constraint): MemberEvidence | null {
  if (!membership) return null;
  const symbols = symbolsOf(problem);
  const { ops, x } = symbols;
  const valued = (expr: typeof membership.member) =>
    expressionValue(ops, problem, expr, symbols.x, symbols.t, symbols.T);
  const X = valued(membership.member);
  const args = membership.args.map(valued);
  const entries = degreeIn(ops, X.id, x.id) === 1 ? singleReads(ops, X.id, x.id) : null;
  if (!entries?.every((entry, k) => entry >= 0 && (k === 0 || entry > at(entries, k - 1)))) return null;
  if (args.some((arg) => ops.valueOf(arg).uses !== 0)) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([X.id, ...args.map(({ id }) => id)]);
  machine.numbers(x.id).forEach((_, i, all) => {
    all[i] = i;
  });
  run();
  if (!machine.numbers(X.id).every((value, k) => value === entries[k])) return null; // scaled, or shifted
  const { set, statement, parts } = membership;
  return {
    set,
    statement,
    parts,
    shape: X.shape,
    entries: [...entries],
    args: args.map(({ id, shape }) => rowsOf([...machine.numbers(id)], shape)),
  };
}

function rowsOf(numbers: readonly number[], shape: readonly number[]): number[][] {
  const width = shape.length < 2 ? numbers.length : at(shape, 1);
  return Array.from({ length: Math.max(1, numbers.length / width) }, (_, i) =>
    numbers.slice(i * width, (i + 1) * width),
  );
}

/** A statement `x in set(…)` with all of its constraints. */
export interface Members extends Pick<Claim, 'constraints' | 'coordinates'> {
  readonly member: MemberEvidence;
}

/** The statements of a set whose constraints are all among the facts. */
export function membersOf(facts: readonly ConstraintFacts[], set: string): Members[] {
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
