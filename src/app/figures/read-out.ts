/** What the hover labels say. Values stand in `customdata`; names pass through `plain`. */

import { readable } from './drawable.ts';
import { plain } from './plain.ts';
import type { Axes, RunView } from './scene.ts';

/** Step, loss and violation of a record, in the order that `recordHover` reads. */
export const recordValues = ({ steps, loss, violation }: RunView, record: number): number[] => [
  steps[record] ?? 0,
  readable(loss[record]) ?? Number.NaN,
  readable(violation[record]) ?? Number.NaN,
];

const coordinates = ['x', 'y', 'z'] as const;

const entries = (axes: Axes, names: readonly string[]): string[] =>
  axes.map((axis, k) => `${plain(names[axis] ?? '')} = %{${coordinates[k] ?? 'x'}:.6~g}`);

export const recordHover = (label: string, axes: Axes, names: readonly string[]): string =>
  [
    `<b>${plain(label)}</b>`,
    'step %{customdata[0]}',
    ...entries(axes, names),
    'loss %{customdata[1]:.6~g}',
    'violation %{customdata[2]:.3~g}<extra></extra>',
  ].join('<br>');

export const optimumHover = (axes: Axes, names: readonly string[]): string =>
  ['<b>optimum</b>', ...entries(axes, names)].join('<br>').concat('<extra></extra>');
