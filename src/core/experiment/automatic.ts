/** Learning rates from the problem, for runs that name none. */

import type { Method, Optimizer } from '../contracts.ts';
import { draws } from '../problem/draws.ts';
import { objectiveOf, residualOf } from '../problem/elaborate.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import type { ChosenSettings } from '../program/settings.ts';
import { gradient, jvp, vjp } from '../tensor/derivatives.ts';
import { Machine } from '../tensor/evaluate.ts';
import { euclideanNorm, maximumNorm } from '../tensor/matrix.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';

/** Power iterations on Hessian-vector products. */
const ITERATIONS = 12;
/** Share of the largest stable step 1/λ_max that is taken. */
const SHARE = 0.9;
/** Step of an adaptive optimizer, relative to the scale of the start. */
const ADAPTIVE_SHARE = 0.05;
/** Beyond it the fallback of the setting holds: somebody waits. */
const SIZE_LIMIT = 20_000;

/**
 * The learning rate η of a run that names none, or null where it cannot be told.
 * Gradient descent: η = 0.9/(λ_max(∇²f + ρ JᵀJ) + w) at the start, by 12 power iterations, ρ the largest penalty coefficient that the
 * method reaches, J the Jacobian of all rows, w the weight decay; of a loss without curvature 0.05·s/‖∇f‖. An optimizer that divides each coordinate
 * by its own size: η = 0.05·s. s = max(1, ‖x₀‖∞). Source: Nesterov 2018, Lectures on Convex Optimization, §2.1.5 (1/L).
 */
export function automaticRate(
  problem: Problem,
  method: Method,
  methodSettings: ChosenSettings,
  optimizer: Optimizer,
  optimizerSettings: ChosenSettings,
  steps: number,
): number | null {
  if (problem.size === 0 || problem.size > SIZE_LIMIT) return null;
  const scale = Math.max(1, maximumNorm(startOf(problem)));
  if (optimizer.isAdaptive) return rounded(ADAPTIVE_SHARE * scale);
  const { curvature, slope } = steepness(problem, largestPenalty(method, methodSettings, steps));
  if (!Number.isFinite(curvature) || !Number.isFinite(slope)) return null;
  const { weightDecay = 0 } = optimizerSettings;
  const steepest = curvature + (typeof weightDecay === 'number' ? weightDecay : 0); // w x is the slope of ½ w‖x‖²
  if (steepest > 1e-9 * slope) return rounded(SHARE / steepest);
  return slope > 0 ? rounded((ADAPTIVE_SHARE * scale) / slope) : null;
}

/** ρ at the end of a run: as given, or grown as often as there is time for, up to its bound. */
function largestPenalty({ settings }: Method, chosen: ChosenSettings, steps: number): number {
  const number = (name: string, otherwise: number) => {
    const value = name in settings ? chosen[name] : otherwise;
    return typeof value === 'number' ? value : otherwise;
  };
  const penalty = number('penalty', 0);
  const growths = Math.floor(steps / Math.max(1, number('every', number('inner', steps))));
  return Math.min(number('penaltyMax', penalty), penalty * number('growth', 1) ** growths);
}

/** λ_max of ∇²f + ρ JᵀJ in absolute value, and ‖∇f‖, at the start and t = 0. */
function steepness(problem: Problem, penalty: number): { curvature: number; slope: number } {
  const ops = new Ops();
  const n = problem.size;
  const [x, t, T] = [ops.input('start', 'x', [n]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const direction = ops.input('setting', 'd', [n]);
  const objective = (point: Tensor) => objectiveOf(ops, problem, point, t, T);
  const slope = gradient(ops, objective, x);
  const bent = jvp(ops, (point) => gradient(ops, objective, point), x, direction);
  const pushed = problem.constraints.reduce((sum, constraint) => {
    if (penalty === 0) return sum;
    const residual = (point: Tensor) => residualOf(ops, problem, constraint, point, t, T);
    const pull = vjp(ops, residual, x, jvp(ops, residual, x, direction));
    return ops.add(sum, ops.multiply(penalty, pull));
  }, bent);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  machine.numbers(x.id).set(startOf(problem));
  const apply = machine.procedure([slope.id, pushed.id]);
  const random = draws(1);
  let along = Float64Array.from({ length: n }, () => random.uniform() + 0.5);
  let curvature = 0;
  for (let k = 0; k < ITERATIONS; k++) {
    const length = euclideanNorm(along);
    if (length === 0 || !Number.isFinite(length)) break;
    machine.numbers(direction.id).set(along.map((entry) => entry / length));
    apply();
    along = machine.numbers(pushed.id).slice();
    curvature = euclideanNorm(along);
  }
  return { curvature, slope: euclideanNorm(machine.numbers(slope.id)) };
}

/** Two digits, downwards: a number that one can read. */
function rounded(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(2));
}
