import { type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { nearestSizes } from '../../core/tensor/simplex.ts';

type WeightedBall = { center: readonly number[]; weights: readonly number[]; radius: number };

/** Relative difference below which two weights are one, but for rounding. */
const EQUAL = 1e-12;

/** Σ wᵢ|xᵢ − cᵢ| ≤ r, w > 0. One weight for all entries is an ℓ₁ ball. */
function recognize({ relation, absolute }: ConstraintFacts): WeightedBall | null {
  if (relation !== 'inequality' || !absolute) return null;
  const { center, weights, radius } = absolute;
  const [least, largest] = [Math.min(...weights), Math.max(...weights)];
  return least > 0 && largest - least > EQUAL * largest && radius >= 0 ? { center, weights, radius } : null;
}

/** {x : Σ weightsᵢ|xᵢ − centerᵢ| ≤ radius}. Shapes: x, center, weights [n], radius a number. */
export default defineConstraintKind<WeightedBall>({
  id: 'weighted-l1ball',
  title: 'Weighted ℓ₁ ball',
  source:
    'Duchi et al. 2008, Efficient projections onto the ℓ₁-ball, §4; Perez et al. 2022, J. Global Optim. 83 (weights)',
  summary:
    'The absolute values, each times its own weight, sum to at most a fixed radius. The nearest point takes from every absolute value in proportion to its weight, so that entries that are small or dear become zero.',
  isConvex: true,
  recognize,
  residual: (ops, x, { center, weights, radius }) => ({
    inequality: ops.reshape(ops.subtract(ops.dot(weights, ops.abs(ops.subtract(x, center))), radius), [1]),
  }),
  project(ops, x, { center, weights, radius }) {
    const offset = ops.subtract(x, center);
    const sizes = ops.abs(offset);
    const moved = ops.multiply(ops.sign(offset), nearestSizes(ops, sizes, weights, radius));
    return ops.where(ops.lessEqual(ops.dot(weights, sizes), radius), x, ops.add(center, moved));
  },
  lowest(ops, gradient, { center, weights, radius }) {
    const length = at(gradient.shape, 0);
    const gains = ops.negate(ops.divide(ops.abs(gradient), weights)); // a unit of the sum moves an entry by 1/w
    const steepest = ops.reshape(unitOfLowest(ops, ops.reshape(gains, [1, length])), [length]);
    const corner = ops.multiply(ops.sign(gradient), ops.divide(steepest, weights));
    return ops.subtract(center, ops.multiply(radius, corner));
  },
  torch: {
    data: ['center', 'weights', 'radius'],
    project: `def project_weighted_l1ball(x, center, weights, radius):
    """Nearest point of sum weights * |x - center| <= radius: weights * |x - center| goes onto a simplex, signs stay."""
    offset = x - center
    sizes = weights * offset.abs()
    if sizes.sum() <= radius:
        return x
    shrunk = nearest_in_simplex(sizes[None, :], torch.tensor([radius]), (weights**2)[None, :])
    return center + torch.sign(offset) * shrunk[0] / weights`,
    lowest: `def lowest_weighted_l1ball(slope, center, weights, radius):
    """The corner of the ball that is lowest along the slope."""
    return center - radius * torch.sign(slope) * unit_of_lowest(-(slope.abs() / weights)[None, :])[0] / weights`,
  },
  examples: [
    {
      name: 'a point beyond an edge',
      data: { center: [0, 0], weights: [1, 2], radius: 2 },
      from: [3, 2],
      to: [2, 0],
    },
    {
      name: 'an entry of either sign',
      data: { center: [0, 0], weights: [1, 3], radius: 5 },
      from: [-3, 4],
      to: [-2, 1],
    },
    {
      name: 'a point inside',
      data: { center: [1, 0], weights: [1, 4], radius: 2 },
      from: [1.5, -0.25],
      to: [1.5, -0.25],
    },
    {
      name: 'weights far apart, and a zero',
      data: { center: [0, 0, 0], weights: [1e-3, 1, 1e3], radius: 1 },
      from: [0, 0, 2],
      to: [0, 0, 1e-3],
    },
    {
      name: 'a ball that is one point',
      data: { center: [0.5, 0], weights: [1, 2], radius: 0 },
      from: [3, -1],
      to: [0.5, 0],
    },
  ],
});
