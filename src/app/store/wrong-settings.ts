/** Why a run was refused: its method does not apply to the problem, or its own settings are wrong. */
import type { Catalog, Setting, Settings } from '../../core/contracts.ts';
import { chooseSettings, objection } from '../../core/experiment/chosen-settings.ts';
import { DEFAULT_OPTIMIZER, DEFAULT_STEPS } from '../../core/experiment/defaults.ts';
import type { OptimizerJson, RunJson, SettingsJson } from '../../core/experiment/experiment.ts';
import { STEPS_RANGE } from '../../core/experiment/limits.ts';
import type { Study } from '../study.ts';

/** Whether no settings make the method apply. */
export const isInapplicable = ({ method }: RunJson, { methods }: Study): boolean =>
  methods.find(({ id }) => id === method)?.supported !== true;

const nearestIn = ([least, most]: readonly [number, number], value: number, isWhole: boolean): number =>
  Math.min(most, Math.max(least, isWhole ? Math.round(value) : value));

/** The nearest value that is allowed; undefined of what is no number, and where a factor would become 0. */
function nearestAllowed(setting: Setting, value: unknown): number | undefined {
  const isCount = setting.role === 'structure' && setting.kind === 'count';
  if (!(setting.role === 'value' || isCount) || typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const nearest = nearestIn(setting.range, value, setting.role === 'structure' || setting.isWhole === true);
  return setting.role === 'value' && setting.scale === 'log' && nearest === 0 ? undefined : nearest;
}

/** Each as it is or the nearest that is allowed, but those that have none. */
const kept = (given: SettingsJson, declared: Settings): SettingsJson =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const setting = Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (setting === undefined || value === undefined || objection(setting, value) === null) return [[name, value]];
      const nearest = nearestAllowed(setting, value);
      return nearest === undefined ? [] : [[name, nearest]];
    }),
  );

/** The method's settings with those that are wrong mended; without any where the rest does not fit the problem. */
function methodSettings(run: RunJson, { structure }: Study, { methods }: Catalog): SettingsJson {
  const method = methods.find(({ id }) => id === run.method);
  const settings = kept(run.settings ?? {}, method?.settings ?? {});
  const chosen = method && chooseSettings(method, settings);
  return chosen?.ok && method?.supports(structure, chosen.value).supported === false ? {} : settings;
}

/** The optimizer's settings with those that are wrong mended, and without mini-batches where the loss has no rows to draw. */
function optimizerSettings(optimizer: OptimizerJson, declared: Settings, { hasRows }: Study): OptimizerJson {
  const { miniBatches, batchSize, batchSeed, ...others } = kept(optimizer, declared);
  const own =
    miniBatches === true && !hasRows ? others : { ...others, ...given({ miniBatches, batchSize, batchSeed }) };
  return { ...own, kind: optimizer.kind };
}

const given = (fields: SettingsJson): SettingsJson =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The fields of a run that have to change for it to be accepted; null where none is wrong. */
export function mendedSettings(
  run: RunJson,
  study: Study,
  catalog: Catalog,
): Pick<RunJson, 'settings' | 'optimizer' | 'steps'> | null {
  const { settings = {}, optimizer = DEFAULT_OPTIMIZER, steps = DEFAULT_STEPS } = run;
  const entry = catalog.optimizers.find(({ id }) => id === optimizer.kind);
  const mended = {
    settings: methodSettings(run, study, catalog),
    optimizer: entry ? optimizerSettings(optimizer, entry.settings, study) : DEFAULT_OPTIMIZER,
    steps: Number.isFinite(steps) ? nearestIn(STEPS_RANGE, steps, true) : DEFAULT_STEPS,
  };
  const isSame =
    changedNames(settings, mended.settings).length === 0 &&
    changedNames(optimizer, mended.optimizer).length === 0 &&
    mended.steps === steps;
  return isSame ? null : mended;
}

const changedNames = (before: SettingsJson, after: SettingsJson): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);

/** What `mendedSettings` changes, where that is one number: Set “Project every … steps” to 1; else that it resets. */
export function mendInWords(
  { method, settings = {}, optimizer = DEFAULT_OPTIMIZER, steps = DEFAULT_STEPS }: RunJson,
  mended: Pick<RunJson, 'settings' | 'optimizer' | 'steps'>,
  { methods, optimizers }: Catalog,
): string {
  const after = { settings: mended.settings ?? {}, optimizer: mended.optimizer ?? optimizer };
  const owners: [SettingsJson, SettingsJson, Settings | undefined][] = [
    [settings, after.settings, methods.find(({ id }) => id === method)?.settings],
    [optimizer, after.optimizer, optimizers.find(({ id }) => id === optimizer.kind)?.settings],
  ];
  const changes = owners.flatMap(([was, is, declared]) =>
    changedNames(was, is).map((name) => ({ title: declared?.[name]?.title ?? name, value: is[name] })),
  );
  const all = mended.steps === steps ? changes : [...changes, { title: 'Steps', value: mended.steps }];
  const [only] = all;
  return all.length === 1 && typeof only?.value === 'number'
    ? `Set “${only.title}” to ${only.value}`
    : 'Reset settings';
}
