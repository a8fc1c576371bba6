/** The nearest matrix with orthonormal columns (or rows): the polar factor, by scaled Newton–Schulz iterations. */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Singular values from this times the Frobenius norm on are brought to 1; smaller ones are rounding. */
const LEAST = 1e-16;
/** The scale grows no further than for this lower bound: beyond it, the largest singular values would cancel. */
const DAMPED = 0.1;

const factorFor = (least: number): number => {
  const bound = Math.max(least, DAMPED);
  return Math.sqrt(3 / (1 + bound + bound * bound));
};

/** The factors of all turns: 2.47-fold growth while some singular value may be small, then quadratic convergence to 1. */
function factors(): number[] {
  const found: number[] = [];
  for (let least = LEAST; 1 - least > 1e-9; ) {
    const factor = factorFor(least);
    found.push(factor);
    least = (factor * least * (3 - factor * factor * least * least)) / 2;
  }
  return [...found, 1, 1];
}
const FACTORS = factors();

/**
 * U[m, n] with UᵀU = I (UUᵀ = I where m < n) nearest to A[m, n] in the Frobenius norm. X₀ = A/‖A‖_F, X ← αX(3I − α²XᵀX)/2. What A
 * leaves open, as its rank is deficient, is filled in by a fixed matrix: all such completions are equally near.
 * Sources: Higham 2008, Functions of Matrices, §8.3 and §8.6; Chen & Chow 2014 for the factors α.
 */
export function nearestOrthonormal(ops: Ops, A: Tensor): Tensor {
  invariant(A.shape.length === 2, 'nearestOrthonormal takes a matrix');
  const [m, n] = [at(A.shape, 0), at(A.shape, 1)];
  if (m < n) return ops.transpose(nearestOrthonormal(ops, ops.transpose(A)));
  const largest = ops.max(ops.abs(A));
  const scaled = ops.divide(A, ops.where(ops.less(0, largest), largest, 1));
  const length = ops.norm(scaled);
  const partial = iterated(ops, ops.divide(scaled, ops.where(ops.less(0, length), length, 1)));
  // X + (I − X Xᵀ) E (I − Xᵀ X): nothing is added where X is complete.
  const open = ops.subtract(ops.identityMatrix(n), ops.matmul(ops.transpose(partial), partial));
  const filling = ops.matmul(fixedMatrix(ops, m, n), open);
  const beside = ops.subtract(filling, ops.matmul(partial, ops.matmul(ops.transpose(partial), filling)));
  const complete = ops.add(partial, beside);
  return iterated(ops, ops.divide(complete, ops.maximum(ops.norm(complete), 1)));
}

function iterated(ops: Ops, start: Tensor): Tensor {
  const three = ops.multiply(3, ops.identityMatrix(at(start.shape, 1)));
  const [result] = ops.repeat(FACTORS.length, [start, ops.constant(LEAST)], ([X, least]) => {
    const bound = ops.maximum(least as Tensor, DAMPED);
    const square = ops.divide(3, ops.add(1, ops.add(bound, ops.multiply(bound, bound)))); // α²
    const half = ops.multiply(0.5, ops.sqrt(square));
    const gram = ops.multiply(square, ops.matmul(ops.transpose(X as Tensor), X as Tensor));
    const next = ops.multiply(half, ops.matmul(X as Tensor, ops.subtract(three, gram)));
    const lowest = ops.multiply(least as Tensor, least as Tensor);
    const grown = ops.multiply(ops.multiply(half, least as Tensor), ops.subtract(3, ops.multiply(square, lowest)));
    return [next, ops.minimum(grown, 1)];
  });
  return result as Tensor;
}

/** Entries in [−1, 1] without structure: a block of it is singular for no subspace that occurs. */
function fixedMatrix(ops: Ops, m: number, n: number): Tensor {
  const entries = Float64Array.from({ length: m * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return (i === j ? 0.75 : 0) + 0.25 * Math.cos(1 + Math.SQRT2 * (i + 1) * (j + 2) + Math.E * j);
  });
  return ops.constant(entries, [m, n]);
}

/** Coefficients of Muon's polynomial: small singular values grow 3.4-fold a turn, and all end between 0.68 and 1.13. */
const QUINTIC = [3.4445, -4.775, 2.0315] as const;
/** A matrix of a smaller norm than this is not brought to length 1. */
const SHORTEST = 1e-7;

/**
 * U S Vᵀ of A = U Σ Vᵀ, with the singular values in S near 1 but not at it: X₀ = A/max(‖A‖_F, 1e-7), then `turns` times
 * X ← a X + (b X Xᵀ + c (X Xᵀ)²) X. Where `nearestOrthonormal` converges, this goes faster and stays rough, which suits a descent
 * direction. Source: Jordan et al. 2024, Muon, with its coefficients.
 */
export function towardsOrthonormal(ops: Ops, A: Tensor, turns: number): Tensor {
  invariant(A.shape.length === 2, 'towardsOrthonormal takes a matrix');
  if (at(A.shape, 0) > at(A.shape, 1)) return ops.transpose(towardsOrthonormal(ops, ops.transpose(A), turns));
  const [a, b, c] = QUINTIC;
  const start = ops.divide(A, ops.maximum(ops.norm(A), SHORTEST));
  const [result] = ops.repeat(turns, [start], ([X]) => {
    const gram = ops.matmul(X as Tensor, ops.transpose(X as Tensor));
    const weights = ops.add(ops.multiply(b, gram), ops.multiply(c, ops.matmul(gram, gram)));
    return [ops.add(ops.multiply(a, X as Tensor), ops.matmul(weights, X as Tensor))];
  });
  return result as Tensor;
}
