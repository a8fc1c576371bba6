/** Entries from 0 on that share a total: what the kinds of simplexes look for. */
import type { Claim, ConstraintFacts, SumEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { intersectionOf, intervalsOf, isNonnegativity, UNBOUNDED } from './bounds.ts';
import { firstRowsOf, movingOf, tightest } from './following.ts';
import { localAffine } from './local-affine.ts';

/** One total for each group of entries; the groups are of one size, one after the other. */
type Shares = { totals: readonly number[] };

/** A constraint that says Σ x[group] = total, or ≤ total, for one group of entries a row, with totals above 0 at t = 0. */
interface Sums {
  readonly index: number;
  readonly isMoving: boolean;
  readonly groups: readonly (readonly number[])[];
  /** One a group. */
  readonly weights: readonly number[];
  readonly totals: readonly number[];
}

/** Null for unequal weights, for groups that share entries or differ in size, and for totals that are not positive. */
function sumsOf(facts: ConstraintFacts): Sums | null {
  const rows = facts.sums ?? byRows(facts);
  if (!rows) return null;
  const { groups } = rows;
  const weights = rows.weights.map((row) => row[0] ?? 0);
  const haveOneWeight = rows.weights.every((row, i) => row.every((entry) => entry === weights[i]));
  const totals = rows.b.map((b, i) => b / at(weights, i));
  const isUpper = facts.relation === 'equality' || weights.every((weight) => weight > 0);
  const isSum =
    haveOneWeight &&
    weights.every((weight) => weight !== 0) &&
    isUpper &&
    totals.every((total) => total > 0) &&
    areAlike(groups);
  return isSum ? { index: facts.index, isMoving: facts.isMoving, groups, weights, totals } : null;
}

/** The entries of each row that it reads, and their weights; groups may share entries. */
function byRows(facts: ConstraintFacts): SumEvidence | null {
  const rows = localAffine(facts);
  if (!rows) return null;
  return {
    groups: rows.A.map((row) => facts.coordinates.filter((_, k) => at(row, k) !== 0)),
    weights: rows.A.map((row) => row.filter((entry) => entry !== 0)),
    b: rows.b,
  };
}

/** Of one size, without a common entry. */
function areAlike(groups: readonly (readonly number[])[]): boolean {
  if (groups.length === 1) return true; // as of a sum of a million entries
  const all = groups.flat();
  return groups.every(({ length }) => length === groups[0]?.length) && new Set(all).size === all.length;
}

/** The sums with all other bounds on their entries, where those say 0 ≤ x and nothing more: a bound above a total that stays is implied. */
function joined(sums: readonly Sums[], facts: readonly ConstraintFacts[]): Claim<Shares> | null {
  const intervals = facts.filter((line) => intervalsOf(line));
  if (intervals.length === 0) return null;
  const totalOf = new Map(
    sums.flatMap(({ groups, totals, isMoving }) =>
      groups.flatMap((group, i) => group.map((j) => [j, isMoving ? Number.POSITIVE_INFINITY : at(totals, i)] as const)),
    ),
  );
  const bounds = intervals.filter((line) => line.coordinates.some((entry) => totalOf.has(entry)));
  const together = intersectionOf(bounds);
  const areShares = [...totalOf].every(([entry, total]) => {
    const { lower, upper } = together.get(entry) ?? UNBOUNDED;
    return lower === 0 && upper >= total;
  });
  if (!areShares || together.size > totalOf.size || bounds.some(({ isMoving }) => isMoving)) return null;
  const constraints = [...sums, ...bounds].map(({ index }) => index).sort((a, b) => a - b);
  const firstRows = firstRowsOf(facts.filter(({ index }) => constraints.includes(index)));
  const limits = sums.flatMap(({ index, isMoving, weights, totals }) =>
    totals.map((value, i) => [{ value, factor: 1 / at(weights, i), row: (firstRows.get(index) ?? 0) + i, isMoving }]),
  );
  const totals = tightest(limits, 'upper');
  return (
    totals && {
      data: { totals: totals.values },
      ...movingOf({ totals }),
      constraints,
      coordinates: sums.flatMap(({ groups }) => groups.flat()),
    }
  );
}

/** Sums of the relation whose entries are from 0 on; or several of them that share out the entries of one line x ≥ 0. */
export function sharesOf(facts: readonly ConstraintFacts[], relation: ConstraintFacts['relation']): Claim<Shares>[] {
  const candidates = facts.filter((line) => line.relation === relation && line.bounds === null);
  const sums = candidates.flatMap((line) => sumsOf(line) ?? []);
  if (sums.length === 0) return [];
  const lines = sums.length > 1 ? facts.filter(isNonnegativity) : [];
  const shared = lines.map(({ coordinates }) => {
    const open = new Set(coordinates);
    return sums.filter(({ groups }) => {
      const isOpen = groups.flat().every((entry) => open.has(entry));
      if (isOpen) for (const entry of groups.flat()) open.delete(entry);
      return isOpen;
    });
  });
  return [...sums.map((sum) => [sum]), ...shared.filter(({ length }) => length > 1)]
    .filter((parts) => areAlike(parts.flatMap(({ groups }) => groups)))
    .flatMap((parts) => joined(parts, facts) ?? []);
}

/** Row and column totals of a matrix. */
type Grid = { rows: readonly number[]; columns: readonly number[] };

/** Two lines of sums that cross: each group of one shares one entry with each group of the other; all entries from 0 on. */
export function gridsOf(facts: readonly ConstraintFacts[]): Claim<Grid>[] {
  const candidates = facts.filter((line) => line.relation === 'equality' && line.bounds === null);
  const sums = candidates
    .flatMap((line) => sumsOf(line) ?? [])
    .filter(({ groups, isMoving }) => groups.length > 1 && !isMoving);
  return sums.flatMap((rows, i) => sums.slice(i + 1).flatMap((columns) => crossed(rows, columns, facts) ?? []));
}

function crossed(rows: Sums, columns: Sums, facts: readonly ConstraintFacts[]): Claim<Grid> | null {
  const columnOf = new Map(columns.groups.flatMap((group, j) => group.map((entry) => [entry, j])));
  const placed = rows.groups.map((group) => {
    const row = new Array<number | undefined>(columns.groups.length);
    for (const entry of group) row[columnOf.get(entry) ?? -1] = entry;
    return row.filter((entry) => entry !== undefined);
  });
  const isGrid =
    placed.every((row, i) => row.length === columns.groups.length && at(rows.groups, i).length === row.length) &&
    columnOf.size === placed.flat().length;
  const sum = (totals: readonly number[]) => totals.reduce((a, b) => a + b, 0);
  const [total, other] = [sum(rows.totals), sum(columns.totals)];
  if (!isGrid || Math.abs(total - other) > 1e-12 * total) return null;
  const claim = joined([rows], facts);
  if (!claim || claim.constraints.includes(columns.index)) return null;
  const constraints = [...claim.constraints, columns.index].sort((a, b) => a - b);
  return { data: { rows: rows.totals, columns: columns.totals }, constraints, coordinates: placed.flat() };
}
