/** The row above a picture: what its marks mean, which view it is, and its menu. */
import { Box, Button, Group, Text } from '@mantine/core';
import { useDisclosure, useElementSize } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import type { Scene } from '../../figures/scene.ts';
import { RunSample } from '../run-sample.tsx';
import classes from './figure-key.module.css';

export interface PictureRowProps {
  /** Named by the key where their cards are out of sight. */
  readonly runs: Scene['runs'];
  /** What the marks of the figure mean. */
  readonly marks: ReactNode;
  /** What the marks need beside the choices, in pixels: with less they stand above them. */
  readonly widthOfMarks: number;
  /** The view, and what else is chosen of every picture. */
  readonly picker: ReactNode;
  /** What is chosen of this view alone: where there is little room, in a row below. */
  readonly choices?: ReactNode;
  readonly menu: ReactNode;
}

/** In the reader's own letters: in less, the key would take three rows of the picture. */
const WIDTH_OF_KEY = 36;
/** With so much all choices stand beside the view, as on a phone that is held across, whose picture is low. */
const WIDTH_OF_CHOICES = 30;

/** On a phone the key would take the room of the picture: it opens below its row, and stays as it was left. */
export function PictureRow({ runs, marks, widthOfMarks, picker, choices, menu }: PictureRowProps) {
  const { ref, width } = useElementSize();
  const { ref: letter, width: rem } = useElementSize();
  const [isOpen, { toggle }] = useDisclosure();
  const id = useId();
  const letters = width / (rem || 16);
  const isSmall = width > 0 && letters < WIDTH_OF_KEY;
  const isOneRow = letters >= WIDTH_OF_CHOICES;
  return (
    <Box ref={ref} flex="none">
      <Box ref={letter} pos="absolute" w="1rem" h={0} aria-hidden />
      {isSmall ? (
        <>
          <Group justify="space-between" gap="xs" px="xs" py={2} wrap={isOneRow ? 'nowrap' : 'wrap'}>
            <Button
              flex="none"
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-expanded={isOpen}
              aria-controls={id}
              rightSection={isOpen ? '▴' : '▾'}
              onClick={toggle}
            >
              Key
            </Button>
            <Group
              gap="xs"
              ml="auto"
              justify="flex-end"
              maw="100%"
              {...(isOneRow && { wrap: 'nowrap', miw: 0, className: classes.choices })}
            >
              {picker}
              {isOneRow && choices}
              {menu}
            </Group>
          </Group>
          {choices && !isOneRow && (
            <Group gap="xs" px="xs" py={2} justify="flex-end" className={classes.choices}>
              {choices}
            </Group>
          )}
          <div id={id} hidden={!isOpen} data-key={isOpen || undefined} className={classes.folded}>
            <RunEntries runs={runs} />
            {marks}
          </div>
        </>
      ) : (
        <Group justify="space-between" align="center" gap="2px 12px" px="sm" py={4}>
          <Box flex={`1 1 ${widthOfMarks}px`} miw={0}>
            {marks}
          </Box>
          <Group gap="xs" ml="auto" justify="flex-end" maw="100%" wrap="nowrap" className={classes.choices}>
            {picker}
            {choices}
            {menu}
          </Group>
        </Group>
      )}
    </Box>
  );
}

const RunEntries = ({ runs }: Pick<Scene, 'runs'>) => (
  <Group gap="4px 14px" mb={4}>
    {runs.map(
      ({ id, label, visible, ...look }) =>
        visible && (
          <Group key={id} gap={6} wrap="nowrap" component="span">
            <RunSample {...look} />
            <Text size="xs" span>
              {label}
            </Text>
          </Group>
        ),
    )}
  </Group>
);
