/** What the figures draw now, in the theme of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type { Scene } from '../figures/scene.ts';
import { isAsking } from '../store/lesson-slice.ts';
import { runNames } from '../store/run-name.ts';
import { useCatalog, useStore } from '../store/use-store.ts';
import { sceneOf } from './scene.ts';

export function useScene(): Scene | null {
  const picture = useStore((store) => store.picture);
  const runs = useStore((store) => store.experiment.runs);
  const view = useStore((store) => store.view);
  const field = useStore((store) => store.field);
  const asks = useStore(({ lesson }) => isAsking(lesson));
  const catalog = useCatalog();
  const theme = useComputedColorScheme('light');
  return useMemo(() => {
    if (picture === null) return null;
    const { optimum, ...scene } = sceneOf({ picture, runs: runs ?? [], view, field, catalog, theme });
    const names = runNames(runs ?? [], catalog);
    const shown = optimum && !asks ? { ...scene, optimum } : scene; // a guess is made without it
    return { ...shown, runs: scene.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  }, [picture, runs, view, field, asks, catalog, theme]);
}
