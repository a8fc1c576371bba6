import { sharesOf } from '../../core/analysis/evidence/shares.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { inRows, nearestInSimplex } from '../../core/tensor/simplex.ts';

type Simplex = { totals: readonly number[] };

/** Simplex {x ≥ 0 : Σx = total}, one for each group of entries. Shapes: x [g·k], totals [g]. */
export default defineConstraintKind<Simplex>({
  id: 'simplex',
  title: 'Simplex',
  source: 'Michelot 1986; Condat 2016, Fast projection onto the simplex and the ℓ1 ball',
  summary:
    'Shares of a whole: no entry is negative, and they sum to a fixed total. The nearest point takes the same amount from every entry, and zero where less than that is left.',
  isConvex: true,
  claim: (facts) => sharesOf(facts, 'equality'),
  recognize: () => null,
  residual(ops, x, { totals }) {
    return { equality: ops.subtract(ops.sum(inRows(ops, x, totals), 1), totals), inequality: ops.negate(x) };
  },
  project(ops, x, { totals }) {
    return ops.reshape(nearestInSimplex(ops, inRows(ops, x, totals), totals), x.shape);
  },
  projectScaled(ops, x, { totals }, scale) {
    const [rows, scales] = [inRows(ops, x, totals), inRows(ops, scale, totals)];
    return ops.reshape(nearestInSimplex(ops, rows, totals, scales), x.shape);
  },
  lowest(ops, gradient, { totals }) {
    const units = unitOfLowest(ops, inRows(ops, gradient, totals));
    return ops.reshape(ops.multiply(ops.reshape(totals, [at(totals.shape, 0), 1]), units), gradient.shape);
  },
  torch: {
    data: ['totals'],
    project: `def project_simplex(x, totals):
    """Nearest point of x >= 0, sum x = total, group by group."""
    rows = x.reshape(len(totals), -1)
    return nearest_in_simplex(rows, totals, torch.ones_like(rows)).reshape(-1)`,
    scaled: `def project_simplex_scaled(x, totals, scale):
    """The point of x >= 0, sum x = total with least sum (y - x)^2 / scale, group by group."""
    groups = len(totals)
    return nearest_in_simplex(x.reshape(groups, -1), totals, scale.reshape(groups, -1)).reshape(-1)`,
    lowest: `def lowest_simplex(slope, totals):
    """The corner that is lowest along the slope, group by group."""
    return (totals[:, None] * unit_of_lowest(slope.reshape(len(totals), -1))).reshape(-1)`,
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
