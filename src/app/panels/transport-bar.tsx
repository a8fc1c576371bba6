/** Play, step, scrub: the controls of the one clock that all figures share. */
import { ActionIcon, Box, Group, NativeSelect, SegmentedControl, Slider, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { BackIcon, ForwardIcon, LoopIcon, PauseIcon, PlayIcon } from '../components/transport-icons.tsx';
import { type Playback, SPEEDS } from '../playback/playback.ts';
import { onTransportKey } from '../playback/playback-keys.ts';
import { stepAt } from '../playback/step-scale.ts';
import { usePlayback } from '../playback/use-playback.ts';

export interface TransportBarProps {
  readonly playback: Playback;
  /** Whether the clock counts gradients in place of steps; given where the runs differ in what a step takes. */
  readonly sameCost?: boolean;
  readonly onSameCost?: (sameCost: boolean) => void;
  /** After a change of speed, loop or scale, for a view that is kept. */
  readonly onSettings?: (settings: {
    readonly speed: number;
    readonly loop: boolean;
    readonly logTime: boolean;
  }) => void;
}

const count = new Intl.NumberFormat('en');

/** Positions of the scrubber; fine enough that each step of a short run has its own. */
const NOTCHES = 1000;

export function TransportBar({ playback, onSettings, sameCost = false, onSameCost }: TransportBarProps) {
  const { position, step, lastStep, isPlaying, speed, isLooping, scale } = usePlayback(playback);
  const isIdle = lastStep <= 0;
  const report = () => {
    const now = playback.getSnapshot();
    onSettings?.({ speed: now.speed, loop: now.isLooping, logTime: now.scale === 'log' });
  };
  return (
    <Group
      role="group"
      aria-label="Playback"
      gap="xs"
      px="sm"
      py={6}
      wrap="wrap"
      onKeyDown={(event) => onTransportKey(event, playback)}
    >
      <Group gap={2} wrap="nowrap">
        <Button label="One step back" isDisabled={isIdle || step <= 0} onClick={() => playback.stepBy(-1)}>
          <BackIcon />
        </Button>
        <Tooltip label={isPlaying ? 'Pause (Space)' : 'Play (Space)'} openDelay={500}>
          <ActionIcon
            size={38}
            radius="xl"
            variant="filled"
            aria-label={isPlaying ? 'Pause' : 'Play'}
            disabled={isIdle}
            onClick={playback.toggle}
          >
            {isPlaying ? <PauseIcon /> : <PlayIcon />}
          </ActionIcon>
        </Tooltip>
        <Button label="One step forward" isDisabled={isIdle || step >= lastStep} onClick={() => playback.stepBy(1)}>
          <ForwardIcon />
        </Button>
      </Group>
      <Box
        flex="1 1 180px"
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
          disabled={isIdle}
          thumbLabel="Step"
          label={(value) => count.format(Math.round(stepAt(value / NOTCHES, lastStep, scale)))}
          thumbProps={{ 'aria-valuetext': `step ${step} of ${lastStep}` }}
          onChange={(value) => {
            playback.pause();
            playback.seek(value / NOTCHES);
          }}
        />
      </Box>
      <Text size="sm" c="dimmed" miw={118} ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {sameCost ? 'gradient' : 'step'} {count.format(step)} / {count.format(Math.round(lastStep))}
      </Text>
      <Group gap={6} wrap="wrap">
        {onSameCost && (
          <Tooltip
            label="At the same cost, runs are aligned by how often they have evaluated the gradient, not by steps."
            multiline
            w={260}
            openDelay={500}
          >
            <SegmentedControl
              size="xs"
              aria-label="What the clock counts"
              value={sameCost ? 'cost' : 'step'}
              data={[
                { value: 'step', label: 'Same step' },
                { value: 'cost', label: 'Same cost' },
              ]}
              onChange={(value) => onSameCost(value === 'cost')}
            />
          </Tooltip>
        )}
        <SegmentedControl
          size="xs"
          aria-label="Time scale"
          value={scale}
          data={[
            { value: 'linear', label: 'Linear' },
            { value: 'log', label: 'Log' },
          ]}
          onChange={(value) => {
            playback.setScale(value === 'log' ? 'log' : 'linear');
            report();
          }}
        />
        <NativeSelect
          size="xs"
          w={74}
          aria-label="Speed"
          value={String(speed)}
          data={SPEEDS.map((value) => ({ value: String(value), label: `${value}×` }))}
          onChange={(event) => {
            playback.setSpeed(Number(event.currentTarget.value));
            report();
          }}
        />
        <Tooltip label={isLooping ? 'Loops' : 'Plays once'} openDelay={500}>
          <ActionIcon
            size={30}
            variant={isLooping ? 'light' : 'subtle'}
            {...(isLooping ? {} : { color: 'gray' })}
            aria-label="Loop"
            aria-pressed={isLooping}
            onClick={() => {
              playback.setLooping(!isLooping);
              report();
            }}
          >
            <LoopIcon />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

const Button = ({ label, isDisabled, onClick, children }: ButtonProps) => (
  <ActionIcon
    size={30}
    radius="xl"
    variant="subtle"
    color="gray"
    aria-label={label}
    disabled={isDisabled}
    onClick={onClick}
  >
    {children}
  </ActionIcon>
);
