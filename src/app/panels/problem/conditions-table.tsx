/** The four conditions of Karush, Kuhn and Tucker: what each says, how far the iterate is from it, and whether that counts as met. */
import { Table } from '@mantine/core';
import type { StandardForm } from '../../../core/problem/standard-form.ts';
import type { KktReport, Multiplied } from '../../../core/run/kkt-report.ts';
import Formula from '../../components/formula.tsx';
import { shortNumber } from '../../number-text.ts';
import classes from './form-drawer.module.css';

interface Condition {
  readonly name: string;
  readonly latex: string;
  readonly sense: string;
  readonly of: (multiplied: Multiplied) => { readonly value: number; readonly holds: boolean };
}

function conditionsOf(report: KktReport, { rows }: StandardForm): Condition[] {
  const { violation, room, still } = report;
  const has = (relation: 'equality' | 'inequality') => rows.some((row) => row.relation === relation);
  const feasible = [...(has('equality') ? ['h = 0'] : []), ...(has('inequality') ? ['g \\le 0'] : [])];
  const stationary: Condition = {
    name: 'Stationary',
    latex: '\\nabla L = 0',
    sense: 'the pulls of loss and constraints cancel',
    of: ({ stationarity }) => ({ value: stationarity, holds: stationarity <= still }),
  };
  if (rows.length === 0) return [stationary];
  const kept: Condition = {
    name: 'Feasible',
    latex: feasible.join(',\\; '),
    sense: 'every constraint is kept',
    of: () => ({ value: violation, holds: violation <= room }),
  };
  if (!has('inequality')) return [stationary, kept];
  return [
    stationary,
    kept,
    {
      name: 'Signs',
      latex: '\\mu \\ge 0',
      sense: 'an inequality only pushes inwards',
      of: ({ leastMultiplier }) => ({ value: leastMultiplier, holds: leastMultiplier >= -still }),
    },
    {
      name: 'Complementary',
      latex: '\\mu_i\\, g_i = 0',
      sense: 'a constraint with room has no force',
      of: ({ complementarity }) => ({ value: complementarity, holds: complementarity <= still }),
    },
  ];
}

const MEASURED: Readonly<Record<string, string>> = {
  Stationary: '‖∇L‖',
  Feasible: 'largest violation',
  Signs: 'least μ below 0',
  Complementary: 'largest |μ·g|',
};

interface ConditionsTableProps {
  readonly report: KktReport;
  readonly form: StandardForm;
  /** Where the point is: “at the playhead”. */
  readonly place: string;
}

export function ConditionsTable({ report, form, place }: ConditionsTableProps) {
  const conditions = conditionsOf(report, form);
  const { own } = report;
  return (
    <Table className={classes.table ?? ''} aria-label={`The conditions ${place}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Condition</Table.Th>
          <Table.Th scope="col">{own ? 'best fit' : 'is'}</Table.Th>
          {own && <Table.Th scope="col">method’s own</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {conditions.map(({ name, latex, sense, of }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">
              {name} <Formula latex={latex} />
              <span className={classes.sense}>{sense}</span>
            </Table.Th>
            <Table.Td title={MEASURED[name]}>
              <Held {...of(report)} />
            </Table.Td>
            {own && (
              <Table.Td title={MEASURED[name]}>
                <Held {...of(own)} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const Held = ({ value, holds }: { readonly value: number; readonly holds: boolean }) => (
  <span className={classes.held} data-holds={holds}>
    {shortNumber(value, 3)}{' '}
    <span role="img" aria-label={holds ? 'met' : 'not met'}>
      {holds ? '✓' : '✗'}
    </span>
  </span>
);
