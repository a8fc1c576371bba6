import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { claimsOfTies } from '../../core/analysis/evidence/ties.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import { groupMeans } from '../../core/tensor/patterns.ts';

/** For each entry the number of its group. */
type Tied = { groups: readonly number[] };

/** Of statements `x in tied(groups)`. */
const claimsOfMembers = affineClaimsOf<Tied>('tied', ({ args, entries }, coordinates) => {
  const groups = at(args, 0).flat();
  const place = new Map(entries.map((entry, k) => [entry, k]));
  return { groups: coordinates.map((entry) => at(groups, place.get(entry) ?? 0)) };
});

/** Tied entries {x : xᵢ = xⱼ where groupᵢ = groupⱼ}. Shapes: x, groups [n]. */
export default defineConstraintKind<Tied>({
  id: 'tied',
  title: 'Tied entries',
  source: 'Goodfellow, Bengio & Courville 2016, Deep Learning, §7.9',
  summary:
    'Entries of a group are one number, used in several places: weight sharing. The nearest such point has the mean of each group.',
  isConvex: true,
  isManifold: true,
  claim: (facts) => [...claimsOfMembers(facts), ...claimsOfTies(facts)],
  recognize: () => null,
  residual: (ops, x, { groups }) => ({ equality: ops.subtract(x, groupMeans(ops, x, knownNumbers(ops, groups))) }),
  project: (ops, x, { groups }) => groupMeans(ops, x, knownNumbers(ops, groups)),
  projectScaled(ops, x, { groups }, scale) {
    const labels = knownNumbers(ops, groups);
    const weights = ops.divide(1, scale);
    return ops.divide(groupMeans(ops, ops.multiply(weights, x), labels), groupMeans(ops, weights, labels));
  },
  examples: [
    { name: 'a pair and a single entry', data: { groups: [0, 1, 0] }, from: [1, 5, 2], to: [1.5, 5, 1.5] },
    {
      name: 'groups of different size',
      data: { groups: [7, 2, 2, 7, 7] },
      from: [0, 1, 2, 3, 3],
      to: [2, 1.5, 1.5, 2, 2],
    },
    { name: 'entries that are equal already', data: { groups: [0, 0] }, from: [2, 2], to: [2, 2] },
  ],
});
