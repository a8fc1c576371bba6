/** Name, title, history, run, share, theme, and what computes. */
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import type { Result } from '../../../core/diagnostic.ts';
import { Brand } from '../../components/brand.tsx';
import { FolderIcon, PlayIcon, RedoIcon, StopIcon, UndoIcon } from '../../components/icons.tsx';
import { useLong } from '../../components/use-long.ts';
import { isPreparing } from '../../store/run-slice.ts';
import { useHistory, useStore } from '../../store/use-store.ts';
import { DisplayMenu } from './display-menu.tsx';
import { ExecutorBadge } from './executor-badge.tsx';
import classes from './header.module.css';
import { LessonsButton } from './lessons-button.tsx';
import { ShareButton } from './share-button.tsx';

function RunButton() {
  const isRunning = useStore(({ phase }) => phase === 'running');
  const isReading = useLong(useStore(isPreparing));
  const run = useStore((store) => store.run);
  const stop = useStore((store) => store.stop);
  return isRunning || isReading ? (
    <Button size="xs" variant="default" leftSection={<StopIcon size={12} />} onClick={stop}>
      Stop
    </Button>
  ) : (
    <Button size="xs" leftSection={<PlayIcon size={12} />} onClick={() => void run()}>
      Run
    </Button>
  );
}

/** With a dot while what is open is under no name: the work itself comes back at the next visit. */
function LibraryButton({ onClick }: { readonly onClick: () => void }) {
  const isEdited = useStore(({ experiment, kept, lesson }) => lesson === null && experiment !== kept);
  const says = isEdited ? 'My experiments: your changes are not kept under a name yet' : 'My experiments';
  return (
    <Tooltip label={isEdited ? says : 'My experiments: keep, open, files'}>
      <ActionIcon color="gray" size="lg" aria-label={says} data-edited={isEdited || undefined} onClick={onClick}>
        <FolderIcon />
        {isEdited && <span className={classes.edited} aria-hidden="true" />}
      </ActionIcon>
    </Tooltip>
  );
}

interface HeaderProps {
  readonly shareLink: () => Promise<Result<string>>;
  showLibrary(): void;
}

export function Header({ shareLink, showLibrary }: HeaderProps) {
  const title = useStore((store) => store.experiment.title ?? '');
  const setTitle = useStore((store) => store.setTitle);
  const undo = useStore((store) => store.undo);
  const redo = useStore((store) => store.redo);
  const { canUndo, canRedo } = useHistory();
  return (
    <header className={classes.header}>
      <Brand />
      <TextInput
        className={classes.title ?? ''}
        variant="unstyled"
        aria-label="Title of the experiment"
        placeholder="Untitled experiment"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <ExecutorBadge />
      <div className={classes.actions}>
        <Tooltip label="Undo">
          <ActionIcon color="gray" size="lg" aria-label="Undo" disabled={!canUndo} onClick={undo}>
            <UndoIcon />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Redo">
          <ActionIcon color="gray" size="lg" aria-label="Redo" disabled={!canRedo} onClick={redo}>
            <RedoIcon />
          </ActionIcon>
        </Tooltip>
        <LessonsButton />
        <LibraryButton onClick={showLibrary} />
        <DisplayMenu />
        <ShareButton shareLink={shareLink} />
        <RunButton />
      </div>
    </header>
  );
}
