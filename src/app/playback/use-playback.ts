/** React's side of the transport: read-outs that follow it, and a clock that follows the runs. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { lastStepOf } from '../figures/motion-path.ts';
import type { RunView } from '../figures/scene.ts';
import type { Playback, PlaybackSnapshot } from './playback.ts';

/** Changes at most ten times a second while it plays. */
export const usePlayback = (playback: Playback): PlaybackSnapshot =>
  useSyncExternalStore(playback.subscribe, playback.getSnapshot);

/**
 * Keeps the clock as long as the longest visible run, and sets it in motion once, when the first results are complete.
 * Mount it once for all panels. Later results keep the playhead: a slider that is dragged must not rewind the picture.
 */
export function useRunClock(playback: Playback, runs: readonly RunView[]): void {
  const hasStarted = useRef(false);
  const lastStep = lastStepOf(runs);
  const isComplete = lastStep > 0 && runs.every(({ status }) => status !== 'running');
  useEffect(() => playback.setLastStep(lastStep), [playback, lastStep]);
  useEffect(() => {
    if (!isComplete || hasStarted.current) return;
    hasStarted.current = true;
    playback.restart();
  }, [playback, isComplete]);
}
