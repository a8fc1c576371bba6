/** The problem in standard form, its Lagrangian and the four conditions of an optimum, with their numbers at the playhead. */
import '@mantine/core/styles/Drawer.css';
import { Drawer, NativeSelect, Text } from '@mantine/core';
import { useMemo } from 'react';
import { inLines } from '../../../core/language/print-latex.ts';
import { type StandardForm, standardForm } from '../../../core/problem/standard-form.ts';
import Formula from '../../components/formula.tsx';
import { runNames } from '../../store/run-name.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';
import { ConditionsTable } from './conditions-table.tsx';
import classes from './form-drawer.module.css';
import { RowsTable } from './rows-table.tsx';
import { useIterateReport } from './use-iterate-report.ts';

/** Longer formulas are no longer read. */
const LONGEST = 600;
const MOST_ROWS = 16;
/** Letters that fit on a line of the drawer. */
const LINE = 26;
const none: readonly never[] = [];

interface FormDrawerProps {
  readonly isPhone: boolean;
}

/** Beside the picture, which stays in use: no overlay, and the focus may leave. */
export default function FormDrawer({ isPhone }: FormDrawerProps) {
  const isShown = useStore((store) => store.isFormShown);
  const showForm = useStore((store) => store.showForm);
  return (
    <Drawer
      opened={isShown}
      onClose={() => showForm(false)}
      position={isPhone ? 'bottom' : 'right'}
      size={isPhone ? '48dvh' : 'max(340px, 24vw)'}
      title={<span className={classes.title}>Conditions of an optimum</span>}
      closeButtonProps={{ 'aria-label': 'Close the conditions' }}
      withOverlay={false}
      trapFocus={false}
      lockScroll={false}
      closeOnClickOutside={false}
      classNames={{ inner: `${classes.inner} ${isPhone ? '' : classes.below}`, content: classes.content ?? '' }}
    >
      <Conditions />
    </Drawer>
  );
}

function Conditions() {
  const problem = useStore((store) => store.picture?.study.problem);
  const form = useMemo(() => problem && standardForm(problem), [problem]);
  const report = useIterateReport();
  if (!form) return <Text size="sm">There is no problem yet.</Text>;
  return (
    <div className={classes.parts}>
      <section aria-label="Standard form">
        <h3>Standard form</h3>
        <Formula latex={statement(form)} isDisplay />
        {form.definitions.length > 0 && <Formula latex={where(form.definitions)} />}
        <Text size="xs" c="dimmed">
          Everything is moved to the left: h = 0 for an equality, g ≤ 0 for an inequality.
        </Text>
      </section>
      <section aria-label="Lagrangian">
        <h3>Lagrangian</h3>
        <Formula latex={`\\begin{aligned} & ${lines(`L = ${short(form.lagrangian)}`)} \\end{aligned}`} isDisplay />
        <Text size="xs" c="dimmed">
          A multiplier is the price of its constraint: by how much the least loss changes when the constraint is moved.
        </Text>
      </section>
      <section aria-label="Numbers at the playhead">
        <h3>At the playhead</h3>
        <RunChoice />
        {report ? (
          <>
            <ConditionsTable report={report} form={form} />
            <Text size="sm" my={6}>
              {report.verdict}
            </Text>
            {form.rows.length > 0 && <RowsTable report={report} rows={form.rows} />}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            The numbers are worked out for runs of up to 40 parameters whose constraints stand still. The charts show
            stationarity and violation of any run.
          </Text>
        )}
      </section>
    </div>
  );
}

/** Which run's iterate is looked at: the one whose card is open. */
function RunChoice() {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const selected = useStore((store) => store.selectedRun);
  const selectRun = useStore((store) => store.selectRun);
  const names = runNames(runs, useCatalog());
  if (runs.length < 2) return null;
  return (
    <NativeSelect
      size="xs"
      mb={6}
      aria-label="Run"
      value={String(selected)}
      data={names.map((name, i) => ({ value: String(i), label: name }))}
      onChange={(event) => selectRun(Number(event.currentTarget.value))}
    />
  );
}

const short = (latex: string): string => (latex.length > LONGEST ? '\\ldots' : latex);

const lines = (latex: string): string => inLines(latex, LINE);

const where = (definitions: readonly string[]): string =>
  `\\begin{aligned} \\text{where} \\quad & ${definitions.map((definition) => lines(short(definition))).join(' \\\\ & ')} \\end{aligned}`;

/** Each penalty has a line of its own: one line with all of them is wider than the drawer. */
function statement({ loss, penalties, rows }: StandardForm): string {
  const added = penalties.slice(0, MOST_ROWS).map((penalty) => `& \\quad + ${short(penalty)}`);
  const conditions = rows.slice(0, MOST_ROWS).map(({ symbol, residual, relation }, i) => {
    const sign = relation === 'equality' ? '=' : '\\le';
    return `${i === 0 ? '\\text{subject to}' : ''} \\quad & ${lines(`${symbol} = ${short(residual)} ${sign} 0`)}`;
  });
  const rest = rows.length > MOST_ROWS ? [`& \\text{and ${rows.length - MOST_ROWS} more}`] : [];
  const all = [`\\min \\quad & ${lines(`f = ${short(loss)}`)}`, ...added, ...conditions, ...rest];
  return `\\begin{aligned} ${all.join(' \\\\ ')} \\end{aligned}`;
}
