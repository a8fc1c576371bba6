/** Numbers as a table: a head that stays in view, rows that begin with what names them, scrolled sideways where it is wide. */
import { Table } from '@mantine/core';
import { memo, type ReactNode, useEffect, useState } from 'react';

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
  const drawn = useInTurn(rows.length);
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
          {rows.slice(0, drawn).map(({ key, cells }) => (
            <Row key={key} cells={cells} naming={naming} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Rows that are drawn in one turn of the page: the others follow in turns of their own, so that none of them is long. */
const ROWS_OF_A_TURN = 40;

/** How many of so many rows are drawn. */
function useInTurn(count: number): number {
  const [drawn, setDrawn] = useState(ROWS_OF_A_TURN);
  useEffect(() => {
    if (drawn >= count) return;
    const next = setTimeout(() => setDrawn(drawn + ROWS_OF_A_TURN));
    return () => clearTimeout(next);
  }, [drawn, count]);
  return drawn;
}

interface RowProps {
  readonly cells: TableRow['cells'];
  readonly naming: number;
}

const { tr, th, td } = Table.classes;

/** By its classes alone: a component for each of some thousand cells takes several times as long as the cell. */
const Row = memo(function Row({ cells, naming }: RowProps) {
  return (
    <tr className={tr} data-with-row-border data-striped="even">
      {cells.map((cell, column) =>
        column < naming ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place alone
          <th key={column} className={th} scope="row">
            {cell}
          </th>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <td key={column} className={td}>
            {cell}
          </td>
        ),
      )}
    </tr>
  );
});
