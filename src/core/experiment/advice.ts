/** Why a run stands still where it should not, and what would mend it: the method's own word, on the measure's evidence. */
import type { Structure } from '../analysis/structure.ts';
import type { Advice, Catalog, Method, Optimizer } from '../contracts.ts';
import type { ExecutorKind } from '../run/run.ts';
import { KKT_TOLERANCE, precisionOf } from '../run/verdict.ts';
import { chooseSettings } from './chosen-settings.ts';
import { runWithDefaults } from './defaults.ts';
import type { RunJson, SettingsJson } from './experiment.ts';

/** A run that made all its steps. */
export interface Ended {
  readonly executor: ExecutorKind;
  /** Row-major [records, n]. */
  readonly iterates: Float64Array;
  readonly violation: Float64Array;
  readonly stationarity: Float64Array;
}

/** Share of the last records in which a run at rest no longer moves. */
const LAST = 0.2;
/** A late move below this share of the way that the run came is none: adaptive steps tremble around their limit. */
const STILL = 2e-2;
/** ‖∇L‖ that is this much above the tolerance of the executor is not a matter of more steps. */
const FAR = 10;

/** The advice of the run's method, if the run came to rest at a point that is not feasible, or not stationary. */
export function adviceFor(structure: Structure, run: RunJson, catalog: Catalog, ended: Ended): Advice | null {
  const { method: id, settings, optimizer: json } = runWithDefaults(run);
  const method = catalog.methods.find((entry) => entry.id === id);
  const optimizer = catalog.optimizers.find((entry) => entry.id === json.kind);
  if (!method?.adviseAtRest || !optimizer) return null;
  const rest = restOff(ended, structure.size);
  const chosen = chooseSettings(method, settings);
  const advice = rest && chosen.ok ? method.adviseAtRest(structure, optimizer, chosen.value, rest) : null;
  if (!advice?.change) return advice;
  const changed = changedRun({ ...run, settings }, advice.change);
  const target = catalog.methods.find((entry) => entry.id === changed.method);
  const mended = target && chooseSettings(target, changed.settings ?? {});
  return mended?.ok && target?.supports(structure, mended.value).supported ? advice : { message: advice.message };
}

/** What the method says of the optimizer before any run; null where it comes to the optimum, or does not apply. */
export function caveatFor(
  structure: Structure,
  method: Method,
  optimizer: Optimizer,
  settings: SettingsJson,
): string | null {
  if (method.optimizer !== 'any' || !method.caveat) return null;
  const chosen = chooseSettings(method, settings);
  if (!chosen.ok || !method.supports(structure, chosen.value).supported) return null;
  return method.caveat(structure, optimizer, chosen.value);
}

/** The run as advised: its method with these settings changed, or another method with these settings. */
export const changedRun = (
  run: RunJson,
  { method = run.method, settings }: NonNullable<Advice['change']>,
): RunJson => ({
  ...run,
  method,
  settings: method === run.method ? { ...run.settings, ...settings } : settings,
});

/** Null for a run that is still on its way, or at an optimum. */
function restOff(
  { executor, iterates, violation, stationarity }: Ended,
  size: number,
): { readonly isFeasible: boolean } | null {
  const tolerance = KKT_TOLERANCE[precisionOf(executor)];
  const last = iterates.subarray(-size);
  const scale = 1 + last.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0);
  const isFeasible = (violation.at(-1) ?? 0) <= tolerance * scale;
  const isStationary = (stationarity.at(-1) ?? 0) <= FAR * tolerance * scale;
  const records = iterates.length / Math.max(1, size);
  const farthest = (some: Float64Array) =>
    some.reduce((most, entry, i) => Math.max(most, Math.abs(entry - (last[i % size] ?? 0))), 0);
  const isStill = farthest(iterates.subarray(Math.floor((1 - LAST) * records) * size)) <= STILL * farthest(iterates);
  return isStill && records > 10 && !(isFeasible && isStationary) ? { isFeasible } : null;
}
