/** Newton–Schulz for A⁺, iteration by iteration, in the arithmetic of the host and in that of a GPU: for its figure. */
import { at, invariant } from '../diagnostic.ts';
import { decompose, type Matrix, transposed } from './matrix.ts';
import { NEWTON_SCHULZ, newtonSchulzLimit } from './newton-schulz.ts';

export type Precision = 'float64' | 'float32';

export interface NewtonSchulzTrace {
  readonly precision: Precision;
  /** ‖I − A Xₖ‖_F for k = 0, 1, …; rows of A scaled. */
  readonly residuals: readonly number[];
  /** Singular values of A Xₖ, descending: 1 at the end for a matrix of full rank. */
  readonly singularValues: readonly (readonly number[])[];
  /** The iteration at which the rule stops; null where it does not within those that are shown. */
  readonly stopsAt: number | null;
}

/** Iterations shown after the rule has stopped: nothing changes any more. */
const BEYOND = 3;

/** Rows (the smaller side) and multiplications of one iteration beyond which the page would stand still. */
export const TRACE_LIMIT = { rows: 32, work: 400_000 } as const;

export function isTraceable({ rows, columns }: Matrix): boolean {
  const [least, most] = [Math.min(rows, columns), Math.max(rows, columns)];
  return least > 0 && least <= TRACE_LIMIT.rows && least * least * most <= TRACE_LIMIT.work;
}

/**
 * X₀ = Aᵀ/‖A Aᵀ‖∞, Xₖ₊₁ = Xₖ(2I − A Xₖ), as `newtonSchulz` has it, of any rank: each singular value s of A X becomes s(2 − s).
 * Both are followed for as many iterations as the slower needs. `float32` rounds after each operation. A[m, n] is `isTraceable`.
 */
export function traceNewtonSchulz(matrix: Matrix): {
  readonly float64: NewtonSchulzTrace;
  readonly float32: NewtonSchulzTrace;
} {
  invariant(isTraceable(matrix), 'the matrix is small enough to be followed');
  const A = scaledRows(matrix.rows > matrix.columns ? transposed(matrix) : matrix);
  const most = newtonSchulzLimit(NEWTON_SCHULZ.conditionLimit);
  const [float64, float32] = [follow(A, 'float64', most), follow(A, 'float32', most)];
  const last = Math.max(float64.stopsAt ?? most, float32.stopsAt ?? most);
  const shown = Math.min(most, last + BEYOND) + 1;
  const cut = (trace: NewtonSchulzTrace): NewtonSchulzTrace => ({
    ...trace,
    residuals: trace.residuals.slice(0, shown),
    singularValues: trace.singularValues.slice(0, shown),
  });
  return { float64: cut(float64), float32: cut(float32) };
}

function follow(A: Matrix, precision: Precision, most: number): NewtonSchulzTrace {
  const round = precision === 'float32' ? Math.fround : (value: number) => value;
  const after = precision === 'float32' ? NEWTON_SCHULZ.after : NEWTON_SCHULZ.afterFloat64;
  const a = { ...A, data: A.data.map(round) };
  let X = start(a, round);
  const residuals: number[] = [];
  const singularValues: (readonly number[])[] = [];
  let settled: number | null = null;
  for (let k = 0; k <= most; k++) {
    const product = multiply(a, X, round);
    const residual = distanceFromIdentity(product, round);
    if (!Number.isFinite(residual)) break;
    residuals.push(residual);
    singularValues.push(decompose(product, 0).singularValues);
    if (settled === null && residual < NEWTON_SCHULZ.settled) settled = k;
    const correction = product.data.map((entry, i) => round((i % (A.rows + 1) === 0 ? 2 : 0) - entry));
    X = multiply(X, { ...product, data: correction }, round);
  }
  const stopsAt = settled !== null && settled + after <= most ? settled + after : null;
  return { precision, residuals, singularValues, stopsAt };
}

type Round = (value: number) => number;

/** Aᵀ / ‖A Aᵀ‖∞. */
function start(A: Matrix, round: Round): Matrix {
  const turned = transposed(A);
  const gram = multiply(A, turned, round);
  let bound = 0;
  for (let i = 0; i < A.rows; i++) {
    let sum = 0;
    for (let j = 0; j < A.rows; j++) sum = round(sum + Math.abs(at(gram.data, i * A.rows + j)));
    bound = Math.max(bound, sum);
  }
  return { ...turned, data: turned.data.map((entry) => (bound > 0 ? round(entry / bound) : 0)) };
}

function multiply(a: Matrix, b: Matrix, round: Round): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++)
        sum = round(sum + round(at(a.data, i * a.columns + k) * at(b.data, k * b.columns + j)));
      data[i * b.columns + j] = sum;
    }
  }
  return { rows: a.rows, columns: b.columns, data };
}

function distanceFromIdentity({ rows, data }: Matrix, round: Round): number {
  let sum = 0;
  data.forEach((entry, i) => {
    const gap = round((i % (rows + 1) === 0 ? 1 : 0) - entry);
    sum = round(sum + round(gap * gap));
  });
  return round(Math.sqrt(sum));
}

/** Rows of length 1 to 2, by powers of two, as `newtonSchulz` scales them. */
function scaledRows(A: Matrix): Matrix {
  const lengths = Array.from({ length: A.rows }, (_, i) =>
    Math.hypot(...A.data.subarray(i * A.columns, (i + 1) * A.columns)),
  );
  const data = A.data.map((entry, i) => {
    const length = at(lengths, Math.floor(i / A.columns));
    return length > 0 ? entry * 2 ** -Math.floor(Math.log2(length)) : entry;
  });
  return { ...A, data };
}
