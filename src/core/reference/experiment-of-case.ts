/** A case of the reference values as an experiment: short names become the catalogue's terms. Test support. */
import type { Experiment, OptimizerJson, RunJson, SettingsJson } from '../experiment/experiment.ts';
import { lossText } from './loss-text.ts';
import type { ReferenceCase, ReferenceParams, ReferenceProblem } from './trajectories.ts';

/** One run with exactly the records of the case; the text starts at x of its record 0. */
export const experimentOfCase = (problem: ReferenceProblem, referenceCase: ReferenceCase): Experiment => ({
  version: 1,
  title: referenceCase.id,
  problem: problemText(problem, startOf(problem, referenceCase)),
  seed: 0,
  runs: [runOfCase(problem, referenceCase)],
});

/** x0, or, where the trained vector is given instead, the x that record 0 says it stands for. */
const startOf = (problem: ReferenceProblem, { x0, records }: ReferenceCase): readonly number[] =>
  x0 ?? records[0]?.x ?? problem.variables.map(() => 0);

export function problemText(problem: ReferenceProblem, start: readonly number[]): string {
  const parameters = problem.variables.map((name, i) => `param ${name} = ${start[i] ?? 0}`);
  const constraints = problem.constraints.map(({ text }) => `  ${text}`);
  return [
    ...parameters,
    `minimize ${lossText(problem)}`,
    ...(constraints.length > 0 ? ['subject to', ...constraints] : []),
  ].join('\n');
}

function runOfCase(problem: ReferenceProblem, referenceCase: ReferenceCase): RunJson {
  const { method, settings } = methodOf(problem, referenceCase);
  const { theta0, lambda0, optimizer, steps, records } = referenceCase;
  const given = {
    ...settings,
    ...(theta0 && { start: theta0 }),
    ...(lambda0 && { multipliers: lambda0 }),
  };
  return {
    method,
    ...(Object.keys(given).length > 0 && { settings: given }),
    ...(optimizer && { optimizer: optimizerOf(optimizer) }),
    steps,
    record: records.map(({ t }) => t),
  };
}

function methodOf(
  problem: ReferenceProblem,
  { method, params = {} }: ReferenceCase,
): { method: string; settings: SettingsJson } {
  switch (method) {
    case 'pgd':
      return { method: 'projected-gradient', settings: projectionSettings(problem, params) };
    case 'pgd_metric':
      return { method: 'projected-gradient', settings: { metric: 'optimizer' } };
    case 'update_projection':
      return { method: 'projected-update', settings: renamed(params, { project_start: 'projectStart' }) };
    case 'grad_projection':
      return {
        method: 'projected-direction',
        settings: renamed(params, { project_start: 'projectStart', project_after: 'projectAfter' }),
      };
    case 'nullspace_reparam':
      return { method: 'null-space', settings: renamed(params, { x_p: 'particular', Z: 'basis' }) };
    case 'reparam': {
      const settings = renamed(params, { map: 'map', T: 'matrix', lo: 'lo', hi: 'hi', radius: 'radius' });
      return {
        method: 'reparameterization',
        settings: settings.map === 'sigmoid_box' ? { ...settings, map: 'sigmoid' } : settings,
      };
    }
    case 'penalty':
      return { method, settings: renamed(params, PENALTY_NAMES) };
    case 'gda':
      return { method: 'lagrangian', settings: renamed(params, LAGRANGIAN_NAMES) };
    case 'extragradient':
      return { method: 'lagrangian', settings: { order: method, ...renamed(params, LAGRANGIAN_NAMES) } };
    case 'alm':
      return { method: 'augmented-lagrangian', settings: renamed(params, PENALTY_NAMES) };
    case 'mirror_descent':
      return { method: 'mirror-descent', settings: {} };
    case 'frank_wolfe':
      return { method: 'frank-wolfe', settings: { stepRule: params.step === 'classic' ? 'classic' : 'exact' } };
    case 'nullspace_nonlinear':
      return { method: 'tangent-normal', settings: renamed(params, { gamma: 'normalRate' }) };
    case 'alternating_projections':
      return { method: 'nearest-point', settings: { algorithm: 'alternating', sets: setsOf(problem, params) } };
    case 'dykstra':
      return { method: 'nearest-point', settings: { algorithm: method, sets: setsOf(problem, params) } };
    default:
      return { method, settings: params }; // unconstrained
  }
}

const PENALTY_NAMES = { rho: 'penalty', growth: 'growth', every: 'every', inner: 'inner', rho_max: 'penaltyMax' };
const LAGRANGIAN_NAMES = { order: 'order', lr_dual: 'dualLearningRate', rho: 'penalty' };

function projectionSettings(problem: ReferenceProblem, params: ReferenceParams): SettingsJson {
  const projection = params.projection as ReferenceParams;
  const names = renamed(params, { every: 'projectEvery', project_momentum: 'projectMomentum' });
  switch (projection.kind) {
    case 'newton':
      return { projection: 'newton', cycles: projection.iters, ...names };
    case 'alternating':
    case 'dykstra':
      return { projection: projection.kind, cycles: projection.cycles, sets: setsOf(problem, projection), ...names };
    default:
      return { projection: 'exact', ...names };
  }
}

/** `lines` where the case has as many sets as typed constraints. */
const setsOf = (problem: ReferenceProblem, { sets }: ReferenceParams): 'lines' | 'combined' =>
  Array.isArray(sets) && sets.length === problem.constraints.length ? 'lines' : 'combined';

function optimizerOf({ name, lr, betas, ...others }: NonNullable<ReferenceCase['optimizer']>): OptimizerJson {
  const [beta1, beta2] = Array.isArray(betas) ? betas : [];
  return {
    kind: name,
    learningRate: lr,
    ...(betas !== undefined && { beta1, beta2 }),
    ...Object.fromEntries(Object.entries(others).map(([key, value]) => [OPTIMIZER_NAMES[key] ?? key, value])),
  };
}

const OPTIMIZER_NAMES: Readonly<Record<string, string>> = {
  eps: 'epsilon',
  weight_decay: 'weightDecay',
  lr_decay: 'learningRateDecay',
  initial_accumulator_value: 'initialAccumulator',
};

/** The given parameters under the catalogue's names; absent ones stay absent. */
function renamed(params: ReferenceParams, names: Readonly<Record<string, string>>): SettingsJson {
  const entries = Object.entries(names).filter(([from]) => params[from] !== undefined);
  return Object.fromEntries(entries.map(([from, to]) => [to, params[from]]));
}
