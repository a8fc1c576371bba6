/** Methods, optimizers and settings that the catalogue does not have: kept, named, and the rest works. */
import type { Catalog, Settings } from '../contracts.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { DEFAULT_OPTIMIZER } from './defaults.ts';
import type { Experiment } from './experiment.ts';

export function unknownEntries(experiment: Experiment, { methods, optimizers }: Catalog): Diagnostic[] {
  const warnings = (experiment.runs ?? []).flatMap(({ method, settings = {}, optimizer = DEFAULT_OPTIMIZER }, i) => {
    const knownMethod = methods.find(({ id }) => id === method);
    const knownOptimizer = optimizers.find(({ id }) => id === optimizer.kind);
    const { kind, ...optimizerSettings } = optimizer;
    return [
      ...(knownMethod ? unknownSettings(settings, knownMethod) : [unknown('method', method)]),
      ...(knownOptimizer ? unknownSettings(optimizerSettings, knownOptimizer) : [unknown('optimizer', kind)]),
    ].map((message) => `Run ${i + 1}: ${message}`);
  });
  return warnings.map((message) => ({ severity: 'warning', message }));
}

const unknown = (what: string, id: string): string =>
  `there is no ${what} “${id}” in this version. It is kept as it came, and the other runs work.`;

const unknownSettings = (given: object, owner: { readonly title: string; readonly settings: Settings }): string[] =>
  Object.keys(given)
    .filter((name) => !Object.hasOwn(owner.settings, name))
    .map((name) => `${owner.title} has no setting “${name}” in this version. It is kept, and does nothing.`);
