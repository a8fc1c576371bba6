import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { Machine } from './evaluate.ts';
import { decompose, type Matrix, pseudoinverse, transposed } from './matrix.ts';
import { NEWTON_SCHULZ, newtonSchulz, newtonSchulzLimit } from './newton-schulz.ts';
import { Ops } from './ops.ts';

/** Deterministic entries in [−1, 1]. */
const matrixOf = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + 12.9898 * i * (i + 3))),
});

/** U diag(σ) Vᵀ with σ from 1 down to 1/κ, evenly in the logarithm. */
function withCondition(rows: number, columns: number, kappa: number): Matrix {
  const { left, right, rank } = decompose(matrixOf(rows, columns));
  const data = new Float64Array(rows * columns);
  for (let k = 0; k < rank; k++) {
    const sigma = kappa ** (-k / Math.max(1, rank - 1));
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        data[i * columns + j] =
          at(data, i * columns + j) + sigma * at(left.data, i * rank + k) * at(right.data, j * rank + k);
  }
  return { rows, columns, data };
}

function run(matrix: Matrix, after: number): { X: Float64Array; iterations: number; residual: number } {
  const ops = new Ops();
  const A = ops.input('setting', 'A', [matrix.rows, matrix.columns]);
  const { pseudoinverse: X, iterations, residual } = newtonSchulz(ops, A, { after });
  const machine = new Machine(ops);
  machine.numbers(A.id).set(matrix.data);
  machine.procedure([X.id, iterations.id, residual.id])();
  return {
    X: machine.numbers(X.id),
    iterations: at(machine.numbers(iterations.id), 0),
    residual: at(machine.numbers(residual.id), 0),
  };
}

const product = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  columns: b.columns,
  data: Float64Array.from({ length: a.rows * b.columns }, (_, place) => {
    let sum = 0;
    for (let k = 0; k < a.columns; k++)
      sum +=
        at(a.data, Math.floor(place / b.columns) * a.columns + k) * at(b.data, k * b.columns + (place % b.columns));
    return sum;
  }),
});
const distance = (a: Matrix, b: Matrix): number =>
  Math.hypot(...a.data.map((entry, i) => entry - at(b.data, i))) / Math.hypot(...b.data);

describe('Newton–Schulz as a program, in Float64', () => {
  it.each([
    [1, 1],
    [1, 5],
    [2, 3],
    [6, 6],
    [9, 4],
    [8, 20],
  ])('meets the four Penrose conditions for a full-rank [%i, %i]', (rows, columns) => {
    const A = matrixOf(rows, columns);
    const { X: data, residual } = run(A, NEWTON_SCHULZ.afterFloat64);
    const X = { rows: columns, columns: rows, data };
    const [AX, XA] = [product(A, X), product(X, A)];
    const tolerance = 1e-15 * decompose(A).conditionNumber ** 2 + 1e-13;
    expect(distance(product(AX, A), A)).toBeLessThan(tolerance);
    expect(distance(product(X, AX), X)).toBeLessThan(tolerance);
    expect(distance(transposed(AX), AX)).toBeLessThan(tolerance);
    expect(distance(transposed(XA), XA)).toBeLessThan(tolerance);
    expect(residual).toBeLessThan(1e-4);
  });

  it.each([1, 1e2, 1e3, 1e4])(
    'needs at most 2·log₂κ + 10 iterations for κ = %f, and four after the residual falls below 0.3 reach 1e-8',
    (kappa) => {
      const A = withCondition(8, 32, kappa);
      const { X, iterations } = run(A, NEWTON_SCHULZ.after);
      expect(iterations).toBeLessThanOrEqual(2 * Math.log2(kappa) + 10);
      // ‖I − AX‖ ≤ 0.3^16 = 4e-9 bounds the relative error of X
      expect(distance({ rows: 32, columns: 8, data: X }, pseudoinverse(A))).toBeLessThan(1e-8);
    },
  );

  it('is not misled by one small singular value, where the residual stands still for many iterations', () => {
    const A = withCondition(8, 32, 1);
    const { left, right, rank } = decompose(A);
    const data = A.data.map(
      (entry, p) => entry - (1 - 1e-4) * at(left.data, Math.floor(p / 32) * rank) * at(right.data, (p % 32) * rank),
    );
    const weak = { ...A, data };
    const { X, iterations } = run(weak, NEWTON_SCHULZ.after);
    expect(iterations).toBeGreaterThan(20);
    expect(iterations).toBeLessThan(newtonSchulzLimit(1e4));
    expect(distance({ rows: 32, columns: 8, data: X }, pseudoinverse(weak))).toBeLessThan(1e-8);
  });

  it('takes badly scaled rows for what they are: no harder than well scaled ones', () => {
    const A = withCondition(6, 24, 1);
    const scaled = { ...A, data: A.data.map((entry, p) => entry * 10 ** (Math.floor(p / 24) - 3)) };
    const { X, iterations } = run(scaled, NEWTON_SCHULZ.after);
    expect(iterations).toBeLessThanOrEqual(12);
    expect(distance({ rows: 24, columns: 6, data: X }, pseudoinverse(scaled))).toBeLessThan(1e-7);
  });
});
