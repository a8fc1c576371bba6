/** Why a run was refused: its method does not apply to the problem, or its own settings are wrong. */
import type { Catalog, Settings } from '../../core/contracts.ts';
import { chooseSettings, objection } from '../../core/experiment/chosen-settings.ts';
import { DEFAULT_OPTIMIZER, DEFAULT_STEPS } from '../../core/experiment/defaults.ts';
import type { OptimizerJson, RunJson, SettingsJson } from '../../core/experiment/experiment.ts';
import { STEPS_RANGE } from '../../core/experiment/limits.ts';
import type { Study } from '../study.ts';

/** Whether no settings make the method apply. */
export const isInapplicable = ({ method }: RunJson, { methods }: Study): boolean =>
  methods.find(({ id }) => id === method)?.supported !== true;

const kept = (given: SettingsJson, declared: Settings): SettingsJson =>
  Object.fromEntries(
    Object.entries(given).filter(([name, value]) => {
      const setting = Object.hasOwn(declared, name) ? declared[name] : undefined;
      return setting === undefined || value === undefined || objection(setting, value) === null;
    }),
  );

/** The method's settings without those that are wrong; without any where the rest does not fit the problem. */
function methodSettings(run: RunJson, { structure }: Study, { methods }: Catalog): SettingsJson {
  const method = methods.find(({ id }) => id === run.method);
  const settings = kept(run.settings ?? {}, method?.settings ?? {});
  const chosen = method && chooseSettings(method, settings);
  return chosen?.ok && method?.supports(structure, chosen.value).supported === false ? {} : settings;
}

/** The optimizer's settings without those that are wrong, and without mini-batches where the loss has no rows to draw. */
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
  const [fewest, most] = STEPS_RANGE;
  const mended = {
    settings: methodSettings(run, study, catalog),
    optimizer: entry ? optimizerSettings(optimizer, entry.settings, study) : DEFAULT_OPTIMIZER,
    steps: Number.isInteger(steps) && steps >= fewest && steps <= most ? steps : DEFAULT_STEPS,
  };
  const count = (fields: object) => Object.keys(fields).length;
  const isSame =
    count(mended.settings) === count(settings) &&
    mended.optimizer.kind === optimizer.kind &&
    count(mended.optimizer) === count(optimizer) &&
    mended.steps === steps;
  return isSame ? null : mended;
}
