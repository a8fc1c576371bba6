/** The playhead as a slider with its read-out. All of the transport that is drawn anew while it plays. */
import { Box, Slider, Text } from '@mantine/core';
import type { Playback } from '../playback/playback.ts';
import { stepAt } from '../playback/step-scale.ts';
import { usePlayback } from '../playback/use-playback.ts';

interface ScrubberProps {
  readonly playback: Playback;
  /** What the clock counts. */
  readonly unit: string;
}

const count = new Intl.NumberFormat('en');

/** Positions of the slider; fine enough that each step of a short run has its own. */
const NOTCHES = 1000;

export function Scrubber({ playback, unit }: ScrubberProps) {
  const { position, step, lastStep, scale } = usePlayback(playback);
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
      <Text
        size="sm"
        c="dimmed"
        miw={`max(118px, ${0.8 * (2 * count.format(Math.round(lastStep)).length + unit.length + 4)}ch)`} // spaces and commas are narrow
        ta="right"
        style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
      >
        {unit} {count.format(step)} / {count.format(Math.round(lastStep))}
      </Text>
    </>
  );
}
