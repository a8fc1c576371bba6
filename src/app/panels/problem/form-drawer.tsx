/** The problem in standard form, its Lagrangian and the four conditions of an optimum, with their numbers at the playhead or at the optimum. */
import '@mantine/core/styles/Drawer.css';
import { Drawer, NativeSelect, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { inLines } from '../../../core/language/print-latex.ts';
import { type StandardForm, standardForm } from '../../../core/problem/standard-form.ts';
import Formula from '../../components/formula.tsx';
import { runNames } from '../../store/run-name.ts';
import { useCatalog, useResults, useStore } from '../../store/use-store.ts';
import { ConditionsTable } from './conditions-table.tsx';
import classes from './form-drawer.module.css';
import { RowsTable } from './rows-table.tsx';
import { useIterateReport, useOptimumReport } from './use-iterate-report.ts';

/** Longer formulas are no longer read. */
const LONGEST = 600;
const MOST_ROWS = 16;
/** Letters that fit on a line of the drawer. */
const LINE = 26;
const OPTIMUM = 'optimum';
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
  const iterate = useIterateReport();
  const optimum = useOptimumReport();
  const [isOptimumChosen, chooseOptimum] = useState(false);
  const isOfOptimum = isOptimumChosen && optimum !== null;
  const report = isOfOptimum ? optimum : iterate;
  const place = isOfOptimum ? 'at the optimum' : 'at the playhead';
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
          Where a book writes L = f − λᵀc, its multipliers have the other sign.
        </Text>
      </section>
      <section aria-label={`Numbers ${place}`}>
        <h3>{isOfOptimum ? 'At the optimum' : 'At the playhead'}</h3>
        <PointChoice isOfOptimum={isOfOptimum} {...(optimum && { chooseOptimum })} />
        {report ? (
          <>
            <ConditionsTable report={report} form={form} place={place} />
            <Text size="sm" my={6}>
              {report.verdict}
            </Text>
            {form.rows.length > 0 && <RowsTable report={report} rows={form.rows} place={place} />}
          </>
        ) : (
          <NoNumbers />
        )}
      </section>
    </div>
  );
}

function NoNumbers() {
  const selected = useStore((store) => store.selectedRun);
  const hasSteps = Boolean(useResults()[selected]?.trajectory);
  return (
    <Text size="sm" c="dimmed">
      {hasSteps
        ? 'The numbers are worked out for up to 40 parameters, and where the constraints stand still. The charts show stationarity and violation of any run.'
        : 'This run has made no steps, so it is at no point yet.'}
    </Text>
  );
}

interface PointChoiceProps {
  readonly isOfOptimum: boolean;
  /** Absent where no optimum is known, or none is to be told. */
  readonly chooseOptimum?: (isChosen: boolean) => void;
}

/** Which point is looked at: the iterate of the run whose card is open, or the optimum. */
function PointChoice({ isOfOptimum, chooseOptimum }: PointChoiceProps) {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const selected = useStore((store) => store.selectedRun);
  const selectRun = useStore((store) => store.selectRun);
  const names = runNames(runs, useCatalog());
  if (runs.length < 2 && !chooseOptimum) return null;
  return (
    <NativeSelect
      size="xs"
      mb={6}
      aria-label="Run"
      value={isOfOptimum ? OPTIMUM : String(selected)}
      data={[
        ...names.map((name, i) => ({ value: String(i), label: name })),
        ...(chooseOptimum ? [{ value: OPTIMUM, label: 'The optimum' }] : []),
      ]}
      onChange={({ currentTarget: { value } }) => {
        chooseOptimum?.(value === OPTIMUM);
        if (value !== OPTIMUM) selectRun(Number(value));
      }}
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
