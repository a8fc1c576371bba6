import { sharesOf } from '../../core/analysis/evidence/shares.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { inRows, nearestInSimplex } from '../../core/tensor/simplex.ts';

type SolidSimplex = { totals: readonly number[] };

/** Solid simplex {x ≥ 0 : Σx ≤ total}, one for each group of entries. Shapes: x [g·k], totals [g]. */
export default defineConstraintKind<SolidSimplex>({
  id: 'solid-simplex',
  title: 'Solid simplex',
  source: 'Duchi et al. 2008, Efficient projections onto the ℓ₁-ball for learning in high dimensions, §3',
  summary:
    'A budget: no entry is negative, and together they are at most a fixed total. The nearest point has zeros for the negative entries, and where that is still too much, the same amount less of every entry.',
  isConvex: true,
  isIntersection: true,
  claim: (facts) => sharesOf(facts, 'inequality'),
  recognize: () => null,
  residual: (ops, x, { totals }) => ({
    inequality: ops.concat([ops.negate(x), ops.subtract(ops.sum(inRows(ops, x, totals), 1), totals)]),
  }),
  project(ops, x, { totals }) {
    const rows = inRows(ops, x, totals);
    const positive = ops.maximum(rows, 0);
    const isWithin = ops.reshape(ops.lessEqual(ops.sum(positive, 1), totals), [at(totals.shape, 0), 1]);
    return ops.reshape(ops.where(isWithin, positive, nearestInSimplex(ops, rows, totals)), x.shape);
  },
  lowest(ops, gradient, { totals }) {
    // The corner of the lowest entry where that is negative, else 0.
    const rows = inRows(ops, gradient, totals);
    const corners = ops.multiply(ops.reshape(totals, [at(totals.shape, 0), 1]), unitOfLowest(ops, rows));
    return ops.reshape(ops.where(ops.less(rows, 0), corners, 0), gradient.shape);
  },
  torch: {
    data: ['totals'],
    project: `def project_solid_simplex(x, totals):
    """Nearest point of x >= 0, sum x <= total, group by group."""
    rows = x.reshape(len(totals), -1)
    positive = torch.clamp(rows, min=0.0)
    inside = (positive.sum(1) <= totals)[:, None]
    return torch.where(inside, positive, nearest_in_simplex(rows, totals, torch.ones_like(rows))).reshape(-1)`,
    lowest: `def lowest_solid_simplex(slope, totals):
    """The corner that is lowest along the slope, or 0, group by group."""
    rows = slope.reshape(len(totals), -1)
    return torch.where(rows < 0, totals[:, None] * unit_of_lowest(rows), torch.zeros_like(rows)).reshape(-1)`,
  },
  examples: [
    { name: 'a point beyond the budget', data: { totals: [1] }, from: [1, 1], to: [0.5, 0.5] },
    { name: 'a point with a negative entry', data: { totals: [1] }, from: [0.25, -2, 0.5], to: [0.25, 0, 0.5] },
    { name: 'a point with nothing positive', data: { totals: [1] }, from: [-1, -2], to: [0, 0] },
    { name: 'a point inside', data: { totals: [2] }, from: [0.25, 0.75], to: [0.25, 0.75] },
    { name: 'a point nearest to a corner', data: { totals: [1] }, from: [3, 0.5, -1], to: [1, 0, 0] },
    {
      name: 'two groups, of which one is within its budget',
      data: { totals: [1, 2] },
      from: [1, 1, 1, -1],
      to: [0.5, 0.5, 1, 0],
    },
  ],
});
