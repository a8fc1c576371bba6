/** One experiment of the reader's own: a card that opens it, beside it what else may be done with it. */
import { ActionIcon, Group, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { SavedExperiment } from '../../library/library.ts';
import classes from '../lesson/lesson-panel.module.css';

const day = (at: number): string => new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

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

export const RowButton = ({ does, of, children, onClick }: RowButtonProps) => (
  <Tooltip label={does}>
    <ActionIcon color="gray" aria-label={`${does} ${of}`} onClick={onClick} style={{ alignSelf: 'center' }}>
      {children}
    </ActionIcon>
  </Tooltip>
);

interface EntryRowProps {
  readonly entry: SavedExperiment;
  /** The buttons. */
  readonly children: ReactNode;
  onOpen(): void;
  /** Told the new name while the entry is renamed; absent while it is not. */
  readonly onName?: ((name: string) => void) | undefined;
}

export const EntryRow = ({ entry, children, onOpen, onName }: EntryRowProps) => (
  <li>
    <Group gap={2} wrap="nowrap" align="stretch">
      {onName ? <RenameField name={entry.name} onName={onName} /> : <Card entry={entry} onClick={onOpen} />}
      {children}
    </Group>
  </li>
);
