/** Steepness of a loss and its constraints at the start, by products with Hessians and Jacobians. */
import type { StartRows } from '../../contracts.ts';
import { draws } from '../../problem/draws.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { gradient, jacobian, jvp, vjp } from '../../tensor/derivatives.ts';
import { Machine } from '../../tensor/evaluate.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';

/** Power iterations on Hessian-vector products. */
const ITERATIONS = 12;
/** Constraints are flat at the start where J is this many times shorter than nearby: a disk from its centre. */
const FLAT = 10;
/** Steps from there to where flat constraints come to bind. */
const WAYS = 8;

/** f, ∇²f d and JᵀJ d as procedures at points that can be set. */
export class StartProbe {
  private readonly ops = new Ops();
  private readonly machine: Machine;
  private readonly x: Tensor;
  private readonly t: Tensor;
  private readonly T: Tensor;
  private readonly d: Tensor;
  private readonly slopes: Float64Array;
  private readonly bend: (d: Float64Array) => Float64Array;
  private pullBackMade: ((d: Float64Array) => Float64Array) | null = null;
  private pullOutMade: (() => { gradient: Float64Array; length: number }) | null = null;
  private bindingFound: Float64Array | null | undefined;

  constructor(private readonly problem: Problem) {
    const { ops } = this;
    const n = problem.size;
    [this.x, this.t, this.T] = [
      ops.input('start', 'x', [n]),
      ops.input('time', 't', []),
      ops.input('setting', 'T', []),
    ];
    this.d = ops.input('setting', 'd', [n]);
    const slopeOf = (of: Problem) => (point: Tensor) =>
      gradient(ops, (x) => objectiveOf(ops, of, x, this.t, this.T), point);
    const slope = slopeOf(problem)(this.x);
    const bent = jvp(ops, slopeOf(withAllSoft(problem)), this.x, this.d);
    this.machine = new Machine(ops);
    this.machine.numbers(this.T.id)[0] = 1;
    this.slopes = this.machine.numbers(slope.id);
    this.bend = this.product(bent, [slope.id]);
    this.moveTo(startOf(problem));
  }

  /** JᵀJ d; recorded when it is asked for. */
  private pullBack = (d: Float64Array): Float64Array => {
    const { ops, problem, x, t, T } = this;
    this.pullBackMade ??= this.product(
      problem.constraints.reduce<Tensor>((sum, constraint) => {
        const residual = (point: Tensor) => residualOf(ops, problem, constraint, point, t, T);
        return ops.add(sum, vjp(ops, residual, x, jvp(ops, residual, x, this.d)));
      }, ops.zeros(problem.size)),
    );
    return this.pullBackMade(d);
  };

  private product(value: Tensor, others: readonly number[] = []) {
    const apply = this.machine.procedure([...others, value.id]);
    return (d: Float64Array): Float64Array => {
      this.machine.numbers(this.d.id).set(d);
      apply();
      return this.machine.numbers(value.id);
    };
  }

  moveTo(point: ArrayLike<number>): void {
    this.machine.numbers(this.x.id).set(point);
  }

  /** ‖∇f‖; after a product with ∇²f. */
  slope(): number {
    this.bend(new Float64Array(this.problem.size));
    return euclideanNorm(this.slopes);
  }

  /** |λ|_max of ∇²f. */
  curvature(): number {
    return greatest(this.problem.size, this.bend);
  }

  /** |λ|_max of ∇²f + ρ JᵀJ at the start, and of constraints that are flat there where they come to bind, if it is more. */
  steepest(penalty: number): number {
    if (penalty === 0) return this.curvature();
    const [atStart, binding] = [this.steepestHere(penalty), this.binding()];
    if (!binding) return atStart;
    this.moveTo(binding);
    const there = this.steepestHere(penalty);
    this.moveTo(startOf(this.problem));
    return Number.isFinite(there) ? Math.max(atStart, there) : atStart;
  }

  private steepestHere(penalty: number): number {
    return greatest(this.problem.size, (d) => {
      const pulled = this.pullBack(d).slice();
      return this.bend(d).map((entry, i) => entry + penalty * (pulled[i] as number));
    });
  }

  /**
   * Where constraints bind whose Jacobian vanishes, or nearly so, at the start, though not nearby; null where it does not. From there
   * by steps down ½‖r‖², r the rows of all constraints, each as long as is best for r + Jd: of one row Newton's.
   */
  binding(): Float64Array | null {
    if (this.bindingFound !== undefined) return this.bindingFound;
    const { problem } = this;
    const start = startOf(problem);
    const isFlat = (pull: number, nearby: number) => Number.isFinite(nearby) && nearby > FLAT ** 2 * pull;
    const pullHere = this.pull();
    let point = pointNearby(problem);
    this.moveTo(point);
    this.bindingFound = null;
    if (isFlat(pullHere, this.pull())) {
      for (let way = 0; way < WAYS; way++) {
        const { gradient: along, length } = this.pullOut();
        const step = euclideanNorm(along) ** 2 / length ** 2;
        if (!Number.isFinite(step)) break;
        const next = point.map((entry, i) => entry - step * (along[i] as number));
        if (!next.every(Number.isFinite)) break;
        point = next;
        this.moveTo(point);
      }
      this.bindingFound = point;
    }
    this.moveTo(start);
    return this.bindingFound;
  }

  /** d = Jᵀr and ‖J d‖. */
  private pullOut(): { gradient: Float64Array; length: number } {
    if (!this.pullOutMade) {
      const { ops, problem, x, t, T, machine } = this;
      const residuals = problem.constraints.map(
        (constraint) => (point: Tensor) => residualOf(ops, problem, constraint, point, t, T),
      );
      const along = residuals.reduce<Tensor>(
        (sum, residual) => ops.add(sum, vjp(ops, residual, x, residual(x))),
        ops.zeros(problem.size),
      );
      const changes = residuals.map((residual) => jvp(ops, residual, x, along));
      const length = ops.norm(ops.concat(changes));
      const run = machine.procedure([along.id, length.id]);
      this.pullOutMade = () => {
        run();
        return { gradient: machine.numbers(along.id).slice(), length: machine.numbers(length.id)[0] as number };
      };
    }
    return this.pullOutMade();
  }

  /** η, smaller where the first step −η∇f would lead from constraints that are flat to where ∇²f + ρ JᵀJ allows no such η: share/λ_max. */
  steadied(rate: number, share: number, penalty: number): number {
    if (!this.binding()) return rate;
    this.slope();
    const [start, slopes] = [startOf(this.problem), this.slopes.slice()];
    let steady = rate;
    for (let k = 0; k < WAYS; k++) {
      this.moveTo(start.map((entry, i) => entry - steady * (slopes[i] as number)));
      const allowed = share / this.steepestHere(penalty);
      if (!(allowed < steady)) break;
      steady = allowed;
    }
    this.moveTo(start);
    return steady;
  }

  /** λ_min of ∇²f, by the greatest of |λ|_max − ∇²f. */
  shallowest(curvature: number): number {
    const rest = greatest(this.problem.size, (d) =>
      this.bend(d).map((entry, i) => curvature * (d[i] as number) - entry),
    );
    return curvature - rest;
  }

  /** λ_max of JᵀJ. */
  pull(): number {
    return greatest(this.problem.size, this.pullBack);
  }

  rows(): StartRows {
    const { ops, problem, x, t, T, machine } = this;
    const stacked = (relation: 'equality' | 'inequality') => (point: Tensor) => {
      const own = problem.constraints.filter((constraint) => constraint.relation === relation);
      return own.length === 0 ? ops.zeros(0) : ops.concat(own.map((one) => residualOf(ops, problem, one, point, t, T)));
    };
    const matrix = (relation: 'equality' | 'inequality') => jacobian(ops, stacked(relation), x);
    const [g, Jg, Jh] = [stacked('inequality')(x), matrix('inequality'), matrix('equality')];
    machine.procedure([g.id, Jg.id, Jh.id])();
    const plain = ({ id, shape: [rows = 0, columns = 0] }: Tensor): Matrix => ({
      rows,
      columns,
      data: machine.numbers(id),
    });
    this.bend(new Float64Array(problem.size));
    return {
      slope: this.slopes.slice(),
      inequalities: machine.numbers(g.id),
      inequalityJacobian: plain(Jg),
      equalityJacobian: plain(Jh),
    };
  }
}

/** With soft inequalities that count whether they are met or not: a run may come to where they are not, and is to be steady there. */
const withAllSoft = (problem: Problem): Problem => ({
  ...problem,
  soft: problem.soft.map((constraint) => ({ ...constraint, relation: 'equality' })),
});

/** |λ|_max of a symmetric linear map, by power iterations from a vector that is always the same. */
export function greatest(n: number, apply: (d: Float64Array) => Float64Array): number {
  const random = draws(1);
  let along = Float64Array.from({ length: n }, () => random.uniform() + 0.5);
  let found = 0;
  for (let k = 0; k < ITERATIONS; k++) {
    const length = euclideanNorm(along);
    if (length === 0 || !Number.isFinite(length)) break;
    along = apply(along.map((entry) => entry / length)).slice();
    found = euclideanNorm(along);
  }
  return found;
}

export const scaleOf = (problem: Problem): number => Math.max(1, maximumNorm(startOf(problem)));

/** A point about s away from the start, in a direction that is always the same. */
export function pointNearby(problem: Problem): Float64Array {
  const random = draws(2);
  const away = Float64Array.from({ length: problem.size }, () => random.symmetric());
  const length = euclideanNorm(away) || 1;
  const scale = scaleOf(problem);
  return startOf(problem).map((entry, i) => entry + (scale * (away[i] as number)) / length);
}
