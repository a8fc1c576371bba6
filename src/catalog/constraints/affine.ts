import { type AffineEvidence, defineConstraintKind, type Part } from '../../core/contracts.ts';

type Affine = { A: readonly (readonly number[])[]; b: readonly number[] };

const ofEvidence = ({ A, b }: AffineEvidence): Affine => ({ A, b });

/** The intersection of affine sets is the affine set of all their rows. */
const stack = (parts: readonly Part<Affine>[]): Affine => ({
  A: parts.flatMap(({ data }) => data.A),
  b: parts.flatMap(({ data }) => data.b),
});

/** Affine set {x : A x = b}. Shapes: A [m, n], x [n], b [m]. Where rows contradict each other, its least-squares solutions. */
export default defineConstraintKind<Affine>({
  id: 'affine',
  title: 'Affine set',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.2',
  summary: 'Every point that solves some linear equations: a line, a plane, or a flat of higher dimension.',
  recognize: ({ relation, affine }) => (relation === 'equality' && affine ? ofEvidence(affine) : null),
  combine: stack,
  residual: (ops, x, { A, b }) => ops.subtract(ops.matmul(A, x), b),
  moved: (ops, { A }, offset) => ({ A, b: ops.negate(offset) }),
  project(ops, x, { A, b }) {
    // x − A⁺(A x − b); the recorder hoists A⁺ out of the loop
    const residual = ops.subtract(ops.matmul(A, x), b);
    return ops.subtract(x, ops.matmul(ops.pinv(A), residual));
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
