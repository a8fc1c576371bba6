import { claimsOfMovingFlats, type MovingFlat } from '../../core/analysis/evidence/flat-claims.ts';
import { type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { sizeOf } from '../../core/tensor/shape.ts';

type Data = DataTensors<MovingFlat>;

/** point + spansᵀ heights. */
const foot = (ops: Ops, { point, heights, spans }: Data): Tensor =>
  ops.add(point, ops.matmul(ops.transpose(spans), heights));

/** directionsᵀ (directions v). */
const along = (ops: Ops, v: Tensor, { directions }: Data): Tensor =>
  sizeOf(directions.shape) === 0
    ? ops.zeros(v.shape)
    : ops.matmul(ops.transpose(directions), ops.matmul(directions, v));

const nearest = (ops: Ops, x: Tensor, data: Data): Tensor => ops.add(foot(ops, data), along(ops, x, data));

/**
 * {x : x = point + spansᵀ heights + directionsᵀ c for some c}, where the heights follow the step. Shapes: x, point [n], heights [k],
 * spans [k, n], directions [d, n] with orthonormal rows, orthogonal to the point and to the spans.
 */
export default defineConstraintKind<MovingFlat>({
  id: 'moving-flat',
  title: 'Moving flat of few directions',
  source:
    'Golub & Van Loan 2013, Matrix Computations, §2.5.1 and §5.5; by reflections that keep zeros: George & Heath 1980, Linear Algebra and its Applications 34, 69–83',
  summary:
    'Every point that solves very many equations whose right-hand sides change with the step: chains of differences, recurrences. Few directions are left, and the shortest solution moves along few others.',
  isConvex: true,
  isManifold: true,
  claim: claimsOfMovingFlats,
  recognize: () => null,
  residual: (ops, x, data) => ({ equality: ops.subtract(x, nearest(ops, x, data)) }),
  project: nearest,
  tangent: (ops, _, direction, data) => along(ops, direction, data),
  projectScaled(ops, x, data, scale) {
    const [start, { directions }] = [foot(ops, data), data];
    if (sizeOf(directions.shape) === 0) return start;
    // c of least Σ (start + directionsᵀ c − x)²/scale: (Z D⁻¹ Zᵀ) c = Z D⁻¹ (x − start)
    const weighted = ops.divide(directions, scale);
    const gram = ops.matmul(weighted, ops.transpose(directions));
    const c = ops.matmul(ops.pinv(gram), ops.matmul(weighted, ops.subtract(x, start)));
    return ops.add(start, ops.matmul(ops.transpose(directions), c));
  },
  torch: {
    data: ['point', 'directions', 'heights', 'spans'],
    project: `def project_moving_flat(x, point, directions, heights, spans):
    """Nearest of the points point + spans.T @ heights + directions.T @ c."""
    directions = directions.reshape(-1, len(x))
    return point + spans.T @ heights + directions.T @ (directions @ x)`,
    scaled: `def project_moving_flat_scaled(x, point, directions, heights, spans, scale):
    """The point + spans.T @ heights + directions.T @ c with least sum (y - x)^2 / scale."""
    directions = directions.reshape(-1, len(x))
    start, weighted = point + spans.T @ heights, directions / scale
    return start + directions.T @ torch.linalg.solve(weighted @ directions.T, weighted @ (x - start))`,
  },
  examples: [
    {
      name: 'a line that has moved away from where it was',
      data: { point: [0.8, -0.6], directions: [[0.6, 0.8]], heights: [1], spans: [[0.8, -0.6]] },
      from: [5, 0],
      to: [3.4, 1.2],
    },
    {
      name: 'one point, that moves along two spans',
      data: {
        point: [3, 4, 0],
        directions: [],
        heights: [2, -1],
        spans: [
          [1, 0, 0],
          [0, 1, 2],
        ],
      },
      from: [1, 1, 1],
      to: [5, 3, -2],
    },
  ],
});
