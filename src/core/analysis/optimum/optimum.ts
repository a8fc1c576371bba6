/** The optimum of a small constrained problem, in Float64, with the KKT residual and a look around as its evidence. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { draws } from '../../problem/draws.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { bentOf } from './corners.ts';
import { CONVEX_SIZE } from './curvature.ts';
import { flatteningDirection, isOneOfMany } from './flattening.ts';
import { FARTHEST, interiorPointStages } from './interior-point.ts';
import { type Landed, Landing } from './landing.ts';
import { growingLift } from './lift.ts';
import { lookAround, restored } from './look-around.ts';
import { expectedCost, lossAt, type Model, modelOf, type SmoothModel } from './model.ts';
import { nearnessIn } from './nearness.ts';
import type { GradedPoint } from './polish.ts';
import { unlessRounding, withoutRounding } from './rounding.ts';

/** The lowest KKT point that was found. */
export interface Optimum extends GradedPoint {
  /** Whether others beside it are as low. */
  readonly isOneOfMany?: true;
  /** Where the constraints as typed have no multipliers that balance the loss; those given leave least. */
  readonly hasNoMultipliers?: true;
}

/** The Hessian is formed entry by entry: for small problems only, */
export const OPTIMUM_LIMITS = { parameters: 40, rows: 120 } as const;
/** and for larger ones that are known to be convex, for which one search is enough. */
export const CONVEX_LIMITS = { parameters: CONVEX_SIZE, rows: 240 } as const;
/** Points from which a problem that is not known to be convex is tried, */
const STARTS = 60;
/** until the lowest value was found so often. */
const ENOUGH = 10;
/** After so many points without an optimum it is asked whether the constraints can be met at all. */
const DOUBT = 4;
/** Every other point keeps near the side on which it starts: from the middle of a set many end at the same corner. */
const NEAR_BARRIER = 1e-4;
/** How far from x₀ points are tried, relative to the size of its entries. */
const RADII = [0.5, 2, 8];
/** A search that went on below the lowest minimum by this, relative to 1 + |f|, and came to none: then that is no optimum. */
const PASSED = 1e-6;
/** Work in all, in entries computed: a costly problem is tried from fewer points, and one beyond it from none. */
const WORK = 1.5e7;
/** For a problem that is known to be convex, one point is as good as any: */
const CONVEX_WORK = 1e8;
const CONVEX_STARTS = 3;
/** Iterations that a start takes, about. */
const TYPICAL_ITERATIONS = 50;

/** From how many starts an optimum may be looked for: 0 where one look at the loss costs too much. */
const affordableStarts = ({ cost }: Pick<Model, 'cost'>, isConvexProblem: boolean): number =>
  Math.floor((isConvexProblem ? Math.max(WORK, CONVEX_WORK) : WORK) / (TYPICAL_ITERATIONS * cost));

/** Whether there are more parameters or rows than are searched. */
export function isTooLarge({ size, constraints }: Problem, isConvexProblem: boolean): boolean {
  const { parameters, rows } = isConvexProblem ? CONVEX_LIMITS : OPTIMUM_LIMITS;
  return size > parameters || constraints.reduce((sum, { rows: own }) => sum + own, 0) > rows;
}

/** Whether the search is left out for what it would cost. */
export const isTooCostly = (problem: Problem, isConvexProblem: boolean): boolean =>
  isSurelyTooCostly(problem) || affordableStarts(modelOf(problem, growingLift(problem)), isConvexProblem) === 0;

/** Known before a large problem is recorded. */
export const isSurelyTooCostly = (problem: Problem): boolean =>
  problem.size > OPTIMUM_LIMITS.parameters && affordableStarts({ cost: expectedCost(problem) }, true) === 0;

/**
 * The lowest local minimum that is reached from x₀ and from seeded points around it: an interior-point method, then Newton's
 * method on the KKT system of the active rows. Null where none was reached with a KKT residual ≤ 1e-8, multipliers of ordinary
 * size and no lower feasible point beside it; beyond the limits; where the loss falls without bound; and where a search went below
 * that minimum without coming to another. Of a convex
 * problem it is an optimum (one of them, where there are several); of any other the best that was found. `isQuadratic`: the
 * loss is quadratic and the constraints are affine.
 * Source: Nocedal & Wright 2006, §12.3–12.5 (conditions), §19.2–19.3 (interior points).
 */
export const findOptimum = (...asked: Parameters<typeof searchOptimum>): Optimum | null =>
  finished(searchOptimum(...asked));

/**
 * `findOptimum`, with pauses. Where the feasible set is convex and its nearest points are known, `onto` gives them: then projected
 * gradients find what interior points do not, as among matrices whose eigenvectors turn; a convex quadratic's optimum at once.
 * `factored`: the model with sets of matrices in factors of them, in which a convex problem with such sets is searched first.
 */
export function* searchOptimum(
  problem: Problem,
  isQuadratic: boolean,
  convexSet?: { readonly onto: (x: Float64Array) => Float64Array; readonly isLossQuadratic: boolean },
  isConvexProblem = false,
  isEmpty: () => Stages<boolean> = neverEmpty,
  factored: (model: SmoothModel) => SmoothModel | null = () => null,
): Stages<Optimum | null> {
  if (problem.size === 0 || isTooLarge(problem, isConvexProblem) || isSurelyTooCostly(problem)) return null;
  const model = modelOf(problem, growingLift(problem));
  const affordable = affordableStarts(model, isConvexProblem);
  if (affordable === 0) return null;
  const units = problem.soft.length > 0 ? 1 : unitsOfLoss(model, startOf(problem));
  if (units !== 1) {
    const scaled = { ...problem, loss: scaledBy(units, problem.loss) };
    const found = yield* searchOptimum(scaled, isQuadratic, convexSet, isConvexProblem, isEmpty, factored);
    return (
      found && { ...found, loss: found.loss / units, multipliers: found.multipliers.map((entry) => entry / units) }
    );
  }
  const landing = new Landing(problem, model);
  const isConvexLoss = (isQuadratic || convexSet?.isLossQuadratic) && isConvex(model);
  if (convexSet && isConvexLoss && !isQuadratic) {
    const found = yield* projectedOptimum(problem, landing, convexSet.onto);
    if (found) return told(problem, found);
  }
  const flattensOut = function* ({ model: own, ...found }: Landed): Stages<boolean> {
    return !isQuadratic && (yield* flatteningDirection(own, found, own.lift(startOf(problem)))) !== null;
  };
  const smooth = isConvexProblem ? factored(model) : null;
  if (smooth) {
    const arrival = yield* interiorPointStages(smooth, smooth.lift(startOf(problem)));
    const found = arrival && landing.at(arrival.x);
    if (found) return (yield* flattensOut(found)) ? null : told(problem, found);
  }
  const isGlobal = isConvexProblem || (isQuadratic && isConvexLoss);
  const tries = isQuadratic && isConvexLoss ? 1 : Math.min(isConvexProblem ? CONVEX_STARTS : STARTS, affordable);
  const queue = startsAround(startOf(problem), tries).map((start) => model.lift(start));
  let best: Landed | null = null;
  let times = 0;
  let lowestPassed = Number.POSITIVE_INFINITY;
  const pass = (x: Float64Array): void => {
    const point = restored(model, x);
    if (point) lowestPassed = Math.min(lowestPassed, model.values(point).loss);
  };
  let flat = 0;
  const enough = isGlobal ? 1 : ENOUGH;
  for (let k = 0; k < queue.length && times < enough && flat < enough; k++) {
    yield;
    if (k === DOUBT && best === null && (yield* isEmpty())) return null;
    const arrival = yield* interiorPointStages(model, at(queue, k), k % 2 === 1 ? NEAR_BARRIER : undefined, pass);
    yield;
    const found = arrival && landing.of(arrival);
    if (!found || maximumNorm(found.x) > FARTHEST) {
      if (arrival) pass(arrival.x);
      continue;
    }
    const look = yield* lookAround(found.model, found);
    if (look.isUnbounded) return null;
    if (look.lower) {
      if (queue.length < 2 * tries + 1) queue.push(model.lift(look.lower.slice(0, problem.size))); // on from there
      continue;
    }
    const equal = best && Math.abs(found.loss - best.loss) <= 1e-9 * (1 + Math.abs(best.loss));
    if (equal) times += 1;
    else if ((best === null || found.loss < best.loss) && (yield* flattensOut(found))) {
      pass(model.lift(Float64Array.from(found.x.slice(0, problem.size))));
      flat += 1;
    } else if (best === null || found.loss < best.loss) {
      best = found;
      times = 1;
    }
  }
  if (best === null && flat > 0 && isGlobal) return null;
  if (best === null && convexSet) best = yield* projectedOptimum(problem, landing, convexSet.onto);
  if (best === null && isConvexProblem) best = yield* pinnedOptimum(problem, model);
  if (best === null) return null;
  const isPassed = !isGlobal && lowestPassed < best.loss - PASSED * (1 + Math.abs(best.loss));
  return isPassed ? null : told(problem, best);
}

/** A loss that is nowhere steeper is looked at in larger units: what counts as stationary is relative to 1 + ‖∇f‖. */
const GENTLEST = 1e-6;
const LOOKED_AT = 7;

/** A power of 2, so that nothing is rounded, that makes the slopes at and about the start of ordinary size; 1 where they are, or are all 0. */
function unitsOfLoss(model: SmoothModel, start: Float64Array): number {
  const slopes = startsAround(start, LOOKED_AT).map((x) => maximumNorm(model.at(model.lift(x)).gradient));
  const steepest = Math.max(...slopes.filter(Number.isFinite), 0);
  return steepest > 0 && steepest < GENTLEST ? 2 ** -Math.round(Math.log2(steepest)) : 1;
}

const scaledBy = (factor: number, loss: Expr): Expr => ({
  kind: 'product',
  first: { kind: 'number', value: factor, span: loss.span },
  rest: [{ operator: '*', operand: loss }],
  span: loss.span,
});

/** So many lengths may be 0 or not, in all ways; of more, the choices are tried that a rounded problem proposes. */
const MOST_PINS = 5;
const MOST_PROPOSALS = 6;
/** What is added to lengths in the rounded problems, one after the other. */
const ROUNDINGS = [1e-2, 1e-4];

/**
 * An optimum of a convex problem at which some lengths ‖a‖ are 0, where they have no slope: with a = 0 held instead, for one choice
 * of them after the other, until the multipliers say that what is held would not leave by itself.
 * Source: Yuan & Lin 2006, JRSS B 68, 49–67 (the conditions, for groups of weights).
 */
function* pinnedOptimum(problem: Problem, whole: SmoothModel): Stages<Landed | null> {
  const lengths = bentOf(problem).folds.flatMap((fold, k) => (fold.kind === 'length' && fold.inside ? [k] : []));
  if (lengths.length === 0) return null;
  const all = lengths.length > MOST_PINS ? [] : Array.from({ length: 2 ** lengths.length - 1 }, (_, bits) => bits + 1);
  const subsets = all.map((bits) => lengths.filter((_, k) => (bits >> k) & 1)).sort((a, b) => a.length - b.length);
  for (const pins of [...(yield* proposedPins(problem, whole, lengths)), ...subsets]) {
    yield;
    const model = modelOf(problem, whole.lifted, pins);
    const arrival = yield* interiorPointStages(model, model.lift(beside(problem)));
    const found = arrival && new Landing(problem, model).of(arrival);
    if (found) return found;
  }
  return null;
}

/**
 * Lengths that may be 0 at the optimum: with √(‖a‖² + ε²) in place of ‖a‖ the problem is smooth, and those are about as short as ε.
 * The choices end where the lengths, in order, rise most. Source: Beck & Teboulle 2012, SIAM J. Optim. 22, 557–580 (smoothing).
 */
function* proposedPins(problem: Problem, whole: SmoothModel, lengths: readonly number[]): Stages<number[][]> {
  let x = beside(problem);
  for (const rounding of ROUNDINGS) {
    yield;
    const model = modelOf(problem, whole.lifted, [], rounding);
    const arrival = yield* interiorPointStages(model, model.lift(x));
    if (arrival === null) return [];
    x = arrival.x.slice(0, problem.size);
  }
  const { folds } = nearnessIn(problem)(x);
  const rising = [...lengths].sort((a, b) => at(folds, a) - at(folds, b));
  const rise = (count: number) => at(folds, at(rising, count)) / Math.max(at(folds, at(rising, count - 1)), 1e-300);
  const counts = rising.slice(1).map((_, k) => k + 1);
  const best = counts.sort((a, b) => rise(b) - rise(a)).slice(0, MOST_PROPOSALS);
  return [...best, rising.length].map((count) => rising.slice(0, count));
}

/** Not on the corners on which many starts stand. */
const beside = (problem: Problem): Float64Array =>
  startOf(problem).map((entry, i) => entry + 0.1 * Math.sin(1 + 2.3 * i));

function* neverEmpty(): Stages<boolean> {
  yield;
  return false;
}

/** In the typed entries and rows, with the typed loss. */
function told(problem: Problem, found: Landed): Optimum {
  const { model, ...best } = withoutRounding(problem, found);
  const x = best.x.slice(0, problem.size);
  const loss = unlessRounding(problem.soft.length > 0 ? lossAt(problem, x) : best.loss, problem, { x: best.x, model });
  const multipliers = model.typedMultipliers(best.multipliers);
  return { ...best, x, loss, multipliers, ...(isOneOfMany(model, best) && { isOneOfMany: true }) };
}

/** Where projected gradients end, if that is a KKT point with nothing lower beside it. */
function* projectedOptimum(
  problem: Problem,
  landing: Landing,
  onto: (x: Float64Array) => Float64Array,
): Stages<Landed | null> {
  const { whole } = landing;
  const x = yield* projectedGradients(whole, onto(startOf(problem)), onto, problem.size);
  const found = x && landing.at(x);
  return found && !(yield* lookAround(found.model, found)).lower ? found : null;
}

/** Steps of projected gradients. */
const PROJECTED_STEPS = 3000;
/** α beyond which the loss only flattens out. */
const LONGEST_STEP = 1e12;

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
        if (maximumNorm(x) > FARTHEST || step > LONGEST_STEP) return null;
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
