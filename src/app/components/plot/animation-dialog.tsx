/** Makes the animation of a figure, shows how far it is, and can be stopped. Loaded when it is first asked for. */
import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Figure } from '../../figures/figure.ts';
import { plainFileName } from '../../figures/file-name.ts';
import type { ForceArrows } from '../../figures/force-arrows.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { type AnimationFormat, FRAMES_PER_SECOND, gifOf, webmOf } from './animation-file.ts';
import { animationFrames, frameSteps } from './animation-frames.ts';
import { saveBlob } from './figure-image.ts';
import type { Plot } from './plot-host.ts';

/** What moves above a graph. */
export interface Motion {
  readonly scene: Scene;
  readonly playback: Playback;
  /** The graph below. */
  readonly figure: () => Figure;
  /** At the head of one run. */
  readonly arrows?: ForceArrows | null;
}

export interface AnimationDialogProps extends Motion {
  readonly name: string;
  readonly format: AnimationFormat;
  readonly plot: Plot;
  readonly onClose: () => void;
}

/** Of the longer side. */
const LONGEST: Readonly<Record<AnimationFormat, number>> = { gif: 640, webm: 1280 };
const CANCELLED = 'cancelled';

export default function AnimationDialog(props: AnimationDialogProps) {
  const { format, onClose } = props;
  const given = useRef(props);
  const [share, setShare] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  }, [onClose]);

  useEffect(() => {
    const cancel = new AbortController();
    const making = { signal: cancel.signal, onProgress: setShare };
    made(given.current, making).then(
      (blob) => {
        const { name, format } = given.current;
        saveBlob(blob, `${plainFileName(name)}.${format}`);
        close.current();
      },
      (error: unknown) => {
        if (error !== CANCELLED) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => cancel.abort(CANCELLED);
  }, []);

  return (
    <Modal opened onClose={onClose} title={`Saving the animation (${format === 'gif' ? 'GIF' : 'WebM'})`} size="sm">
      <Stack gap="sm">
        {problem === null ? (
          <>
            <Progress value={100 * share} aria-label="Progress of the animation" />
            <Text size="sm" c="dimmed">
              {format === 'gif' ? 'Drawing each frame.' : 'Recorded while it plays: keep this tab in view.'}
            </Text>
          </>
        ) : (
          <Alert role="alert" color="yellow" variant="light" p="xs">
            <Text size="sm">{problem}</Text>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" size="xs" onClick={onClose}>
            {problem === null ? 'Cancel' : 'Close'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

async function made(
  { plot, scene, arrows, figure, playback, format }: AnimationDialogProps,
  making: Parameters<typeof gifOf>[2],
): Promise<Blob> {
  const frames = await animationFrames({ plot, scene, arrows, figure: figure(), longest: LONGEST[format] });
  if (frames === null) throw new Error('The figure is not drawn yet. Try again when it shows.');
  const steps = frameSteps(playback.getSnapshot(), FRAMES_PER_SECOND[format]);
  return (format === 'gif' ? gifOf : webmOf)(frames, steps, making);
}
