/** The numbers of a map as a table, a row a cell; of its histogram, a row a bar. */
import { Modal } from '@mantine/core';
import { NumberTable, type TableRow, titled } from '../../components/number-table.tsx';
import { readNumber } from '../../components/table-rows.ts';
import { histogramBars, stepsInWords } from '../../figures/swarm-histogram.ts';
import { mapRows, type SwarmMap } from '../../figures/swarm-map.ts';

interface MapTableProps {
  readonly map: SwarmMap;
  readonly isHistogram: boolean;
  readonly onClose: () => void;
}

export function MapTable({ map, isHistogram, onClose }: MapTableProps) {
  const { titles, naming, rows } = isHistogram ? barNumbers(map) : cellNumbers(map);
  return (
    <Modal
      opened
      onClose={onClose}
      title={isHistogram ? 'The histogram as numbers' : 'The map as numbers'}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      <NumberTable columns={titles.map(titled)} naming={naming} rows={rows} />
    </Modal>
  );
}

interface Numbers {
  readonly titles: readonly string[];
  /** The first so many name a row. */
  readonly naming: number;
  readonly rows: readonly TableRow[];
}

const cellNumbers = (map: SwarmMap): Numbers => ({
  titles: [...map.axes.map(({ name }) => name), 'outcome', 'steps', 'loss', 'violation'],
  naming: map.axes.length,
  rows: mapRows(map).map(({ place, outcome, steps, loss, violation }) => ({
    key: place.join(' '),
    cells: [...place.map(readNumber), outcome, steps ?? '', readNumber(loss), readNumber(violation)],
  })),
});

const barNumbers = (map: SwarmMap): Numbers => ({
  titles: ['steps until within 0.001 of the end', 'starts'],
  naming: 1,
  rows: histogramBars(map).map((bar) => ({ key: `${bar.from}`, cells: [stepsInWords(bar), bar.starts] })),
});
