/** What the figures draw now, in the theme of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { sceneInPlane } from '../../figures/plane-scene.ts';
import type { Scene } from '../../figures/scene.ts';
import { isAsking } from '../../store/lesson-slice.ts';
import { runNames } from '../../store/run-name.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import type { SeenPlane } from '../../study.ts';
import { recordsOf, surrounded } from './scene.ts';
import { isPlaneKind, viewKindOf } from './view-kinds.ts';

/** On a plane where one is given, else in entries of the iterate. */
export function useScene(plane: SeenPlane | null): Scene | null {
  const picture = useStore((store) => store.picture);
  const runs = useStore((store) => store.experiment.runs);
  const view = useStore((store) => store.view);
  const field = useStore((store) => store.field);
  const asks = useStore(({ lesson }) => isAsking(lesson));
  const catalog = useCatalog();
  const theme = useComputedColorScheme('light');
  // Apart from what is sampled around them: that changes more often, and charts do not show it.
  const records = useMemo(() => {
    if (picture === null) return null;
    const { optimum, ...scene } = recordsOf({ picture, runs: runs ?? [], view, catalog, theme, plane });
    const names = runNames(runs ?? [], catalog);
    const shown = optimum && !asks ? { ...scene, optimum } : scene; // a guess is made without it
    return { ...shown, runs: scene.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  }, [picture, runs, view, asks, catalog, theme, plane]);
  return useMemo(() => {
    if (picture === null || records === null) return null;
    const scene = surrounded(records, { picture, field, plane });
    return plane ? sceneInPlane(scene, plane) : scene;
  }, [picture, records, field, plane]);
}

/** Whether the loss and the constraints around the picture are being sampled for its problem. */
export const useIsFieldComing = (): boolean =>
  useStore(({ picture, awaited }) => awaited !== null && awaited === picture?.study);

/** The plane of the chosen view, kept among the shown runs (a slice goes with the playhead: `SliceKeeper`); null for views of entries, and until it is placed. */
export function usePlane(): SeenPlane | null {
  const store = useStoreApi();
  const picture = useStore((state) => state.picture);
  const view = useStore((state) => state.view);
  const plane = useStore((state) => state.plane);
  const isIdle = useStore(({ phase }) => phase === 'idle');
  const kind = picture ? viewKindOf(picture.study, view) : null;
  const wanted = kind !== null && isPlaneKind(kind) ? kind : null;
  useEffect(() => {
    if (wanted !== null && wanted !== 'slice' && picture !== null && isIdle) void store.getState().placePlane(wanted);
  }, [wanted, picture, isIdle, store]);
  return plane !== null && plane.study === picture?.study && plane.seen.kind === wanted ? plane.seen : null;
}
