/** The link as a frame of another page, and as a badge. */
import { Group, Stack, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from '../../store/use-store.ts';
import { CopiedButton } from './copied-button.tsx';
import { TablesLeft } from './link-tab.tsx';
import { frameSnippet, markdownBadge } from './share-formats.ts';

const Snippet = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <Stack gap={4}>
    <Textarea
      label={label}
      readOnly
      autosize
      minRows={2}
      maxRows={4}
      value={text}
      onFocus={(event) => event.currentTarget.select()}
    />
    <Group>
      <CopiedButton text={text} what={`The text “${label}”`}>
        Copy
      </CopiedButton>
    </Group>
  </Stack>
);

export function EmbedTab({ link, children }: { readonly link: string; readonly children: ReactNode }) {
  const title = useStore((state) => state.experiment.title ?? '');
  return (
    <Stack gap="sm">
      {children}
      <TablesLeft />
      <Snippet label="For a web page or a notebook" text={frameSnippet(link, title)} />
      <Snippet label="For a README, as Markdown" text={markdownBadge(link, title)} />
      <img src="./badge.svg" alt="The badge: open in Feasible" width={128} height={24} />
    </Stack>
  );
}
