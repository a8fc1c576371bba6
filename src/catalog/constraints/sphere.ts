import { asBall, type Ball } from '../../core/analysis/evidence/balls.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { polar } from '../../core/tensor/direction.ts';

/** Sphere {x : ‖x − center‖₂ = radius}. Shapes: x, center [n], radius a number. The center goes along the first axis. */
export default defineConstraintKind<Ball>({
  id: 'sphere',
  title: 'Sphere',
  source: 'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §4.1.1',
  summary:
    'Every point at a fixed distance from a center. Other points move straight towards the center, or away from it; from the center itself all of the sphere is equally near.',
  isConvex: false,
  isManifold: true,
  recognize: (facts) => (facts.relation === 'equality' ? asBall(facts) : null),
  residual: (ops, x, { center, radius }) => ({
    equality: ops.reshape(ops.subtract(polar(ops, ops.subtract(x, center)).length, radius), [1]),
  }),
  project(ops, x, { center, radius }) {
    const { unit, isAway } = polar(ops, ops.subtract(x, center));
    const first = ops.assemble([{ part: ops.ones(1), view: { offset: 0, strides: [1] } }], x.shape);
    return ops.add(center, ops.multiply(radius, ops.where(isAway, unit, first)));
  },
  /** v − r (r·v) / (r·r) with r = x − center. */
  tangent(ops, x, direction, { center }) {
    const away = ops.subtract(x, center);
    const square = ops.dot(away, away);
    const share = ops.divide(ops.dot(away, direction), ops.where(ops.less(0, square), square, 1));
    return ops.subtract(direction, ops.multiply(share, away));
  },
  torch: {
    data: ['center', 'radius'],
    project: `def project_sphere(x, center, radius):
    """Nearest point of |x - center| = radius; from the center, along the first axis."""
    length = torch.linalg.vector_norm(x - center)
    first = torch.eye(len(x))[0]
    return center + radius * ((x - center) / length if length > 0 else first)`,
  },
  examples: [
    { name: 'a point outside the unit circle', data: { center: [0, 0], radius: 1 }, from: [3, 4], to: [0.6, 0.8] },
    { name: 'a point inside', data: { center: [0, 0], radius: 2 }, from: [-0.5, 0], to: [-2, 0] },
    { name: 'a center elsewhere', data: { center: [1, 2, 0], radius: 0.5 }, from: [1, 5, 0], to: [1, 2.5, 0] },
    { name: 'the center', data: { center: [1, 2], radius: 1 }, from: [1, 2], to: [2, 2] },
    { name: 'tiny entries', data: { center: [0, 0], radius: 5 }, from: [3e-200, 4e-200], to: [3, 4] },
  ],
});
