import { type Sums, weightedSumsOf } from '../../core/analysis/evidence/sums.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { alongWeights, excessOf } from '../../core/tensor/group-sums.ts';

/** {x : a·x[group] = total} for groups of one size that share no entry. Shapes: x [g·k], totals [g]. No group has only weights 0. */
export default defineConstraintKind<Sums>({
  id: 'sums',
  title: 'Sums of groups',
  source: 'Boyd & Vandenberghe 2004, Convex Optimization, §8.1.1: a hyperplane in the entries of each group',
  summary:
    'Each group of entries has a weighted sum that is given, and no entry is in two groups, as the rows of a matrix that each sum to 1. The nearest point moves every group alone, along its weights.',
  isConvex: true,
  isManifold: true,
  claim: (facts) => weightedSumsOf(facts, 'equality'),
  recognize: () => null,
  residual: (ops, x, sums) => ({ equality: excessOf(ops, x, sums) }),
  moving: 'totals',
  project: (ops, x, sums) => alongWeights(ops, x, sums, (excess) => excess),
  projectScaled: (ops, x, sums, scale) => alongWeights(ops, x, sums, (excess) => excess, scale),
  torch: {
    data: ['weights', 'totals'],
    project: `def project_sums(x, weights, totals):
    """Nearest point of sum(weights * x) = total, group by group."""
    rows = x.reshape(len(totals), -1)
    weights = weights.expand_as(rows)
    excess = (weights * rows).sum(1) - totals
    return (rows - (excess / (weights**2).sum(1))[:, None] * weights).reshape(-1)`,
    scaled: `def project_sums_scaled(x, weights, totals, scale):
    """The point of sum(weights * x) = total with least sum (y - x)^2 / scale, group by group."""
    rows = x.reshape(len(totals), -1)
    weights = weights.expand_as(rows)
    along = scale.reshape(rows.shape) * weights
    excess = (weights * rows).sum(1) - totals
    return (rows - (excess / (weights * along).sum(1))[:, None] * along).reshape(-1)`,
  },
  examples: [
    {
      name: 'two groups with sums that are too large',
      data: { weights: [[1]], totals: [1, 0] },
      from: [1, 1, 2, 4],
      to: [0.5, 0.5, -1, 1],
    },
    {
      name: 'a weight for each place in a group',
      data: { weights: [[1, -2]], totals: [0, 5] },
      from: [1, 2, 1, -2],
      to: [1.6, 0.8, 1, -2],
    },
    {
      name: 'weights of each group',
      data: {
        weights: [
          [1, 1, 0],
          [3, 0, 4],
        ],
        totals: [0, 25],
      },
      from: [1, 0, 7, 0, 9, 0],
      to: [0.5, -0.5, 7, 3, 9, 4],
    },
    { name: 'a group of one entry', data: { weights: [[2], [-1]], totals: [3, 4] }, from: [0, 0], to: [1.5, -4] },
  ],
});
