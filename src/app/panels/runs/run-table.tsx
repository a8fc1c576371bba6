/** All runs side by side, as numbers: sortable, and copied as Markdown or CSV. */
import { Button, CopyButton, Group, Modal, Stack, Table, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { shortNumber } from '../../number-text.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { asCsv, asMarkdown, type Column, columnsOf, sorted } from '../../store/run-columns.ts';
import { runNames } from '../../store/run-name.ts';
import { type RunRow, runRows } from '../../store/run-table.ts';
import { useCatalog, useResults, useStore } from '../../store/use-store.ts';

interface RunTableProps {
  readonly isOpen: boolean;
  onClose(): void;
}

const MEANING: Partial<Record<Column, string>> = {
  gap: 'The loss above that of the best point that is known',
  stationarity: 'The norm of the gradient of the Lagrangian',
  stepsToTolerance:
    'From this step on the loss stays within 0.001·(1 + |f*|) of the least that is known, f*, and every violation below 0.001',
  gradients: 'Evaluations of the gradient of the loss; of a mini-batch, its share of the rows',
};

const shown = (row: RunRow, column: Column): string => {
  const value = row[column] ?? null;
  if (value === null) return '–';
  return typeof value === 'number' ? shortNumber(value, 4) : value;
};

/** The names stay in sight where the rest is scrolled away. */
const NAME = {
  position: 'sticky',
  left: 0,
  background: 'var(--mantine-color-body)',
  maxWidth: 'max(8rem, 20vw)',
  whiteSpace: 'normal',
} as const;

const placeOf = (column: Column) =>
  column === 'name' ? NAME : column === 'status' ? {} : ({ textAlign: 'right' } as const);

interface Order {
  readonly column: Column;
  readonly isDescending: boolean;
}

interface HeadingsProps {
  readonly columns: ReturnType<typeof columnsOf>;
  readonly order: Order | null;
  onOrder(order: Order): void;
}

function Headings({ columns, order, onOrder }: HeadingsProps) {
  return (
    <Table.Tr>
      {columns.map(({ key, title }) => {
        const isSorted = order?.column === key;
        const direction = isSorted && order.isDescending ? 'descending' : 'ascending';
        const heading = (
          <UnstyledButton
            fz="xs"
            fw={650}
            mih={24}
            onClick={() => onOrder({ column: key, isDescending: isSorted && !order.isDescending })}
          >
            {title}
            {isSorted && <span aria-hidden="true">{order.isDescending ? ' ↓' : ' ↑'}</span>}
          </UnstyledButton>
        );
        const meaning = MEANING[key];
        return (
          <Table.Th key={key} scope="col" style={placeOf(key)} aria-sort={isSorted ? direction : 'none'}>
            {meaning ? <Tooltip label={meaning}>{heading}</Tooltip> : heading}
          </Table.Th>
        );
      })}
    </Table.Tr>
  );
}

/** Gives every run as many steps as the first makes, or as make the same number of gradients. */
function Equal({ rows, by }: { readonly rows: readonly RunRow[]; readonly by: 'steps' | 'gradients' }) {
  const changeRun = useStore((store) => store.changeRun);
  const results = useResults();
  const made = rows.filter((row) => (row[by] ?? 0) > 0);
  const budget = made[0]?.[by] ?? null;
  if (budget === null || made.every((row) => row[by] === budget)) return null;
  const apply = () =>
    made.forEach(({ index }) => {
      const each = by === 'steps' ? 1 : (results[index]?.job?.gradientsPerStep ?? 1);
      changeRun(index, { steps: Math.max(1, Math.floor(budget / each)) });
    });
  const label =
    by === 'steps'
      ? `Every run gets ${budget.toLocaleString('en')} steps`
      : `Every run gets the steps that make ${budget.toLocaleString('en')} gradients: a fair comparison by work`;
  return (
    <Tooltip label={label}>
      <Button size="xs" variant="default" onClick={apply}>
        Same {by === 'steps' ? 'steps' : 'work'} for all
      </Button>
    </Tooltip>
  );
}

function Contents() {
  const runs = useStore((store) => store.experiment.runs);
  const picture = useStore((store) => store.picture);
  const catalog = useCatalog();
  const results = useResults();
  const [order, setOrder] = useState<Order | null>(null);
  const tellsOptimum = !useHidden('optimum');
  const rows = runRows(picture, results, runNames(runs ?? [], catalog), tellsOptimum);
  const columns = columnsOf(rows);
  const arranged = order ? sorted(rows, order.column, order.isDescending) : rows;
  if (rows.length === 0) return <Text c="dimmed">No run yet.</Text>;
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={720} scrollAreaProps={{ type: 'auto' }}>
        <Table style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Headings columns={columns} order={order} onOrder={setOrder} />
          </Table.Thead>
          <Table.Tbody>
            {arranged.map((row) => (
              <Table.Tr key={row.index}>
                {columns.map(({ key }) =>
                  key === 'name' ? (
                    <Table.Th key={key} scope="row" style={NAME}>
                      {row.name}
                    </Table.Th>
                  ) : (
                    <Table.Td key={key} style={placeOf(key)}>
                      {shown(row, key)}
                    </Table.Td>
                  ),
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group gap={6}>
        {(
          [
            ['Markdown', asMarkdown],
            ['CSV', asCsv],
          ] as const
        ).map(([kind, write]) => (
          <CopyButton key={kind} value={write(arranged)}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? 'Copied' : `Copy as ${kind}`}
              </Button>
            )}
          </CopyButton>
        ))}
        <Equal rows={rows} by="steps" />
        <Equal rows={rows} by="gradients" />
      </Group>
    </Stack>
  );
}

export function RunTable({ isOpen, onClose }: RunTableProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Runs side by side"
      size="72rem"
      closeButtonProps={{ 'aria-label': 'Close the table of runs' }}
    >
      <Contents />
    </Modal>
  );
}
