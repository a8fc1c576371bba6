/** What a problem is like at its start: the numbers that theory makes learning rates and coefficients from. */
import type { Structure } from '../../analysis/structure.ts';
import type { ConstraintKind, Method, RestMeasures, StartMeasures } from '../../contracts.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { methodProblem } from '../../program/method-problem.ts';
import { type ChosenSettings, resolveSettings, settingValues } from '../../program/settings.ts';
import { gradient, jvp } from '../../tensor/derivatives.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';
import { greatest, pointNearby, StartProbe, scaleOf } from './start-probe.ts';

/** Measures at the start and t = 0; null where they are no numbers. `rate`: η as named, null where it is not. */
export function measuresOf(
  problem: Problem,
  isPlain: boolean,
  rate: number | null,
  rest: () => RestMeasures | null,
): StartMeasures | null {
  const probe = new StartProbe(problem);
  const [slope, scale] = [probe.slope(), scaleOf(problem)];
  const [curvature, pullHere] = [probe.curvature(), probe.pull()];
  const leastHere = probe.shallowest(curvature);
  const binding = probe.binding();
  probe.moveTo(pointNearby(problem));
  const leastNearby = probe.shallowest(probe.curvature());
  if (binding) probe.moveTo(binding);
  const pullNearby = probe.pull();
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
    rest,
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
