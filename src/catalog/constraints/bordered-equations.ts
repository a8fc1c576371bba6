import { type BorderedEquations, borderedEquations } from '../../core/analysis/evidence/sparse-equations.ts';
import { type DataTensors, defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { type LinearMap, lsmr } from '../../core/tensor/lsmr.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { sparseMap, turnsOf } from '../../core/tensor/sparse-products.ts';

type Data = DataTensors<BorderedEquations>;

/** v ↦ A √D v and u ↦ √D Aᵀ u for A, the sparse rows above the dense ones, with D = diag(root)², or 1. */
function mapOf(ops: Ops, data: Data, root?: Tensor): LinearMap {
  const { dense } = data;
  const sparse = sparseMap(ops, data, root);
  const scaled = (v: Tensor) => (root ? ops.multiply(root, v) : v);
  const part = (u: Tensor, offset: number, rows: number) => ops.slice(u, { offset, strides: [1], shape: [rows] });
  const more = at(dense.shape, 0);
  return {
    rows: sparse.rows + more,
    columns: sparse.columns,
    times: (v) => ops.concat([sparse.times(v), ops.matmul(dense, scaled(v))]),
    transposedTimes: (u) =>
      ops.add(
        sparse.transposedTimes(part(u, 0, sparse.rows)),
        scaled(ops.matmul(ops.transpose(dense), part(u, sparse.rows, more))),
      ),
  };
}

const excess = (ops: Ops, x: Tensor, data: Data): Tensor =>
  ops.subtract(mapOf(ops, data).times(x), ops.multiply(data.shares, ops.gather(data.b, data.places)));

/** v − A⁺ w for w = A v − b. */
const without = (ops: Ops, v: Tensor, w: Tensor, data: Data): Tensor =>
  ops.subtract(v, lsmr(ops, mapOf(ops, data), w, turnsOf(ops, data.turns, false)));

/** CGLS: Björck 1996, Numerical Methods for Least Squares Problems, §7.4. */
const inTorch = (signature: string, says: string, root: string): string => `def ${signature}:
    """${says}"""
    root, m = ${root}, len(entries)
    b = shares * b[places.long()]
    for _ in range(2):
        r = torch.cat([(weights * x[entries.long()]).sum(1), dense @ x]) - b
        s = root * ((factors * r[:m][rows.long()]).sum(1) + dense.T @ r[m:])
        p, length = s, s @ s
        first = length
        for _ in range(2 * min(len(b), len(x)) + 8):
            if length <= 1e-14 * first:
                break
            v = root * p
            q = torch.cat([(weights * v[entries.long()]).sum(1), dense @ v])
            step = length / (q @ q)
            x, r = x - step * v, r - step * q
            s = root * ((factors * r[:m][rows.long()]).sum(1) + dense.T @ r[m:])
            p, length = s + (s @ s) / length * p, s @ s
    return x`;

/**
 * {x : A x = b} for a matrix A of which most rows read few entries, and few read very many. Shapes: x [n], b [m]; entries, weights, rows,
 * factors of the former as those of sparse equations, dense [k, n] the latter, and row i of all, the sparse ones first, is shares[i] times that of
 * b[places[i]].
 */
export default defineConstraintKind<BorderedEquations>({
  id: 'bordered-equations',
  title: 'Sparse equations and few dense ones',
  source:
    'Fong & Saunders 2011, LSMR: an iterative algorithm for sparse least-squares problems, SIAM J. Sci. Comput. 33(5), 2950–2971',
  summary:
    'Every point that solves very many equations, of which most read few entries and a few read nearly all: moving averages and a total. The nearest point is found by products with the rows and with their transpose alone, to rounding.',
  isConvex: true,
  isManifold: true,
  recognize: () => null,
  join: borderedEquations,
  residual: (ops, x, data) => ({ equality: excess(ops, x, data) }),
  moving: 'b',
  project: (ops, x, data) => without(ops, x, excess(ops, x, data), data),
  tangent: (ops, _, direction, data) => without(ops, direction, mapOf(ops, data).times(direction), data),
  projectScaled(ops, x, data, scale) {
    // x − √D (A √D)⁺ (A x − b)
    const root = ops.sqrt(scale);
    return ops.subtract(
      x,
      ops.multiply(root, lsmr(ops, mapOf(ops, data, root), excess(ops, x, data), turnsOf(ops, data.turns, true))),
    );
  },
  torch: {
    data: ['entries', 'weights', 'rows', 'factors', 'dense', 'places', 'shares', 'b'],
    project: inTorch(
      'project_bordered_equations(x, entries, weights, rows, factors, dense, places, shares, b)',
      'Nearest point of A x = b, by conjugate gradients on least squares; the second pass takes away what rounding left.',
      'torch.ones_like(x)',
    ),
    scaled: inTorch(
      'project_bordered_equations_scaled(x, entries, weights, rows, factors, dense, places, shares, b, scale)',
      'The point of A x = b with least sum (y - x)^2 / scale, by conjugate gradients on least squares.',
      'scale.sqrt()',
    ),
  },
  examples: [
    {
      name: 'a total, typed before a sum of neighbours',
      data: {
        entries: [[0, 1]],
        weights: [[1, 1]],
        rows: [[0], [0], [0]],
        factors: [[1], [1], [0]],
        dense: [[1, 2, 1]],
        places: [1, 0],
        shares: [1, 1],
        b: [1.5, 1],
        turns: 3,
      },
      from: [2, -1, 0],
      to: [1.5, -0.5, 1],
    },
    {
      name: 'a row that is typed twice',
      data: {
        entries: [[0, 1]],
        weights: [[1, -2]],
        rows: [[0], [0]],
        factors: [[1], [-2]],
        dense: [[2, -4]],
        places: [0, 1],
        shares: [1, 2],
        b: [0, 0],
        turns: 3,
      },
      from: [1, 2],
      to: [1.6, 0.8],
    },
  ],
});
