/** How good a float32 pseudoinverse is, measured in Float64. For tests and for the bench. */
import { at } from '../../core/diagnostic.ts';
import { type Matrix, spectrum, transposed } from '../../core/tensor/matrix.ts';
import { seeded } from '../kernels/seeded.ts';

/** Relative to float32: 2⁻²³. */
export const EPSILON = 2 ** -23;

/** A[rows, columns] with singular values from 1 to 1/κ, evenly in the logarithm, rounded to float32. */
export function matrixWithCondition(rows: number, columns: number, kappa: number, seed: number): Matrix {
  const next = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const rank = Math.min(rows, columns);
  const left = orthonormalColumns(rows, rank, normal);
  const right = orthonormalColumns(columns, rank, normal);
  const scaled = left.data.map((entry, i) => entry * kappa ** (-(i % rank) / Math.max(1, rank - 1)));
  const product = multiply({ ...left, data: scaled }, transposed(right));
  return { ...product, data: product.data.map(Math.fround) };
}

function orthonormalColumns(rows: number, columns: number, normal: () => number): Matrix {
  const data = new Float64Array(rows * columns).map(normal);
  for (let pass = 0; pass < 2; pass++) {
    // Gram–Schmidt, twice for orthogonality to rounding
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < j; k++) {
        let product = 0;
        for (let i = 0; i < rows; i++) product += at(data, i * columns + j) * at(data, i * columns + k);
        for (let i = 0; i < rows; i++)
          data[i * columns + j] = at(data, i * columns + j) - product * at(data, i * columns + k);
      }
      let squares = 0;
      for (let i = 0; i < rows; i++) squares += at(data, i * columns + j) ** 2;
      for (let i = 0; i < rows; i++) data[i * columns + j] = at(data, i * columns + j) / Math.sqrt(squares);
    }
  }
  return { rows, columns, data };
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = at(a.data, i * a.columns + k);
      for (let j = 0; j < b.columns; j++)
        data[i * b.columns + j] = at(data, i * b.columns + j) + factor * at(b.data, k * b.columns + j);
    }
  }
  return { rows: a.rows, columns: b.columns, data };
}

const norm = (data: Float64Array): number => Math.sqrt(data.reduce((sum, entry) => sum + entry * entry, 0));

const distance = (a: Matrix, b: Matrix): number => norm(a.data.map((entry, i) => entry - at(b.data, i))) / norm(b.data);

/** ‖AXA − A‖/‖A‖, ‖XAX − X‖/‖X‖, ‖AX − (AX)ᵀ‖/‖AX‖, ‖XA − (XA)ᵀ‖/‖XA‖, Frobenius norms. Source: Penrose 1955. */
export function penroseResiduals(A: Matrix, X: Matrix): readonly [number, number, number, number] {
  const [AX, XA] = [multiply(A, X), multiply(X, A)];
  return [
    distance(multiply(AX, A), A),
    distance(multiply(X, AX), X),
    distance(transposed(AX), AX),
    distance(transposed(XA), XA),
  ];
}

/** ‖Ax − b‖ / (‖A‖‖x‖ + ‖b‖) with the spectral norm of A. */
export function relativeInfeasibility(
  A: Matrix,
  x: ArrayLike<number>,
  b: Float64Array,
  spectralNorm = spectrum(A).singularValues[0] ?? 0,
): number {
  const point = Float64Array.from(x);
  const residual = multiply(A, { rows: A.columns, columns: 1, data: point }).data.map((entry, i) => entry - at(b, i));
  return norm(residual) / (spectralNorm * norm(point) + norm(b));
}
