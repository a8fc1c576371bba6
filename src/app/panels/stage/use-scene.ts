/** What the figures draw now, in the theme of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import type { Scene } from '../../figures/scene.ts';
import { isAsking } from '../../store/lesson-slice.ts';
import { runNames } from '../../store/run-name.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import type { SeenPlane } from '../../study.ts';
import { sceneOf } from './scene.ts';
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
  return useMemo(() => {
    if (picture === null) return null;
    const { optimum, ...scene } = sceneOf({ picture, runs: runs ?? [], view, field, catalog, theme, plane });
    const names = runNames(runs ?? [], catalog);
    const shown = optimum && !asks ? { ...scene, optimum } : scene; // a guess is made without it
    return { ...shown, runs: scene.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  }, [picture, runs, view, field, asks, catalog, theme, plane]);
}

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
