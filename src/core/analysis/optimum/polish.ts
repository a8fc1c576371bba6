/** From where a search ended to a KKT point, by Newton's method on the rows that are active there. */
import { at } from '../../diagnostic.ts';
import { type Matrix, matrixVector, pseudoinverse, selectRows } from '../../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { blocksOf } from '../affine/blocks.ts';
import type { Arrival } from './interior-point.ts';
import { MultiplierSolver } from './kkt.ts';
import type { Local, Model } from './model.ts';
import { solveRegularized } from './regular-system.ts';

/** Below it a point counts as stationary and feasible. */
export const TOLERANCE = 1e-8;
const POLISHING = 12;
/** Larger forces of the constraints, next to the gradient, are those of a point without multipliers: there no claim is made. */
const LARGEST_FORCE = 1e4;
/** The same of how the forces bend, next to the loss: those of a row that has next to no slope where it is met, as x² = 0. */
const LARGEST_BEND = 1e6;
/** A KKT residual of this size is rounding. */
const EXACT = 1e-14;
/** Larger systems take too long to decompose. */
const MOST_DECOMPOSED = 90;
/** A Newton step below this, relatively, is rest. */
const REST = 1e-3;
/** What is left of a slope beside the forces that cancel in it, for each parameter. */
const SLOPE_ROUNDING = 1e-14;
/** A singular value of a block of the KKT system below this, relative to its largest, is 0. */
const NO_CURVATURE = 1e-13;
/** A slack or multiplier below this, relatively, may be 0. */
export const WEAK = 1e-6;

/** A point with its multipliers, and how far both are from the KKT conditions. */
export interface GradedPoint {
  readonly x: readonly number[];
  /** f as typed: without the terms of soft constraints, which count when the optimum is looked for. */
  readonly loss: number;
  /** One a row in the order typed: λ, and μ ≥ 0, which is 0 where inactive; of least norm where rows depend on each other. */
  readonly multipliers: readonly number[];
  /** max(‖∇f + Jᵀm‖ / (1 + ‖∇f‖), largest violation / (1 + |x|∞)). */
  readonly kktResidual: number;
}

/** Equalities, and inequalities without room or with a multiplier larger than their room. */
const activeRows = (model: Model, { residual }: Local, x: Float64Array, multipliers: Float64Array): number[] =>
  model.relations.flatMap((relation, row) => {
    const value = at(residual, row);
    const isActive = value >= -WEAK * (1 + maximumNorm(x)) || at(multipliers, row) > -value;
    return relation === 'equality' || isActive ? [row] : [];
  });

/** Newton's method on ∇L = 0, r = 0 of the equalities and the active inequalities; the better of both ends. Null where it is no KKT point. */
export function polished(model: Model, arrival: Arrival): GradedPoint | null {
  let best = graded(model, arrival.x);
  let { x } = arrival;
  let multipliers: Float64Array = arrival.multipliers;
  for (let k = 0; k < POLISHING && (best === null || best.kktResidual > 1e-15); k++) {
    const here = model.at(x);
    const next = newtonStep(model, here, x, activeRows(model, here, x, multipliers), multipliers);
    if (next === null) break;
    x = next.next;
    const grade = graded(model, x);
    if (grade === null) break;
    const isBetter = best === null || grade.kktResidual < 0.9 * best.kktResidual;
    if (isBetter) best = grade;
    multipliers = Float64Array.from(grade.multipliers);
    if (!isBetter && k > 3) break;
  }
  if (best === null || best.kktResidual > TOLERANCE || !isOrdinary(model, best)) return null;
  const step = newtonFrom(model, best);
  if (step === null || step.isLeavingSlope) return null;
  const { next } = step;
  const move = next.map((entry, i) => entry - at(best.x, i));
  if (maximumNorm(move) > REST * (1 + maximumNorm(best.x))) return null;
  const last = graded(model, next);
  return last && last.kktResidual <= Math.max(best.kktResidual, EXACT) && slackOf(model, last) < slackOf(model, best)
    ? last
    : best;
}

/** max |m·r| of the inequalities: how far they are from being met exactly or having no force. */
const slackOf = (model: Model, { x, multipliers }: GradedPoint): number => {
  const { residual } = model.values(Float64Array.from(x));
  return model.relations.reduce(
    (most, relation, row) =>
      relation === 'equality' ? most : Math.max(most, Math.abs(at(multipliers, row) * at(residual, row))),
    0,
  );
};

/** Where Newton's method goes next: it rests at a minimum, and not where the loss only flattens out on the way to infinity. */
function newtonFrom(model: Model, { x, multipliers }: GradedPoint): NewtonStep | null {
  const [point, weights] = [Float64Array.from(x), Float64Array.from(multipliers)];
  const here = model.at(point);
  return newtonStep(model, here, point, activeRows(model, here, point, weights), weights);
}

/**
 * Forces |mᵢ|·‖Jᵢ‖ far beyond ‖∇f‖, which cancel each other, belong to a point that has no multipliers; so do those of rows that lose
 * their slope where they are met, whose multipliers grow as it goes: there Σ mᵢ∇²rᵢ is large, or Σ |mᵢ rᵢ|, by which the loss is off.
 */
function isOrdinary(model: Model, { x, multipliers, loss }: GradedPoint): boolean {
  const point = Float64Array.from(x);
  const { gradient, jacobian, residual } = model.at(point);
  const slope = 1 + euclideanNorm(gradient);
  const isLight = multipliers.every(
    (entry, row) => Math.abs(entry) * rowLength({ jacobian }, row) <= LARGEST_FORCE * slope,
  );
  const off = multipliers.reduce((sum, entry, row) => sum + Math.abs(entry * at(residual, row)), 0);
  if (!isLight || off > TOLERANCE * (1 + Math.abs(loss))) return false;
  const bend = (weights: ArrayLike<number>) => model.hessian(point, Float64Array.from(weights)).data;
  const plain = bend(new Float64Array(multipliers.length));
  const ofRows = bend(multipliers).map((entry, i) => entry - at(plain, i));
  return (
    !ofRows.every(Number.isFinite) ||
    maximumNorm(ofRows) * (1 + maximumNorm(point)) <= LARGEST_BEND * (slope + maximumNorm(plain))
  );
}

const rowLength = ({ jacobian }: Pick<Local, 'jacobian'>, row: number): number =>
  euclideanNorm(selectRows(jacobian, [row]).data);

/** A point with its multipliers of least residual; null where something is not finite. */
export function graded(model: Model, x: Float64Array): GradedPoint | null {
  const { loss, gradient, residual, jacobian } = model.at(x);
  if (!Number.isFinite(loss) || ![gradient, residual, jacobian.data].every((values) => values.every(Number.isFinite)))
    return null;
  const violation = model.relations.reduce(
    (most, relation, row) => Math.max(most, relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)),
    0,
  );
  const largest = maximumNorm(x);
  const { multipliers, stationarity } = new MultiplierSolver().solve(
    gradient,
    { relations: model.relations, jacobian: jacobian.data, residual },
    largest,
  );
  return {
    x: [...x],
    loss,
    multipliers: [...multipliers],
    kktResidual: Math.max(stationarity / (1 + euclideanNorm(gradient)), violation / (1 + largest)),
  };
}

interface NewtonStep {
  readonly next: Float64Array;
  /** Whether more than rounding is left of the slope where the loss is too flat for a step: there it may still fall. */
  readonly isLeavingSlope: boolean;
}

/**
 * x + p with W p + J_Aᵀ Δm = −(∇f + J_Aᵀ m), J_A p = −r_A: the least (p, Δm) where there are many, so that it rests on a curve of minima,
 * as of a product of factors. Null where W is not finite.
 */
function newtonStep(
  model: Model,
  here: Local,
  x: Float64Array,
  active: readonly number[],
  multipliers: Float64Array,
): NewtonStep | null {
  const [n, m] = [x.length, active.length];
  const W = model.hessian(x, multipliers);
  if (!W.data.every(Number.isFinite)) return null;
  const size = n + m;
  const data = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) data[i * size + j] = at(W.data, i * n + j);
    right[i] = -at(here.gradient, i);
  }
  active.forEach((row, k) => {
    for (let j = 0; j < n; j++) {
      const entry = at(here.jacobian.data, row * n + j);
      data[(n + k) * size + j] = entry;
      data[j * size + n + k] = entry;
      right[j] = at(right, j) - at(multipliers, row) * entry;
    }
    right[n + k] = -at(here.residual, row);
  });
  const solution =
    size <= MOST_DECOMPOSED
      ? leastSolution({ rows: size, columns: size, data }, right)
      : solveRegularized(data, right, (i) => (i < n ? 1 : -1));
  if (solution === null) return null;
  const next = x.map((entry, i) => entry + at(solution, i));
  if (!next.every(Number.isFinite)) return null;
  const left = matrixVector({ rows: size, columns: size, data }, solution)
    .map((entry, i) => Math.abs(entry - at(right, i)))
    .subarray(0, n);
  const square = left.reduce((sum, entry) => sum + entry * entry, 0);
  const rounding = left.reduce(
    (sum, entry, i) => sum + entry * sizeOfSlope(data, here, x, multipliers, active, i), // times |left|
    0,
  );
  return { next, isLeavingSlope: square > SLOPE_ROUNDING * n * rounding };
}

/** K⁺b, where what is 0 is seen beside the block of K that it is in: a loss may flatten out in some entries while others are steep. */
function leastSolution(K: Matrix, b: Float64Array): Float64Array {
  const solution = new Float64Array(K.columns);
  for (const { rows, columns, matrix } of blocksOf(K)) {
    if (columns.length === 0) continue;
    const right = Float64Array.from(rows, (row) => at(b, row));
    const own = matrixVector(pseudoinverse(matrix, NO_CURVATURE), right);
    columns.forEach((column, k) => {
      solution[column] = at(own, k);
    });
  }
  return solution;
}

/**
 * Of what cancels in the i-th slope of the Lagrangian: |∇f|ᵢ + Σⱼ |Wᵢⱼ|·(1 + |xⱼ|) + Σₖ |mₖ| |Jₖ|∞, with K = [W Jᵀ; J 0] in `data`. Where
 * the slope of a row comes from singular vectors, all its entries are as exact as the largest.
 */
function sizeOfSlope(
  K: Float64Array,
  { gradient }: Local,
  x: Float64Array,
  multipliers: Float64Array,
  active: readonly number[],
  i: number,
): number {
  const [n, size] = [x.length, x.length + active.length];
  const row = K.subarray(i * size);
  const bend = x.reduce((sum, entry, j) => sum + Math.abs(at(row, j)) * (1 + Math.abs(entry)), 0);
  const force = active.reduce((sum, k, j) => {
    const start = (n + j) * size;
    return sum + Math.abs(at(multipliers, k)) * maximumNorm(K.subarray(start, start + n));
  }, 0);
  return Math.abs(at(gradient, i)) + bend + force;
}
