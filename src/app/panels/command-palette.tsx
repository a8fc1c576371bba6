/** Everything that can be done, found by typing: Ctrl or Cmd with K. Loaded when it is first asked for. */
import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { openSpotlight, Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useEffect, useState } from 'react';
import type { Lesson } from '../../core/lesson.ts';
import { useTextSize } from '../components/text-size.ts';
import { defaultExperiment } from '../default-experiment.ts';
import { openFile, saveAsFile } from '../library/files.ts';
import { finalAsNumpy } from '../library/final-parameters.ts';
import { HIDEABLE, type HideablePart } from '../store/hidden-parts.ts';
import { useCatalog, useStore, useStoreApi } from '../store/use-store.ts';
import { usePrint } from './print-sheet.tsx';
import { viewChoices } from './stage/view-kinds.ts';

export interface PageCommands {
  readonly showLibrary: () => void;
  readonly showShortcuts: () => void;
}

const command = (id: string, label: string, onClick: () => void, description?: string): SpotlightActionData => ({
  id,
  label,
  onClick,
  ...(description !== undefined && { description }),
});

/** What a button of the page does, by its `data-command`: offered while the button is there. */
const BUTTONS: readonly (readonly [name: string, label: string, description: string])[] = [
  ['share', 'Share and export', 'Link, QR code, frame, code for PyTorch, JAX and NumPy, pictures, tables'],
  ['data', 'Data', 'Paste a table, or open a CSV file'],
  ['map', 'Map of starts or settings', 'Where the same run ends from every point of a grid, or over two settings'],
  ['table', 'Table of the runs', 'Sort them, copy them'],
  ['lessons', 'Lessons', 'The list of all, and how far you are in each'],
  ['play', 'Play or pause', 'The playback of all runs'],
];

const buttonOf = (name: string) => document.querySelector<HTMLElement>(`[data-command="${name}"]`);

const NOTHING: readonly string[] = [];

/** Null while they are on their way. */
function useLessons(): readonly Lesson[] | null {
  const load = useStore((store) => store.lessons);
  const [lessons, setLessons] = useState<readonly Lesson[] | null>(null);
  useEffect(() => {
    load().then(setLessons, () => setLessons([]));
  }, [load]);
  return lessons;
}

export default function CommandPalette({ showLibrary, showShortcuts }: PageCommands) {
  const store = useStoreApi();
  const catalog = useCatalog();
  const study = useStore((state) => state.study);
  const lessons = useLessons();
  const hide = useStore(({ view }) => view.hide ?? NOTHING);
  const { setColorScheme } = useMantineColorScheme();
  const [textSize, setTextSize] = useTextSize();
  const print = usePrint();
  const isReady = lessons !== null;
  useEffect(() => {
    if (isReady) openSpotlight(); // it was there closed: only then does it know what had the focus, and gives it back
  }, [isReady]);
  const state = () => store.getState();
  const turn = (part: HideablePart) => {
    const rest = hide.filter((other) => other !== part);
    state().changeView({ hide: rest.length < hide.length ? rest : [...hide, part] });
  };
  if (!isReady) return null; // Enter would run what matches by then, and not what matches best
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Experiment',
      actions: [
        command('run', 'Run', () => void state().run()),
        command('stop', 'Stop', () => state().stop()),
        command('undo', 'Undo', () => state().undo()),
        command('redo', 'Redo', () => state().redo()),
        ...BUTTONS.filter(([name]) => buttonOf(name)).map(([name, label, description]) =>
          command(name, label, () => buttonOf(name)?.click(), description),
        ),
        command('library', 'My experiments', showLibrary, 'Keep, open, rename, remove'),
        command('save', 'Save as file', () => {
          void saveAsFile(state().snapshot(), store);
          state().markKept();
        }),
        command('open', 'Open a file', () => openFile(store, catalog)),
        command('example', 'Open the first example', () => state().load(defaultExperiment)),
        command(
          'numpy',
          'Copy the final parameters as NumPy',
          () => void navigator.clipboard.writeText(finalAsNumpy(state())),
        ),
      ],
    },
    {
      group: 'Add a run',
      actions: catalog.methods
        .filter(({ id }) => study?.methods.find((support) => support.id === id)?.supported)
        .map(({ id, title, summary }) => command(`add ${id}`, title, () => state().addRun({ method: id }), summary)),
    },
    {
      group: 'View',
      actions: (study ? viewChoices(study) : []).map(({ kind, title, summary }) =>
        command(`view ${kind}`, title, () => state().changeView({ kind, axes: [], camera: undefined }), summary),
      ),
    },
    {
      group: 'Lessons',
      actions: lessons.map(({ id, title, summary }) =>
        command(`lesson ${id}`, title, () => void state().openLesson(id), summary),
      ),
    },
    {
      group: 'Look',
      actions: [
        command('print', 'Print a page', print, 'Problem, picture and the table of runs'),
        command(
          'large',
          'Larger or normal text',
          () => setTextSize(textSize === 'large' ? 'normal' : 'large'),
          'For a projector',
        ),
        ...HIDEABLE.map(({ part, title, summary }) =>
          command(
            `hide ${part}`,
            `${hide.includes(part) ? 'Show' : 'Hide'} ${title.toLowerCase()}`,
            () => turn(part),
            summary,
          ),
        ),
        ...(hide.length > 0 ? [command('show', 'Show all hidden parts', () => state().changeView({ hide: [] }))] : []),
        command('light', 'Light theme', () => setColorScheme('light')),
        command('dark', 'Dark theme', () => setColorScheme('dark')),
        command('system', 'Theme as the system', () => setColorScheme('auto')),
        command(
          'form',
          'Conditions of an optimum',
          () => state().showForm(true),
          'Standard form, Lagrangian, and the conditions of Karush, Kuhn and Tucker at the playhead',
        ),
        command('bench', 'How fast is this machine?', () => window.open('./bench/'), 'A page that measures its GPU'),
        command('keys', 'Keys', showShortcuts, 'What the keys do'),
      ],
    },
  ];
  return (
    <Spotlight
      actions={actions}
      nothingFound="There is no such command."
      highlightQuery
      shortcut={null}
      scrollable
      maxHeight={420}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'group', 'aria-label': 'Commands' } }}
      searchProps={{ placeholder: 'What do you want to do?', 'aria-label': 'Find a command' }}
    />
  );
}
