import { type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { nearestInSimplex } from '../../core/tensor/simplex.ts';

type L1Ball = { center: readonly number[]; radius: number };

/** Relative difference below which two weights are one, but for rounding. */
const EQUAL = 1e-12;

/** Σ w |xᵢ − cᵢ| ≤ r with one weight for all entries. */
function recognize({ relation, absolute }: ConstraintFacts): L1Ball | null {
  if (relation !== 'inequality' || !absolute) return null;
  const weight = at(absolute.weights, 0);
  const areEqual = absolute.weights.every((other) => Math.abs(other - weight) <= EQUAL * weight);
  const radius = absolute.radius / weight;
  return weight > 0 && areEqual && radius >= 0 ? { center: absolute.center, radius } : null;
}

/** ℓ₁ ball {x : Σ|xᵢ − centerᵢ| ≤ radius}. Shapes: x, center [n], radius a number. */
export default defineConstraintKind<L1Ball>({
  id: 'l1ball',
  title: 'ℓ₁ ball',
  source: 'Duchi et al. 2008, Efficient projections onto the ℓ₁-ball for learning in high dimensions, §4',
  summary:
    'The absolute values sum to at most a fixed radius. The nearest point takes the same amount from every absolute value, so that small entries become zero.',
  isConvex: true,
  recognize,
  residual: (ops, x, { center, radius }) => ({
    inequality: ops.reshape(ops.subtract(ops.sum(ops.abs(ops.subtract(x, center))), radius), [1]),
  }),
  project(ops, x, { center, radius }) {
    // Outside, |x − c| goes to the nearest point of a simplex, and each entry keeps its sign.
    const offset = ops.subtract(x, center);
    const sizes = ops.abs(offset);
    const length = at(x.shape, 0);
    const shrunk = nearestInSimplex(ops, ops.reshape(sizes, [1, length]), ops.reshape(radius, [1]));
    const moved = ops.multiply(ops.sign(offset), ops.reshape(shrunk, [length]));
    return ops.where(ops.lessEqual(ops.sum(sizes), radius), x, ops.add(center, moved));
  },
  lowest(ops, gradient, { center, radius }) {
    const length = at(gradient.shape, 0);
    const steepest = unitOfLowest(ops, ops.negate(ops.abs(ops.reshape(gradient, [1, length]))));
    const corner = ops.multiply(ops.sign(gradient), ops.reshape(steepest, [length]));
    return ops.subtract(center, ops.multiply(radius, corner));
  },
  torch: {
    data: ['center', 'radius'],
    project: `def project_l1ball(x, center, radius):
    """Nearest point of sum |x - center| <= radius: |x - center| goes onto a simplex, signs stay."""
    offset = x - center
    if offset.abs().sum() <= radius:
        return x
    sizes = offset.abs()[None, :]
    shrunk = nearest_in_simplex(sizes, torch.tensor([radius]), torch.ones_like(sizes))
    return center + torch.sign(offset) * shrunk[0]`,
    lowest: `def lowest_l1ball(slope, center, radius):
    """The corner of the ball that is lowest along the slope."""
    return center - radius * torch.sign(slope) * unit_of_lowest(-slope.abs()[None, :])[0]`,
  },
  examples: [
    { name: 'a point beyond an edge', data: { center: [0, 0], radius: 1 }, from: [1, 1], to: [0.5, 0.5] },
    { name: 'a point beyond a corner', data: { center: [0, 0, 0], radius: 1 }, from: [0.25, -3, 0.5], to: [0, -1, 0] },
    { name: 'a point inside, on an axis', data: { center: [0, 0], radius: 1 }, from: [0.5, 0], to: [0.5, 0] },
    { name: 'a point with zeros', data: { center: [0, 0, 0], radius: 1 }, from: [0, 0, -2], to: [0, 0, -1] },
    { name: 'a center elsewhere', data: { center: [1, -1], radius: 0.5 }, from: [2, -1], to: [1.5, -1] },
    { name: 'a ball that is one point', data: { center: [0.5, 0], radius: 0 }, from: [3, -1], to: [0.5, 0] },
  ],
});
