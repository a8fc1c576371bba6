/** The small page for a frame: the picture, the transport, and the way to the whole page. */
import { Anchor, Button, Group, MantineProvider, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { encodeLink } from '../core/experiment/link/codec.ts';
import type { EmbedOptions } from './api/embed-options.ts';
import { PanelBoundary } from './components/panel-boundary.tsx';
import { useForcedScheme } from './components/use-forced-scheme.ts';
import classes from './embed-app.module.css';
import { Notices } from './panels/notices.tsx';
import { PictureNotice } from './panels/stage/picture-notice.tsx';
import * as stage from './panels/stage/stage.tsx';
import { type StoreAndCatalog, StoreContext, useStore, useStoreApi } from './store/use-store.ts';
import { theme } from './theme.ts';

/** Lower than this there is room for the picture alone. */
const SHORT = 260;
const PAUSE_MS = 400;

/** The whole page with what is open here; nothing of it is in the frame's own address. */
function OpenInFeasible() {
  const store = useStoreApi();
  const experiment = useStore((state) => state.experiment);
  const [hash, setHash] = useState('');
  useEffect(() => {
    const timer = setTimeout(async () => {
      const link = await encodeLink(store.getState().snapshot());
      if (store.getState().experiment === experiment) setHash(link.ok ? link.value : '');
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [store, experiment]);
  return (
    <Anchor size="sm" href={`${window.location.pathname}${hash}`} target="_blank" rel="noopener">
      Open in Feasible
    </Anchor>
  );
}

function Frame({ options }: { readonly options: EmbedOptions }) {
  const { ref, height } = useElementSize();
  const title = useStore((store) => store.experiment.title ?? '');
  const isEmpty = useStore(({ picture, phase }) => picture === null && phase === 'idle');
  const run = useStore((store) => store.run);
  const isShort = height > 0 && height < SHORT;
  return (
    <div ref={ref} className={classes.frame}>
      <Notices />
      <div className={classes.picture}>
        <PanelBoundary name="The picture">
          <PictureNotice>
            <stage.Figure />
          </PictureNotice>
        </PanelBoundary>
      </div>
      {!isShort && !options.hide.has('transport') && (
        <div className={classes.transport}>
          <PanelBoundary name="The playback">
            <stage.Transport />
          </PanelBoundary>
        </div>
      )}
      <Group className={classes.foot ?? ''} justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate>
          {options.hide.has('title') ? '' : title}
        </Text>
        <Group gap="xs" wrap="nowrap">
          {isEmpty && (
            <Button size="compact-sm" onClick={() => void run()}>
              Run
            </Button>
          )}
          <OpenInFeasible />
        </Group>
      </Group>
    </div>
  );
}

interface EmbedAppProps extends StoreAndCatalog {
  readonly options: EmbedOptions;
}

export function EmbedApp({ store, catalog, options }: EmbedAppProps) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      {...(options.theme !== 'auto' && { forceColorScheme: options.theme })}
      {...useForcedScheme()}
    >
      <StoreContext value={{ store, catalog }}>
        <stage.StageProvider autoplay={options.autoplay}>
          <Frame options={options} />
        </stage.StageProvider>
      </StoreContext>
    </MantineProvider>
  );
}
