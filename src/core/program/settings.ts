/** Settings of an entry: from validated numbers to what `init` and `step` see, and to the numbers that a run reads. */
import type { Resolved, Setting, Settings } from '../contracts.ts';
import { invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import type { SettingValues } from './program.ts';

/** A validated value of a setting; null for an array that is not given. */
export type Chosen = number | boolean | string | readonly number[] | readonly (readonly number[])[] | null;
export type ChosenSettings = Readonly<Record<string, Chosen>>;

type Numbers = readonly number[] | readonly (readonly number[])[];
const isArray = (entry: Chosen): entry is Numbers => Array.isArray(entry);
const flat = (entry: Numbers): readonly number[] => entry.flat();

/** [n] for a list of numbers, [m, n] for a list of rows. */
const shapeOf = (entry: Numbers): readonly number[] =>
  typeof entry[0] === 'object' ? [entry.length, entry[0].length] : [entry.length];

/** Symbolic inputs for values and arrays, plain values for structure. Inputs are named `${owner}.${setting}`. */
export function resolveSettings<S extends Settings>(
  ops: Ops,
  owner: string,
  settings: S,
  chosen: ChosenSettings,
): Resolved<S> {
  const entries = Object.entries(settings).map(
    ([name, setting]) => [name, resolve(ops, `${owner}.${name}`, setting, chosen[name] ?? null)] as const,
  );
  return Object.fromEntries(entries) as Resolved<S>;
}

function resolve(ops: Ops, name: string, setting: Setting, chosen: Chosen): Tensor | number | boolean | string | null {
  if (setting.role === 'value') return ops.input('setting', name, []);
  if (setting.role === 'structure') {
    invariant(
      typeof chosen === 'number' || typeof chosen === 'boolean' || typeof chosen === 'string',
      `no value for ${name}`,
    );
    return chosen;
  }
  if (chosen === null) return null;
  if (setting.rank === 0) return ops.input('setting', name, []);
  invariant(isArray(chosen), `${name} is an array`);
  return ops.input('setting', name, shapeOf(chosen));
}

/** The numbers of the symbolic inputs, row-major. */
export function settingValues(owner: string, settings: Settings, chosen: ChosenSettings): SettingValues {
  const values: Record<string, readonly number[]> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const entry = chosen[name] ?? null;
    if (setting.role === 'structure' || entry === null) continue;
    if (typeof entry === 'number') values[`${owner}.${name}`] = [entry];
    else if (isArray(entry)) values[`${owner}.${name}`] = flat(entry);
  }
  return values;
}
