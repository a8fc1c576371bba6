/** What the keys do. */
import { Group, Kbd, Modal, Table } from '@mantine/core';

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['Ctrl K'], 'Find a command'],
  [['Ctrl Enter'], 'Run'],
  [['Esc'], 'Stop: nothing more is computed, nothing moves'],
  [['Ctrl Z', 'Ctrl Shift Z', 'Ctrl Y'], 'Undo, redo: text, runs and settings'],
  [['Space'], 'Play, pause (with the picture, the transport or a chart in focus)'],
  [['←', '→'], 'One record back, forward; with Shift ten'],
  [['Home', 'End'], 'To the first, to the last record'],
  [['←', '→', '↑', '↓'], 'With the start or the arrow of a constraint in focus: move it; with Shift further'],
  [['Ctrl Space'], 'In the text: names, functions and sets that fit; Tab takes one'],
  [['Ctrl /'], 'In the text: leave a constraint out, or take it back'],
  [['Alt ↑', 'Alt ↓'], 'In the text: move the line up or down; with Shift a copy of it'],
  [['Alt Shift F'], 'In the text: format'],
  [['Ctrl P'], 'Print the problem, the picture and the runs on a page'],
  [['?'], 'This list'],
];

interface ShortcutsPanelProps {
  readonly isOpen: boolean;
  onClose(): void;
}

/** On Apple’s keyboards Ctrl is ⌘, but not with Space, which the system keeps. */
const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

export function ShortcutsPanel({ isOpen, onClose }: ShortcutsPanelProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" size="lg">
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {KEYS.map(([keys, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Td w="38%">
                <Group gap={4}>
                  {keys.map((key) => (
                    <Kbd key={key}>{isApple ? key.replace(/Ctrl(?! Space)/, '⌘') : key}</Kbd>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
