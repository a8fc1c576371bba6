/** Play, step, scrub: the controls of the one clock that all figures share. */
import { ActionIcon, Group, NativeSelect, SegmentedControl, Tooltip } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { Scrubber } from '../../components/scrubber.tsx';
import { BackIcon, ForwardIcon, LoopIcon, PauseIcon, PlayIcon } from '../../components/transport-icons.tsx';
import { type Playback, SPEEDS } from '../../playback/playback.ts';
import { onTransportKey } from '../../playback/playback-keys.ts';
import { usePlaybackValue } from '../../playback/use-playback.ts';
import classes from './transport-bar.module.css';

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

export const TransportBar = memo(function TransportBar({
  playback,
  onSettings,
  sameCost = false,
  onSameCost,
}: TransportBarProps) {
  const isPlaying = usePlaybackValue(playback, (now) => now.isPlaying);
  const isIdle = usePlaybackValue(playback, ({ lastStep }) => lastStep <= 0);
  const isAtStart = usePlaybackValue(playback, ({ step }) => step <= 0);
  const isAtEnd = usePlaybackValue(playback, ({ step, lastStep }) => step >= lastStep);
  const speed = usePlaybackValue(playback, (now) => now.speed);
  const isLooping = usePlaybackValue(playback, (now) => now.isLooping);
  const scale = usePlaybackValue(playback, (now) => now.scale);
  const report = () => {
    const now = playback.getSnapshot();
    onSettings?.({ speed: now.speed, loop: now.isLooping, logTime: now.scale === 'log' });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: nothing here is sent, and a fieldset has a frame
    <div
      role="group"
      aria-label="Playback"
      className={classes.bar}
      onKeyDown={(event) => onTransportKey(event, playback)}
    >
      <div className={classes.row}>
        <Group gap={2} wrap="nowrap">
          <Button label="One step back" isDisabled={isIdle || isAtStart} onClick={() => playback.stepBy(-1)}>
            <BackIcon />
          </Button>
          <Tooltip label={isPlaying ? 'Pause (Space)' : 'Play (Space)'} openDelay={500}>
            <ActionIcon
              size={38}
              radius="xl"
              variant="filled"
              data-command="play"
              aria-label={isPlaying ? 'Pause' : 'Play'}
              disabled={isIdle}
              onClick={playback.toggle}
            >
              {isPlaying ? <PauseIcon /> : <PlayIcon />}
            </ActionIcon>
          </Tooltip>
          <Button label="One step forward" isDisabled={isIdle || isAtEnd} onClick={() => playback.stepBy(1)}>
            <ForwardIcon />
          </Button>
        </Group>
        <Scrubber
          playback={playback}
          unit={sameCost ? 'gradient' : 'step'}
          unitPicker={onSameCost && <UnitPicker sameCost={sameCost} onSameCost={onSameCost} />}
        />
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
        <Group gap="xs" wrap="nowrap">
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
      </div>
    </div>
  );
});

interface UnitPickerProps {
  readonly sameCost: boolean;
  readonly onSameCost: (sameCost: boolean) => void;
}

/** Runs that differ in what a step takes, side by side at the same step or at the same cost. */
const UnitPicker = ({ sameCost, onSameCost }: UnitPickerProps) => (
  <Tooltip
    label="Counted in gradients, runs are aligned by what they cost: by how often they have evaluated the gradient."
    multiline
    w={260}
    openDelay={500}
  >
    <NativeSelect
      size="xs"
      w={sameCost ? 92 : 66}
      aria-label="What the clock counts"
      value={sameCost ? 'gradient' : 'step'}
      data={['step', 'gradient']}
      onChange={(event) => onSameCost(event.currentTarget.value === 'gradient')}
    />
  </Tooltip>
);

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
