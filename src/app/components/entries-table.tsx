/** Every entry of the iterate at a step as a table, a row an entry: of a matrix by its row and column, with its tie. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { entriesAt, type MatrixParameter } from '../figures/entries-figure.ts';
import type { Scene } from '../figures/scene.ts';
import { NumberTable, titled } from './number-table.tsx';
import { readNumber } from './table-rows.ts';

interface Entries {
  readonly scene: Scene;
  /** Of this parameter alone; absent: of all, by name. */
  readonly matrix?: MatrixParameter | undefined;
  /** Of the clock. */
  readonly step: number;
}

export interface EntriesTableProps extends Entries {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Entries on a page. */
const ROWS = 200;

export function EntriesTable({ isOpen, onClose, ...entries }: EntriesTableProps) {
  const { matrix, step } = entries;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={`${matrix ? `Entries of ${matrix.name}` : 'All entries'} at step ${step}`}
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      <Contents {...entries} />
    </Modal>
  );
}

/** What is said of an entry: its row and column, which name it, and its tie; or its name. The first `naming` cells name it. */
export function headOf(matrix: MatrixParameter | undefined, parameterNames: readonly string[]) {
  if (!matrix) return { naming: 1, titles: ['entry'], cells: (entry: number) => [parameterNames[entry] ?? ''] };
  const { columns, offset, marks } = matrix;
  const isMarked = marks.some((mark) => mark !== '');
  return {
    naming: 2,
    titles: ['row', 'column', ...(isMarked ? ['tie'] : [])],
    cells: (entry: number) => {
      const place = entry - offset;
      return [
        String(Math.floor(place / columns)),
        String(place % columns),
        ...(isMarked ? [marks[place] === '×' ? 'kept at 0' : (marks[place] ?? '')] : []),
      ];
    },
  };
}

function Contents({ scene, matrix, step }: Entries) {
  const [page, setPage] = useState(0);
  const { size, parameterNames, optimum, runs } = scene;
  const first = matrix?.offset ?? 0;
  const count = matrix ? matrix.rows * matrix.columns : size;
  const from = page * ROWS;
  const shown = Array.from({ length: Math.min(ROWS, count - from) }, (_, i) => first + from + i);
  const { naming, titles, cells } = headOf(matrix, parameterNames);
  const columns = [
    ...runs
      .filter(({ visible, steps }) => visible && steps.length > 0)
      .map((run) => ({ key: run.id, title: run.label, x: entriesAt(run, size, step) })),
    ...(optimum ? [{ key: 'optimum', title: 'optimum', x: optimum }] : []),
  ];
  return (
    <Stack gap="sm">
      <NumberTable
        columns={[...titles.map(titled), ...columns]}
        naming={naming}
        rows={shown.map((entry) => ({
          key: entry,
          cells: [...cells(entry), ...columns.map(({ x }) => readNumber(x[entry]))],
        }))}
      />
      {count > ROWS && (
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Button size="xs" variant="default" disabled={from + ROWS >= count} onClick={() => setPage(page + 1)}>
            Next
          </Button>
          <Text size="sm" role="status">
            {(from + 1).toLocaleString('en')} to {(from + shown.length).toLocaleString('en')} of{' '}
            {count.toLocaleString('en')} entries
          </Text>
        </Group>
      )}
    </Stack>
  );
}
