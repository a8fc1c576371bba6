import { claimsOfFlats, type Flat } from '../../core/analysis/evidence/flat-claims.ts';
import { type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { sizeOf } from '../../core/tensor/shape.ts';

/** point + directionsᵀ (directions x). */
const nearest = (ops: Ops, x: Tensor, { point, directions }: DataTensors<Flat>): Tensor =>
  sizeOf(directions.shape) === 0
    ? point
    : ops.add(point, ops.matmul(ops.transpose(directions), ops.matmul(directions, x)));

/** {x : x = point + directionsᵀ c for some c}. Shapes: x, point [n], directions [d, n] with orthonormal rows, orthogonal to the point. */
export default defineConstraintKind<Flat>({
  id: 'flat',
  title: 'Flat of few directions',
  source:
    'Golub & Van Loan 2013, Matrix Computations, §2.5.1; directions by reflections that keep zeros: George & Heath 1980, Linear Algebra and its Applications 34, 69–83',
  summary:
    'Every point that solves very many equations, of which each reads few entries: differences, moving averages, recurrences. Few directions are left, and the nearest point is found along those.',
  isConvex: true,
  isManifold: true,
  claim: claimsOfFlats,
  recognize: () => null,
  residual: (ops, x, data) => ({ equality: ops.subtract(x, nearest(ops, x, data)) }),
  project: nearest,
  projectScaled(ops, x, { point, directions }, scale) {
    if (sizeOf(directions.shape) === 0) return point;
    // c of least Σ (point + directionsᵀ c − x)²/scale: (Z D⁻¹ Zᵀ) c = Z D⁻¹ (x − point)
    const weighted = ops.divide(directions, scale);
    const gram = ops.matmul(weighted, ops.transpose(directions));
    const c = ops.matmul(ops.pinv(gram), ops.matmul(weighted, ops.subtract(x, point)));
    return ops.add(point, ops.matmul(ops.transpose(directions), c));
  },
  torch: {
    data: ['point', 'directions'],
    project: `def project_flat(x, point, directions):
    """Nearest of the points point + directions.T @ c."""
    directions = directions.reshape(-1, len(x))
    return point + directions.T @ (directions @ x)`,
    scaled: `def project_flat_scaled(x, point, directions, scale):
    """The point + directions.T @ c with least sum (y - x)^2 / scale."""
    directions = directions.reshape(-1, len(x))
    weighted = directions / scale
    return point + directions.T @ torch.linalg.solve(weighted @ directions.T, weighted @ (x - point))`,
  },
  examples: [
    { name: 'a line', data: { point: [0.8, -0.6], directions: [[0.6, 0.8]] }, from: [5, 0], to: [2.6, 1.8] },
    {
      name: 'a plane in space',
      data: {
        point: [0, 2, 0],
        directions: [
          [1, 0, 0],
          [0, 0, 1],
        ],
      },
      from: [1, 5, 3],
      to: [1, 2, 3],
    },
    { name: 'one point', data: { point: [3, 4], directions: [] }, from: [1, 1], to: [3, 4] },
  ],
});
