/** Each row of the constraints at a point: what is left of it, and its multiplier. */
import { Table, Text } from '@mantine/core';
import type { FormRow } from '../../../core/problem/standard-form.ts';
import type { KktReport } from '../../../core/run/kkt-report.ts';
import Formula from '../../components/formula.tsx';
import { shortNumber } from '../../number-text.ts';
import classes from './form-drawer.module.css';

const MOST_SHOWN = 40;

interface RowsTableProps {
  readonly report: KktReport;
  readonly rows: readonly FormRow[];
  /** Where the point is: “at the playhead”. */
  readonly place: string;
}

/** One a scalar row: a vector's rows carry its symbol and their number. */
function scalarRows(rows: readonly FormRow[]) {
  return rows.flatMap(({ symbol, multiplier, rows: many, line, label }) =>
    Array.from({ length: many }, (_, i) => {
      const indexed = (name: string) => (many > 1 ? name.replace(/_\{(\d+)\}/u, `_{$1,${i}}`) : name);
      return { symbol: indexed(symbol), multiplier: indexed(multiplier), where: label ?? `line ${line}` };
    }),
  );
}

export function RowsTable({ report: { residual, multipliers, own, active, areUnique }, rows, place }: RowsTableProps) {
  const all = scalarRows(rows);
  return (
    <>
      <Table className={classes.table ?? ''} aria-label={`The constraints ${place}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Constraint</Table.Th>
            <Table.Th scope="col">h or g</Table.Th>
            <Table.Th scope="col">{own ? 'λ or μ, best fit' : 'λ or μ'}</Table.Th>
            {own && <Table.Th scope="col">method’s own</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {all.slice(0, MOST_SHOWN).map(({ symbol, multiplier, where }, row) => (
            <Table.Tr key={symbol} data-active={active.includes(row) || undefined}>
              <Table.Th scope="row">
                <Formula latex={`${symbol},\\, ${multiplier}`} /> <span className={classes.where}>{where}</span>
              </Table.Th>
              <Table.Td>{shortNumber(residual[row] ?? 0, 3)}</Table.Td>
              <Table.Td>{shortNumber(multipliers[row] ?? 0, 3)}</Table.Td>
              {own && <Table.Td>{shortNumber(own.multipliers[row] ?? 0, 3)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={6}>
        {all.length > MOST_SHOWN && `And ${all.length - MOST_SHOWN} more. `}
        Rows in bold have no room left. {own ? 'Best fit: the' : 'The'} multipliers that make ‖∇L‖ least, with μ ≥ 0.
        {areUnique === false &&
          ' Others do as well: the slopes of the rows in bold depend on each other here, so that none of these numbers alone is the price of its constraint.'}
        {areUnique === null && ' Others may do as well: the slopes of the rows in bold depend on each other here.'}
      </Text>
    </>
  );
}
