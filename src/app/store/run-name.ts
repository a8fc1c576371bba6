/** What a run is called: its label, else its method and optimizer; a number, where an earlier run is called so. */
import type { Catalog } from '../../core/contracts.ts';
import { DEFAULT_OPTIMIZER } from '../../core/experiment/defaults.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { shortNumber } from '../number-text.ts';

/** One name a run, in their order. */
export function runNames(runs: readonly RunJson[], catalog: Catalog): readonly string[] {
  const names = runs.map((run) => runName(run, catalog));
  return names.map((name, i) => {
    const earlier = names.slice(0, i).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name} ${earlier + 1}`;
  });
}

/** Entries of a start that a name tells. */
const TOLD = 3;

export function runName(run: RunJson, catalog: Catalog): string {
  const { label, start } = run;
  if (label !== undefined && label !== '') return label;
  if (start === undefined) return recipe(run, catalog);
  const told = start.length <= TOLD ? `(${start.map((entry) => shortNumber(entry, 3)).join(', ')})` : 'elsewhere';
  return `${recipe(run, catalog)} from ${told}`;
}

function recipe({ method, optimizer }: RunJson, { methods, optimizers }: Catalog): string {
  const entry = methods.find(({ id }) => id === method);
  const kind = optimizer?.kind ?? DEFAULT_OPTIMIZER.kind;
  const title = entry?.title ?? method;
  if (entry?.optimizer !== 'any' || kind === DEFAULT_OPTIMIZER.kind) return title;
  return `${title}, ${optimizers.find(({ id }) => id === kind)?.title ?? kind}`;
}
