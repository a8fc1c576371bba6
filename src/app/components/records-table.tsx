/** The records of a run as a table: the same numbers as the figure, for who reads rather than looks. */
import { Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { titleOfName } from '../../core/run/named-numbers.ts';
import { lossName, type RunView, type Scene } from '../figures/scene.ts';
import { NumberTable, titled } from './number-table.tsx';
import { chosenRecords, readNumber } from './table-rows.ts';

export interface RecordsTableProps {
  readonly scene: Scene;
  /** Entries that the picture shows: they come first. Absent: those of its axes. */
  readonly shown?: readonly number[] | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const COLUMNS = 8;

/** Those that are shown, then the others in order, while there is room. */
const columnsOf = (shown: readonly number[], { parameterNames }: Scene): number[] =>
  [...new Set([...shown, ...parameterNames.slice(0, COLUMNS).keys()])].slice(0, COLUMNS);

export function RecordsTable({ scene, shown = scene.axes, isOpen, onClose }: RecordsTableProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const run = scene.runs.find(({ id }) => id === chosen) ?? scene.runs.find(({ visible }) => visible) ?? scene.runs[0];
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Records"
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      {run ? (
        <Stack gap="sm">
          <NativeSelect
            label="Run"
            value={run.id}
            data={scene.runs.map(({ id, label }) => ({ value: id, label }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Records run={run} scene={scene} entries={columnsOf(shown, scene)} />
        </Stack>
      ) : (
        <Text c="dimmed">No run yet.</Text>
      )}
    </Modal>
  );
}

interface RecordsProps {
  readonly run: RunView;
  readonly scene: Scene;
  /** Positions in the iterate. */
  readonly entries: readonly number[];
}

function Records({ run, scene: { size, parameterNames, sense = 'minimize' }, entries }: RecordsProps) {
  const { stationarity, named = {} } = run;
  const measures = [
    [lossName({ sense }), run.loss] as const,
    ['violation', run.violation] as const,
    ...(stationarity ? [['stationarity', stationarity] as const] : []),
  ];
  const taken = measures.map(([name]) => name);
  const numbers = [
    ...measures,
    ...Object.entries(named).map(([name, values]) => [titleOfName(name, taken), values] as const),
  ];
  const columns = [
    ...numbers.map(([name, values], i) => ({ key: `m${i}`, title: name, at: (record: number) => values[record] })),
    ...entries.map((entry) => ({
      key: `x${entry}`,
      title: parameterNames[entry] ?? '',
      at: (record: number) => run.iterates[record * size + entry],
    })),
  ];
  const rows = chosenRecords(run.steps.length);
  return (
    <NumberTable
      columns={[titled('step'), ...columns]}
      rows={rows.map((record) => ({
        key: record,
        cells: [run.steps[record] ?? '', ...columns.map(({ at }) => readNumber(at(record)))],
      }))}
      caption={
        <>
          {rows.length} of {run.steps.length} records
          {entries.length < parameterNames.length && `, ${entries.length} of ${parameterNames.length} parameters`}
        </>
      }
    />
  );
}
