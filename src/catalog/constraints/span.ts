import { affineClaimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { rowSpaceBasis } from '../../core/tensor/matrix.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

/** Q has orthonormal rows. */
type Span = { Q: readonly (readonly number[])[] };

/** The vectors of which x is made, one a row. */
const vectorsOf = (ops: Ops, x: Tensor, Q: Tensor): Tensor =>
  ops.reshape(x, [at(x.shape, 0) / at(Q.shape, 1), at(Q.shape, 1)]);

function basisOf(vectors: readonly (readonly number[])[]): Span {
  const columns = vectors[0]?.length ?? 0;
  const { rows, data } = rowSpaceBasis({ rows: vectors.length, columns, data: Float64Array.from(vectors.flat()) });
  return { Q: Array.from({ length: rows }, (_, i) => [...data.slice(i * columns, (i + 1) * columns)]) };
}

/** Span {X : each row of X is a combination of the rows of Q}. Shapes: x [m·n], Q [r, n] with orthonormal rows. */
export default defineConstraintKind<Span>({
  id: 'span',
  title: 'Span of a basis',
  source: 'Golub & Van Loan 2013, Matrix Computations, §2.5.1',
  summary:
    'Every sum of multiples of some given vectors: a low-dimensional part of all weights. The nearest point is the orthogonal projection.',
  isConvex: true,
  isManifold: true,
  claim: affineClaimsOf('span', ({ args }) => basisOf(at(args, 0))),
  recognize: () => null,
  residual(ops, x, { Q }) {
    const X = vectorsOf(ops, x, Q);
    const inside = ops.matmul(ops.matmul(X, ops.transpose(Q)), Q);
    return { equality: ops.reshape(ops.subtract(X, inside), x.shape) };
  },
  project: (ops, x, { Q }) => ops.reshape(ops.matmul(ops.matmul(vectorsOf(ops, x, Q), ops.transpose(Q)), Q), x.shape),
  examples: [
    { name: 'a line through 0', data: { Q: [[0.6, 0.8]] }, from: [5, 0], to: [1.8, 2.4] },
    { name: 'two rows of a matrix', data: { Q: [[0.6, 0.8]] }, from: [5, 0, 3, 4], to: [1.8, 2.4, 3, 4] },
    {
      name: 'a plane',
      data: {
        Q: [
          [1, 0, 0],
          [0, 0, 1],
        ],
      },
      from: [1, 2, 3],
      to: [1, 0, 3],
    },
  ],
});
