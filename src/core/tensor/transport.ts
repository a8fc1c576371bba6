/** The nearest matrix without negative entries whose rows and columns have given sums. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import { nearestInSimplex } from './simplex.ts';

/** Most turns of the outer loop: a sweep over rows and columns, and a Newton step where that is better. */
const TURNS = 200;
/** Part of the total below which residuals count as solved, on the way to the size of the entries… */
const NEARLY = 0.02;
/** … and at the end, in Float64; in float32 the turns end it. */
const SETTLED = 1e-15;

/** Curvature below this times ‖d‖² is rounding in float32: the sums do not change along d. */
const FLAT = 1e-5;

/**
 * argmin ‖X − A‖_F with X ≥ 0, X 1 = r, Xᵀ 1 = c. Shapes: A [m, n], r [m], c [n], all sums positive and Σr = Σc. X = max(A + u 1ᵀ + 1 vᵀ, 0);
 * the dual is raised row by row and column by column, exactly, and by Newton steps on its piecewise linear gradient, whose
 * systems conjugate gradients solve. Entries are scaled to the totals first and grow twofold with their duals, as prices of
 * large entries would rise in small steps else. Source: Li, Sun & Toh 2020, Math. Program. 179, 419–446, §2.
 */
export function nearestTransport(ops: Ops, A: Tensor, r: Tensor, c: Tensor): Tensor {
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  const column = (vector: Tensor) => ops.reshape(vector, [m, 1]);
  const row = (vector: Tensor) => ops.reshape(vector, [1, n]);
  const primal = (scaled: Tensor, u: Tensor, v: Tensor) => ops.maximum(ops.add(ops.add(scaled, column(u)), row(v)), 0);
  // The largest entry of a row is never 0, so what was added to it is what was added to all.
  const raised = (rows: Tensor, totals: Tensor) =>
    ops.subtract(ops.max(nearestInSimplex(ops, rows, totals), 1), ops.max(rows, 1));
  const residual = (X: Tensor) => ({ r: ops.subtract(r, ops.sum(X, 1)), c: ops.subtract(c, ops.sum(X, 0)) });
  const size = ({ r, c }: Pair) => ops.add(ops.sum(ops.abs(r)), ops.sum(ops.abs(c)));
  const total = ops.sum(r);
  const largest = ops.max(ops.abs(A));
  const first = ops.minimum(1, ops.divide(total, ops.maximum(largest, ops.multiply(1e-30, total))));
  const [u, v] = ops.repeat(
    TURNS,
    [ops.zeros(m), ops.zeros(n), first, total],
    ([, held, scale, left]) => {
      const grown = ops.minimum(1, ops.multiply(2, scale as Tensor));
      const next = ops.where(ops.lessEqual(left as Tensor, ops.multiply(NEARLY, total)), grown, scale as Tensor);
      const growth = ops.divide(next, scale as Tensor);
      const scaled = ops.multiply(next, A);
      const u = raised(ops.add(scaled, row(ops.multiply(growth, held as Tensor))), r);
      const v = raised(ops.transpose(ops.add(scaled, column(u))), c);
      const X = primal(scaled, u, v);
      const rest = residual(X);
      const step = newtonStep(ops, ops.less(0, X), rest);
      // What u gains and v loses changes nothing: kept small, it costs no digits.
      const shift = ops.mean(step.r);
      const [nextU, nextV] = [ops.add(u, ops.subtract(step.r, shift)), ops.add(v, ops.add(step.c, shift))];
      const nextRest = size(residual(primal(scaled, nextU, nextV)));
      const isBetter = ops.less(nextRest, size(rest));
      return [ops.where(isBetter, nextU, u), ops.where(isBetter, nextV, v), next, ops.minimum(nextRest, size(rest))];
    },
    ([, , scale, left]) =>
      ops.multiply(
        ops.equal(scale as Tensor, 1),
        ops.lessEqual(left as Tensor, ops.multiply(SETTLED, ops.add(total, largest))),
      ),
  );
  return corrected(corrected(primal(A, u as Tensor, v as Tensor)));

  /** Sums put right on the support, where A + u + v has cancelled. */
  function corrected(X: Tensor): Tensor {
    const support = ops.less(0, X);
    const step = newtonStep(ops, support, residual(X));
    const moved = ops.maximum(ops.add(ops.add(X, column(step.r)), row(step.c)), 0);
    const next = ops.where(support, moved, 0);
    return ops.where(ops.less(size(residual(next)), size(residual(X))), next, X);
  }
}

interface Pair {
  readonly r: Tensor;
  readonly c: Tensor;
}

/** [D_r S; Sᵀ D_c] (u, v) = rest with D the row and column sums of S: m + n turns of conjugate gradients from 0. */
function newtonStep(ops: Ops, S: Tensor, rest: Pair): Pair {
  const [m, n] = [at(S.shape, 0), at(S.shape, 1)];
  const [rowSums, columnSums] = [ops.sum(S, 1), ops.sum(S, 0)];
  const product = ({ r, c }: Pair): Pair => ({
    r: ops.add(ops.multiply(rowSums, r), ops.matmul(S, c)),
    c: ops.add(ops.multiply(columnSums, c), ops.matmul(ops.transpose(S), r)),
  });
  const dot = (a: Pair, b: Pair) => ops.add(ops.dot(a.r, b.r), ops.dot(a.c, b.c));
  const along = (a: Pair, factor: Tensor, b: Pair): Pair => ({
    r: ops.add(a.r, ops.multiply(factor, b.r)),
    c: ops.add(a.c, ops.multiply(factor, b.c)),
  });
  const pair = (r: Tensor | undefined, c: Tensor | undefined): Pair => ({ r: r as Tensor, c: c as Tensor });
  const [ur, uc] = ops.repeat(
    m + n,
    [ops.zeros(m), ops.zeros(n), rest.r, rest.c, rest.r, rest.c],
    ([ur, uc, gr, gc, dr, dc]) => {
      const [x, g, d] = [pair(ur, uc), pair(gr, gc), pair(dr, dc)];
      const image = product(d);
      const [squared, curvature] = [dot(g, g), dot(d, image)];
      const isCurved = ops.less(ops.multiply(FLAT, dot(d, d)), curvature);
      const factor = ops.where(isCurved, ops.divide(squared, ops.where(isCurved, curvature, 1)), 0);
      const next = along(g, ops.negate(factor), image);
      const isLeft = ops.less(0, squared);
      const turn = ops.where(isLeft, ops.divide(dot(next, next), ops.where(isLeft, squared, 1)), 0);
      const moved = along(x, factor, d);
      const direction = along(next, turn, d);
      return [moved.r, moved.c, next.r, next.c, direction.r, direction.c];
    },
  );
  return pair(ur, uc);
}
