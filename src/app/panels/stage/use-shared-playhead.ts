/** The playhead of a link, and the playback that the next link takes. */
import { useEffect } from 'react';
import type { Playback } from '../../playback/playback.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';

/**
 * The playhead of a link: the picture stands there once its runs are complete, with the link's speed and scale. It is then the
 * reader's own, so that later links do not carry an old one; who shares asks the clock.
 */
export function useSharedPlayhead(playback: Playback, isComplete: boolean) {
  const store = useStoreApi();
  const opened = useStore((state) => state.opened);
  const playhead = useStore(({ view }) => view.playhead);
  /** Not the runs of what was open before. */
  const isOfNow = useStore(({ picture, study }) => picture !== null && picture.study === study);
  useEffect(() => {
    store.getState().setClock(() => {
      const { step, speed, isLooping, scale } = playback.getSnapshot();
      return { playhead: step, speed, loop: isLooping, logTime: scale === 'log' };
    });
  }, [playback, store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another experiment was opened
  useEffect(() => {
    const { speed, loop, logTime } = store.getState().view;
    if (speed !== undefined) playback.setSpeed(speed);
    if (loop !== undefined) playback.setLooping(loop);
    if (logTime !== undefined) playback.setScale(logTime ? 'log' : 'linear');
  }, [playback, store, opened]);
  useEffect(() => {
    if (playhead === undefined || !isComplete || !isOfNow) return;
    playback.pause();
    playback.seekStep(playhead);
    store.getState().takePlayhead();
  }, [playback, store, playhead, isComplete, isOfNow]);
}
