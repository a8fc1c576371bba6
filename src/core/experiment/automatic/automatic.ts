/** Settings from the problem, for runs that do not name them: computed once, when the program is recorded. */

import { areRowsBent, bentOf } from '../../analysis/optimum/corners.ts';
import type { Structure } from '../../analysis/structure.ts';
import type { ConstraintKind, Method, Optimizer, RestMeasures, Setting, Settings } from '../../contracts.ts';
import type { Problem } from '../../problem/problem.ts';
import type { ChosenSettings } from '../../program/settings.ts';
import type { SettingsJson } from '../experiment.ts';
import { rehearsedRate } from './rehearsal.ts';
import { restOf } from './resting-point.ts';
import { measuresOf, steepnessOfChart } from './start-measures.ts';
import { StartProbe, scaleOf } from './start-probe.ts';

/** Share of the largest stable step 1/λ_max that is taken. */
const SHARE = 0.9;
/** Step of an adaptive optimizer, relative to the scale of the start. */
const ADAPTIVE_SHARE = 0.05;
/** Beyond it the fallbacks of the settings hold: somebody waits. */
const SIZE_LIMIT = 20_000;

/** Larger problems take too long to be tried. */
const REHEARSED_SIZE = 200;

/** A run with its settings as far as they are named, and defaults elsewhere. */
export interface Unsettled {
  readonly problem: Problem;
  readonly structure: Structure;
  readonly kinds: readonly ConstraintKind[];
  readonly method: Method;
  readonly methodSettings: ChosenSettings;
  readonly methodJson: SettingsJson;
  readonly optimizer: Optimizer;
  readonly optimizerSettings: ChosenSettings;
  readonly optimizerJson: SettingsJson;
  readonly steps: number;
}

export interface Settled {
  readonly methodSettings: ChosenSettings;
  readonly optimizerSettings: ChosenSettings;
  /** What was computed, by `method.penalty`, `optimizer.learningRate`, …; empty where all is named. */
  readonly automatic: Readonly<Record<string, number>>;
}

/** The settings of a run, with a value for each that theory gives one for and that the run leaves out. */
export function settled(run: Unsettled): Settled {
  let found: RestMeasures | null | undefined;
  const rest = () => {
    if (found === undefined) found = restMeasures(run);
    return found;
  };
  const ofMethod = methodValues(run, rest);
  const methodSettings = { ...run.methodSettings, ...ofMethod };
  const measured = isLeftOut('learningRate', run.optimizer.settings, run.optimizerJson, run.optimizerSettings)
    ? automaticRate({ ...run, methodSettings }, rest)
    : null;
  const rate =
    measured === null || !mayRunAway(run) ? measured : rounded(rehearsedRate(measured, { ...run, methodSettings }));
  const prefixed = Object.entries(ofMethod).map(([name, value]) => [`method.${name}`, value] as const);
  const isUsed = rate !== null && run.method.optimizer !== 'none';
  return {
    methodSettings,
    optimizerSettings: rate === null ? run.optimizerSettings : { ...run.optimizerSettings, learningRate: rate },
    automatic: { ...Object.fromEntries(prefixed), ...(isUsed && { 'optimizer.learningRate': rate }) },
  };
}

/** Whether the loss may be steeper further on, or steps feel rows, and these may be: other methods return to the rows. */
const mayRunAway = ({ problem, structure, method }: Unsettled): boolean =>
  problem.size <= REHEARSED_SIZE &&
  (structure.lossDegree > 2 ||
    (method.takesRowsAsPlanes === true && structure.inequalityRows > 0) ||
    ((method.feelsMultipliers === true || 'penalty' in method.settings) &&
      structure.constraints.some(({ affine }) => !affine)));

const isAutomatic = (setting: Setting | undefined): boolean =>
  setting?.role === 'value' && setting.isAutomatic === true;

/** Whether theory gives a value for a setting, none is named, and the setting matters beside the others. */
function isLeftOut(name: string, settings: Settings, json: SettingsJson, chosen: ChosenSettings): boolean {
  const setting = settings[name];
  const condition = setting?.onlyWith;
  const matters = !condition || condition.is.some((value) => value === chosen[condition.setting]);
  return isAutomatic(setting) && json[name] === undefined && matters;
}

/** Whether the optimizer's steps are η times a gradient: the metric of theory. */
const stepsPlainly = ({ method, methodSettings, optimizer }: Unsettled): boolean =>
  !optimizer.isAdaptive || method.optimizer === 'learning-rate' || methodSettings.order === 'extragradient';

/** What the method says of its own settings. */
function methodValues(run: Unsettled, rest: () => RestMeasures | null): Record<string, number> {
  const { problem, method, methodSettings, methodJson, optimizerJson, steps } = run;
  const wanted = Object.keys(method.settings).filter((name) =>
    isLeftOut(name, method.settings, methodJson, methodSettings),
  );
  if (wanted.length === 0 || !method.automatic || problem.size === 0 || problem.size > SIZE_LIMIT) return {};
  const { learningRate } = optimizerJson;
  const isPlain = method.optimizer !== 'none' && stepsPlainly(run);
  const measures = measuresOf(problem, isPlain, typeof learningRate === 'number' ? learningRate : null, rest);
  if (!measures) return {};
  const values = method.automatic(measures, methodSettings, { names: wanted, steps });
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const [setting, value] = [method.settings[name], values[name]];
      if (setting?.role !== 'value' || value === undefined || !Number.isFinite(value) || value <= 0) return [];
      const [least, most] = setting.range;
      return [[name, Math.min(most, Math.max(least, rounded(value)))] as const];
    }),
  );
}

/**
 * The learning rate η of a run that names none, or null where it cannot be told.
 * Gradient descent: η = 0.9/(λ_max(∇²f + ρ JᵀJ) + w) at the start, by 12 power iterations, ρ the largest penalty coefficient that the
 * method reaches, J the Jacobian of all rows (of rows that are flat at the start, where they come to bind and where the first step leads), w the weight decay; of a loss without curvature 0.05·s/‖∇f‖. Where other numbers than x
 * are trained, x = x(v), the Hessian is that of f(x(v)) in v (null space: NᵀHN), and where the map is curved not less than that in x.
 * Where multipliers λ pull at curved rows r, ∇²f + 2 Σ λᵢ∇²rᵢ, with λ estimated where the run should end: on its way there are more.
 * An optimizer that divides each coordinate by its own size: η = 0.05·s. s = max(1, ‖x₀‖∞).
 * Source: Nesterov 2018, Lectures on Convex Optimization, §2.1.5 (1/L).
 */
function automaticRate(run: Unsettled, rest: () => RestMeasures | null): number | null {
  const { problem, structure, kinds, method, methodSettings, optimizerSettings, steps } = run;
  if (problem.size === 0 || problem.size > SIZE_LIMIT) return null;
  const scale = scaleOf(problem);
  if (!stepsPlainly(run)) return rounded(ADAPTIVE_SHARE * scale);
  const probe = new StartProbe(problem);
  const penalty = method.addedCurvature ? 0 : largestPenalty(method, methodSettings, steps);
  const plain = { curvature: probe.steepest(penalty), slope: probe.slope() };
  const added = method.addedCurvature?.(methodSettings) ?? 0;
  const trained = steepnessOfChart(problem, structure, kinds, method, methodSettings);
  const isStraight = trained?.isAffine === true;
  const curvature = isStraight ? trained.curvature : Math.max(plain.curvature + added, trained?.curvature ?? 0);
  const slope = trained?.slope ?? plain.slope;
  if (!Number.isFinite(curvature) || !Number.isFinite(slope)) return null;
  const { weightDecay = 0 } = optimizerSettings;
  const steepest = curvature + (typeof weightDecay === 'number' ? weightDecay : 0); // w x is the slope of ½ w‖x‖²
  const bent = method.feelsMultipliers ? 2 * (rest()?.curvature ?? 0) : 0;
  if (steepest > 1e-9 * slope) {
    const rate = SHARE / (steepest + bent);
    return rounded(penalty === 0 ? rate : probe.steadied(rate, SHARE, penalty));
  }
  return slope > 0 ? rounded(Math.min((ADAPTIVE_SHARE * scale) / slope, SHARE / bent)) : null;
}

/** Null where all rows are affine: none is steeper anywhere than at the start; and where one has kinks, about which Newton steps jump. */
function restMeasures({ problem, structure }: Unsettled): RestMeasures | null {
  if (structure.constraints.every(({ affine }) => affine) || areRowsBent(bentOf(problem))) return null;
  const probe = new StartProbe(problem);
  const [curvature, slope] = [probe.curvature(), probe.slope()];
  const step = curvature > 1e-9 * slope ? SHARE / curvature : (ADAPTIVE_SHARE * scaleOf(problem)) / slope;
  return Number.isFinite(step) ? restOf(problem, step) : null;
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

/** Two digits, downwards: a number that one can read. */
function rounded(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit + 1e-9) * unit).toPrecision(2));
}
