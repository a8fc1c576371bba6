/** What a run is called: its label, else its method and optimizer, and of runs alike in these the settings that differ. */
import type { Listing, Setting, Settings } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { DEFAULT_OPTIMIZER, DEFAULT_STEPS } from '../../core/experiment/defaults.ts';
import type { RunJson, SettingsJson } from '../../core/experiment/experiment.ts';
import { shortNumber } from '../number-text.ts';

/** One name a run, in their order: no two are the same. A label is kept as it was given, but for a number where it is not the first. */
export function runNames(runs: readonly RunJson[], catalog: Listing): readonly string[] {
  const plain = runs.map((run) => runName(run, catalog));
  const told = plain.map((name, i) => {
    const alike = runs.flatMap((run, k) => (plain[k] === name && !run.label ? [k] : []));
    const own = alike.indexOf(i);
    return own < 0 || alike.length < 2
      ? name
      : name +
          at(
            differences(
              runs.filter((_, k) => alike.includes(k)),
              catalog,
            ),
            own,
          );
  });
  return told.map((name, i) => {
    const earlier = told.slice(0, i).filter((other) => other === name).length;
    if (earlier === 0) return name;
    return name === plain[i] ? `${name} ${earlier + 1}` : `${name} (${earlier + 1})`;
  });
}

/** Settings that a name tells. */
const SETTINGS_TOLD = 2;

/** What tells runs of one recipe apart, behind the name of each: settings are added as long as they part some that were still alike. */
function differences(runs: readonly RunJson[], { methods, optimizers }: Listing): readonly string[] {
  const { method, optimizer } = at(runs, 0);
  const kind = optimizer?.kind ?? DEFAULT_OPTIMIZER.kind;
  const worded = (declared: Settings = {}, givenBy: (run: RunJson) => SettingsJson | undefined) =>
    Object.entries(declared).map(([name, setting]) => runs.map((run) => inWords(setting, givenBy(run)?.[name])));
  const all = [
    ...worded(methods.find(({ id }) => id === method)?.settings, (run) => run.settings),
    ...worded(optimizers.find(({ id }) => id === kind)?.settings, (run) => run.optimizer),
    runs.map(({ steps = DEFAULT_STEPS }) => `${steps.toLocaleString('en')} steps`),
  ];
  let told: readonly string[] = runs.map(() => '');
  let count = 0;
  for (const words of all) {
    const finer = told.map((before, i) => (words[i] ? `${before}, ${words[i]}` : before));
    if (count === SETTINGS_TOLD || new Set(finer).size === new Set(told).size) continue;
    told = finer;
    count++;
  }
  return told;
}

/** “ρ = 10”, “project every 5 steps”, “project every step”, “distance: optimizer”; nothing of a switch that is off, and of numbers in a list. */
function inWords(setting: Setting, given: unknown): string {
  if (setting.role === 'data') return '';
  const isLeft = given === undefined;
  const value = isLeft ? setting.default : given;
  if (setting.role === 'value') {
    if (isLeft && setting.isAutomatic) return `${setting.symbol} auto`;
    return `${setting.symbol} = ${typeof value === 'number' ? shortNumber(value, 3) : value}`;
  }
  const title = setting.title.charAt(0).toLowerCase() + setting.title.slice(1);
  if (setting.kind === 'choice') return `${title}: ${value}`;
  if (setting.kind === 'toggle') return value === true ? title : '';
  if (!title.includes('…')) return `${title} ${value}`;
  return value === 1 ? title.replace(/… (.+)s$/u, '$1') : title.replace('…', `${value}`);
}

/** Entries of a start that a name tells. */
const TOLD = 3;

export function runName(run: RunJson, catalog: Listing): string {
  const { label, start } = run;
  if (label !== undefined && label !== '') return label;
  if (start === undefined) return recipe(run, catalog);
  const told = start.length <= TOLD ? `(${start.map((entry) => shortNumber(entry, 3)).join(', ')})` : 'elsewhere';
  return `${recipe(run, catalog)} from ${told}`;
}

function recipe({ method, optimizer }: RunJson, { methods, optimizers }: Listing): string {
  const entry = methods.find(({ id }) => id === method);
  const kind = optimizer?.kind ?? DEFAULT_OPTIMIZER.kind;
  const title = entry?.title ?? method;
  if (entry?.optimizer !== 'any' || kind === DEFAULT_OPTIMIZER.kind) return title;
  return `${title}, ${optimizers.find(({ id }) => id === kind)?.title ?? kind}`;
}
