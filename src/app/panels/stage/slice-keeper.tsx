/** Puts the slice through the chosen run's iterate where the playhead rests. */
import { useEffect } from 'react';
import { entryNames } from '../../../core/problem/entry-names.ts';
import type { RunView } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { useRestedStep } from '../../playback/use-playback.ts';
import { useResults, useStore, useStoreApi } from '../../store/use-store.ts';
import { sliceAlong, slicedEntries } from './slice-picker.tsx';
import { viewKindOf } from './view-kinds.ts';

interface SliceKeeperProps {
  readonly playback: Playback;
  /** As they are shown, with their paces. */
  readonly runs: readonly RunView[];
}

export function SliceKeeper(props: SliceKeeperProps) {
  const isWanted = useStore(({ picture, view }) => picture !== null && viewKindOf(picture.study, view) === 'slice');
  return isWanted && <Slice {...props} />;
}

function Slice({ playback, runs }: SliceKeeperProps) {
  const store = useStoreApi();
  const selected = useStore((state) => state.selectedRun);
  const isIdle = useStore(({ phase }) => phase === 'idle');
  const results = useResults();
  const run = results[selected]?.trajectory ? selected : results.findIndex((each) => each?.trajectory);
  const result = results[run] ?? null;
  const pace = runs.find(({ id }) => id === String(run))?.pace ?? 1;
  const { step } = useRestedStep(playback);
  const along = useStore(({ view }) => sliceAlong(view));
  const seed = useStore(({ view }) => view.slice?.seed ?? 0);
  const axes = useStore(({ view }) => view.axes);
  useEffect(() => {
    const { trajectory, job } = result ?? {};
    if (!isIdle || !trajectory || !job) return;
    const { steps, iterates } = trajectory;
    const size = iterates.length / steps.length;
    const record = Math.max(0, recordAt(steps, step / pace));
    const x = iterates.slice(record * size, (record + 1) * size);
    const end = iterates.slice(-size);
    const { picture } = store.getState();
    const entries = picture ? slicedEntries(entryNames(picture.study.problem), axes) : [0, 1];
    const through = { x, t: steps[record] ?? 0, steps: job.steps, end, along, seed, entries };
    void store.getState().placePlane('slice', through);
  }, [result, step, pace, isIdle, along, seed, axes, store]);
  return null;
}
