/** What opens over the page by a key: commands, the list of keys, the reader's own experiments. */
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { FileDrop } from '../components/file-drop.tsx';
import { onDemand } from '../components/on-demand.tsx';
import { useEscape } from '../components/use-escape.ts';
import { openDropped, openText } from '../library/files.ts';
import { useCatalog, useStore, useStoreApi } from '../store/use-store.ts';

const DataDialog = lazy(() => import('./data-dialog.tsx'));
const LibraryPanel = onDemand(() => import('./library/library-panel.tsx').then((module) => module.LibraryPanel));
const ShortcutsPanel = onDemand(() => import('./shortcuts-panel.tsx').then((module) => module.ShortcutsPanel));
const CommandPalette = lazy(() => import('./command-palette.tsx'));

/** A palette that is there already; a new one opens by itself. */
async function openPalette(): Promise<void> {
  const { openSpotlight } = await import('@mantine/spotlight');
  openSpotlight();
}

interface PageDialogsProps {
  readonly isLibraryOpen: boolean;
  setLibraryOpen(isOpen: boolean): void;
}

export function PageDialogs({ isLibraryOpen, setLibraryOpen }: PageDialogsProps) {
  const store = useStoreApi();
  const catalog = useCatalog();
  const isDataShown = useStore(({ dataDraft }) => dataDraft !== null);
  const [hasPalette, setHasPalette] = useState(false);
  const [areKeysShown, keys] = useDisclosure();
  const showPalette = () => {
    if (hasPalette) void openPalette();
    else setHasPalette(true);
  };
  useHotkeys([['mod+K', showPalette]], [], true);
  useEscape(() => {
    store.getState().stop();
    store.getState().stopSwarm();
  });
  useHotkeys([['shift+?', keys.open]]);
  return (
    <>
      {hasPalette && (
        <Suspense>
          <CommandPalette showLibrary={() => setLibraryOpen(true)} showShortcuts={keys.open} />
        </Suspense>
      )}
      <ShortcutsPanel isOpen={areKeysShown} onClose={keys.close} />
      <LibraryPanel isOpen={isLibraryOpen} onClose={() => setLibraryOpen(false)} />
      <FileDrop
        onFiles={(files) => void openDropped(files, store, catalog)}
        onText={(text) => void openText(text, store, catalog)}
      />
      {isDataShown && (
        <Suspense>
          <DataDialog />
        </Suspense>
      )}
    </>
  );
}
