/** One run with one setting at several values: a sweep. */
import type { Listing, Setting } from '../../core/contracts.ts';
import { DEFAULT_OPTIMIZER } from '../../core/experiment/defaults.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { fieldNumber, parseNumber } from '../number-text.ts';
import { matters, patchSetting, type SettingOwner } from './run-edits.ts';

export interface SweepAxis {
  readonly owner: SettingOwner;
  readonly name: string;
  readonly title: string;
  readonly range: readonly [number, number];
  readonly scale: 'linear' | 'log';
  readonly isWhole: boolean;
  readonly default: number;
}

/** A setting that is a choice or a switch. */
export interface ChoiceAxis {
  readonly owner: SettingOwner;
  readonly name: string;
  readonly title: string;
  readonly options: readonly (string | boolean)[];
}

const isCount = (setting: Setting): boolean => setting.role === 'structure' && setting.kind === 'count';

/** What a run's method and optimizer declare, as far as it matters beside the run's other settings: the optimizer's first. */
function settingsOf(run: RunJson, { methods, optimizers }: Listing) {
  const method = methods.find(({ id }) => id === run.method);
  const optimizer = optimizers.find(({ id }) => id === (run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind));
  const owners = [
    ['optimizer', method?.optimizer === 'none' ? {} : (optimizer?.settings ?? {}), run.optimizer ?? {}],
    ['method', method?.settings ?? {}, run.settings ?? {}],
  ] as const;
  return owners.flatMap(([owner, declared, given]) =>
    Object.entries(declared)
      .filter(([name]) => matters(name, declared, given))
      .map(([name, setting]) => ({ owner, name, setting })),
  );
}

/** The settings of a run that are numbers: its optimizer's, then its method's. */
export const sweepAxes = (run: RunJson, catalog: Listing): SweepAxis[] =>
  settingsOf(run, catalog).flatMap(({ owner, name, setting }): SweepAxis[] => {
    const isWhole = setting.role === 'value' ? setting.isWhole === true : isCount(setting);
    if (setting.role !== 'value' && !isWhole) return [];
    const {
      title,
      range,
      default: preset,
    } = setting as { title: string; range: readonly [number, number]; default: number };
    const scale = setting.role === 'value' ? setting.scale : 'linear';
    return [{ owner, name, title, range, scale, isWhole, default: preset }];
  });

/** The settings of a run that are choices or switches. */
export const choiceAxes = (run: RunJson, catalog: Listing): ChoiceAxis[] =>
  settingsOf(run, catalog).flatMap(({ owner, name, setting }): ChoiceAxis[] => {
    if (setting.role !== 'structure' || setting.kind === 'count') return [];
    const options = setting.kind === 'choice' ? setting.options : [false, true];
    return [{ owner, name, title: setting.title, options }];
  });

/** `count` values from one number to another, evenly or by equal ratios; whole numbers once each. */
export function sweepValues(
  { range: [least, greatest], isWhole }: Pick<SweepAxis, 'range' | 'isWhole'>,
  from: number,
  to: number,
  count: number,
  scale: 'linear' | 'log',
): number[] {
  const isLog = scale === 'log' && from > 0 && to > 0;
  const values = Array.from({ length: count }, (_, k) => {
    const share = count === 1 ? 0 : k / (count - 1);
    const value = isLog ? from * (to / from) ** share : from + share * (to - from);
    const rounded = isWhole ? Math.round(value) : Number(value.toPrecision(6));
    return Math.min(greatest, Math.max(least, rounded));
  });
  return [...new Set(values)];
}

/** Numbers as typed, set apart by commas, semicolons or spaces; a number of the range each, else what is wrong. */
export function readValues(
  { range: [least, greatest], isWhole }: Pick<SweepAxis, 'range' | 'isWhole'>,
  text: string,
  most: number,
): { readonly values: readonly number[]; readonly fault: string | null } {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const values: number[] = [];
  for (const word of words) {
    const value = parseNumber(word);
    if (value === null) return { values: [], fault: `“${word}” is not a number.` };
    if (isWhole && !Number.isInteger(value)) return { values: [], fault: `${word} is not a whole number.` };
    if (value < least || value > greatest)
      return { values: [], fault: `${word} is not from ${fieldNumber(least)} to ${fieldNumber(greatest)}.` };
    if (!values.includes(value)) values.push(value);
  }
  if (values.length < 2) return { values, fault: 'At least two values.' };
  return values.length > most
    ? { values, fault: `At most ${most} values: there is no room for more runs.` }
    : { values, fault: null };
}

/** A copy of the run for each value: without a label, so that its name tells the value, as it is changed, too. */
export const sweepRuns = (
  run: RunJson,
  { owner, name }: Pick<SweepAxis, 'owner' | 'name'>,
  values: readonly (number | string | boolean)[],
): RunJson[] =>
  values.map((value) => {
    const { color: _, label: __, ...copy } = patchSetting(run, owner, name, value);
    return copy;
  });
