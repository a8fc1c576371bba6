/** The numbers of a chart as a table: a row a record, a column a curve. */
import { Modal } from '@mantine/core';
import { type Chart, fullTitle } from '../figures/charts.ts';
import type { Scene } from '../figures/scene.ts';
import { NumberTable, titled } from './number-table.tsx';
import { chosenRecords, readNumber } from './table-rows.ts';

interface Numbers {
  readonly chart: Chart;
  readonly scene: Scene;
}

interface ChartTableProps extends Numbers {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Curves of one table; further ones are reached by hiding runs. */
const COLUMNS = 12;

export function ChartTable({ isOpen, onClose, ...numbers }: ChartTableProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={fullTitle(numbers.chart, numbers.scene)}
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      <Contents {...numbers} />
    </Modal>
  );
}

function Contents({ chart, scene }: Numbers) {
  const curves = scene.runs
    .filter(({ visible }) => visible)
    .flatMap((run) => {
      const across = chart.against
        ?.curves(run, scene)
        .map((curve) => ({ ...curve, name: chart.against?.title(scene) }));
      const own = chart.curves(run, scene);
      return [...(across ?? []), ...(across ? own.map((curve) => ({ ...curve, name: chart.title(scene) })) : own)].map(
        (curve) => ({ run, ...curve }),
      );
    })
    .slice(0, COLUMNS);
  const steps = [...new Set(curves.flatMap(({ run }) => run.steps))].sort((a, b) => a - b);
  const byStep = curves.map(({ run, values }) => new Map(run.steps.map((step, record) => [step, values[record]])));
  return (
    <NumberTable
      columns={[
        titled('step'),
        ...curves.map(({ run, name = '' }) => ({
          key: `${run.id} ${name}`,
          title: name === '' ? run.label : `${run.label}, ${name}`,
        })),
      ]}
      rows={chosenRecords(steps.length).map((row) => {
        const step = steps[row] ?? 0;
        return { key: step, cells: [step, ...byStep.map((values) => readNumber(values.get(step)))] };
      })}
    />
  );
}
