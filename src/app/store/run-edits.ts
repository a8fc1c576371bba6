/** Changes of the list of runs, as pure functions of it. Settings that nobody knows stay as they are. */
import type { Listing, Settings } from '../../core/contracts.ts';
import { DEFAULT_OPTIMIZER } from '../../core/experiment/defaults.ts';
import type { RunJson, SettingsJson } from '../../core/experiment/experiment.ts';
import type { Study } from '../study.ts';

/** New values by name; undefined takes the field away, so that its default holds. */
export type RunPatch = { readonly [Field in keyof RunJson]?: RunJson[Field] | undefined };

/** Whose settings: the method's or the optimizer's. */
export type SettingOwner = 'method' | 'optimizer';

function withoutUndefined<T extends object>(fields: T): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export const patchRun = (run: RunJson, patch: RunPatch): RunJson => ({
  method: run.method,
  ...withoutUndefined({ ...run, ...patch }),
});

/** The run with one setting changed; undefined makes it automatic again. */
export function patchSetting(run: RunJson, owner: SettingOwner, name: string, value: unknown): RunJson {
  if (owner === 'method')
    return { ...run, settings: withoutUndefined({ ...run.settings, [name]: value }) as SettingsJson };
  const kind = run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind;
  return { ...run, optimizer: { kind, ...withoutUndefined({ ...run.optimizer, [name]: value }) } };
}

/** The run with the learning rate that theory gives, for one that went off with its own; null where it has none of its own. */
export function withAutomaticRate(run: RunJson, { methods, optimizers }: Listing): RunJson | null {
  if (run.optimizer?.learningRate === undefined) return null;
  const method = methods.find(({ id }) => id === run.method);
  const rate = optimizers.find(({ id }) => id === run.optimizer?.kind)?.settings.learningRate;
  const isKnown = method?.optimizer !== 'none' && rate?.role === 'value' && rate.isAutomatic === true;
  return isKnown ? patchSetting(run, 'optimizer', 'learningRate', undefined) : null;
}

/** Whether a setting changes anything beside the others, or was given nevertheless. */
export function matters(name: string, declared: Settings, given: SettingsJson): boolean {
  const condition = declared[name]?.onlyWith;
  if (!condition || given[name] !== undefined) return true;
  const other = declared[condition.setting];
  const preset = other && 'default' in other ? other.default : undefined;
  return condition.is.some((value) => value === (given[condition.setting] ?? preset));
}

/** Of some settings those that are declared: what means the same to the next method or optimizer. */
const shared = (settings: SettingsJson | undefined, declared: object | undefined): SettingsJson =>
  Object.fromEntries(Object.entries(settings ?? {}).filter(([name]) => declared !== undefined && name in declared));

export function withMethod(run: RunJson, id: string, catalog: Listing): RunJson {
  if (run.method === id) return run;
  const method = catalog.methods.find((entry) => entry.id === id);
  const settings = shared(run.settings, method?.settings);
  return patchRun(run, {
    method: id,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
    label: undefined,
  });
}

export function withOptimizer(run: RunJson, kind: string, catalog: Listing): RunJson {
  if (run.optimizer?.kind === kind) return run;
  const optimizer = catalog.optimizers.find((entry) => entry.id === kind);
  return { ...run, optimizer: { ...shared(run.optimizer, optimizer?.settings), kind } };
}

/** The next run to compare with: a method that applies and is not there yet, trained as the last run is. */
export function proposeRun(runs: readonly RunJson[], study: Pick<Study, 'proposals'> | null): RunJson | null {
  const candidates = study?.proposals.map(({ method }) => method) ?? [];
  const method = candidates.find((id) => runs.every((run) => run.method !== id)) ?? candidates[0];
  if (method === undefined) return null;
  const last = runs.at(-1);
  return {
    method,
    ...(last?.optimizer && { optimizer: last.optimizer }),
    ...(last?.steps !== undefined && { steps: last.steps }),
  };
}

/** Whether two lists of runs compute the same: names, colours and visibility do not matter. */
export function computeAlike(before: readonly RunJson[], after: readonly RunJson[]): boolean {
  if (before === after) return true;
  const numerics = ({ method, settings, optimizer, steps, record, start }: RunJson) =>
    JSON.stringify([method, settings ?? {}, optimizer ?? {}, steps ?? null, record ?? 'auto', start ?? null]);
  return (
    before.length === after.length &&
    before.every((run, i) => {
      const other = after[i];
      return other === run || (other !== undefined && numerics(run) === numerics(other));
    })
  );
}
