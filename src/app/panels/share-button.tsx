/** A link that holds the whole experiment: nothing is stored anywhere else. */
import { Button, CopyButton, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Result } from '../../core/diagnostic.ts';
import { ShareIcon } from '../components/icons.tsx';
import classes from './header.module.css';

/** Chats cut links that are longer. */
const LONG_LINK = 2000;

function Link({ link }: { readonly link: Result<string> }) {
  if (!link.ok) return <Text size="sm">{link.diagnostics.map(({ message }) => message).join(' ')}</Text>;
  return (
    <>
      <TextInput aria-label="Link" readOnly value={link.value} onFocus={(event) => event.currentTarget.select()} />
      <Text size="xs" c="dimmed">
        {link.value.length.toLocaleString('en')} characters. The link is the experiment: text, runs, settings and view.
        {link.value.length > LONG_LINK && ' Some chats cut links this long: a file is safer.'}
      </Text>
      <CopyButton value={link.value}>
        {({ copied, copy }) => (
          <Button size="xs" onClick={copy}>
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        )}
      </CopyButton>
    </>
  );
}

export function ShareButton({ shareLink }: { readonly shareLink: () => Promise<Result<string>> }) {
  const [link, setLink] = useState<Result<string> | null>(null);
  return (
    <Popover width={320} position="bottom-end" opened={link !== null} onChange={(isOpen) => !isOpen && setLink(null)}>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          aria-label="Share"
          className={classes.share ?? ''}
          leftSection={<ShareIcon size={14} />}
          onClick={async () => setLink(link === null ? await shareLink() : null)}
        >
          <span className={classes.shareWord}>Share</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">{link !== null && <Link link={link} />}</Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
