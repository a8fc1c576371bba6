/** The numbers of a map as a table, a row a cell; of its histogram, a row a bar. */
import { Modal, Table } from '@mantine/core';
import { readNumber } from '../../components/table-rows.ts';
import { histogramBars, stepsInWords } from '../../figures/swarm-histogram.ts';
import { mapRows, type SwarmMap } from '../../figures/swarm-map.ts';

interface MapTableProps {
  readonly map: SwarmMap;
  readonly isHistogram: boolean;
  readonly onClose: () => void;
}

export function MapTable({ map, isHistogram, onClose }: MapTableProps) {
  const { titles, rows } = isHistogram ? barNumbers(map) : cellNumbers(map);
  return (
    <Modal
      opened
      onClose={onClose}
      title={isHistogram ? 'The histogram as numbers' : 'The map as numbers'}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      <Table.ScrollContainer minWidth={320} scrollAreaProps={{ type: 'auto' }}>
        <Table stickyHeader striped="even" style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Table.Tr>
              {titles.map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ key, values }) => (
              <Table.Tr key={key}>
                {values.map((value, i) => (
                  <Table.Td key={titles[i]}>{value}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Modal>
  );
}

interface Numbers {
  readonly titles: readonly string[];
  readonly rows: readonly { readonly key: string; readonly values: readonly (string | number)[] }[];
}

const cellNumbers = (map: SwarmMap): Numbers => ({
  titles: [...map.axes.map(({ name }) => name), 'outcome', 'steps', 'loss', 'violation'],
  rows: mapRows(map).map(({ place, outcome, steps, loss, violation }) => ({
    key: place.join(' '),
    values: [...place.map(readNumber), outcome, steps ?? '', readNumber(loss), readNumber(violation)],
  })),
});

const barNumbers = (map: SwarmMap): Numbers => ({
  titles: ['steps until within 0.001 of the end', 'starts'],
  rows: histogramBars(map).map((bar) => ({ key: `${bar.from}`, values: [stepsInWords(bar), bar.starts] })),
});
