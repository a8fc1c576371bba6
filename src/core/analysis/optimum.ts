/** The optimum of a small constrained problem, in Float64, with the KKT residual and a look around as its evidence. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import { finished, type Stages } from '../stages.ts';
import { type Matrix, matrixVector, nullSpaceBasis, pseudoinverse } from '../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../tensor/norms.ts';
import { type Arrival, interiorPointStages } from './interior-point.ts';
import { kinksOf } from './kinks.ts';
import { MultiplierSolver } from './kkt.ts';
import { type Local, lossAt, type Model, modelOf, type SmoothModel } from './model.ts';

export interface Optimum {
  readonly x: readonly number[];
  /** f as typed: without the terms of soft constraints, which count when the optimum is looked for. */
  readonly loss: number;
  /** One a row in the order typed: λ, and μ ≥ 0, which is 0 where inactive; of least norm where rows depend on each other. */
  readonly multipliers: readonly number[];
  /** max(‖∇f + Jᵀm‖ / (1 + ‖∇f‖), largest violation / (1 + |x|∞)). */
  readonly kktResidual: number;
}

/** The Hessian is formed entry by entry: for small problems only. */
const SIZE_LIMIT = 40;
const ROWS_LIMIT = 120;
/** Variables that stand for absolute values. */
const LIFT_LIMIT = 40;
/** Points from which a problem that is not known to be convex is tried, */
const STARTS = 60;
/** until the lowest value was found so often. */
const ENOUGH = 10;
/** Every other point keeps near the side on which it starts: from the middle of a set many end at the same corner. */
const NEAR_BARRIER = 1e-4;
/** How far from x₀ points are tried, relative to the size of its entries. */
const RADII = [0.5, 2, 8];
/** Work in all, in entries computed: a costly problem is tried from fewer points, and one beyond it from none. */
const WORK = 1.5e7;
/** Iterations that a start takes, about. */
const TYPICAL_ITERATIONS = 50;
/** Below it a point counts as stationary and feasible. */
const TOLERANCE = 1e-8;
const POLISHING = 12;
/** Larger forces of the constraints, next to the gradient, are those of a point without multipliers: there no claim is made. */
const LARGEST_FORCE = 1e4;
/** A Newton step below this, relatively, is rest. */
const REST = 1e-3;
/** A slack or multiplier below this, relatively, may be 0. */
const WEAK = 1e-6;

/**
 * The lowest local minimum that is reached from x₀ and from seeded points around it: an interior-point method, then Newton's
 * method on the KKT system of the active rows. Null where none was reached with a KKT residual ≤ 1e-8, multipliers of ordinary
 * size and no lower feasible point beside it; for more than 40 parameters; and where the loss falls without bound. Of a convex
 * problem it is an optimum (one of them, where there are several); of any other the best that was found. `isQuadratic`: the
 * loss is quadratic and the constraints are affine.
 * Source: Nocedal & Wright 2006, §12.3–12.5 (conditions), §19.2–19.3 (interior points).
 */
export const findOptimum = (...asked: Parameters<typeof searchOptimum>): Optimum | null =>
  finished(searchOptimum(...asked));

/**
 * `findOptimum`, with pauses. Where the feasible set is convex and its nearest points are known, `onto` gives them: then projected
 * gradients find what interior points do not, as among matrices whose eigenvectors turn; a convex quadratic's optimum at once.
 */
export function* searchOptimum(
  problem: Problem,
  isQuadratic: boolean,
  convexSet?: { readonly onto: (x: Float64Array) => Float64Array; readonly isLossQuadratic: boolean },
): Stages<Optimum | null> {
  const rows = problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  if (problem.size === 0 || problem.size > SIZE_LIMIT || rows > ROWS_LIMIT) return null;
  const model = modelOf(problem, kinksOf(problem));
  if (model.size > SIZE_LIMIT + LIFT_LIMIT) return null;
  const affordable = Math.floor(WORK / (TYPICAL_ITERATIONS * model.cost));
  if (affordable === 0) return null;
  const isConvexLoss = (isQuadratic || convexSet?.isLossQuadratic) && isConvex(model);
  if (convexSet && isConvexLoss && !isQuadratic) {
    const found = yield* projectedOptimum(problem, model, convexSet.onto);
    if (found) return told(problem, model, found);
  }
  const tries = isQuadratic && isConvexLoss ? 1 : Math.min(STARTS, affordable);
  const queue = startsAround(startOf(problem), tries).map((start) => model.lift(start));
  let best: Optimum | null = null;
  let times = 0;
  for (let k = 0; k < queue.length && times < ENOUGH; k++) {
    yield;
    const arrival = yield* interiorPointStages(model, at(queue, k), k % 2 === 1 ? NEAR_BARRIER : undefined);
    const found = arrival && polished(model, arrival);
    if (!found) continue;
    const look = lookAround(model, found);
    if (look.isUnbounded) return null;
    if (look.lower) {
      if (queue.length < 2 * tries + 1) queue.push(look.lower); // on from there
      continue;
    }
    const equal = best && Math.abs(found.loss - best.loss) <= 1e-9 * (1 + Math.abs(best.loss));
    if (equal) times += 1;
    else if (best === null || found.loss < best.loss) {
      best = found;
      times = 1;
    }
  }
  if (best === null && convexSet) best = yield* projectedOptimum(problem, model, convexSet.onto);
  if (best === null) return null;
  return told(problem, model, best);
}

/** In the typed entries and rows, with the typed loss. */
function told(problem: Problem, model: SmoothModel, best: Optimum): Optimum {
  const x = best.x.slice(0, problem.size);
  const loss = problem.soft.length > 0 ? lossAt(problem, x) : best.loss;
  return { ...best, x, loss, multipliers: model.typedMultipliers(best.multipliers) };
}

/** Where projected gradients end, if that is a KKT point with nothing lower beside it. */
function* projectedOptimum(
  problem: Problem,
  model: SmoothModel,
  onto: (x: Float64Array) => Float64Array,
): Stages<Optimum | null> {
  const x = yield* projectedGradients(model, onto(startOf(problem)), onto, problem.size);
  const found = x && polished(model, { x, multipliers: new Float64Array(model.relations.length) });
  return found && !lookAround(model, found).lower ? found : null;
}

/** Steps of projected gradients. */
const PROJECTED_STEPS = 3000;

/**
 * x ← P(x − α∇f) with α halved until f falls as its slope promises, until x stands still; null where it does not.
 * Source: Beck 2017, First-Order Methods in Optimization, §10.3–10.4.
 */
function* projectedGradients(
  model: SmoothModel,
  start: Float64Array,
  onto: (x: Float64Array) => Float64Array,
  size: number,
): Stages<Float64Array | null> {
  if (model.size !== size) return null;
  let [x, step] = [start, 1];
  for (let k = 0; k < PROJECTED_STEPS; k++) {
    if (k % 10 === 9) yield;
    const { loss, gradient } = model.at(x);
    if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) return null;
    for (let halvings = 0; ; halvings++) {
      const next = onto(x.map((entry, i) => entry - step * at(gradient, i)));
      const change = next.map((entry, i) => entry - at(x, i));
      const square = euclideanNorm(change) ** 2;
      const promised = change.reduce((sum, entry, i) => sum + entry * at(gradient, i), 0) + square / (2 * step);
      const rounding = 1e-15 * (1 + Math.abs(loss));
      if (model.values(next).loss <= loss + promised + rounding) {
        x = next;
        if (Math.sqrt(square) <= 1e-13 * (1 + maximumNorm(x))) return x;
        step *= 1.5;
        break;
      }
      if (halvings > 60) return x;
      step /= 2;
    }
  }
  return null;
}

/** Whether the loss of a quadratic program does not curve downwards. */
function isConvex(model: Model): boolean {
  const n = model.size;
  const { data } = model.hessian(new Float64Array(n), new Float64Array(model.relations.length));
  const { realEigenvalues } = new EigenvalueDecomposition(Dense.from1DArray(n, n, data), { assumeSymmetric: true });
  return realEigenvalues.every((eigenvalue) => eigenvalue >= -1e-10 * maximumNorm(data));
}

/** x₀, then pairs of opposite points around it, near and far in turn: a fixed sequence, so that the same text has the same optimum. */
function startsAround(start: Float64Array, count: number): Float64Array[] {
  const random = draws(1);
  const starts = [start];
  for (let k = 0; starts.length < count; k++) {
    const radius = at(RADII, k % RADII.length);
    const offset = start.map((entry) => radius * (1 + 0.5 * Math.abs(entry)) * (2 * random.uniform() - 1));
    for (const sign of [1, -1]) starts.push(start.map((entry, i) => entry + sign * at(offset, i)));
  }
  return starts.slice(0, count);
}

/** Equalities, and inequalities without room or with a multiplier larger than their room. */
const activeRows = (model: Model, { residual }: Local, x: Float64Array, multipliers: Float64Array): number[] =>
  model.relations.flatMap((relation, row) => {
    const value = at(residual, row);
    const isActive = value >= -WEAK * (1 + maximumNorm(x)) || at(multipliers, row) > -value;
    return relation === 'equality' || isActive ? [row] : [];
  });

/** Newton's method on ∇L = 0, r = 0 of the equalities and the active inequalities; the better of both ends. Null where it is no KKT point. */
function polished(model: Model, arrival: Arrival): Optimum | null {
  let best = graded(model, arrival.x);
  let { x } = arrival;
  let multipliers: Float64Array = arrival.multipliers;
  for (let k = 0; k < POLISHING && (best === null || best.kktResidual > 1e-15); k++) {
    const here = model.at(x);
    const next = newtonStep(model, here, x, activeRows(model, here, x, multipliers), multipliers);
    if (next === null) break;
    x = next;
    const grade = graded(model, x);
    if (grade === null) break;
    const isBetter = best === null || grade.kktResidual < 0.9 * best.kktResidual;
    if (isBetter) best = grade;
    multipliers = Float64Array.from(grade.multipliers);
    if (!isBetter && k > 3) break;
  }
  return best && best.kktResidual <= TOLERANCE && isOrdinary(model, best) && staysThere(model, best) ? best : null;
}

/** Whether Newton's method rests at the point: where the loss only flattens out on the way to infinity, it does not. */
function staysThere(model: Model, { x, multipliers }: Optimum): boolean {
  const [point, weights] = [Float64Array.from(x), Float64Array.from(multipliers)];
  const here = model.at(point);
  const next = newtonStep(model, here, point, activeRows(model, here, point, weights), weights);
  const step = next?.map((entry, i) => entry - at(point, i));
  return step !== undefined && maximumNorm(step) <= REST * (1 + maximumNorm(point));
}

/** Forces |mᵢ|·‖Jᵢ‖ far beyond ‖∇f‖, which cancel each other, belong to a point that has no multipliers. */
function isOrdinary(model: Model, { x, multipliers }: Optimum): boolean {
  const { gradient, jacobian } = model.at(Float64Array.from(x));
  const bound = LARGEST_FORCE * (1 + euclideanNorm(gradient));
  return multipliers.every((entry, row) => Math.abs(entry) * euclideanNorm(rowsOf(jacobian, [row]).data) <= bound);
}

/** A point with its multipliers of least residual; null where something is not finite. */
function graded(model: Model, x: Float64Array): Optimum | null {
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

/** x + p with W p + J_Aᵀ m = −∇f, J_A p = −r_A, in the sense of least squares; null where W is not finite. */
function newtonStep(
  model: Model,
  here: Local,
  x: Float64Array,
  active: readonly number[],
  multipliers: Float64Array,
): Float64Array | null {
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
    }
    right[n + k] = -at(here.residual, row);
  });
  const solution = matrixVector(pseudoinverse({ rows: size, columns: size, data }, 1e-13), right);
  const next = x.map((entry, i) => entry + at(solution, i));
  return next.every(Number.isFinite) ? next : null;
}

/** How far around a point is looked, relative to its size. */
const LOOKS = [1e-3, 1e-2, 0.1, 1];

interface Look {
  /** A feasible point that is lower. */
  readonly lower: Float64Array | null;
  readonly isUnbounded: boolean;
}

/**
 * Along the directions that the active rows leave and in which the Lagrangian does not curve upwards, first the steepest
 * downward one: a lower feasible point, where there is one. At a strict minimum there are no such directions.
 */
function lookAround(model: Model, found: Optimum): Look {
  const x = Float64Array.from(found.x);
  const here = model.at(x);
  const strong = model.relations.flatMap((relation, row) =>
    relation === 'equality' || at(found.multipliers, row) > WEAK ? [row] : [],
  );
  const J = rowsOf(here.jacobian, strong);
  const Z = nullSpaceBasis(J.rows === 0 ? { rows: 0, columns: x.length, data: new Float64Array(0) } : J);
  if (Z.columns === 0) return { lower: null, isUnbounded: false };
  const W = model.hessian(x, Float64Array.from(found.multipliers));
  if (!W.data.every(Number.isFinite)) return { lower: null, isUnbounded: false };
  const basis = Dense.from1DArray(Z.rows, Z.columns, Z.data);
  const reduced = basis
    .transpose()
    .mmul(Dense.from1DArray(W.rows, W.columns, W.data))
    .mmul(basis);
  const { realEigenvalues, eigenvectorMatrix: V } = new EigenvalueDecomposition(reduced, { assumeSymmetric: true });
  const scale = Math.max(1, ...realEigenvalues.map(Math.abs));
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => at(realEigenvalues, a) - at(realEigenvalues, b));
  for (const k of order) {
    if (at(realEigenvalues, k) > 1e-6 * scale) break;
    const along = matrixVector(Z, V.getColumn(k));
    for (const look of LOOKS)
      for (const sign of [1, -1]) {
        const length = sign * look * (1 + maximumNorm(x));
        const trial = restored(
          model,
          x.map((entry, i) => entry + length * at(along, i)),
        );
        if (trial === null) continue;
        const { loss } = model.values(trial);
        if (loss < found.loss - 1e-9 * (1 + Math.abs(found.loss))) return { lower: trial, isUnbounded: loss < -1e12 };
      }
  }
  return { lower: null, isUnbounded: false };
}

/** The point brought back to the rows that it violates by Gauss–Newton steps; null where it does not get there. */
function restored(model: Model, from: Float64Array): Float64Array | null {
  let x = from;
  for (let k = 0; k < 8; k++) {
    const here = model.at(x);
    const bound = 1e-12 * (1 + maximumNorm(x));
    const violated = model.relations.flatMap((relation, row) => {
      const residual = at(here.residual, row);
      return (relation === 'equality' ? Math.abs(residual) : residual) > bound || Number.isNaN(residual) ? [row] : [];
    });
    if (violated.length === 0) return x;
    const J = rowsOf(here.jacobian, violated);
    if (!J.data.every(Number.isFinite)) return null;
    const step = matrixVector(
      pseudoinverse(J),
      violated.map((row) => at(here.residual, row)),
    );
    x = x.map((entry, i) => entry - at(step, i));
  }
  return null;
}

const rowsOf = ({ columns, data }: Matrix, rows: readonly number[]): Matrix => ({
  rows: rows.length,
  columns,
  data: Float64Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])),
});
