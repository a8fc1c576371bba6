/** The page while what computes is on its way: its frame, and the picture that stood there before any script. */
import { Alert, Button, MantineProvider, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EmbedOptions } from './api/embed-options.ts';
import page from './app.module.css';
import { Brand } from './components/brand.tsx';
import classes from './opening.module.css';
import header from './panels/header/header.module.css';
import { theme } from './theme.ts';

interface FrameProps {
  /** Options of a page in a frame; null: the whole page. */
  readonly embed: EmbedOptions | null;
}

/** Lines that will be text; their widths are in percent. */
const Lines = ({ widths }: { readonly widths: readonly number[] }) => (
  <div className={classes.lines}>
    {widths.map((width, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they never change
      <Skeleton key={line} height={10} width={`${width}%`} />
    ))}
  </div>
);

const Cards = () => (
  <div className={classes.lines}>
    <Skeleton height={64} />
    <Skeleton height={64} />
    <Skeleton height={64} />
  </div>
);

function Frame({ embed, children }: FrameProps & { readonly children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      {...(embed && embed.theme !== 'auto' && { forceColorScheme: embed.theme })}
    >
      {embed ? (
        <div className={classes.embed}>{children}</div>
      ) : (
        <div className={page.page}>
          <header className={header.header}>
            <Brand />
          </header>
          <main className={classes.desk}>
            <section className={classes.side} aria-hidden>
              <Lines widths={[34, 60, 78, 44, 52]} />
            </section>
            <div className={classes.centre}>{children}</div>
            <section className={classes.side} aria-hidden>
              <Cards />
            </section>
          </main>
        </div>
      )}
    </MantineProvider>
  );
}

/** `picture` is the drawing that is in the page already; it goes on moving at its new place. */
export function Opening({ picture, embed }: FrameProps & { readonly picture: Element | null }) {
  return (
    <Frame embed={embed}>
      <div
        className={classes.picture}
        aria-busy
        aria-label="The page is loading"
        role="status"
        ref={(place) => place?.replaceChildren(...(picture ? [picture] : []))}
      />
    </Frame>
  );
}

/** The page's own files did not come: a connection that broke, or a newer version that took their place. */
export function NotLoaded({ embed }: FrameProps) {
  return (
    <Frame embed={embed}>
      <div className={classes.picture}>
        <Alert color="red" variant="light" title="The page did not load whole" maw={440}>
          <Text size="sm" mb="sm">
            One of its files did not arrive. The connection may have broken, or a newer version has taken its place.
            Your own experiments are kept.
          </Text>
          <Button size="xs" onClick={() => window.location.reload()}>
            Load it again
          </Button>
        </Alert>
      </div>
    </Frame>
  );
}
