/** What the figures draw now, in the theme of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { recordsInPlane } from '../../figures/plane-scene.ts';
import type { Scene, SceneRecords } from '../../figures/scene.ts';
import { isSameLandscape } from '../../store/landscape.ts';
import { isAsking } from '../../store/lesson-slice.ts';
import { runNames } from '../../store/run-name.ts';
import type { Picture } from '../../store/run-slice.ts';
import { useCatalog, useStoreApi, useStoreNow } from '../../store/use-store.ts';
import type { SeenPlane } from '../../study.ts';
import { recordsOf, surrounded } from './scene.ts';
import { isPlaneKind, viewKindOf } from './view-kinds.ts';

export interface Scenes {
  /** In entries of the iterate: what charts and tables read. */
  readonly scene: Scene | null;
  /** As the picture shows it: on a plane of its own, where the view asks for one. */
  readonly shown: Scene | null;
  readonly plane: SeenPlane | null;
}

export function useScenes(): Scenes {
  const picture = useStoreNow((store) => store.picture);
  const field = useStoreNow((store) => store.field);
  const plane = usePlane();
  const records = useRecords(picture);
  // Records apart from what is sampled around them: that changes more often, and charts do not show it.
  const scene = useMemo(() => picture && records && surrounded(records, { picture, field }), [picture, records, field]);
  const onPlane = useMemo(() => records && plane && recordsInPlane(records, plane), [records, plane]);
  const shown = useMemo(
    () => (picture && onPlane ? surrounded(onPlane, { picture, field, plane }) : scene),
    [picture, onPlane, scene, field, plane],
  );
  return useMemo(() => ({ scene, shown, plane }), [scene, shown, plane]);
}

function useRecords(picture: Picture | null): SceneRecords | null {
  const runs = useStoreNow((store) => store.experiment.runs);
  const kind = useStoreNow(({ view }) => view.kind);
  const axes = useStoreNow(({ view }) => view.axes);
  const hide = useStoreNow(({ view }) => view.hide);
  const sameCost = useStoreNow(({ view }) => view.sameCost);
  const asks = useStoreNow(({ lesson }) => isAsking(lesson));
  const catalog = useCatalog();
  const theme = useComputedColorScheme('light');
  return useMemo(() => {
    if (picture === null) return null;
    const view = { ...(kind && { kind }), ...(axes && { axes }), ...(hide && { hide }), ...(sameCost && { sameCost }) };
    const { optimum, ...records } = recordsOf({ picture, runs: runs ?? [], view, catalog, theme });
    const names = runNames(runs ?? [], catalog);
    const shown = optimum && !asks ? { ...records, optimum } : records; // a guess is made without it
    return { ...shown, runs: records.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  }, [picture, runs, kind, axes, hide, sameCost, asks, catalog, theme]);
}

/** Whether the loss and the constraints around the picture are being sampled for its problem. */
export const useIsFieldComing = (): boolean =>
  useStoreNow(({ picture, awaited }) => awaited !== null && isSameLandscape(awaited, picture?.study));

/** The plane of the chosen view, kept among the shown runs (a slice goes with the playhead: `SliceKeeper`); null for views of entries, and until it is placed. */
function usePlane(): SeenPlane | null {
  const store = useStoreApi();
  const picture = useStoreNow((state) => state.picture);
  const view = useStoreNow((state) => state.view);
  const plane = useStoreNow((state) => state.plane);
  const kind = picture ? viewKindOf(picture.study, view) : null;
  const wanted = kind !== null && isPlaneKind(kind) ? kind : null;
  const isIdle = useStoreNow(({ phase }) => wanted === null || phase === 'idle');
  useEffect(() => {
    if (wanted !== null && wanted !== 'slice' && picture !== null && isIdle) void store.getState().placePlane(wanted);
  }, [wanted, picture, isIdle, store]);
  return plane !== null && plane.study === picture?.study && plane.seen.kind === wanted ? plane.seen : null;
}
