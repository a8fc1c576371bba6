/** What the hover labels say. Values stand in `customdata`; names pass through `plain`. */

import { readable } from './drawable.ts';
import { plain } from './plain.ts';
import { lossName, type RunView, type Scene } from './scene.ts';

/** Step, loss and violation of a record, then what else is read out, in the order that `recordHover` reads. */
export function recordValues({ steps, loss, violation, readOut }: RunView, record: number): number[] {
  const count = readOut?.names.length ?? 0;
  const more = Array.from({ length: count }, (_, k) => readOut?.values[record * count + k]);
  return [
    steps[record] ?? 0,
    ...[loss[record], violation[record], ...more].map((value) => readable(value) ?? Number.NaN),
  ];
}

const coordinates = ['x', 'y', 'z'] as const;

const entries = ({ axes, parameterNames }: Scene): string[] =>
  axes.map((axis, k) => `${plain(parameterNames[axis] ?? '')} = %{${coordinates[k] ?? 'x'}:.6~g}`);

export const recordHover = ({ label, readOut }: RunView, scene: Scene): string =>
  [
    `<b>${plain(label)}</b>`,
    'step %{customdata[0]}',
    ...(readOut ? readOut.names.map((name, k) => `${plain(name)} = %{customdata[${3 + k}]:.5~g}`) : entries(scene)),
    `${lossName(scene)} %{customdata[1]:.6~g}`,
    'violation %{customdata[2]:.3~g}<extra></extra>',
  ].join('<br>');

export const optimumHover = (scene: Scene): string =>
  ['<b>optimum</b>', ...entries(scene)].join('<br>').concat('<extra></extra>');
