import { areOrthogonal } from '../../core/analysis/evidence/half-spaces.ts';
import { localAffine } from '../../core/analysis/evidence/local-affine.ts';
import { defineConstraintKind, type Part } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';

/** Rows of A are not 0, and orthogonal to each other. */
type HalfSpaces = { A: readonly (readonly number[])[]; b: readonly number[] };

/** Several half-spaces are one set of this kind where their normals are orthogonal. */
function combine(parts: readonly Part<HalfSpaces>[], size: number): HalfSpaces | null {
  const A = parts.flatMap(({ data, positions }) =>
    data.A.map((row) => {
      const wide = new Array<number>(size).fill(0);
      positions.forEach((position, k) => {
        wide[position] = at(row, k);
      });
      return wide;
    }),
  );
  const together = { A, b: parts.flatMap(({ data }) => data.b) };
  return areOrthogonal(together) ? together : null;
}

/** Half-space {x : a·x ≤ b}, or several with orthogonal normals. Shapes: A [m, n], x [n], b [m]. */
export default defineConstraintKind<HalfSpaces>({
  id: 'half-space',
  title: 'Half-space',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.2',
  summary: 'Every point on one side of a plane, and the plane itself. A point beyond goes back along the normal.',
  isConvex: true,
  recognize(facts) {
    const isBound = facts.bounds !== null && !facts.isMoving; // a box, or x ≥ 0
    const rows = facts.relation === 'inequality' && !isBound ? localAffine(facts) : null;
    return rows && areOrthogonal(rows) ? rows : null;
  },
  combine,
  residual: (ops, x, { A, b }) => ({ inequality: ops.subtract(ops.matmul(A, x), b) }),
  moving: 'b',
  project(ops, x, { A, b }) {
    // x − Σ aᵢ max(aᵢ·x − bᵢ, 0) / aᵢ·aᵢ
    const beyond = ops.maximum(ops.subtract(ops.matmul(A, x), b), 0);
    const steps = ops.divide(beyond, ops.sum(ops.multiply(A, A), 1));
    return ops.subtract(x, ops.matmul(ops.transpose(A), steps));
  },
  torch: {
    data: ['A', 'b'],
    project: `def project_half_space(x, A, b):
    """Nearest point of A x <= b, whose rows are orthogonal."""
    beyond = torch.clamp(A @ x - b, min=0.0)
    return x - A.T @ (beyond / (A * A).sum(1))`,
  },
  examples: [
    { name: 'a point beyond x₁ + x₂ = 0', data: { A: [[1, 1]], b: [0] }, from: [1, 0], to: [0.5, -0.5] },
    { name: 'a point inside', data: { A: [[3, 4]], b: [5] }, from: [0, 1], to: [0, 1] },
    { name: 'a point beyond 3 x₁ + 4 x₂ = 5', data: { A: [[3, 4]], b: [5] }, from: [3, 4], to: [0.6, 0.8] },
    {
      name: 'a point beyond both of two planes at right angles',
      data: {
        A: [
          [1, 1],
          [1, -1],
        ],
        b: [1, 0],
      },
      from: [2, 1],
      to: [0.5, 0.5],
    },
  ],
});
