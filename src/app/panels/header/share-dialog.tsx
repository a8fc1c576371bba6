/** Everything that leaves the page, in three tabs. Loaded when it is first asked for. */
import { Group, Switch, Tabs } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Result } from '../../../core/diagnostic.ts';
import { encodeLink } from '../../../core/experiment/link/codec.ts';
import { withResults } from '../../store/kept-results.ts';
import { useStoreApi } from '../../store/use-store.ts';
import { EmbedTab } from './embed-tab.tsx';
import { ExportTab } from './export-tab.tsx';
import { FileInstead, LinkTab } from './link-tab.tsx';
import { pageAddress } from './share-formats.ts';

/** The address of what is open, made anew when a choice changes; null while it is made. */
function useLink(withView: boolean, withNumbers: boolean): Result<string> | null {
  const store = useStoreApi();
  const [link, setLink] = useState<Result<string> | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const state = store.getState();
    const { view, ...bare } = state.snapshot();
    const base = withView ? { ...bare, view: { ...view, ...state.readClock() } } : bare;
    void encodeLink(withNumbers ? withResults(base, state) : base).then((made) => {
      if (isCurrent) setLink(made.ok ? { ok: true, value: `${pageAddress()}${made.value}` } : made);
    });
    return () => {
      isCurrent = false;
    };
  }, [store, withView, withNumbers]);
  return link;
}

export default function ShareDialog() {
  const [withView, setWithView] = useState(true);
  const [withNumbers, setWithNumbers] = useState(false);
  const link = useLink(withView, withNumbers);
  const choices = (
    <Group gap="lg">
      <Switch
        size="xs"
        label="Include my view and playhead"
        checked={withView}
        onChange={(event) => setWithView(event.currentTarget.checked)}
      />
      <Switch
        size="xs"
        label="Include the results, to compare"
        checked={withNumbers}
        onChange={(event) => setWithNumbers(event.currentTarget.checked)}
      />
    </Group>
  );
  const refusal = link !== null && !link.ok && (
    <FileInstead>{link.diagnostics.map(({ message }) => message).join(' ')}</FileInstead>
  );
  return (
    <Tabs defaultValue="link" keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="link">Link</Tabs.Tab>
        <Tabs.Tab value="embed">Embed</Tabs.Tab>
        <Tabs.Tab value="export">Export</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="link">{link?.ok ? <LinkTab link={link.value}>{choices}</LinkTab> : refusal}</Tabs.Panel>
      <Tabs.Panel value="embed">{link?.ok ? <EmbedTab link={link.value}>{choices}</EmbedTab> : refusal}</Tabs.Panel>
      <Tabs.Panel value="export">
        <ExportTab />
      </Tabs.Panel>
    </Tabs>
  );
}
