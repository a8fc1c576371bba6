/** React's side of the transport: read-outs that follow it. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Playback, PlaybackSnapshot } from './playback.ts';

/** What is selected of it, a string, number or boolean: a component is drawn anew only where that has changed. */
export const usePlaybackValue = <Value extends string | number | boolean>(
  playback: Playback,
  select: (snapshot: PlaybackSnapshot) => Value,
): Value => useSyncExternalStore(playback.subscribe, () => select(playback.getSnapshot()));

/** Changes of the snapshot between two of a read-out that is dear to draw. */
const SELDOM = 4;

/** The whole step for such read-outs: each change while it stands, every fourth while it plays. Those of another turn are drawn in other frames. */
export function useSeldomStep(playback: Playback, turn = 0): number {
  const { subscribe, getSnapshot } = useMemo(() => seldomStep(playback, turn), [playback, turn]);
  return useSyncExternalStore(subscribe, getSnapshot);
}

/** An external store over the clock; it counts changes and asks no time. */
export function seldomStep({ subscribe, getSnapshot }: Pick<Playback, 'subscribe' | 'getSnapshot'>, turn = 0) {
  let shown = getSnapshot().step;
  let changes = turn;
  return {
    subscribe(listener: () => void) {
      shown = getSnapshot().step;
      return subscribe(() => {
        const { step, isPlaying } = getSnapshot();
        changes += 1;
        if (isPlaying && changes % SELDOM !== 0) return;
        shown = step;
        listener();
      });
    },
    getSnapshot: () => shown,
  };
}

/** How long the playhead has to stand before a still figure is drawn. */
const REST_MS = 120;

/** The whole step where the playhead rested last, and whether it plays or is being moved. */
export function useRestedStep(playback: Playback): { readonly step: number; readonly isMoving: boolean } {
  const isPlaying = usePlaybackValue(playback, (now) => now.isPlaying);
  const step = usePlaybackValue(playback, (now) => (now.isPlaying ? -1 : now.step));
  const [rested, setRested] = useState(() => playback.getSnapshot().step);
  useEffect(() => {
    if (isPlaying) return;
    const timer = setTimeout(() => setRested(step), REST_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, step]);
  return { step: rested, isMoving: isPlaying || rested !== step };
}
