import { intersectionOf, intervalsOf, isNonnegativity, UNBOUNDED } from '../../core/analysis/bounds.ts';
import { localAffine } from '../../core/analysis/facts.ts';
import { type Claim, type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { nearestInSimplex } from '../../core/tensor/simplex.ts';

/** One total for each group of entries; the groups are of one size, one after the other. */
type Simplex = { totals: readonly number[] };

/** An equality that says Σ x[group] = total for one group of entries a row, with totals above 0. */
interface Sums {
  readonly index: number;
  readonly groups: readonly (readonly number[])[];
  readonly totals: readonly number[];
}

/** Null for unequal weights, for groups that share entries or differ in size, and for totals that are not positive. */
function sumsOf(facts: ConstraintFacts): Sums | null {
  const rows = facts.relation === 'equality' && !facts.isMoving ? localAffine(facts) : null;
  if (!rows) return null;
  const weights = rows.A.map((row) => row.find((entry) => entry !== 0) ?? 0);
  const haveOneWeight = rows.A.every((row, i) => row.every((entry) => entry === 0 || entry === weights[i]));
  const totals = rows.b.map((b, i) => b / at(weights, i));
  const groups = rows.A.map((row) => facts.coordinates.filter((_, k) => at(row, k) !== 0));
  const isSum = haveOneWeight && totals.every((total) => total > 0) && areAlike(groups);
  return isSum ? { index: facts.index, groups, totals } : null;
}

/** Of one size, without a common entry. */
const areAlike = (groups: readonly (readonly number[])[]): boolean =>
  groups.every(({ length }) => length === groups[0]?.length) && new Set(groups.flat()).size === groups.flat().length;

/** The sums with all bounds on their entries, where those say 0 ≤ x and nothing more: a bound above the total is implied. */
function joined(sums: readonly Sums[], facts: readonly ConstraintFacts[]): Claim<Simplex> | null {
  const totals = new Map(
    sums.flatMap((sum) => sum.groups.flatMap((group, i) => group.map((j) => [j, at(sum.totals, i)]))),
  );
  const bounds = facts.filter((line) => intervalsOf(line) && line.coordinates.some((entry) => totals.has(entry)));
  const together = intersectionOf(bounds);
  const areShares = [...totals].every(([entry, total]) => {
    const { lower, upper } = together.get(entry) ?? UNBOUNDED;
    return lower === 0 && upper >= total;
  });
  if (!areShares || together.size > totals.size || bounds.some(({ isMoving }) => isMoving)) return null;
  return {
    data: { totals: sums.flatMap((sum) => sum.totals) },
    constraints: [...sums, ...bounds].map(({ index }) => index).sort((a, b) => a - b),
    coordinates: sums.flatMap(({ groups }) => groups.flat()),
  };
}

/** Sums whose entries are from 0 on; or several sums that share out the entries of one line x ≥ 0. */
function claim(facts: readonly ConstraintFacts[]): Claim<Simplex>[] {
  const sums = facts.flatMap((line) => sumsOf(line) ?? []);
  const shared = facts.filter(isNonnegativity).map(({ coordinates }) => {
    const open = new Set(coordinates);
    return sums.filter(({ groups }) => {
      const isOpen = groups.flat().every((entry) => open.has(entry));
      if (isOpen) for (const entry of groups.flat()) open.delete(entry);
      return isOpen;
    });
  });
  return [...sums.map((sum) => [sum]), ...shared]
    .filter((parts) => parts.length > 0 && areAlike(parts.flatMap(({ groups }) => groups)))
    .flatMap((parts) => joined(parts, facts) ?? []);
}

/** Simplex {x ≥ 0 : Σx = total}, one for each group of entries. Shapes: x [g·k], totals [g]. */
export default defineConstraintKind<Simplex>({
  id: 'simplex',
  title: 'Simplex',
  source: 'Michelot 1986; Condat 2016, Fast projection onto the simplex and the ℓ1 ball',
  summary:
    'Shares of a whole: no entry is negative, and they sum to a fixed total. The nearest point takes the same amount from every entry, and zero where less than that is left.',
  isConvex: true,
  claim,
  recognize: () => null,
  residual(ops, x, { totals }) {
    const [groups = 1] = totals.shape;
    const rows = ops.reshape(x, [groups, at(x.shape, 0) / groups]);
    return { equality: ops.subtract(ops.sum(rows, 1), totals), inequality: ops.negate(x) };
  },
  project(ops, x, { totals }) {
    const [groups = 1] = totals.shape;
    const rows = ops.reshape(x, [groups, at(x.shape, 0) / groups]);
    return ops.reshape(nearestInSimplex(ops, rows, totals), x.shape);
  },
  projectScaled(ops, x, { totals }, scale) {
    const [groups = 1] = totals.shape;
    const shape = [groups, at(x.shape, 0) / groups];
    return ops.reshape(nearestInSimplex(ops, ops.reshape(x, shape), totals, ops.reshape(scale, shape)), x.shape);
  },
  lowest(ops, gradient, { totals }) {
    const [groups = 1] = totals.shape;
    const rows = ops.reshape(gradient, [groups, at(gradient.shape, 0) / groups]);
    const corners = ops.multiply(ops.reshape(totals, [groups, 1]), unitOfLowest(ops, rows));
    return ops.reshape(corners, gradient.shape);
  },
  examples: [
    { name: 'a point whose sum is too large', data: { totals: [1] }, from: [1, 1], to: [0.5, 0.5] },
    { name: 'a point nearest to a corner', data: { totals: [1] }, from: [3, 0.5, -1], to: [1, 0, 0] },
    { name: 'a point inside', data: { totals: [1] }, from: [0.25, 0.25, 0.5], to: [0.25, 0.25, 0.5] },
    { name: 'equal entries', data: { totals: [2] }, from: [0, 0, 0, 0], to: [0.5, 0.5, 0.5, 0.5] },
    { name: 'an entry that just reaches zero', data: { totals: [1] }, from: [1, 1, 0.5], to: [0.5, 0.5, 0] },
    {
      name: 'two groups with totals of their own',
      data: { totals: [1, 2] },
      from: [1, 1, 1, 5, 0, 0],
      to: [1 / 3, 1 / 3, 1 / 3, 2, 0, 0],
    },
    { name: 'one entry', data: { totals: [0.5] }, from: [-7], to: [0.5] },
    { name: 'huge entries', data: { totals: [1] }, from: [1e15, 1e15, -1e30], to: [0.5, 0.5, 0] },
  ],
});
