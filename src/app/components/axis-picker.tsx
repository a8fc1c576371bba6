/** Which entries of the iterate the axes show. */
import { Group, Select } from '@mantine/core';
import { useState } from 'react';
import type { Axes } from '../figures/scene.ts';

export interface AxisPickerProps {
  readonly parameterNames: readonly string[];
  readonly axes: Axes;
  readonly onAxes: (axes: Axes) => void;
}

/** Names longer than this are cut in the lists. */
const LONGEST_NAME = 40;
/** Of many entries the first that match what is typed. */
const SHOWN = 40;

export function AxisPicker({ parameterNames, axes, onAxes }: AxisPickerProps) {
  if (parameterNames.length <= axes.length) return null;
  return (
    <Group gap="xs" wrap="wrap">
      {axes.map((axis, position) => (
        <EntrySelect
          // biome-ignore lint/suspicious/noArrayIndexKey: an axis is its position
          key={position}
          label={`${'xyz'[position]} axis shows`}
          names={parameterNames}
          entry={axis}
          onEntry={(entry) => onAxes(exchanged(axes, position, entry))}
        />
      ))}
    </Group>
  );
}

interface EntrySelectProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly entry: number;
  readonly onEntry: (entry: number) => void;
}

/** One of up to a million entries: few are listed, the rest are found by typing. */
export function EntrySelect({ label, names, entry, onEntry }: EntrySelectProps) {
  const labelOf = (position: number) => (names[position] ?? '').slice(0, LONGEST_NAME);
  const [search, setSearch] = useState(labelOf(entry));
  const isUntouched = search === labelOf(entry);
  const found = firstMatches(names, isUntouched ? '' : search);
  const listed = found.includes(entry) ? found : [entry, ...found];
  const options = listed.map((position) => ({ value: String(position), label: labelOf(position) }));
  const matching = isUntouched ? options : options.filter((_, i) => found.includes(listed[i] ?? -1));
  return (
    <Select
      size="xs"
      w={100}
      aria-label={label}
      searchable
      allowDeselect={false}
      comboboxProps={{ width: 180, position: 'bottom-end', shadow: 'md' }}
      nothingFoundMessage="No such entry"
      data={options}
      filter={() => matching}
      searchValue={search}
      onSearchChange={setSearch}
      value={String(entry)}
      onChange={(value) => value !== null && onEntry(Number(value))}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

/** Positions of the first names that contain a text. */
function firstMatches(names: readonly string[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  const found: number[] = [];
  for (let i = 0; i < names.length && found.length < SHOWN; i++) {
    if (names[i]?.toLowerCase().includes(wanted)) found.push(i);
  }
  return found;
}

/** An entry that is chosen twice changes places, so that axes stay different. */
function exchanged(axes: Axes, position: number, entry: number): Axes {
  const before = axes[position] ?? 0;
  const [x = 0, y, z] = axes.map((axis, k) => (k === position ? entry : axis === entry ? before : axis));
  if (y === undefined) return [x];
  return z === undefined ? [x, y] : [x, y, z];
}

/** The shown entries and one more. */
export function axesInSpace([first, y = first === 0 ? 1 : 0]: Axes): Axes {
  return [first, y, [0, 1, 2].find((entry) => entry !== first && entry !== y) ?? 2];
}
