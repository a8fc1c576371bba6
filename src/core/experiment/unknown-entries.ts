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
      ...(knownMethod ? unknownSettings(settings, knownMethod.settings, method) : [`There is no method "${method}".`]),
      ...(knownOptimizer
        ? unknownSettings(optimizerSettings, knownOptimizer.settings, kind)
        : [`There is no optimizer "${kind}".`]),
    ].map((message) => `Run ${i + 1}: ${message} It is kept.`);
  });
  return warnings.map((message) => ({ severity: 'warning', message }));
}

const unknownSettings = (given: object, known: Settings, owner: string): string[] =>
  Object.keys(given)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => `${owner} has no setting "${name}".`);
