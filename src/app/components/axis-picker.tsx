/** Which entries of the iterate the axes show. */
import { Group, NativeSelect, SegmentedControl } from '@mantine/core';
import type { Axes } from '../figures/scene.ts';

export interface AxisPickerProps {
  readonly parameterNames: readonly string[];
  readonly axes: Axes;
  readonly onAxes: (axes: Axes) => void;
}

/** Names longer than this are cut in the lists. */
const LONGEST_NAME = 40;

export function AxisPicker({ parameterNames, axes, onAxes }: AxisPickerProps) {
  const size = parameterNames.length;
  const isSpace = axes.length === 3;
  return (
    <Group gap="xs" wrap="wrap">
      {size >= 3 && (
        <SegmentedControl
          size="xs"
          aria-label="Dimensions of the figure"
          value={isSpace ? '3d' : '2d'}
          data={[
            { value: '2d', label: '2D' },
            { value: '3d', label: '3D' },
          ]}
          onChange={(value) => onAxes(value === '3d' ? inSpace(axes, size) : [axes[0], axes[1] ?? 1])}
        />
      )}
      {size > axes.length &&
        axes.map((axis, position) => (
          <NativeSelect
            // biome-ignore lint/suspicious/noArrayIndexKey: an axis is its position
            key={position}
            size="xs"
            maw={120}
            aria-label={`${'xyz'[position]} axis shows`}
            value={String(axis)}
            data={parameterNames.map((name, entry) => ({ value: String(entry), label: name.slice(0, LONGEST_NAME) }))}
            onChange={(event) => onAxes(exchanged(axes, position, Number(event.currentTarget.value)))}
          />
        ))}
    </Group>
  );
}

/** An entry that is chosen twice changes places, so that axes stay different. */
function exchanged(axes: Axes, position: number, entry: number): Axes {
  const before = axes[position] ?? 0;
  const [x = 0, y, z] = axes.map((axis, k) => (k === position ? entry : axis === entry ? before : axis));
  if (y === undefined) return [x];
  return z === undefined ? [x, y] : [x, y, z];
}

function inSpace([first, y = first === 0 ? 1 : 0]: Axes, size: number): Axes {
  const free = Array.from({ length: size }, (_, entry) => entry).find((entry) => entry !== first && entry !== y);
  return [first, y, free ?? 2];
}
