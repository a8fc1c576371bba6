/** One run with one setting at several values: a sweep. */
import type { Catalog, Setting } from '../../core/contracts.ts';
import { DEFAULT_OPTIMIZER } from '../../core/experiment/defaults.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { patchSetting, type SettingOwner } from './run-edits.ts';

export interface SweepAxis {
  readonly owner: SettingOwner;
  readonly name: string;
  readonly title: string;
  readonly range: readonly [number, number];
  readonly scale: 'linear' | 'log';
  readonly isWhole: boolean;
  readonly default: number;
}

const isCount = (setting: Setting): boolean => setting.role === 'structure' && setting.kind === 'count';

/** The settings of a run that are numbers: its method's, then its optimizer's. */
export function sweepAxes(run: RunJson, { methods, optimizers }: Catalog): SweepAxis[] {
  const method = methods.find(({ id }) => id === run.method);
  const optimizer = optimizers.find(({ id }) => id === (run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind));
  const owners = [
    ['optimizer', method?.optimizer === 'none' ? undefined : optimizer?.settings],
    ['method', method?.settings],
  ] as const;
  return owners.flatMap(([owner, settings]) =>
    Object.entries(settings ?? {}).flatMap(([name, setting]): SweepAxis[] => {
      const isWhole = setting.role === 'value' ? setting.isWhole === true : isCount(setting);
      if (setting.role !== 'value' && !isWhole) return [];
      const {
        title,
        range,
        default: preset,
      } = setting as { title: string; range: readonly [number, number]; default: number };
      return [
        {
          owner,
          name,
          title,
          range,
          scale: setting.role === 'value' ? setting.scale : 'linear',
          isWhole,
          default: preset,
        },
      ];
    }),
  );
}

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

/** A copy of the run for each value, named after it. */
export const sweepRuns = (run: RunJson, { owner, name, title }: SweepAxis, values: readonly number[]): RunJson[] =>
  values.map((value) => {
    const { color: _, ...copy } = patchSetting(run, owner, name, value);
    return { ...copy, label: `${title} ${Number(value.toPrecision(3))}` };
  });
