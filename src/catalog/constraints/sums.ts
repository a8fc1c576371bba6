import { weightedSumsOf } from '../../core/analysis/evidence/sums.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { inRows } from '../../core/tensor/simplex.ts';

/** One total a group; weights [g, k], or [g, 1] or [1, k] or [1, 1] where groups or entries have the same. */
type Sums = { weights: readonly (readonly number[])[]; totals: readonly number[] };

/** a·x, group by group, as a column. */
const sumOf = (ops: Ops, weights: Tensor, rows: Tensor): Tensor =>
  ops.reshape(ops.sum(ops.multiply(weights, rows), 1), [at(rows.shape, 0), 1]);

/** How much each group's sum is above its total. */
const excessOf = (ops: Ops, rows: Tensor, weights: Tensor, totals: Tensor): Tensor =>
  ops.subtract(sumOf(ops, weights, rows), ops.reshape(totals, [at(rows.shape, 0), 1]));

/** {x : a·x[group] = total} for groups of one size that share no entry. Shapes: x [g·k], totals [g]. No group has only weights 0. */
export default defineConstraintKind<Sums>({
  id: 'sums',
  title: 'Sums of groups',
  source: 'Boyd & Vandenberghe 2004, Convex Optimization, §8.1.1: a hyperplane in the entries of each group',
  summary:
    'Each group of entries has a weighted sum that is given, and no entry is in two groups, as the rows of a matrix that each sum to 1. The nearest point moves every group alone, along its weights.',
  isConvex: true,
  claim: weightedSumsOf,
  recognize: () => null,
  residual: (ops, x, { weights, totals }) => ({
    equality: ops.reshape(excessOf(ops, inRows(ops, x, totals), weights, totals), totals.shape),
  }),
  moving: 'totals',
  project(ops, x, { weights, totals }) {
    const rows = inRows(ops, x, totals);
    const squares = sumOf(ops, weights, ops.broadcast(weights, rows.shape));
    const shares = ops.divide(excessOf(ops, rows, weights, totals), squares);
    return ops.reshape(ops.subtract(rows, ops.multiply(shares, weights)), x.shape);
  },
  projectScaled(ops, x, { weights, totals }, scale) {
    // x − D a (a·x − total) / (a·D a) with D = diag(scale)
    const rows = inRows(ops, x, totals);
    const along = ops.multiply(inRows(ops, scale, totals), weights);
    const shares = ops.divide(excessOf(ops, rows, weights, totals), sumOf(ops, weights, along));
    return ops.reshape(ops.subtract(rows, ops.multiply(shares, along)), x.shape);
  },
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
