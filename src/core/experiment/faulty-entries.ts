/** Methods, optimizers and settings that the catalogue does not have, and values that do not fit: kept, named, and the rest works. */
import type { Entry, Listing, Settings } from '../contracts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { chooseSettings } from './chosen-settings.ts';
import { DEFAULT_OPTIMIZER } from './defaults.ts';
import type { Experiment, SettingsJson } from './experiment.ts';

/** What is unknown is a warning; a value with which the run would fail is an error. */
export function faultyEntries(experiment: Experiment, { methods, optimizers }: Listing): Diagnostic[] {
  return (experiment.runs ?? []).flatMap(({ method, settings = {}, optimizer = DEFAULT_OPTIMIZER }, i) => {
    const knownMethod = methods.find(({ id }) => id === method);
    const knownOptimizer = optimizers.find(({ id }) => id === optimizer.kind);
    const { kind, ...optimizerSettings } = optimizer;
    return [
      ...(knownMethod ? faultySettings(settings, knownMethod) : [unknown('method', method)]),
      ...(knownOptimizer ? faultySettings(optimizerSettings, knownOptimizer) : [unknown('optimizer', kind)]),
    ].map((found) => ({ ...found, message: `Run ${i + 1}: ${found.message}` }));
  });
}

const warning = (message: string): Diagnostic => ({ severity: 'warning', message });

const unknown = (what: string, id: string): Diagnostic =>
  warning(`there is no ${what} “${id}” in this version. It is kept as it came, and the other runs work.`);

function faultySettings(given: SettingsJson, owner: Entry & { readonly settings: Settings }): readonly Diagnostic[] {
  const chosen = chooseSettings(owner, given);
  return [
    ...Object.keys(given)
      .filter((name) => !Object.hasOwn(owner.settings, name))
      .map((name) => warning(`${owner.title} has no setting “${name}” in this version. It is kept, and does nothing.`)),
    ...(chosen.ok ? [] : chosen.diagnostics),
  ];
}
