import { type ConstraintFacts, defineConstraintKind } from '../../core/contracts.ts';
import { nearestSizes } from '../../core/tensor/simplex.ts';

type L1Sphere = { center: readonly number[]; weights: readonly number[]; radius: number };

/** Σ wᵢ|xᵢ − cᵢ| = r with weights of one sign. */
function recognize({ relation, absolute }: ConstraintFacts): L1Sphere | null {
  if (relation !== 'equality' || !absolute) return null;
  const sign = Math.sign(absolute.weights[0] ?? 0);
  const weights = absolute.weights.map((weight) => sign * weight);
  const radius = sign * absolute.radius;
  return weights.every((weight) => weight > 0) && radius >= 0 ? { center: absolute.center, weights, radius } : null;
}

/** {x : Σ weightsᵢ|xᵢ − centerᵢ| = radius}. Shapes: x, center, weights [n], radius a number. */
export default defineConstraintKind<L1Sphere>({
  id: 'l1sphere',
  title: 'ℓ₁ sphere',
  source: 'Condat 2016, Fast projection onto the simplex and the ℓ1 ball, §1: its facets are simplexes',
  summary:
    'The absolute values sum to exactly a fixed radius: the surface of an ℓ₁ ball. The nearest point takes the same amount from every absolute value, or adds it to every one of a point inside; the set has corners and a hollow, so it is not convex.',
  isConvex: false,
  recognize,
  residual: (ops, x, { center, weights, radius }) => ({
    equality: ops.reshape(ops.subtract(ops.dot(weights, ops.abs(ops.subtract(x, center))), radius), [1]),
  }),
  project(ops, x, { center, weights, radius }) {
    const offset = ops.subtract(x, center);
    const sign = ops.where(ops.less(offset, 0), -1, 1); // from 0 either side is as near
    const moved = nearestSizes(ops, ops.abs(offset), weights, radius);
    return ops.add(center, ops.multiply(sign, moved));
  },
  torch: {
    data: ['center', 'weights', 'radius'],
    project: `def project_l1sphere(x, center, weights, radius):
    """A nearest point of sum weights * |x - center| = radius: weights * |x - center| goes onto a simplex, signs stay."""
    offset = x - center
    sizes = (weights * offset.abs())[None, :]
    shrunk = nearest_in_simplex(sizes, torch.tensor([radius]), (weights**2)[None, :])
    return center + (1 - 2 * (offset < 0).to(x.dtype)) * shrunk[0] / weights`,
  },
  examples: [
    {
      name: 'a point inside, on an axis: beside the corner, not back onto the axis',
      data: { center: [0, 0], weights: [1, 1], radius: 1 },
      from: [0.5, 0],
      to: [0.75, 0.25],
    },
    {
      name: 'a point outside',
      data: { center: [0, 0], weights: [1, 1], radius: 1 },
      from: [-1, 1],
      to: [-0.5, 0.5],
    },
    {
      name: 'a point beyond a corner',
      data: { center: [0, 0, 0], weights: [1, 1, 1], radius: 1 },
      from: [0.25, -3, 0.5],
      to: [0, -1, 0],
    },
    {
      name: 'weights, and a center elsewhere',
      data: { center: [1, 0], weights: [1, 2], radius: 5 },
      from: [1, -1.25],
      to: [1.5, -2.25],
    },
    { name: 'the center', data: { center: [0, 0], weights: [1, 1], radius: 1 }, from: [0, 0], to: [0.5, 0.5] },
  ],
});
