import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import { laidDown, stoodUp } from '../../core/tensor/lying.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { beyondRank, nearestOfRank } from '../../core/tensor/truncated.ts';

/** Rows and columns of the matrix, and how many singular values may differ from 0. */
type LowRank = { shape: readonly number[]; rank: number };

/** The same matrix once `change` has been made to it, laid down, with the rank that is kept. */
function changed(
  ops: Ops,
  x: Tensor,
  { shape, rank }: Record<keyof LowRank, Tensor>,
  change: (ops: Ops, A: Tensor, rank: number) => Tensor,
): Tensor {
  const size = knownNumbers(ops, shape);
  return stoodUp(ops, change(ops, laidDown(ops, x, size), at(knownNumbers(ops, rank), 0)), size);
}

/** Matrices of low rank {X : rank X ≤ rank}. Shapes: x [m·n], row by row; shape [2] holds m and n; rank a whole number. */
export default defineConstraintKind<LowRank>({
  id: 'lowrank',
  title: 'Matrices of low rank',
  source: 'Eckart & Young 1936, Psychometrika 1(3), 211–218; Jain, Meka & Dhillon 2010, NIPS 23 for projected gradient',
  summary:
    'Matrices that a few rows explain, as in compressed layers and recommendations. The nearest one keeps the largest singular values; the set is not convex, so where a run ends depends on where it starts.',
  isConvex: false,
  claim: claimsOf('lowrank', ({ shape, args }) => ({ shape, rank: at(at(at(args, 0), 0), 0) })),
  recognize: () => null,
  residual: (ops, x, data) => ({ equality: changed(ops, x, data, beyondRank) }),
  project: (ops, x, data) => changed(ops, x, data, nearestOfRank),
  examples: [
    { name: 'a diagonal matrix', data: { shape: [2, 2], rank: 1 }, from: [3, 0, 0, -0.5], to: [3, 0, 0, 0] },
    { name: 'singular values 3 and 1', data: { shape: [2, 2], rank: 1 }, from: [2, 1, 1, 2], to: [1.5, 1.5, 1.5, 1.5] },
    {
      name: 'a matrix of that rank',
      data: { shape: [2, 3], rank: 1 },
      from: [1, 2, 3, 2, 4, 6],
      to: [1, 2, 3, 2, 4, 6],
    },
    {
      name: 'more rows than columns',
      data: { shape: [3, 2], rank: 1 },
      from: [0, 1, 5, 0, 0, 0],
      to: [0, 0, 5, 0, 0, 0],
    },
    {
      name: 'two of three',
      data: { shape: [3, 3], rank: 2 },
      from: [0, 4, 0, -2, 0, 0, 0, 0, 1],
      to: [0, 4, 0, -2, 0, 0, 0, 0, 0],
    },
    { name: 'huge and tiny', data: { shape: [2, 2], rank: 1 }, from: [1e30, 0, 0, 1e-30], to: [1e30, 0, 0, 0] },
    { name: 'only zero', data: { shape: [2, 2], rank: 0 }, from: [1, 2, 3, 4], to: [0, 0, 0, 0] },
  ],
});
