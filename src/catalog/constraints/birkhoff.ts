import { gridsOf } from '../../core/analysis/evidence/shares.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { nearestTransport } from '../../core/tensor/transport.ts';

type Sums = { rows: readonly number[]; columns: readonly number[] };

const matrixOf = (ops: Ops, x: Tensor, rows: Tensor, columns: Tensor): Tensor =>
  ops.reshape(x, [at(rows.shape, 0), at(columns.shape, 0)]);

/** Matrices with given row and column sums {X ≥ 0 : X 1 = rows, Xᵀ 1 = columns}. Shapes: x [m·n], rows [m], columns [n]. */
export default defineConstraintKind<Sums>({
  id: 'birkhoff',
  title: 'Doubly stochastic matrices',
  source: 'Birkhoff 1946; Li, Sun & Toh 2020, On the efficient computation of a projector over the Birkhoff polytope',
  summary:
    'No entry is negative, and every row and every column has a fixed sum: soft assignments, or plans of transport. The nearest one adds a number to each row and to each column, and cuts at zero.',
  isConvex: true,
  claim: gridsOf,
  recognize: () => null,
  residual(ops, x, { rows, columns }) {
    const X = matrixOf(ops, x, rows, columns);
    return {
      equality: ops.concat([ops.subtract(ops.sum(X, 1), rows), ops.subtract(ops.sum(X, 0), columns)]),
      inequality: ops.negate(x),
    };
  },
  project: (ops, x, { rows, columns }) =>
    ops.reshape(nearestTransport(ops, matrixOf(ops, x, rows, columns), rows, columns), x.shape),
  examples: [
    {
      name: 'a matrix of zeros',
      data: { rows: [1, 1], columns: [1, 1] },
      from: [0, 0, 0, 0],
      to: [0.5, 0.5, 0.5, 0.5],
    },
    { name: 'a permutation', data: { rows: [1, 1], columns: [1, 1] }, from: [0, 1, 1, 0], to: [0, 1, 1, 0] },
    {
      name: 'far beyond a permutation',
      data: { rows: [1, 1], columns: [1, 1] },
      from: [5, -3, 0, 2],
      to: [1, 0, 0, 1],
    },
    {
      name: 'three rows',
      data: { rows: [1, 1, 1], columns: [1, 1, 1] },
      from: [1, 0, 0, 0, 0.5, 0.5, 0, 0.5, 0.5],
      to: [1, 0, 0, 0, 0.5, 0.5, 0, 0.5, 0.5],
    },
    {
      name: 'a plan of transport with sums of its own',
      data: { rows: [1, 2], columns: [1, 1, 1] },
      from: [0, 0, 0, 0, 0, 0],
      to: [1 / 3, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3],
    },
  ],
});
