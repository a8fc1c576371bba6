/** What the figures draw now, in the theme of the page. */
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import type { Scene } from '../figures/scene.ts';
import { useCatalog, useStore } from '../store/use-store.ts';
import { sceneOf } from './scene.ts';

export function useScene(): Scene | null {
  const picture = useStore((store) => store.picture);
  const runs = useStore((store) => store.experiment.runs);
  const view = useStore((store) => store.view);
  const field = useStore((store) => store.field);
  const catalog = useCatalog();
  const theme = useComputedColorScheme('light');
  return useMemo(
    () => (picture === null ? null : sceneOf({ picture, runs: runs ?? [], view, field, catalog, theme })),
    [picture, runs, view, field, catalog, theme],
  );
}
