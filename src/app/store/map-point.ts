/** A point of a map as a run: from that start, with those settings. */
import type { Listing } from '../../core/contracts.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { type Problem, startEntries, startOf } from '../../core/problem/problem.ts';
import type { Job } from '../../core/run/run.ts';
import type { SwarmAxis } from '../../core/run/swarm.ts';
import { shortNumber } from '../number-text.ts';
import { patchSetting, type SettingOwner } from './run-edits.ts';
import { sweepAxes } from './sweep.ts';

/** Digits of a number that is read off a map. */
const DIGITS = 5;

interface MapSetting {
  readonly owner: SettingOwner;
  readonly name: string;
}

/** `setting:penalty` as its owner and name; null for an entry of the start. */
export function mapSetting({ name }: Pick<SwarmAxis, 'name'>): MapSetting | null {
  const colon = name.indexOf(':');
  if (colon < 0) return null;
  return { owner: name.slice(0, colon) === 'optimizer' ? 'optimizer' : 'method', name: name.slice(colon + 1) };
}

const titlesOf = (run: RunJson, catalog: Listing) =>
  new Map(sweepAxes(run, catalog).map(({ owner, name, title }) => [`${owner} ${name}`, title]));

/** The axes as a reader knows them: a setting is called what it is called in its panel. */
export function titledAxes<Axis extends Pick<SwarmAxis, 'name'>>(
  axes: readonly Axis[],
  run: RunJson,
  catalog: Listing,
): Axis[] {
  const titles = titlesOf(run, catalog);
  return axes.map((axis) => {
    const setting = mapSetting(axis);
    if (setting === null) return axis;
    const title = titles.get(`${setting.owner} ${setting.name}`)?.toLowerCase();
    return { ...axis, name: title ?? setting.name };
  });
}

/**
 * The run that the map made at a point, under a name that says where it is. Entries of the start that no axis names are those of the
 * run's own start, else the text's.
 */
export function runAtPoint(
  run: RunJson,
  axes: readonly SwarmAxis[],
  point: readonly number[],
  problem: Problem,
  catalog: Listing,
): RunJson {
  const places = axes.map((axis, i) => ({ axis, setting: mapSetting(axis), value: readOff(point[i] ?? Number.NaN) }));
  const { color: _, label: __, visible: ___, ...plain } = run;
  const titles = titlesOf(run, catalog);
  const labels = places.flatMap(({ setting, value }) =>
    setting ? [`${titles.get(`${setting.owner} ${setting.name}`) ?? setting.name} ${shortNumber(value, DIGITS)}`] : [],
  );
  const withSettings = places.reduce<RunJson>(
    (made, { setting, value }) => (setting ? patchSetting(made, setting.owner, setting.name, value) : made),
    plain,
  );
  const entries = places.filter(({ setting }) => setting === null);
  if (entries.length === 0) return { ...withSettings, label: labels.join(', ') };
  const start = [...(run.start ?? startOf(problem))];
  for (const { axis, value } of entries) start[axis.position] = value;
  return { ...withSettings, start, ...(labels.length > 0 && { label: labels.join(', ') }) };
}

const readOff = (value: number): number => Number(value.toPrecision(DIGITS));

/** Where a run is on the axes of a map of its method; null where it says nothing about one of them. `chosen`: the settings of its job. */
export function placeOnMap(
  run: RunJson,
  axes: readonly SwarmAxis[],
  problem: Problem,
  catalog: Listing,
  chosen: Job['settings'] = {},
): readonly number[] | null {
  const start = run.start ?? startEntries(problem);
  const settings = sweepAxes(run, catalog);
  const values = axes.map((axis) => {
    const setting = mapSetting(axis);
    if (setting === null) return start[axis.position];
    const given = (setting.owner === 'optimizer' ? run.optimizer : run.settings)?.[setting.name];
    const automatic = chosen[`${setting.owner}.${setting.name}`]?.[0];
    return (
      given ??
      automatic ??
      settings.find(({ owner, name }) => owner === setting.owner && name === setting.name)?.default
    );
  });
  return values.every((value) => typeof value === 'number') ? (values as number[]) : null;
}
