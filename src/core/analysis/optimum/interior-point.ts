/**
 * A local minimum of a small problem by a primal-dual interior-point method with slacks: g(x) + s = 0, s > 0, and the barrier
 * −β Σ log s, β → 0. Newton steps with exact second derivatives, the curvature raised where it is not positive, an ℓ1 merit
 * function. Rows that depend on each other do no harm: the equalities are regularised by a small dual term.
 * Source: Nocedal & Wright 2006, §19.2–19.4; Wächter & Biegler 2006 (scaling, inertia correction, fraction to the boundary).
 */
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { factorize, solveFactorized } from './cholesky.ts';
import type { Local, Model } from './model.ts';
import { isNumeric, scaledModel } from './scaled-model.ts';

export interface Arrival {
  readonly x: Float64Array;
  /** One a row, in the order typed: λ, and μ ≥ 0. */
  readonly multipliers: Float64Array;
}

const ITERATIONS = 200;
const HALVINGS = 30;
/** KKT error, scaled, at which it ends. */
const TOLERANCE = 1e-10;
const FIRST_BARRIER = 0.1;
const LAST_BARRIER = 1e-11;
/** Share of the way to s = 0 or μ = 0 that a step may go. */
const FRACTION = 0.995;
/** δ of the dual regularisation −δ I. */
const DUAL_REGULARIZATION = 1e-9;
/** A step this long, relative to 1 + |x|, comes from a flat place, where the curvature says nothing: it is raised, so many times. */
const LONGEST = 1e4;
const RAISES_OF_LONG = 25;
/** Beyond it the loss is unbounded, or the path went astray. */
export const FARTHEST = 1e8;

interface Iterate {
  readonly x: Float64Array;
  readonly s: Float64Array;
  readonly lambda: Float64Array;
  readonly mu: Float64Array;
}

/** Entries that are computed between two pauses. */
const BETWEEN_PAUSES = 2e5;

/**
 * From `start`; null where it does not come to a point that is feasible and stationary, or leaves |x| ≤ 1e8. A small first barrier keeps
 * near the side of the set on which it starts. `onLost` is told where it ended at no such point.
 */
export function* interiorPointStages(
  model: Model,
  start: Float64Array,
  firstBarrier = FIRST_BARRIER,
  onLost: (x: Float64Array) => void = () => undefined,
): Stages<Arrival | null> {
  const scaled = scaledModel(model, start);
  if (scaled === null) return null;
  const path = new Path(scaled.model);
  const end = yield* path.follow(start, firstBarrier);
  if (end === null) {
    onLost(path.last);
    return null;
  }
  const multipliers = path
    .inOrder(end.lambda, end.mu)
    .map((entry, row) => (entry * at(scaled.rows, row)) / scaled.loss);
  return { x: end.x, multipliers };
}

class Path {
  private readonly equalities: readonly number[];
  private readonly inequalities: readonly number[];
  /** The last x. */
  last: Float64Array = new Float64Array();

  constructor(private readonly model: Model) {
    const rowsOf = (wanted: 'equality' | 'inequality') =>
      model.relations.flatMap((relation, row) => (relation === wanted ? [row] : []));
    this.equalities = rowsOf('equality');
    this.inequalities = rowsOf('inequality');
  }

  inOrder(lambda: Float64Array, mu: Float64Array): Float64Array {
    const all = new Float64Array(this.model.relations.length);
    this.equalities.forEach((row, k) => {
      all[row] = at(lambda, k);
    });
    this.inequalities.forEach((row, k) => {
      all[row] = at(mu, k);
    });
    return all;
  }

  *follow(start: Float64Array, firstBarrier: number): Stages<Iterate | null> {
    let barrier = this.inequalities.length === 0 ? 0 : firstBarrier;
    let here = this.model.at(start);
    let state = this.begin(start, here, barrier);
    let weight = 1;
    let raise = 0;
    const apart = Math.max(1, Math.floor(BETWEEN_PAUSES / this.model.cost));
    for (let k = 0; k < ITERATIONS; k++) {
      if (k % apart === apart - 1) yield;
      while (barrier > LAST_BARRIER && this.error(here, state, barrier) < 10 * barrier)
        barrier = Math.max(LAST_BARRIER, Math.min(0.2 * barrier, barrier ** 1.5));
      if (this.error(here, state, 0) < TOLERANCE) return state;
      const found = this.direction(here, state, barrier, raise);
      if (found === null) return this.isNear(here, state) ? state : null;
      const { direction } = found;
      ({ raise } = found);
      weight = Math.max(weight, 1.5 * largestForce(state, direction) + 1e-6);
      const next = this.search(here, state, direction, barrier, weight);
      if (next === null) return this.isNear(here, state) ? state : null;
      state = next;
      this.last = state.x;
      if (maximumNorm(state.x) > FARTHEST) return null;
      here = this.model.at(state.x);
      if (!isNumeric(here)) return null;
    }
    return this.isNear(here, state) ? state : null;
  }

  /** Good enough to be polished. */
  private isNear(here: Local, state: Iterate): boolean {
    return this.error(here, state, 0) < 1e-4;
  }

  private begin(x: Float64Array, here: Local, barrier: number): Iterate {
    const s = Float64Array.from(this.inequalities, (row) => Math.max(-at(here.residual, row), 1e-2));
    return {
      x: Float64Array.from(x),
      s,
      lambda: new Float64Array(this.equalities.length),
      mu: s.map((slack) => barrier / slack),
    };
  }

  /** The largest of ∇L, h, g + s and s μ − β, the first and the last relative to the size of the multipliers. */
  private error(here: Local, { s, lambda, mu }: Iterate, barrier: number): number {
    const slope = this.lagrangianGradient(here, lambda, mu);
    const size = Math.max(1, maximumNorm(lambda) / 100, maximumNorm(mu) / 100);
    let error = maximumNorm(slope) / size;
    this.equalities.forEach((row) => {
      error = Math.max(error, Math.abs(at(here.residual, row)));
    });
    this.inequalities.forEach((row, k) => {
      error = Math.max(error, Math.abs(at(here.residual, row) + at(s, k)));
      error = Math.max(error, Math.abs(at(s, k) * at(mu, k) - barrier) / size);
    });
    return error;
  }

  private lagrangianGradient(here: Local, lambda: Float64Array, mu: Float64Array): Float64Array {
    const slope = here.gradient.slice();
    addTransposed(slope, here, this.equalities, lambda);
    addTransposed(slope, here, this.inequalities, mu);
    return slope;
  }

  /**
   * The Newton direction of the barrier problem, Δs and Δμ eliminated, Δλ = (J_h Δx + h)/δ:
   * (W + τI + J_gᵀ diag(μ/s) J_g + J_hᵀJ_h/δ) Δx = −∇f − J_hᵀ(λ + h/δ) − J_gᵀ(β/s + diag(μ/s)(g + s)).
   * τ is the least of a growing sequence that makes the matrix positive definite, and the step no longer than a search can shorten.
   */
  private direction(here: Local, { x, s, lambda, mu }: Iterate, barrier: number, before: number) {
    const n = x.length;
    const W = this.model.hessian(x, this.inOrder(lambda, mu)).data;
    if (!W.every(Number.isFinite)) return null;
    const H = W.slice();
    const ratio = mu.map((multiplier, k) => multiplier / at(s, k));
    addGram(H, here, this.inequalities, ratio);
    const strength = 1 / DUAL_REGULARIZATION;
    addGram(H, here, this.equalities, new Float64Array(this.equalities.length).fill(strength));
    const right = here.gradient.map((entry) => -entry);
    const pull = Float64Array.from(this.equalities, (row, k) => -(at(lambda, k) + at(here.residual, row) * strength));
    const push = Float64Array.from(
      this.inequalities,
      (row, k) => -(barrier / at(s, k) + at(ratio, k) * (at(here.residual, row) + at(s, k))),
    );
    addTransposed(right, here, this.equalities, pull);
    addTransposed(right, here, this.inequalities, push);
    const scale = Math.max(1e-8, maximumNorm(W));
    const longest = LONGEST * (1 + maximumNorm(x));
    for (let raise = 0, tries = 0; tries < 40; tries++) {
      const factor = factorize(H, n, raise);
      const dx = factor && solveFactorized(factor, n, right);
      if (dx && !dx.every(Number.isFinite)) return null;
      if (dx && (maximumNorm(dx) <= longest || tries > RAISES_OF_LONG)) {
        const along = (row: number) => rowTimes(here, row, dx);
        const ds = Float64Array.from(this.inequalities, (row, k) => -at(here.residual, row) - at(s, k) - along(row));
        return {
          raise,
          direction: {
            x: dx,
            s: ds,
            lambda: Float64Array.from(this.equalities, (row) => (along(row) + at(here.residual, row)) * strength),
            mu: mu.map((multiplier, k) => barrier / at(s, k) - multiplier - at(ratio, k) * at(ds, k)),
          },
        };
      }
      raise = raise === 0 ? Math.max(1e-10 * scale, before / 3) : raise * (before === 0 ? 10 : 4);
    }
    return null;
  }

  /** Backtracking on f − β Σ log s + ν(‖h‖₁ + ‖g + s‖₁); null where no step makes it fall. */
  private search(here: Local, state: Iterate, direction: Iterate, barrier: number, weight: number): Iterate | null {
    const primal = toBoundary(state.s, direction.s);
    const dual = toBoundary(state.mu, direction.mu);
    const merit = (values: Pick<Local, 'loss' | 'residual'>, s: Float64Array) =>
      values.loss -
      barrier * s.reduce((sum, slack) => sum + Math.log(slack), 0) +
      weight * this.infeasibility(values, s);
    const before = merit(here, state.s);
    const slope =
      here.gradient.reduce((sum, entry, i) => sum + entry * at(direction.x, i), 0) -
      barrier * direction.s.reduce((sum, change, k) => sum + change / at(state.s, k), 0) -
      weight * this.infeasibility(here, state.s);
    const rounding = 1e-13 * (1 + Math.abs(before));
    for (let k = 0; k < HALVINGS; k++) {
      const length = primal * 0.5 ** k;
      const x = moved(state.x, direction.x, length);
      const values = this.model.values(x);
      const s = this.resetSlacks(values, moved(state.s, direction.s, length), barrier, state.mu);
      const after = merit(values, s);
      if (Number.isFinite(after) && after <= before + 1e-6 * length * Math.min(slope, 0) + rounding) {
        const lambda = moved(state.lambda, direction.lambda, 1);
        return {
          x,
          s,
          lambda: maximumNorm(lambda) > 1e12 ? state.lambda : lambda,
          mu: this.kept(moved(state.mu, direction.mu, dual), s, barrier),
        };
      }
    }
    return null;
  }

  /** Where −g(x) is larger than the slack, the slack may be as large: the merit only falls. */
  private resetSlacks(
    { residual }: Pick<Local, 'residual'>,
    s: Float64Array,
    barrier: number,
    mu: Float64Array,
  ): Float64Array {
    return s.map((slack, k) => {
      const room = -at(residual, at(this.inequalities, k));
      return barrier > 0 && room > slack && at(mu, k) * slack <= 10 * barrier ? room : slack;
    });
  }

  /** μ stays within a factor 1e10 of β/s, so that it neither dies nor explodes. */
  private kept(mu: Float64Array, s: Float64Array, barrier: number): Float64Array {
    return mu.map((multiplier, k) => {
      const target = barrier / at(s, k);
      return Math.max(Math.min(multiplier, target * 1e10), target / 1e10);
    });
  }

  private infeasibility({ residual }: Pick<Local, 'residual'>, s: Float64Array): number {
    let sum = 0;
    for (const row of this.equalities) sum += Math.abs(at(residual, row));
    this.inequalities.forEach((row, k) => {
      sum += Math.abs(at(residual, row) + at(s, k));
    });
    return sum;
  }
}

/** The largest step length up to 1 that keeps a share of every positive entry. */
function toBoundary(entries: Float64Array, change: Float64Array): number {
  let length = 1;
  entries.forEach((entry, k) => {
    if (at(change, k) < 0) length = Math.min(length, (-FRACTION * entry) / at(change, k));
  });
  return length;
}

/** The largest |λ| or μ after a whole step: with a weight above it the ℓ1 merit falls along the Newton direction. Nocedal & Wright 2006, §18.5. */
const largestForce = (state: Iterate, direction: Iterate): number =>
  Math.max(maximumNorm(moved(state.lambda, direction.lambda, 1)), maximumNorm(moved(state.mu, direction.mu, 1)));

const moved = (from: Float64Array, along: Float64Array, length: number): Float64Array =>
  from.map((entry, i) => entry + length * at(along, i));

function rowTimes({ jacobian }: Local, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < jacobian.columns; j++) sum += at(jacobian.data, row * jacobian.columns + j) * at(vector, j);
  return sum;
}

/** target += Jᵀ w over the given rows. */
function addTransposed(target: Float64Array, { jacobian }: Local, rows: readonly number[], w: Float64Array): void {
  rows.forEach((row, k) => {
    for (let j = 0; j < jacobian.columns; j++)
      target[j] = at(target, j) + at(w, k) * at(jacobian.data, row * jacobian.columns + j);
  });
}

/** H += Jᵀ diag(w) J over the given rows. */
function addGram(H: Float64Array, { jacobian }: Local, rows: readonly number[], w: Float64Array): void {
  const n = jacobian.columns;
  rows.forEach((row, k) => {
    for (let i = 0; i < n; i++) {
      const factor = at(w, k) * at(jacobian.data, row * n + i);
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) H[i * n + j] = at(H, i * n + j) + factor * at(jacobian.data, row * n + j);
    }
  });
}
