/** The playhead as a slider with its read-out. While it plays both are moved by the clock: React draws nothing of them. */
import { Box, Group } from '@mantine/core';
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
  const readOut = useRef<HTMLSpanElement>(null);
  const last = count.format(Math.round(lastStep));

  useLayoutEffect(() => {
    const show = () => {
      if (slider.current === null || readOut.current === null) return;
      const { position: held, step } = playback.getSnapshot();
      const position = lastStep > 0 ? held : 0; // the clock rests at its end: of no steps, that is the first
      slider.current.value = String(Math.round(position * NOTCHES));
      slider.current.style.setProperty('--position', String(position));
      slider.current.setAttribute('aria-valuetext', `${unit} ${step} of ${Math.round(lastStep)}`);
      readOut.current.textContent = `${count.format(step)} / ${last}`;
    };
    show();
    return playback.subscribe(show);
  }, [playback, unit, last, lastStep]);

  return (
    <>
      <Box flex="1 1 90px" miw={90} px={6}>
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
      <Group gap={4} wrap="nowrap" justify="flex-end" fz="sm" c="dimmed" className={classes.readOut}>
        {unitPicker}
        <span>
          {!unitPicker && <span className={classes.unit}>{unit} </span>}
          <Box
            ref={readOut}
            component="span"
            display="inline-block"
            miw={`${0.8 * (2 * last.length + 3) + 0.4}ch`}
            ta="right"
          />
        </span>
      </Group>
    </>
  );
}
