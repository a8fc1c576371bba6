import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { boundaryNuclear } from '../../core/tensor/boundary.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import { unitOfLowest } from '../../core/tensor/lowest.ts';
import { laidDown, stoodUp } from '../../core/tensor/lying.ts';
import { nearestInSimplex } from '../../core/tensor/simplex.ts';
import { singularRows } from '../../core/tensor/singular.ts';

/** Rows and columns of the matrix, and the bound. */
type NuclearBall = { shape: readonly number[]; radius: number };

/** Nuclear-norm ball {X : Σ σᵢ(X) ≤ radius}. Shapes: x [m·n], row by row; shape [2] holds m and n; radius a number. */
export default defineConstraintKind<NuclearBall>({
  id: 'nuclearball',
  title: 'Nuclear-norm ball',
  source: 'Cai, Candès & Shen 2010, SIAM J. Optim. 20(4), 1956–1982, §2; Jaggi 2013, ICML, §3.4 for the lowest corner',
  summary:
    'Matrices whose singular values sum to at most a fixed radius: the convex neighbour of low rank, as for completing a table. The nearest one takes the same amount from every singular value, so that small ones become zero.',
  isConvex: true,
  claim: claimsOf('nuclearball', ({ shape, args }) => ({ shape, radius: at(at(at(args, 0), 0), 0) })),
  recognize: () => null,
  residual: (ops, x, { shape, radius }) => ({
    inequality: ops.reshape(
      ops.subtract(boundaryNuclear(ops, laidDown(ops, x, knownNumbers(ops, shape))), radius),
      [1],
    ),
  }),
  project(ops, x, { shape, radius }) {
    // X = Rᵀ (R X); outside, the lengths of the rows of R X go to the nearest point of a simplex.
    const size = knownNumbers(ops, shape);
    const X = laidDown(ops, x, size);
    const { rotation, rows, lengths } = singularRows(ops, X);
    const count = at(lengths.shape, 0);
    const shrunk = nearestInSimplex(ops, ops.reshape(lengths, [1, count]), ops.reshape(radius, [1]));
    const column = ops.reshape(lengths, [count, 1]);
    const factors = ops.divide(ops.reshape(shrunk, [count, 1]), ops.where(ops.less(0, column), column, 1));
    const cut = ops.matmul(ops.transpose(rotation), ops.multiply(factors, rows));
    return stoodUp(ops, ops.where(ops.lessEqual(ops.sum(lengths), radius), X, cut), size);
  },
  lowest(ops, gradient, { shape, radius }) {
    // −radius · u vᵀ along the largest singular value of the gradient.
    const size = knownNumbers(ops, shape);
    const { rotation, rows, lengths } = singularRows(ops, laidDown(ops, gradient, size));
    const [count, columns] = [at(rows.shape, 0), at(rows.shape, 1)];
    const steepest = unitOfLowest(ops, ops.negate(ops.reshape(lengths, [1, count])));
    const length = ops.sum(ops.multiply(ops.reshape(steepest, [count]), lengths));
    const left = ops.reshape(ops.matmul(steepest, rotation), [count, 1]);
    const right = ops.divide(
      ops.reshape(ops.matmul(steepest, rows), [1, columns]),
      ops.where(ops.less(0, length), length, 1),
    );
    return stoodUp(ops, ops.multiply(ops.negate(radius), ops.multiply(left, right)), size);
  },
  examples: [
    { name: 'a diagonal matrix', data: { shape: [2, 2], radius: 2 }, from: [3, 0, 0, -1.5], to: [1.75, 0, 0, -0.25] },
    { name: 'the smaller value goes', data: { shape: [2, 2], radius: 1 }, from: [3, 0, 0, -0.5], to: [1, 0, 0, 0] },
    { name: 'a matrix of rank one', data: { shape: [2, 2], radius: 1 }, from: [2, 2, 2, 2], to: [0.5, 0.5, 0.5, 0.5] },
    { name: 'a matrix inside', data: { shape: [2, 3], radius: 3 }, from: [1, 0, 0, 0, 0, 1], to: [1, 0, 0, 0, 0, 1] },
    { name: 'more rows than columns', data: { shape: [3, 1], radius: 1 }, from: [0, 3, 4], to: [0, 0.6, 0.8] },
    { name: 'only zero', data: { shape: [2, 2], radius: 0 }, from: [1, 2, 3, 4], to: [0, 0, 0, 0] },
  ],
});
