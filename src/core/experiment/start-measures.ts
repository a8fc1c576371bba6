/** What a problem is like at its start: the numbers that theory makes learning rates and coefficients from. */

import type { Structure } from '../analysis/structure.ts';
import type { ConstraintKind, Method, StartMeasures, StartRows } from '../contracts.ts';
import { draws } from '../problem/draws.ts';
import { objectiveOf, residualOf } from '../problem/elaborate.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import { methodProblem } from '../program/method-problem.ts';
import { type ChosenSettings, resolveSettings, settingValues } from '../program/settings.ts';
import { gradient, jacobian, jvp, vjp } from '../tensor/derivatives.ts';
import { Machine } from '../tensor/evaluate.ts';
import type { Matrix } from '../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../tensor/norms.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';

/** Power iterations on Hessian-vector products. */
const ITERATIONS = 12;

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

  constructor(private readonly problem: Problem) {
    const { ops } = this;
    const n = problem.size;
    [this.x, this.t, this.T] = [
      ops.input('start', 'x', [n]),
      ops.input('time', 't', []),
      ops.input('setting', 'T', []),
    ];
    this.d = ops.input('setting', 'd', [n]);
    const objective = (point: Tensor) => objectiveOf(ops, problem, point, this.t, this.T);
    const slope = gradient(ops, objective, this.x);
    const bent = jvp(ops, (point) => gradient(ops, objective, point), this.x, this.d);
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

  /** |λ|_max of ∇²f + ρ JᵀJ. */
  steepest(penalty: number): number {
    if (penalty === 0) return greatest(this.problem.size, this.bend);
    return greatest(this.problem.size, (d) => {
      const pulled = this.pullBack(d).slice();
      return this.bend(d).map((entry, i) => entry + penalty * (pulled[i] as number));
    });
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

/** |λ|_max of a symmetric linear map, by power iterations from a vector that is always the same. */
function greatest(n: number, apply: (d: Float64Array) => Float64Array): number {
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

/** A point about s away from the start, in a direction that is always the same: a Jacobian may vanish at the start. */
function pointNearby(problem: Problem): Float64Array {
  const random = draws(2);
  const away = Float64Array.from({ length: problem.size }, () => random.symmetric());
  const length = euclideanNorm(away) || 1;
  const scale = scaleOf(problem);
  return startOf(problem).map((entry, i) => entry + (scale * (away[i] as number)) / length);
}

/** Measures at the start and t = 0; null where they are no numbers. `rate`: η as named, null where it is not. */
export function measuresOf(problem: Problem, isPlain: boolean, rate: number | null): StartMeasures | null {
  const probe = new StartProbe(problem);
  const [slope, scale] = [probe.slope(), scaleOf(problem)];
  const [curvature, pullHere] = [probe.steepest(0), probe.pull()];
  const leastHere = probe.shallowest(curvature);
  probe.moveTo(pointNearby(problem));
  const [pullNearby, leastNearby] = [probe.pull(), probe.shallowest(probe.steepest(0))];
  probe.moveTo(startOf(problem));
  const pull = Number.isFinite(pullNearby) ? Math.max(pullHere, pullNearby) : pullHere;
  const leastCurvature = Number.isFinite(leastNearby) ? Math.min(leastHere, leastNearby) : leastHere;
  if (![curvature, slope, pull].every(Number.isFinite)) return null;
  const isCurved = (size: number) => size > 1e-9 * slope;
  const ownStep = isCurved(curvature) ? 0.9 / curvature : slope > 0 ? (0.05 * scale) / slope : 1;
  const named = isPlain && rate !== null && rate > 0;
  return {
    curvature: isCurved(curvature) ? curvature : 0,
    leastCurvature,
    slope,
    scale,
    pull,
    step: named ? rate : ownStep,
    isPlain,
    isStepNamed: named,
    penalized: (penalty) => probe.steepest(penalty),
    rows: () => probe.rows(),
  };
}

/** |λ|_max of the Hessian of f(x(v)) in the trained numbers v at their start, and the length of its gradient. */
export function steepnessOfChart(
  problem: Problem,
  structure: Structure,
  kinds: readonly ConstraintKind[],
  method: Method,
  chosen: ChosenSettings,
): { readonly curvature: number; readonly slope: number; readonly isAffine: boolean } | null {
  if (!method.chart) return null;
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const view = methodProblem(ops, problem, structure, kinds, { start: x, steps: T });
  const settings = resolveSettings(ops, 'method', method.settings, chosen);
  const chart = method.chart(ops, view, settings);
  if (!chart) return null;
  const { start, point, isAffine } = chart;
  const v = ops.input('state', 'v', start.shape);
  const d = ops.input('setting', 'd', start.shape);
  const slopeAt = (at: Tensor) => gradient(ops, (free) => view.loss(point(free), t), at);
  const [slope, bent] = [slopeAt(v), jvp(ops, slopeAt, v, d)];
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  machine.numbers(x.id).set(startOf(problem));
  const values = settingValues('method', method.settings, chosen);
  ops.values.forEach(({ op, attributes }, id) => {
    if (op === 'input' && values[attributes.name]) machine.numbers(id).set(values[attributes.name] ?? []);
  });
  machine.procedure([start.id])();
  machine.numbers(v.id).set(machine.numbers(start.id));
  const apply = machine.procedure([slope.id, bent.id]);
  const curvature = greatest(machine.numbers(v.id).length, (along) => {
    machine.numbers(d.id).set(along);
    apply();
    return machine.numbers(bent.id);
  });
  return { curvature, slope: euclideanNorm(machine.numbers(slope.id)), isAffine };
}
