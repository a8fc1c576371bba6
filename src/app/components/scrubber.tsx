/** The playhead as a slider with its read-out. While it plays both are moved by the clock: React draws nothing of them. */
import { Box, Group, Text } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Playback } from '../playback/playback.ts';
import { usePlaybackValue } from '../playback/use-playback.ts';
import classes from './scrubber.module.css';

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
  const lastStep = usePlaybackValue(playback, (now) => now.lastStep);
  const slider = useRef<HTMLInputElement>(null);
  const readOut = useRef<HTMLParagraphElement>(null);
  const last = count.format(Math.round(lastStep));
  const longest = 2 * last.length + (unitPicker ? 3 : unit.length + 4);
  const prefix = unitPicker ? '' : `${unit} `;

  useLayoutEffect(() => {
    const show = () => {
      if (slider.current === null || readOut.current === null) return;
      const { position: held, step } = playback.getSnapshot();
      const position = lastStep > 0 ? held : 0; // the clock rests at its end: of no steps, that is the first
      slider.current.value = String(Math.round(position * NOTCHES));
      slider.current.style.setProperty('--position', String(position));
      slider.current.setAttribute('aria-valuetext', `${unit} ${step} of ${Math.round(lastStep)}`);
      readOut.current.textContent = `${prefix}${count.format(step)} / ${last}`;
    };
    show();
    return playback.subscribe(show);
  }, [playback, unit, prefix, last, lastStep]);

  return (
    <>
      <Box flex="1 1 160px" miw={140} px={6}>
        <input
          ref={slider}
          type="range"
          className={classes.slider}
          aria-label="Step"
          min={0}
          max={NOTCHES}
          disabled={lastStep <= 0}
          onChange={({ target }) => {
            const position = target.valueAsNumber / NOTCHES; // a pause shows where the clock stood
            playback.pause();
            playback.seek(position);
          }}
          onKeyDown={(event) => {
            const stride = event.shiftKey ? 10 : 1;
            const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
            if (direction === undefined) return;
            event.preventDefault();
            event.stopPropagation(); // whole steps, not notches
            playback.stepBy(direction * stride);
          }}
        />
      </Box>
      {/* As wide as it will be at the last step: a row that breaks while it plays would draw the picture above it anew. */}
      <Group gap={4} wrap="nowrap" miw={118} justify="flex-end">
        {unitPicker}
        <Text
          ref={readOut}
          size="sm"
          c="dimmed"
          miw={`${0.8 * longest}ch`} // spaces and commas are narrow
          ta="right"
          style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
        />
      </Group>
    </>
  );
}
