/** The reader's own experiments: save what is open under a name, open, rename, duplicate, remove and take that back; files in and out. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { BinIcon, CopyIcon, PenIcon, PlusIcon } from '../../components/icons.tsx';
import { openFile, saveAsFile } from '../../library/files.ts';
import { MOST_KEPT, oldestOf, type SavedExperiment } from '../../library/library.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import classes from '../lesson/lesson-panel.module.css';
import { EntryRow, RowButton } from './entry-row.tsx';
import { type Change, useOwnExperiments } from './use-own-experiments.ts';

interface LibraryPanelProps {
  readonly isOpen: boolean;
  onClose(): void;
}

const Done = ({ what, takeBack }: Change) => (
  <Group gap={8} role="status">
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {what}
    </Text>
    <Button size="compact-sm" variant="default" onClick={() => void takeBack()}>
      Take that back
    </Button>
  </Group>
);

/** Before the next one takes the place of the oldest. */
function Full({ oldest }: { readonly oldest: SavedExperiment | undefined }) {
  const store = useStoreApi();
  if (!oldest) return null;
  return (
    <Group gap={8} role="note">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {MOST_KEPT} are kept, and no more fit: the next takes the place of the oldest, “{oldest.name}”.
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => void saveAsFile(oldest.experiment, store)}>
        Save “{oldest.name.slice(0, 30)}” as a file
      </Button>
    </Group>
  );
}

function Contents({ onClose }: Pick<LibraryPanelProps, 'onClose'>) {
  const store = useStoreApi();
  const catalog = useCatalog();
  const title = useStore(({ experiment }) => experiment.title ?? '');
  const [name, setName] = useState(title);
  const [renaming, setRenaming] = useState<string | null>(null);
  const { entries, elsewhere, fault, change, save, duplicate, rename, remove, forget } = useOwnExperiments();
  const open = ({ experiment }: SavedExperiment) => {
    store.getState().load(experiment);
    onClose();
  };
  const named = (entry: SavedExperiment) => (to: string) => {
    setRenaming(null);
    void rename(entry.id, entry.name, to);
  };
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save(name);
        }}
      >
        <Group gap={6} align="flex-end" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            label="Keep what is open as"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            placeholder="A name"
            maxLength={200}
          />
          <Button size="xs" type="submit" leftSection={<PlusIcon size={12} />}>
            Keep
          </Button>
        </Group>
      </form>
      {fault !== '' && (
        <Text size="sm" role="alert">
          {fault}
        </Text>
      )}
      {entries.length >= MOST_KEPT && <Full oldest={oldestOf(entries)} />}
      {entries.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is kept yet. Your open work is kept by itself, and comes back at the next visit.
        </Text>
      )}
      <ul className={classes.list}>
        {entries.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            onOpen={() => open(entry)}
            onName={renaming === entry.id ? named(entry) : undefined}
          >
            <RowButton does="Rename" of={entry.name} onClick={() => setRenaming(entry.id)}>
              <PenIcon />
            </RowButton>
            <RowButton does="Duplicate" of={entry.name} onClick={() => void duplicate(entry)}>
              <CopyIcon />
            </RowButton>
            <RowButton does="Remove" of={entry.name} onClick={() => void remove(entry)}>
              <BinIcon />
            </RowButton>
          </EntryRow>
        ))}
      </ul>
      {elsewhere.length > 0 && (
        <section aria-label="Work of other tabs">
          <Text size="sm" c="dimmed" mb={6}>
            Open in other tabs, or when they were closed:
          </Text>
          <ul className={classes.list}>
            {elsewhere.map((work) => (
              <EntryRow key={work.id} entry={work} onOpen={() => open(work)}>
                <RowButton does="Forget" of={work.name} onClick={() => void forget(work)}>
                  <BinIcon />
                </RowButton>
              </EntryRow>
            ))}
          </ul>
        </section>
      )}
      {change && <Done {...change} />}
      <Group gap={6}>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            void saveAsFile(store.getState().snapshot(), store);
            store.getState().markKept();
          }}
        >
          Save as file
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            openFile(store, catalog);
            onClose();
          }}
        >
          Open a file
        </Button>
      </Group>
    </Stack>
  );
}

export function LibraryPanel({ isOpen, onClose }: LibraryPanelProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="My experiments" size="44rem">
      <Contents onClose={onClose} />
    </Modal>
  );
}
