/** The link: to copy, to hand to another app, as a code; and a file where it is too long for them. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { namedTablesOf } from '../../../core/experiment/tables.ts';
import { saveAsFile } from '../../library/files.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';
import { CopiedButton } from './copied-button.tsx';
import { LONG_CODE, QrCode } from './qr-code.tsx';

/** Some chats cut links that are longer. */
const LONG_LINK = 1500;

/** Why a link may not do, and what does. */
export function FileInstead({ children }: { readonly children: string }) {
  const store = useStoreApi();
  return (
    <Alert color="yellow" variant="light" p="xs">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm">{children}</Text>
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          onClick={() => void saveAsFile(store.getState().snapshot(), store)}
        >
          Save as file
        </Button>
      </Group>
    </Alert>
  );
}

/** Says which tables the link leaves behind; nothing where it takes all of them. */
export function TablesLeft() {
  const data = useStore(({ experiment }) => experiment.data);
  const left = namedTablesOf(data);
  if (left.length === 0) return null;
  const [names, files] = [left.map(([name]) => name), left.map(([, { name }]) => name)].map((list) => list.join(', '));
  return (
    <FileInstead>
      {`The numbers of ${names} are too many for a link: whoever opens it is asked for ${files}. A file takes them along.`}
    </FileInstead>
  );
}

export function LinkTab({ link, children }: { readonly link: string; readonly children: ReactNode }) {
  const title = useStore((state) => state.experiment.title ?? 'Feasible');
  const isWhole = useStore(({ experiment }) => namedTablesOf(experiment.data).length === 0);
  const canShare = typeof navigator.share === 'function';
  return (
    <Stack gap="sm">
      <TextInput
        label="Link"
        description={`${link.length.toLocaleString('en')} characters. ${isWhole ? 'The link is the experiment: nothing is stored anywhere else.' : 'The link is the experiment without its large tables.'}`}
        readOnly
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <TablesLeft />
      {link.length > LONG_CODE && (
        <FileInstead>
          {link.length > LONG_LINK
            ? 'Some chats cut links this long, and no phone reads a code of it. A file is safer.'
            : 'A QR code of a link this long has more dots than phones read from a screen. A file is safer.'}
        </FileInstead>
      )}
      {children}
      <Group gap="xs">
        <CopiedButton text={link} what="The link">
          Copy link
        </CopiedButton>
        {canShare && (
          <Button
            size="xs"
            variant="default"
            onClick={() => void navigator.share({ title, url: link }).catch(() => undefined)}
          >
            Send …
          </Button>
        )}
      </Group>
      {link.length <= LONG_CODE && <QrCode text={link} />}
    </Stack>
  );
}
