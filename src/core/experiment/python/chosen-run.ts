/** A run of the experiment with every default in place, if its method applies: what every exporter starts from. */
import type { Structure } from '../../analysis/structure.ts';
import type { Catalog, Method, Optimizer } from '../../contracts.ts';
import { failure, fault, type Result, success } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import type { ChosenSettings } from '../../program/settings.ts';
import { settled } from '../automatic/automatic.ts';
import { chooseSettings } from '../chosen-settings.ts';
import { runWithDefaults } from '../defaults.ts';
import type { RunJson } from '../experiment.ts';

/** What is known of the text, and the text itself for the head of the script. */
export interface Exported {
  readonly problem: Problem;
  readonly structure: Structure;
  readonly title: string;
  readonly text: string;
}

export interface ChosenRun {
  readonly method: Method;
  readonly optimizer: Optimizer;
  readonly settings: ChosenSettings;
  readonly optimizerSettings: ChosenSettings;
  readonly complete: ReturnType<typeof runWithDefaults>;
}

/** Fails with a sentence where a method, an optimizer or a setting is unknown, or the method does not apply. */
export function chooseRun({ problem, structure }: Exported, run: RunJson, catalog: Catalog): Result<ChosenRun> {
  const complete = runWithDefaults(run);
  const { kind, ...optimizerJson } = complete.optimizer;
  const method = catalog.methods.find(({ id }) => id === run.method);
  const optimizer = catalog.optimizers.find(({ id }) => id === kind);
  if (!method) return fault(`There is no method “${run.method}” in this version.`);
  if (!optimizer) return fault(`There is no optimizer “${kind}” in this version.`);
  const settings = chooseSettings(method, complete.settings);
  const chosen = chooseSettings(optimizer, optimizerJson);
  if (!settings.ok || !chosen.ok)
    return failure(...[settings, chosen].flatMap((one) => (one.ok ? [] : one.diagnostics)));
  const support = method.supports(structure, settings.value);
  if (!support.supported) return fault(`${method.title} does not apply: ${support.reason}`);
  const { methodSettings, optimizerSettings } = settled({
    problem,
    structure,
    kinds: catalog.constraints,
    method,
    methodSettings: settings.value,
    methodJson: complete.settings,
    optimizer,
    optimizerSettings: chosen.value,
    optimizerJson,
    steps: complete.steps,
  });
  return success({ method, optimizer, settings: methodSettings, optimizerSettings, complete });
}
