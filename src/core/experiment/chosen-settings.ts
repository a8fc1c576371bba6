/** Settings as the reader wrote them → validated values: defaults filled in, ranges and types checked. Unknown names are left out here. */
import type { ArraySetting, Entry, Setting, Settings } from '../contracts.ts';
import { type Diagnostic, failure, type Result, success } from '../diagnostic.ts';
import type { Chosen, ChosenSettings } from '../program/settings.ts';
import type { SettingsJson } from './experiment.ts';

export function chooseSettings(
  entry: Entry & { readonly settings: Settings },
  json: SettingsJson,
): Result<ChosenSettings> {
  const diagnostics: Diagnostic[] = [];
  const chosen: Record<string, Chosen> = {};
  for (const [name, setting] of Object.entries(entry.settings)) {
    const given = Object.hasOwn(json, name) ? json[name] : undefined;
    const problem = given === undefined ? null : objection(setting, given);
    if (problem)
      diagnostics.push({ severity: 'error', message: `${entry.title}: ${setting.title} (${name}) ${problem}` });
    chosen[name] = given === undefined ? presetOf(setting) : (given as Chosen);
  }
  return diagnostics.length > 0 ? failure(...diagnostics) : success(chosen);
}

const presetOf = (setting: Setting): Chosen => (setting.role === 'data' ? null : setting.default);

/** Why a value does not fit a setting, as the rest of a sentence; null where it fits. */
export function objection(setting: Setting, given: unknown): string | null {
  if (setting.role === 'data') return arrayObjection(setting, given);
  if (setting.role === 'value' || setting.kind === 'count') {
    const [least, greatest] = setting.range;
    const wantsWhole = setting.role !== 'value' || setting.isWhole === true;
    const isWhole = !wantsWhole || Number.isInteger(given);
    const fits = typeof given === 'number' && given >= least && given <= greatest && isWhole;
    return fits
      ? null
      : `must be ${wantsWhole ? 'a whole number' : 'a number'} from ${least} to ${greatest}, not ${shown(given)}.`;
  }
  if (setting.kind === 'toggle')
    return typeof given === 'boolean' ? null : `must be true or false, not ${shown(given)}.`;
  return setting.options.some((option) => option === given)
    ? null
    : `must be one of ${setting.options.join(', ')}, not ${shown(given)}.`;
}

function arrayObjection({ rank }: ArraySetting, given: unknown): string | null {
  if (given === null) return null;
  const isVector = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length > 0 && list.every((entry) => Number.isFinite(entry));
  if (rank === 0) {
    const number = isVector(given) && given.length === 1 ? given[0] : given;
    return typeof number === 'number' && Number.isFinite(number) ? null : 'must be a number.';
  }
  if (rank === 1) return isVector(given) ? null : 'must be a list of numbers.';
  const isMatrix =
    Array.isArray(given) && given.length > 0 && given.every((row) => isVector(row) && row.length === given[0].length);
  return isMatrix ? null : 'must be a list of rows of equally many numbers.';
}

const shown = (given: unknown): string => String(JSON.stringify(given)).slice(0, 40);
