/** The optimum of a small constrained problem, in Float64, with the KKT residual and a look around as its evidence. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { draws } from '../../problem/draws.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { finished, type Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { type Cusp, cuspNear } from './cusp.ts';
import { flatteningDirection, isOneOfMany } from './flattening.ts';
import { type Arrival, FARTHEST, interiorPointStages } from './interior-point.ts';
import { type Landed, Landing } from './landing.ts';
import { growingLift } from './lift.ts';
import { lookAround, restored } from './look-around.ts';
import { lossAt, type Model, modelOf, type SmoothModel } from './model.ts';
import { pinnedOptimum } from './pinned.ts';
import { type GradedPoint, graded } from './polish.ts';
import { projectedOptimum } from './projected-gradients.ts';
import { unlessRounding, withoutRounding } from './rounding.ts';
import { affordableStarts, isSurelyTooCostly, isTooLarge } from './search-limits.ts';

/** The lowest KKT point that was found. */
export interface Optimum extends GradedPoint {
  /** Whether others beside it are as low. */
  readonly isOneOfMany?: true;
  /** Where the constraints as typed have no multipliers that balance the loss; those given leave least. */
  readonly hasNoMultipliers?: true;
  /** Positions in `multipliers` of those that are some of many: alone none is the price of its constraint. Told of small problems. */
  readonly sharedMultipliers?: readonly number[];
}

/** Points from which a problem that is not known to be convex is tried, */
const STARTS = 60;
/** until the lowest value was found so often. */
const ENOUGH = 10;
/** For a problem that is known to be convex, one point is as good as any. */
const CONVEX_STARTS = 3;
/** After so many points without an optimum it is asked whether the constraints can be met at all. */
const DOUBT = 4;
/** Of the points that prove to be none, so many are looked at for slopes that cancel. */
const MOST_CUSPS = 12;
/** Every other point keeps near the side on which it starts: from the middle of a set many end at the same corner. */
const NEAR_BARRIER = 1e-4;
/** How far from x₀ points are tried, relative to the size of its entries. */
const RADII = [0.5, 2, 8];
/** Of a problem of few parameters that is not known to be convex, so many points are compared with the lowest minimum, */
const COMPARED = 240;
const FEW_PARAMETERS = 3;
/** and from the lowest of them that is below it a search is made, so often. */
const FURTHER = 4;
/** A search that went on below the lowest minimum by this, relative to 1 + |f|, and came to none: then that is no optimum. */
const PASSED = 1e-6;

/** What is known of a problem, and what may be asked while it is searched. */
export interface Known {
  /** The loss is quadratic, and the constraints are affine. */
  readonly isQuadratic?: boolean;
  /** The loss and the feasible set are convex: any minimum is an optimum. */
  readonly isConvex?: boolean;
  /** A convex feasible set whose nearest points are known: projected gradients find what interior points do not, as among matrices whose eigenvectors turn. */
  readonly convexSet?: { readonly onto: (x: Float64Array) => Float64Array; readonly isLossQuadratic: boolean } | null;
  /** The model with sets of matrices in factors of them, in which a convex problem with such sets is searched first. */
  readonly factored?: (model: SmoothModel) => SmoothModel | null;
  /** Whether no point is feasible: asked where an optimum is hard to find. */
  readonly isEmpty?: () => Stages<boolean>;
  /** Told of feasible points where the slopes of the constraints cancel, at which searches ended: no multipliers prove them. */
  readonly onCusp?: (cusp: Cusp) => void;
}

/**
 * The lowest local minimum that is reached from x₀ and from seeded points around it: an interior-point method, then Newton's
 * method on the KKT system of the active rows. Null where none was reached with a KKT residual ≤ 1e-8, multipliers of ordinary
 * size and no lower feasible point beside it; beyond the limits; where the loss falls without bound; and where a search went below
 * that minimum without coming to another. Of a convex
 * problem it is an optimum (one of them, where there are several); of any other the best that was found.
 * Source: Nocedal & Wright 2006, §12.3–12.5 (conditions), §19.2–19.3 (interior points).
 */
export const findOptimum = (problem: Problem, known: Known = {}): Optimum | null =>
  finished(searchOptimum(problem, known));

/** `findOptimum`, with pauses. */
export function* searchOptimum(problem: Problem, known: Known = {}): Stages<Optimum | null> {
  const { isConvex = false } = known;
  if (problem.size === 0 || isTooLarge(problem, isConvex) || isSurelyTooCostly(problem)) return null;
  const model = modelOf(problem, growingLift(problem));
  if (affordableStarts(model, isConvex) === 0) return null;
  const units = problem.soft.length > 0 ? 1 : unitsOfLoss(model, startOf(problem));
  if (units !== 1) {
    const found = yield* searchOptimum({ ...problem, loss: scaledBy(units, problem.loss) }, known);
    return (
      found && { ...found, loss: found.loss / units, multipliers: found.multipliers.map((entry) => entry / units) }
    );
  }
  const lowest = yield* new Search(problem, model, known).lowest();
  return lowest && told(problem, lowest);
}

/** One search: the minima met so far, and how low it went without coming to one. */
class Search {
  private readonly landing: Landing;
  private readonly start: Float64Array;
  private readonly isQuadratic: boolean;
  private readonly isConvex: boolean;
  private readonly hasConvexLoss: boolean;
  /** Whether any minimum is an optimum. */
  private readonly isGlobal: boolean;
  private best: Landed | null = null;
  /** How often the lowest was met, */
  private times = 0;
  /** and how often a minimum from which the loss only flattens out. */
  private flat = 0;
  /** How often a cusp was looked for. */
  private cusps = 0;
  private lowestPassed = Number.POSITIVE_INFINITY;

  constructor(
    private readonly problem: Problem,
    private readonly model: SmoothModel,
    private readonly known: Known,
  ) {
    this.landing = new Landing(problem, model);
    this.start = startOf(problem);
    this.isQuadratic = known.isQuadratic === true;
    this.isConvex = known.isConvex === true;
    this.hasConvexLoss = (this.isQuadratic || known.convexSet?.isLossQuadratic === true) && curvesUpwards(model);
    this.isGlobal = this.isConvex || (this.isQuadratic && this.hasConvexLoss);
  }

  *lowest(): Stages<Landed | null> {
    const { problem, model, landing } = this;
    const { convexSet } = this.known;
    if (convexSet && this.hasConvexLoss && !this.isQuadratic) {
      const found = yield* projectedOptimum(problem, landing, convexSet.onto);
      if (found) return found;
    }
    const smooth = this.isConvex ? this.known.factored?.(model) : null;
    if (smooth) {
      const arrival = yield* interiorPointStages(smooth, smooth.lift(this.start));
      const found = arrival && landing.at(arrival.x);
      if (found) return (yield* this.flattensOut(found)) ? null : found;
    }
    const isNone = (yield* this.fromPoints()) || (yield* this.fromLower());
    if (isNone || (this.best === null && this.flat > 0 && this.isGlobal)) return null;
    let { best } = this;
    if (best === null && convexSet) best = yield* projectedOptimum(problem, landing, convexSet.onto);
    if (best === null && this.isConvex) best = yield* pinnedOptimum(problem, model);
    return best && !this.isPassed(best) ? best : null;
  }

  /** Searches from point after point, until the lowest minimum was met often enough. Whether there can be no optimum. */
  private *fromPoints(): Stages<boolean> {
    const { model, landing, problem } = this;
    const tries = this.tries();
    const enough = this.isGlobal ? 1 : ENOUGH;
    const queue = startsAround(this.start, tries).map((start) => model.lift(start));
    for (let k = 0; k < queue.length && this.times < enough && this.flat < enough; k++) {
      yield;
      if (k === DOUBT && this.best === null && this.known.isEmpty && (yield* this.known.isEmpty())) return true;
      const barrier = k % 2 === 1 ? NEAR_BARRIER : undefined;
      const arrival = yield* interiorPointStages(model, at(queue, k), barrier, (x) => {
        this.pass(x);
        const grade = graded(model, x);
        if (grade) this.lookForCusp({ x, multipliers: Float64Array.from(grade.multipliers) });
      });
      yield;
      const found = arrival && landing.of(arrival);
      if (!found || maximumNorm(found.x) > FARTHEST) {
        if (arrival) this.pass(arrival.x);
        if (arrival && !found) this.lookForCusp(arrival);
        continue;
      }
      const look = yield* lookAround(found.model, found);
      if (look.isUnbounded) return true;
      if (!look.lower) yield* this.meet(found);
      else if (queue.length < 2 * tries + 1) queue.push(model.lift(look.lower.slice(0, problem.size))); // on from there
    }
    return false;
  }

  /**
   * Searches on from feasible points below the lowest minimum: the one in which most searches end need not be the lowest. Where they
   * end in none below, as at a corner where more rows meet than can be told apart, the minimum is passed. Whether there can be no optimum.
   */
  private *fromLower(): Stages<boolean> {
    const { model, problem, landing } = this;
    if (this.isGlobal || this.best === null || problem.size > FEW_PARAMETERS || this.tries() < STARTS) return false;
    const points: { x: Float64Array; loss: number }[] = [];
    for (const start of startsAround(this.start, COMPARED)) {
      const x = restored(model, model.lift(start));
      if (x && maximumNorm(x) <= FARTHEST) points.push({ x, loss: model.values(x).loss });
    }
    yield;
    points.sort((a, b) => a.loss - b.loss);
    for (const { x, loss } of points.slice(0, FURTHER)) {
      if (!(loss < this.best.loss - PASSED * (1 + Math.abs(this.best.loss)))) return false;
      const arrival = yield* interiorPointStages(model, x, NEAR_BARRIER);
      const found = arrival && landing.of(arrival);
      const look = found && maximumNorm(found.x) <= FARTHEST ? yield* lookAround(found.model, found) : null;
      if (look?.isUnbounded) return true;
      if (found && look && !look.lower) yield* this.meet(found);
      this.lowestPassed = Math.min(this.lowestPassed, loss);
    }
    return false;
  }

  private lookForCusp(arrival: Arrival): void {
    if (this.best !== null || !this.known.onCusp || this.cusps >= MOST_CUSPS) return;
    this.cusps += 1;
    const cusp = cuspNear(this.model, arrival);
    if (cusp) this.known.onCusp({ ...cusp, x: cusp.x.slice(0, this.problem.size) });
  }

  private tries(): number {
    if (this.isQuadratic && this.hasConvexLoss) return 1;
    return Math.min(this.isConvex ? CONVEX_STARTS : STARTS, affordableStarts(this.model, this.isConvex));
  }

  /** Takes a minimum for what it is: the lowest so far, the same once more, or none that is reached. */
  private *meet(found: Landed): Stages<void> {
    const { best } = this;
    if (best && Math.abs(found.loss - best.loss) <= 1e-9 * (1 + Math.abs(best.loss))) this.times += 1;
    else if (best === null || found.loss < best.loss) {
      if (yield* this.flattensOut(found)) {
        this.pass(this.model.lift(Float64Array.from(found.x.slice(0, this.problem.size))));
        this.flat += 1;
      } else {
        this.best = found;
        this.times = 1;
      }
    }
  }

  private *flattensOut({ model, ...found }: Landed): Stages<boolean> {
    return !this.isQuadratic && (yield* flatteningDirection(model, found, model.lift(this.start))) !== null;
  }

  /** A search came by here. */
  private pass(x: Float64Array): void {
    const point = restored(this.model, x);
    if (point) this.lowestPassed = Math.min(this.lowestPassed, this.model.values(point).loss);
  }

  private isPassed = ({ loss }: Landed): boolean =>
    !this.isGlobal && this.lowestPassed < loss - PASSED * (1 + Math.abs(loss));
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

/** In the typed entries and rows, with the typed loss. */
function told(problem: Problem, found: Landed): Optimum {
  const { model, ...best } = withoutRounding(problem, found);
  const x = best.x.slice(0, problem.size);
  const loss = unlessRounding(problem.soft.length > 0 ? lossAt(problem, x) : best.loss, problem, { x: best.x, model });
  const multipliers = model.typedMultipliers(best.multipliers);
  return { ...best, x, loss, multipliers, ...(isOneOfMany(model, best, problem.size) && { isOneOfMany: true }) };
}

/** Whether the loss of a quadratic program does not curve downwards. */
function curvesUpwards(model: Model): boolean {
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
