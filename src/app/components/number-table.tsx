/** Numbers as a table: a head that stays in view, rows that begin with what names them, scrolled sideways where it is wide. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A column of a table; its key tells columns of one title apart. */
export interface TableColumn {
  readonly key: string;
  readonly title: string;
}

export interface TableRow {
  readonly key: string | number;
  /** One a column, as written. */
  readonly cells: readonly (string | number)[];
}

interface NumberTableProps {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** The first so many cells name their row. */
  readonly naming?: number;
  readonly caption?: ReactNode;
}

/** A column whose title is its own. */
export const titled = (title: string): TableColumn => ({ key: title, title });

export function NumberTable({ columns, rows, naming = 1, caption }: NumberTableProps) {
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={{ type: 'auto' }}>
      <Table stickyHeader striped="even" style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {caption && <Table.Caption>{caption}</Table.Caption>}
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, title }) => (
              <Table.Th key={key} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells }) => (
            <Table.Tr key={key}>
              {columns.map((column, i) =>
                i < naming ? (
                  <Table.Th key={column.key} scope="row">
                    {cells[i]}
                  </Table.Th>
                ) : (
                  <Table.Td key={column.key}>{cells[i]}</Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
