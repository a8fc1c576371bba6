/** The playhead as a slider with its read-out. All of the transport that is drawn anew while it plays. */
import { Box, Group, Slider, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Playback } from '../playback/playback.ts';
import { stepAt } from '../playback/step-scale.ts';
import { usePlayback } from '../playback/use-playback.ts';

interface ScrubberProps {
  readonly playback: Playback;
  /** What the clock counts. */
  readonly unit: string;
  /** Stands in the place of the unit, where there is a choice. */
  readonly unitPicker?: ReactNode;
}

const count = new Intl.NumberFormat('en');

/** Positions of the slider; fine enough that each step of a short run has its own. */
const NOTCHES = 1000;

export function Scrubber({ playback, unit, unitPicker }: ScrubberProps) {
  const { position, step, lastStep, scale } = usePlayback(playback);
  const last = count.format(Math.round(lastStep));
  const longest = 2 * last.length + (unitPicker ? 3 : unit.length + 4);
  return (
    <>
      <Box
        flex="1 1 160px"
        miw={140}
        px={6}
        onKeyDownCapture={(event) => {
          const stride = event.shiftKey ? 10 : 1;
          const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
          if (direction === undefined) return;
          event.preventDefault();
          event.stopPropagation(); // whole steps, not notches
          playback.stepBy(direction * stride);
        }}
      >
        <Slider
          size="sm"
          thumbSize={18}
          min={0}
          max={NOTCHES}
          value={Math.round(position * NOTCHES)}
          disabled={lastStep <= 0}
          thumbLabel="Step"
          label={(value) => count.format(Math.round(stepAt(value / NOTCHES, lastStep, scale)))}
          thumbValueText={`${unit} ${step} of ${Math.round(lastStep)}`}
          onChange={(value) => {
            playback.pause();
            playback.seek(value / NOTCHES);
          }}
        />
      </Box>
      {/* As wide as it will be at the last step: a row that breaks while it plays would draw the picture above it anew. */}
      <Group gap={4} wrap="nowrap" miw={118} justify="flex-end">
        {unitPicker}
        <Text
          size="sm"
          c="dimmed"
          miw={`${0.8 * longest}ch`} // spaces and commas are narrow
          ta="right"
          style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
        >
          {unitPicker ? '' : `${unit} `}
          {count.format(step)} / {last}
        </Text>
      </Group>
    </>
  );
}
