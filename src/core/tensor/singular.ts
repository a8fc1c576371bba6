/** Singular values and eigenvalues of small matrices: Jacobi rotations of disjoint pairs of rows, all pairs of a round at once. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Sweeps until rows are orthogonal up to rounding in Float64; convergence is quadratic once they nearly are. */
const sweepsFor = (rows: number): number => (rows <= 2 ? 2 : 6 + Math.ceil(Math.log2(rows)));

/** Rows whose cosine is below this are orthogonal. */
const ORTHOGONAL = 1e-16;

/** Cosines below this are rounding. */
const QUIET = 2e-15;

/** Rows from to to − 1 of a matrix. */
const rowsOf = (ops: Ops, a: Tensor, from: number, to: number): Tensor => {
  const width = at(a.shape, 1);
  return ops.slice(a, { offset: from * width, strides: [width, 1], shape: [to - from, width] });
};

/** Matrices of one width, one below the other. */
const stacked = (ops: Ops, parts: readonly Tensor[]): Tensor => {
  const width = at(at(parts, 0).shape, 1);
  const kept = parts.filter(({ shape }) => at(shape, 0) > 0);
  return ops.reshape(ops.concat(kept), [kept.reduce((sum, { shape }) => sum + at(shape, 0), 0), width]);
};

/**
 * R[m, m] with orthonormal rows for which the rows of R A are orthogonal, A[m, n]: these have the singular values as lengths.
 * One-sided Jacobi; in each round the upper half of the rows is paired with the lower half, then all but the first row move
 * one seat on, so that m − 1 rounds are one sweep over all pairs. Sources: Hestenes 1958; Brent & Luk 1985, SIAM J. Sci. Stat.
 * Comput. 6(1), 69–84; Golub & Van Loan 2013, §8.6.3.
 */
export function rowRotation(ops: Ops, A: Tensor): Tensor {
  invariant(A.shape.length === 2, 'rowRotation takes a matrix');
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  const seats = m + (m % 2);
  const half = seats / 2;
  if (m === 1) return ops.identityMatrix(1);
  const largest = ops.max(ops.abs(A));
  const scaled = ops.divide(A, ops.where(ops.less(0, largest), largest, 1));
  // [A | I], with a row of zeros to make the number even: it never turns.
  const both = ops.assemble(
    [
      { part: scaled, view: { offset: 0, strides: [n + seats, 1] } },
      { part: ops.identityMatrix(seats), view: { offset: n, strides: [n + seats, 1] } },
    ],
    [seats, n + seats],
  );
  const turns = sweepsFor(m) * (seats - 1);
  // Done after a sweep in which no pair was oblique, when all rows are back in their seats.
  const [upper, lower] = ops.repeat(
    turns,
    [rowsOf(ops, both, 0, half), rowsOf(ops, both, half, seats), ops.constant(0), ops.constant(0)],
    ([top, bottom, quiet, turn]) => [
      ...round(ops, top as Tensor, bottom as Tensor, quiet as Tensor, n),
      ops.add(turn as Tensor, 1),
    ],
    ([, , quiet, turn]) =>
      ops.multiply(ops.isMultiple(turn as Tensor, seats - 1), ops.lessEqual(seats - 1, quiet as Tensor)),
  );
  const all = stacked(ops, [upper as Tensor, lower as Tensor]);
  const rotation = ops.slice(all, { offset: n, strides: [n + seats, 1], shape: [m, m] });
  // Rounding of many rotations adds up; one step of Newton–Schulz makes the rows orthonormal again.
  const defect = ops.subtract(ops.identityMatrix(m), ops.matmul(rotation, ops.transpose(rotation)));
  return ops.add(rotation, ops.multiply(0.5, ops.matmul(defect, rotation)));
}

/** Rotates each pair of rows, by the smaller angle that makes them orthogonal, and lets them change seats. */
function round(ops: Ops, top: Tensor, bottom: Tensor, quiet: Tensor, n: number): Tensor[] {
  const [half, width] = [at(top.shape, 0), at(top.shape, 1)];
  const own = (rows: Tensor) => ops.slice(rows, { offset: 0, strides: [width, 1], shape: [half, n] });
  const [a, b] = [own(top), own(bottom)];
  const products = (x: Tensor, y: Tensor) => ops.reshape(ops.sum(ops.multiply(x, y), 1), [half, 1]);
  const [alpha, beta, gamma] = [products(a, a), products(b, b), products(a, b)];
  const sizes = ops.multiply(ops.sqrt(alpha), ops.sqrt(beta));
  const isOblique = ops.less(ops.multiply(ORTHOGONAL, sizes), ops.abs(gamma));
  const excess = ops.max(ops.subtract(ops.abs(gamma), ops.multiply(QUIET, sizes)));
  const calm = ops.where(ops.lessEqual(excess, 0), ops.add(quiet, 1), 0);
  const zeta = ops.divide(ops.multiply(0.5, ops.subtract(beta, alpha)), ops.where(isOblique, gamma, 1));
  const isSteep = ops.less(1e8, ops.abs(zeta)); // ζ² could overflow; there 1/(2ζ) is right to all digits
  const moderate = ops.where(isSteep, 1, zeta);
  const root = ops.add(ops.abs(moderate), ops.sqrt(ops.add(1, ops.multiply(moderate, moderate))));
  const gentle = ops.divide(ops.where(ops.less(moderate, 0), -1, 1), root);
  const tangent = ops.where(isSteep, ops.divide(0.5, ops.where(isSteep, zeta, 1)), gentle);
  const cosine = ops.divide(1, ops.sqrt(ops.add(1, ops.multiply(tangent, tangent))));
  const c = ops.where(isOblique, cosine, 1);
  const s = ops.where(isOblique, ops.multiply(cosine, tangent), 0);
  const up = ops.subtract(ops.multiply(c, top), ops.multiply(s, bottom));
  const down = ops.add(ops.multiply(s, top), ops.multiply(c, bottom));
  if (half === 1) return [up, down, calm];
  const part = (rows: Tensor, from: number, to: number) => rowsOf(ops, rows, from, to);
  return [
    stacked(ops, [part(up, 0, 1), part(down, 0, 1), part(up, 1, half - 1)]),
    stacked(ops, [part(down, 1, half), part(up, half - 1, half)]),
    calm,
  ];
}

/** Eigenvectors of a symmetric S[n, n], one row each: those of S + ‖S‖_F I, whose eigenvalues are its singular values. */
export function eigenvectorRows(ops: Ops, S: Tensor): Tensor {
  const n = at(S.shape, 0);
  const largest = ops.max(ops.abs(S));
  const scaled = ops.divide(S, ops.where(ops.less(0, largest), largest, 1));
  return rowRotation(ops, ops.add(scaled, ops.multiply(ops.norm(scaled), ops.identityMatrix(n))));
}

/** vᵢᵀ S vᵢ for the rows vᵢ of V. */
export const quotients = (ops: Ops, V: Tensor, S: Tensor): Tensor => ops.sum(ops.multiply(ops.matmul(V, S), V), 1);

/** Lengths of the rows of a matrix, 0 with derivative 0 where a row is 0. */
export function rowLengths(ops: Ops, rows: Tensor): Tensor {
  const squares = ops.sum(ops.multiply(rows, rows), 1);
  const isPositive = ops.less(0, squares);
  return ops.where(isPositive, ops.sqrt(ops.where(isPositive, squares, 1)), 0);
}

/** R with orthonormal rows, R A with orthogonal ones, and their lengths, the singular values of A[m, n], m ≤ n, in no order. */
export function singularRows(ops: Ops, A: Tensor): { rotation: Tensor; rows: Tensor; lengths: Tensor } {
  const rotation = rowRotation(ops, A);
  const rows = ops.matmul(rotation, A);
  const largest = ops.max(ops.abs(rows));
  const unit = ops.where(ops.less(0, largest), largest, 1); // squares neither vanish nor overflow
  return { rotation, rows, lengths: ops.multiply(unit, rowLengths(ops, ops.divide(rows, unit))) };
}

/** (S + Sᵀ)/2. */
export const symmetricPart = (ops: Ops, S: Tensor): Tensor => ops.multiply(0.5, ops.add(S, ops.transpose(S)));
