/** The numbers of a map as a table: a row a cell. */
import { Modal, Table } from '@mantine/core';
import { readNumber } from '../../components/table-rows.ts';
import { mapRows, type SwarmMap } from '../../figures/swarm-map.ts';

export function MapTable({ map, onClose }: { readonly map: SwarmMap; readonly onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="The map as numbers"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close the table' }}
    >
      <Table.ScrollContainer minWidth={320}>
        <Table stickyHeader striped="even" style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Table.Tr>
              {[...map.axes.map(({ name }) => name), 'outcome', 'steps', 'loss'].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mapRows(map).map(({ place, outcome, steps, loss }) => (
              <Table.Tr key={place.join(' ')}>
                {place.map((value, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an axis is its position
                  <Table.Td key={i}>{readNumber(value)}</Table.Td>
                ))}
                <Table.Td>{outcome}</Table.Td>
                <Table.Td>{steps ?? ''}</Table.Td>
                <Table.Td>{readNumber(loss)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Modal>
  );
}
