/** Constraints that depend on t, as the figures show them. */
import { useEffect } from 'react';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';

/** Constraints that move are drawn where they are at the playhead's step. */
export function useMovingSets(playback: Playback, scene: Scene | null) {
  const store = useStoreApi();
  const visible = (scene?.runs ?? []).filter((run) => run.visible);
  const steps = Math.max(0, ...visible.map((run) => run.steps.at(-1) ?? 0));
  const pace = visible[0]?.pace ?? 1;
  const isMoving = useStore(({ study }) => study?.structure.constraints.some((facts) => facts.isMoving) ?? false);
  useEffect(() => {
    if (!isMoving) return;
    const follow = () => {
      const step = Math.min(steps, Math.round(playback.getSnapshot().step / pace));
      const { moment, lookAtStep } = store.getState();
      if (moment?.step !== step || moment.steps !== steps) lookAtStep({ step, steps });
    };
    follow();
    return playback.subscribe(follow);
  }, [playback, store, isMoving, steps, pace]);
}
