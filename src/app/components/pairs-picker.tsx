/** Which entries are seen each against each. */
import { Group } from '@mantine/core';
import { EntrySelect } from './axis-picker.tsx';

interface PairsPickerProps {
  readonly names: readonly string[];
  readonly entries: readonly number[];
  readonly onEntries: (entries: readonly number[]) => void;
}

export function PairsPicker({ names, entries, onEntries }: PairsPickerProps) {
  if (names.length <= entries.length) return null;
  /** One that is chosen twice changes places. */
  const choose = (position: number, entry: number) => {
    const before = entries[position] ?? 0;
    onEntries(entries.map((one, k) => (k === position ? entry : one === entry ? before : one)));
  };
  return (
    <Group gap="xs">
      {entries.map((entry, position) => (
        <EntrySelect
          // biome-ignore lint/suspicious/noArrayIndexKey: a place among the planes is its position
          key={position}
          label={`Entry ${position + 1} of the pairs`}
          names={names}
          entry={entry}
          onEntry={(chosen) => choose(position, chosen)}
        />
      ))}
    </Group>
  );
}
