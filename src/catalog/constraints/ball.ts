import { asBall, type Ball, movingBalls } from '../../core/analysis/evidence/balls.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { polar } from '../../core/tensor/direction.ts';

/** Ball {x : ‖x − center‖₂ ≤ radius}. Shapes: x, center [n], radius a number. */
export default defineConstraintKind<Ball>({
  id: 'ball',
  title: 'Ball',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.5',
  summary: 'Every point within a fixed distance of a center. A point outside moves straight towards the center.',
  isConvex: true,
  claim: movingBalls,
  recognize: (facts) => (facts.relation === 'inequality' ? asBall(facts) : null),
  residual: (ops, x, { center, radius }) => ({
    inequality: ops.reshape(ops.subtract(polar(ops, ops.subtract(x, center)).length, radius), [1]),
  }),
  project(ops, x, { center, radius }) {
    const { length, unit } = polar(ops, ops.subtract(x, center));
    return ops.where(ops.lessEqual(length, radius), x, ops.add(center, ops.multiply(radius, unit)));
  },
  lowest: (ops, gradient, { center, radius }) => ops.subtract(center, ops.multiply(radius, polar(ops, gradient).unit)),
  torch: {
    data: ['center', 'radius'],
    project: `def project_ball(x, center, radius):
    """Nearest point of |x - center| <= radius."""
    length = torch.linalg.vector_norm(x - center)
    return x if length <= radius else center + radius * (x - center) / length`,
    lowest: `def lowest_ball(slope, center, radius):
    """The point of the ball that is lowest along the slope."""
    length = torch.linalg.vector_norm(slope)
    return center - radius * slope / length if length > 0 else center`,
  },
  examples: [
    { name: 'a point outside the unit disk', data: { center: [0, 0], radius: 1 }, from: [3, 4], to: [0.6, 0.8] },
    { name: 'a point inside', data: { center: [0, 0], radius: 1 }, from: [0.5, -0.5], to: [0.5, -0.5] },
    { name: 'a center elsewhere', data: { center: [1, 2], radius: 0.5 }, from: [1, 5], to: [1, 2.5] },
    {
      name: 'the center itself, of a ball that is one point',
      data: { center: [1, 2], radius: 0 },
      from: [1, 2],
      to: [1, 2],
    },
    { name: 'huge entries', data: { center: [0, 0], radius: 5 }, from: [3e200, -4e200], to: [3, -4] },
    { name: 'tiny entries', data: { center: [0, 0], radius: 5e-200 }, from: [3e-180, 4e-180], to: [3e-200, 4e-200] },
  ],
});
