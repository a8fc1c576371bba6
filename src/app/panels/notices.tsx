/** What there is to say about a link or a file, why it did not open, or what in it nobody knows; and about work that nothing keeps. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { entryNames } from '../../core/problem/entry-names.ts';
import { saveAsFile } from '../library/files.ts';
import { reproduction } from '../store/kept-results.ts';
import { runNames } from '../store/run-name.ts';
import { useCatalog, useStore, useStoreApi } from '../store/use-store.ts';

/** Across the page. */
const STRIP = { variant: 'light', p: 'xs', radius: 0, withCloseButton: true } as const;

/** A newer page is there: nothing reloads by itself, and what is open is kept. */
export function UpdateNotice() {
  const take = useStore((store) => store.takeUpdate);
  const offer = useStore((store) => store.offerUpdate);
  if (take === null) return null;
  return (
    <Alert {...STRIP} color="accent" closeButtonLabel="Later" onClose={() => offer(null)}>
      <Group gap="sm">
        <Text size="sm">A newer version of Feasible is ready. What you have open stays open.</Text>
        <Button size="compact-sm" onClick={take}>
          Reload
        </Button>
      </Group>
    </Alert>
  );
}

/** The browser has no room, or keeps nothing: the work would be gone with the tab. */
export function UnkeptNotice() {
  const store = useStoreApi();
  const isUnkept = useStore((state) => state.isUnkept);
  const tell = useStore((state) => state.tellUnkept);
  if (!isUnkept) return null;
  return (
    <Alert {...STRIP} role="status" color="yellow" closeButtonLabel="Close" onClose={() => tell(false)}>
      <Group gap="sm">
        <Text size="sm">This browser does not keep what you have open: it has no room, or does not let the page.</Text>
        <Button
          size="compact-sm"
          onClick={() => {
            void saveAsFile(store.getState().snapshot(), store);
            store.getState().markKept();
            tell(false);
          }}
        >
          Save as file
        </Button>
      </Group>
    </Alert>
  );
}

/** Whether the results that came with a link came out again. */
export function ReproductionNotice() {
  const catalog = useCatalog();
  const picture = useStore((store) => store.picture);
  const experiment = useStore((store) => store.experiment);
  const [hidden, setHidden] = useState<Experiment | null>(null);
  if (experiment.results === undefined || picture === null || hidden === experiment) return null;
  const names = entryNames(picture.study.problem);
  const found = reproduction({ picture, experiment }, names, runNames(experiment.runs ?? [], catalog));
  if (found === null) return null;
  return (
    <Alert
      {...STRIP}
      role="status"
      color={found.isSame ? 'teal' : 'yellow'}
      closeButtonLabel="Close"
      onClose={() => setHidden(experiment)}
    >
      <Text size="sm">{found.message}</Text>
    </Alert>
  );
}

export function Notices() {
  const notices = useStore((store) => store.notices);
  const report = useStore((store) => store.report);
  const isRefused = useStore((store) => store.isRefused);
  if (notices.length === 0) return null;
  const hasFaults = notices.some(({ severity }) => severity === 'error');
  return (
    <Alert
      {...STRIP}
      role="alert"
      color={isRefused ? 'red' : 'yellow'}
      closeButtonLabel="Close"
      onClose={() => report([])}
      title={
        isRefused
          ? 'This could not be opened. What you had open is unchanged.'
          : hasFaults
            ? 'Opened, but not all of it is right'
            : 'Opened, with a remark'
      }
    >
      {notices.map(({ message }) => (
        <Text size="sm" key={message}>
          {message}
        </Text>
      ))}
    </Alert>
  );
}
