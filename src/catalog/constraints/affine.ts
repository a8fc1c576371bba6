import { localAffine } from '../../core/analysis/evidence/local-affine.ts';
import { defineConstraintKind, type Part } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { RANK_CUTOFF } from '../../core/tensor/matrix.ts';
import { sizeOf } from '../../core/tensor/shape.ts';

/**
 * Entries of A up to which D Aᵀ (A D Aᵀ)⁺ is computed as √D (A √D)⁺: the square has the squares of singular values, and in float32
 * those of rows of very different sizes are then cut off. The cut-off is that of the square, whose pseudoinverse is the smaller program.
 */
const FEW = 64;

type Affine = { A: readonly (readonly number[])[]; b: readonly number[] };

/** The intersection of affine sets is the affine set of all their rows. */
const stack = (parts: readonly Part<Affine>[], size: number): Affine => ({
  A: parts.flatMap(({ data, positions }) => data.A.map((row) => spread(row, positions, size))),
  b: parts.flatMap(({ data }) => data.b),
});

/** A row with its entries at the given positions among zeros. */
function spread(row: readonly number[], positions: readonly number[], size: number): number[] {
  const wide = new Array<number>(size).fill(0);
  positions.forEach((position, k) => {
    wide[position] = at(row, k);
  });
  return wide;
}

/** Affine set {x : A x = b}. Shapes: A [m, n], x [n], b [m]. Where rows contradict each other, its least-squares solutions. */
export default defineConstraintKind<Affine>({
  id: 'affine',
  title: 'Affine set',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.2',
  summary: 'Every point that solves some linear equations: a line, a plane, or a flat of higher dimension.',
  isConvex: true,
  isManifold: true,
  recognize: (facts) => (facts.relation === 'equality' ? localAffine(facts) : null),
  combine: stack,
  residual: (ops, x, { A, b }) => ({ equality: ops.subtract(ops.matmul(A, x), b) }),
  moving: 'b',
  project(ops, x, { A, b }) {
    // x − A⁺(A x − b); the recorder hoists A⁺ out of the loop
    const residual = ops.subtract(ops.matmul(A, x), b);
    return ops.subtract(x, ops.matmul(ops.pinv(A), residual));
  },
  projectScaled(ops, x, { A, b }, scale) {
    // x − D Aᵀ (A D Aᵀ)⁺ (A x − b) with D = diag(scale)
    const residual = ops.subtract(ops.matmul(A, x), b);
    const root = ops.sqrt(scale);
    if (sizeOf(A.shape) <= FEW)
      return ops.subtract(
        x,
        ops.multiply(root, ops.matmul(ops.pinv(ops.multiply(A, root), { cutoff: Math.sqrt(RANK_CUTOFF) }), residual)),
      );
    const scaled = ops.transpose(ops.multiply(A, scale));
    return ops.subtract(x, ops.matmul(scaled, ops.matmul(ops.pinv(ops.matmul(A, scaled)), residual)));
  },
  torch: {
    data: ['A', 'b'],
    project: `def project_affine(x, A, b):
    """Nearest point of A x = b."""
    return x - torch.linalg.pinv(A, rtol=1e-10) @ (A @ x - b)`,
    scaled: `def project_affine_scaled(x, A, b, scale):
    """The point of A x = b with least sum (y - x)^2 / scale."""
    return x - (scale * A).T @ (torch.linalg.pinv((scale * A) @ A.T, rtol=1e-10) @ (A @ x - b))`,
  },
  examples: [
    { name: 'a point off x₁ + x₂ = 2', data: { A: [[1, 1]], b: [2] }, from: [3, 3], to: [1, 1] },
    {
      name: 'a point off a line in space',
      data: {
        A: [
          [1, 1, 0],
          [0, 1, 1],
        ],
        b: [1, 0.5],
      },
      from: [2, -1, 0],
      to: [1.5, -0.5, 1],
    },
    {
      name: 'a row that is typed twice',
      data: {
        A: [
          [1, -2],
          [2, -4],
        ],
        b: [0, 0],
      },
      from: [1, 2],
      to: [1.6, 0.8],
    },
    {
      name: 'two parallel lines, which no point satisfies',
      data: {
        A: [
          [1, 1],
          [1, 1],
        ],
        b: [1, 2],
      },
      from: [0, 0],
      to: [0.75, 0.75],
    },
  ],
});
