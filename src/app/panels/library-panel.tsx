/** The reader's own experiments: save what is open under a name, open, rename, duplicate, remove and take that back; files in and out. */
import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { BinIcon, CopyIcon, PenIcon, PlusIcon } from '../components/icons.tsx';
import { openFile, saveAsFile } from '../library/files.ts';
import { MOST_KEPT, oldestOf, type SavedExperiment } from '../library/library.ts';
import { useLibrary } from '../library/use-library.ts';
import { useCatalog, useStore, useStoreApi } from '../store/use-store.ts';
import classes from './lesson/lesson-panel.module.css';

const day = (at: number): string => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** “A copy”, “A copy 2”: an entry of the same name would be replaced. */
function nameOfCopy(name: string, entries: readonly SavedExperiment[]): string {
  const wanted = (k: number) => `${name} copy${k > 1 ? ` ${k}` : ''}`;
  let k = 1;
  while (entries.some((entry) => entry.name === wanted(k))) k += 1;
  return wanted(k);
}

interface LibraryPanelProps {
  readonly isOpen: boolean;
  onClose(): void;
}

const NOTHING_STORED = 'This browser does not let the page keep anything. Save the experiment as a file instead.';

interface CardProps {
  readonly entry: SavedExperiment;
  onClick(): void;
}

const Card = ({ entry: { name, savedAt }, onClick }: CardProps) => (
  <UnstyledButton className={classes.card ?? ''} onClick={onClick}>
    <Text component="h3">{name}</Text>
    {savedAt > 0 && (
      <Text size="xs" c="dimmed">
        {day(savedAt)}
      </Text>
    )}
  </UnstyledButton>
);

interface RenameFieldProps {
  readonly name: string;
  /** Another name, or the same: nothing is to change. */
  onName(name: string): void;
}

/** In the place of the card: Enter, or a way out of the field, takes the name; Escape leaves it. */
function RenameField({ name, onName }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  const done = (chosen = name) => {
    if (isDone.current) return; // a field that goes away loses the focus, too
    isDone.current = true;
    onName(chosen.trim() || name);
  };
  const doneByKey = (chosen?: string) => {
    done(chosen);
    field.current?.closest('li')?.querySelector('button')?.focus(); // the one that opened the field
  };
  return (
    <form
      style={{ flex: 1, alignSelf: 'center' }}
      onSubmit={(event) => {
        event.preventDefault();
        doneByKey(field.current?.value);
      }}
    >
      <TextInput
        ref={field}
        aria-label={`New name for ${name}`}
        defaultValue={name}
        maxLength={200}
        autoFocus
        data-mantine-stop-propagation
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => done(event.currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && doneByKey()}
      />
    </form>
  );
}

interface RowButtonProps {
  /** What it does, of which entry. */
  readonly does: string;
  readonly of: string;
  readonly children: ReactNode;
  onClick(): void;
}

const RowButton = ({ does, of, children, onClick }: RowButtonProps) => (
  <Tooltip label={does}>
    <ActionIcon color="gray" aria-label={`${does} ${of}`} onClick={onClick} style={{ alignSelf: 'center' }}>
      {children}
    </ActionIcon>
  </Tooltip>
);

interface DoneProps {
  readonly what: string;
  onTakeBack(): void;
}

const Done = ({ what, onTakeBack }: DoneProps) => (
  <Group gap={8} role="status">
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {what}
    </Text>
    <Button size="compact-sm" variant="default" onClick={onTakeBack}>
      Take that back
    </Button>
  </Group>
);

/** Before the next one takes the place of the oldest. */
const Full = ({ oldest }: { readonly oldest: SavedExperiment | undefined }) =>
  oldest && (
    <Group gap={8} role="note">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {MOST_KEPT} are kept, and no more fit: the next takes the place of the oldest, “{oldest.name}”.
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => saveAsFile(oldest.experiment)}>
        Save “{oldest.name.slice(0, 30)}” as a file
      </Button>
    </Group>
  );

interface Renamed {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

function Contents({ onClose }: Pick<LibraryPanelProps, 'onClose'>) {
  const library = useLibrary();
  const store = useStoreApi();
  const catalog = useCatalog();
  const title = useStore(({ experiment }) => experiment.title ?? '');
  const [name, setName] = useState(title);
  const [entries, setEntries] = useState<readonly SavedExperiment[]>([]);
  const [elsewhere, setElsewhere] = useState<readonly SavedExperiment[]>([]);
  const [removed, setRemoved] = useState<SavedExperiment | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [renamed, setRenamed] = useState<Renamed | null>(null);
  const [fault, setFault] = useState('');
  const refresh = useCallback(async () => {
    setEntries(await library.list().catch(() => []));
    setElsewhere(await library.openElsewhere().catch(() => []));
  }, [library]);
  useEffect(() => void refresh(), [refresh]);

  /** Whether it was stored. */
  const attempt = async (change: Promise<void>): Promise<boolean> => {
    setFault('');
    const isStored = await change.then(
      () => true,
      () => false,
    );
    if (!isStored) setFault(NOTHING_STORED);
    await refresh();
    return isStored;
  };
  const save = async () => {
    const { snapshot, markKept } = store.getState();
    if (await attempt(library.save(name.trim() || 'Untitled experiment', snapshot()))) markKept();
  };
  const duplicate = ({ name: of, experiment }: SavedExperiment) =>
    attempt(library.save(nameOfCopy(of, entries), experiment));
  const open = ({ experiment }: SavedExperiment) => {
    store.getState().load(experiment);
    onClose();
  };
  const remove = async (entry: SavedExperiment) => {
    await attempt(library.remove(entry.id));
    setRenamed(null);
    setRemoved(entry);
  };
  const rename = async (id: string, from: string, to: string) => {
    setRenaming(null);
    if (from === to) return;
    setRemoved(null);
    setRenamed(null);
    const isFree = library.rename(id, to);
    if (!(await attempt(isFree.then(() => {})))) return;
    if (await isFree) setRenamed({ id, from, to });
    else setFault(`There is another “${to}” already.`);
  };
  const putBack = async () => {
    if (removed) await attempt(library.restore(removed));
    setRemoved(null);
  };
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
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
          <li key={entry.id}>
            <Group gap={2} wrap="nowrap" align="stretch">
              {renaming === entry.id ? (
                <RenameField name={entry.name} onName={(name) => void rename(entry.id, entry.name, name)} />
              ) : (
                <Card entry={entry} onClick={() => open(entry)} />
              )}
              <RowButton does="Rename" of={entry.name} onClick={() => setRenaming(entry.id)}>
                <PenIcon />
              </RowButton>
              <RowButton does="Duplicate" of={entry.name} onClick={() => void duplicate(entry)}>
                <CopyIcon />
              </RowButton>
              <RowButton does="Remove" of={entry.name} onClick={() => void remove(entry)}>
                <BinIcon />
              </RowButton>
            </Group>
          </li>
        ))}
      </ul>
      {elsewhere.length > 0 && (
        <section aria-label="Work of other tabs">
          <Text size="sm" c="dimmed" mb={6}>
            Open in other tabs, or when they were closed:
          </Text>
          <ul className={classes.list}>
            {elsewhere.map((work) => (
              <li key={work.id}>
                <Group gap={2} wrap="nowrap" align="stretch">
                  <Card entry={{ ...work, name: work.name || 'Untitled experiment' }} onClick={() => open(work)} />
                  <RowButton
                    does="Forget"
                    of={work.name || 'Untitled experiment'}
                    onClick={() => void attempt(library.forgetOpen(work.id))}
                  >
                    <BinIcon />
                  </RowButton>
                </Group>
              </li>
            ))}
          </ul>
        </section>
      )}
      {removed && <Done what={`“${removed.name}” is removed.`} onTakeBack={() => void putBack()} />}
      {renamed && (
        <Done
          what={`“${renamed.from}” is called “${renamed.to}” now.`}
          onTakeBack={() => void rename(renamed.id, renamed.to, renamed.from)}
        />
      )}
      <Group gap={6}>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            saveAsFile(store.getState().snapshot());
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
