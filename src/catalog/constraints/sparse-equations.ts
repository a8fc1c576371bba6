import {
  equationsTogether,
  overlappingEquations,
  type SparseEquations,
  sparseEquations,
} from '../../core/analysis/evidence/sparse-equations.ts';
import { type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import { lsmr } from '../../core/tensor/lsmr.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { sparseMap, sparseTimes, turnsOf } from '../../core/tensor/sparse-products.ts';

type Data = DataTensors<SparseEquations>;

const excess = (ops: Ops, x: Tensor, { entries, weights, b }: Data): Tensor =>
  ops.subtract(sparseTimes(ops, entries, weights, x), b);

/** v − A⁺ w for w = A v − b. */
const without = (ops: Ops, v: Tensor, w: Tensor, data: Data): Tensor =>
  ops.subtract(v, lsmr(ops, sparseMap(ops, data), w, turnsOf(ops, data.turns, false)));

/** CGLS: Björck 1996, Numerical Methods for Least Squares Problems, §7.4. */
const inTorch = (signature: string, says: string, root: string): string => `def ${signature}:
    """${says}"""
    root = ${root}
    for _ in range(2):
        r = (weights * x[entries.long()]).sum(1) - b
        s = root * (factors * r[rows.long()]).sum(1)
        p, length = s, s @ s
        first = length
        for _ in range(2 * min(len(b), len(x)) + 8):
            if length <= 1e-14 * first:
                break
            q = (weights * (root * p)[entries.long()]).sum(1)
            step = length / (q @ q)
            x, r = x - step * root * p, r - step * q
            s = root * (factors * r[rows.long()]).sum(1)
            p, length = s + (s @ s) / length * p, s @ s
    return x`;

/**
 * {x : A x = b}, where most entries of A are 0. Shapes: x [n], b [m]; entries, weights [m, k]: row i of A x is Σ weights[i, k]·x[entries[i, k]];
 * rows, factors [n, c]: the same by columns, entry j of Aᵀ y is Σ factors[j, k]·y[rows[j, k]]. Rows may depend on each other; where they
 * contradict each other, these are the least-squares solutions.
 */
export default defineConstraintKind<SparseEquations>({
  id: 'sparse-equations',
  title: 'Sparse equations',
  source:
    'Fong & Saunders 2011, LSMR: an iterative algorithm for sparse least-squares problems, SIAM J. Sci. Comput. 33(5), 2950–2971',
  summary:
    'Every point that solves very many equations, of which each reads few entries and many share some: moving averages, sums of rows and of columns. The nearest point is found by products with the matrix and its transpose alone, to rounding.',
  isConvex: true,
  isManifold: true,
  recognize: sparseEquations,
  combine: equationsTogether,
  join: overlappingEquations,
  residual: (ops, x, data) => ({ equality: excess(ops, x, data) }),
  moving: 'b',
  project: (ops, x, data) => without(ops, x, excess(ops, x, data), data),
  tangent: (ops, _, direction, data) =>
    without(ops, direction, sparseTimes(ops, data.entries, data.weights, direction), data),
  projectScaled(ops, x, data, scale) {
    // x − √D (A √D)⁺ (A x − b)
    const root = ops.sqrt(scale);
    return ops.subtract(
      x,
      ops.multiply(root, lsmr(ops, sparseMap(ops, data, root), excess(ops, x, data), turnsOf(ops, data.turns, true))),
    );
  },
  torch: {
    data: ['entries', 'weights', 'rows', 'factors', 'b'],
    project: inTorch(
      'project_sparse_equations(x, entries, weights, rows, factors, b)',
      'Nearest point of A x = b, by conjugate gradients on least squares; the second pass takes away what rounding left.',
      'torch.ones_like(x)',
    ),
    scaled: inTorch(
      'project_sparse_equations_scaled(x, entries, weights, rows, factors, b, scale)',
      'The point of A x = b with least sum (y - x)^2 / scale, by conjugate gradients on least squares.',
      'scale.sqrt()',
    ),
  },
  examples: [
    {
      name: 'a chain of sums of neighbours',
      data: {
        entries: [
          [0, 1],
          [1, 2],
        ],
        weights: [
          [1, 1],
          [1, 1],
        ],
        rows: [
          [0, 0],
          [0, 1],
          [1, 0],
        ],
        factors: [
          [1, 0],
          [1, 1],
          [1, 0],
        ],
        b: [1, 0.5],
        turns: 3,
      },
      from: [2, -1, 0],
      to: [1.5, -0.5, 1],
    },
    {
      name: 'a row that is typed twice',
      data: {
        entries: [
          [0, 1],
          [0, 1],
        ],
        weights: [
          [1, -2],
          [2, -4],
        ],
        rows: [
          [0, 1],
          [0, 1],
        ],
        factors: [
          [1, 2],
          [-2, -4],
        ],
        b: [0, 0],
        turns: 3,
      },
      from: [1, 2],
      to: [1.6, 0.8],
    },
  ],
});
