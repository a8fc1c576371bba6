/** A⁺ of a matrix that changes from step to step, as a program of plain operations: one-sided Jacobi on the rows. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Sweeps until m rows are orthogonal to float32 precision: convergence is quadratic, but begins later the more rows there are. */
const sweepsFor = (rows: number): number => (rows <= 6 ? 5 : 6 + Math.ceil(Math.log2(rows)));

/** Singular values below this times the largest count as 0: in float32 smaller ones are rounding. */
const CUTOFF = 1e-5;

/** Rows of a matrix that changes from step to step, whose pseudoinverse is affordable in each. */
export const MOVING_ROWS_LIMIT = 32;

/** Products of two rows in a sweep up to which A⁺ is a short program: each pair is written out. */
const MOST_OF_A_SWEEP = 1 << 13;

/** Whether A⁺ of a moving A[rows, columns] is a short program; beside it, least squares by products with A are. */
export function isShortInverse(rows: number, columns: number): boolean {
  const [few, many] = rows < columns ? [rows, columns] : [columns, rows];
  return rows <= MOVING_ROWS_LIMIT && (few <= 2 || few * few * many <= MOST_OF_A_SWEEP);
}

/** Rows whose cosine is below this are orthogonal. */
const ORTHOGONAL = 1e-12;

/** Rotated rows W = R A and the rotation R[m, m], row by row. */
interface Rows {
  readonly rotated: readonly Tensor[];
  readonly rotation: readonly Tensor[];
}

/**
 * A⁺[n, m] for A[m, n], any rank: R A = W with orthogonal rows wᵢ, hence A⁺ = Σ wᵢ rᵢᵀ / ‖wᵢ‖², over the rows that are not 0.
 * The smaller of the two dimensions is rotated. Source: Hestenes 1958; Golub & Van Loan 2013, §8.6.3.
 */
export function jacobiPinv(ops: Ops, A: Tensor): Tensor {
  invariant(A.shape.length === 2, 'a matrix');
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  if (m > n) return ops.transpose(jacobiPinv(ops, ops.transpose(A)));
  const identity = ops.identityMatrix(m);
  const rows: Rows = {
    rotated: range(m).map((i) => ops.row(A, i)),
    rotation: range(m).map((i) => ops.row(identity, i)),
  };
  const { rotated, rotation } = m <= 2 ? sweep(ops, rows) : sweeps(ops, rows);
  const squares = rotated.map((row) => ops.dot(row, row));
  const largest = squares.reduce((a, b) => ops.maximum(a, b));
  const scaled = rotation.map((row, i) => {
    const square = at(squares, i);
    const isKept = ops.less(ops.multiply(CUTOFF * CUTOFF, largest), square);
    return ops.multiply(row, ops.where(isKept, ops.divide(1, ops.where(isKept, square, 1)), 0));
  });
  return ops.matmul(ops.transpose(stack(ops, rotated)), stack(ops, scaled));
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const stack = (ops: Ops, rows: readonly Tensor[]): Tensor => {
  const width = at(at(rows, 0).shape, 0);
  return ops.assemble(
    rows.map((part, i) => ({ part, view: { offset: i * width, strides: [1] } })),
    [rows.length, width],
  );
};

function sweeps(ops: Ops, { rotated, rotation }: Rows): Rows {
  const m = rotated.length;
  const results = ops.repeat(sweepsFor(m), [...rotated, ...rotation], (carried) => {
    const swept = sweep(ops, { rotated: carried.slice(0, m), rotation: carried.slice(m) });
    return [...swept.rotated, ...swept.rotation];
  });
  return { rotated: results.slice(0, m), rotation: results.slice(m) };
}

/** One rotation of every pair of rows. */
function sweep(ops: Ops, rows: Rows): Rows {
  const rotated = [...rows.rotated];
  const rotation = [...rows.rotation];
  for (let p = 0; p < rotated.length; p++) {
    for (let q = p + 1; q < rotated.length; q++) {
      const { c, s } = angle(ops, at(rotated, p), at(rotated, q));
      for (const list of [rotated, rotation]) {
        const [a, b] = [at(list, p), at(list, q)];
        list[p] = ops.subtract(ops.multiply(c, a), ops.multiply(s, b));
        list[q] = ops.add(ops.multiply(s, a), ops.multiply(c, b));
      }
    }
  }
  return { rotated, rotation };
}

/** Cosine and sine of the rotation that makes two rows orthogonal: the smaller of the two angles. */
function angle(ops: Ops, a: Tensor, b: Tensor): { c: Tensor; s: Tensor } {
  const [alpha, beta, gamma] = [ops.dot(a, a), ops.dot(b, b), ops.dot(a, b)];
  const isOblique = ops.less(ops.multiply(ORTHOGONAL, ops.sqrt(ops.multiply(alpha, beta))), ops.abs(gamma));
  const zeta = ops.divide(ops.subtract(beta, alpha), ops.multiply(2, ops.where(isOblique, gamma, 1)));
  const size = ops.add(ops.abs(zeta), ops.sqrt(ops.add(1, ops.multiply(zeta, zeta))));
  const tangent = ops.divide(ops.where(ops.less(zeta, 0), -1, 1), size);
  const cosine = ops.divide(1, ops.sqrt(ops.add(1, ops.multiply(tangent, tangent))));
  return { c: ops.where(isOblique, cosine, 1), s: ops.where(isOblique, ops.multiply(cosine, tangent), 0) };
}
