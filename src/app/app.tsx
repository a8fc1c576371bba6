/** The page: header, problem, picture with transport and charts, runs; on a phone the picture on top and tabs below. */
import { MantineProvider, Tabs } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Result } from '../core/diagnostic.ts';
import classes from './app.module.css';
import { undoesItself } from './components/own-undo.ts';
import { PanelBoundary } from './components/panel-boundary.tsx';
import { useTextSizeOfPage } from './components/text-size.ts';
import { useForcedScheme } from './components/use-forced-scheme.ts';
import type { Library } from './library/library.ts';
import { LibraryContext } from './library/use-library.ts';
import { FirstMinute } from './panels/first-minute.tsx';
import { Header } from './panels/header/header.tsx';
import { HiddenNotice } from './panels/hidden-notice.tsx';
import { LiveStatus } from './panels/live-status.tsx';
import { Notices, ReproductionNotice, UnkeptNotice, UpdateNotice } from './panels/notices.tsx';
import { PageDialogs } from './panels/page-dialogs.tsx';
import { PrintProvider } from './panels/print-sheet.tsx';
import { ProblemPanel } from './panels/problem/problem-panel.tsx';
import { RunsPanel } from './panels/runs/runs-panel.tsx';
import { PictureNotice } from './panels/stage/picture-notice.tsx';
import * as stage from './panels/stage/stage.tsx';
import { useHidden } from './store/hidden-parts.ts';
import { type StoreAndCatalog, StoreContext, useStore, useStoreApi } from './store/use-store.ts';
import { theme } from './theme.ts';

const LessonPanel = lazy(() =>
  import('./panels/lesson/lesson-panel.tsx').then((module) => ({ default: module.LessonPanel })),
);
const FormDrawer = lazy(() => import('./panels/problem/form-drawer.tsx'));

/** As in app.module.css: in em, so that larger letters of the browser make a page narrow, too. */
const PHONE = '(max-width: 47.9375em)';

function OpenLesson({ chart }: { readonly chart?: ReactNode }) {
  const open = useStore((store) => store.lesson);
  return (
    open && (
      <Suspense>
        <LessonPanel open={open} chart={chart} />
      </Suspense>
    )
  );
}

function OpenForm({ isPhone }: { readonly isPhone: boolean }) {
  const isShown = useStore((store) => store.isFormShown);
  return (
    isShown && (
      <Suspense fallback={null}>
        <FormDrawer isPhone={isPhone} />
      </Suspense>
    )
  );
}

const Problem = ({ isPlain }: { readonly isPlain: boolean }) => (
  <PanelBoundary name="The problem">
    <ProblemPanel isPlain={isPlain} />
  </PanelBoundary>
);

const Runs = () => (
  <PanelBoundary name="The list of runs">
    <RunsPanel />
  </PanelBoundary>
);

const Charts = () => (
  <PanelBoundary name="The charts">
    <stage.Charts />
  </PanelBoundary>
);

const FirstChart = () => (
  <div className={classes.chart}>
    <PanelBoundary name="The chart">
      <stage.Charts isFirstOnly />
    </PanelBoundary>
  </div>
);

const Picture = ({ isEmpty = false }: { readonly isEmpty?: boolean }) => (
  <div className={classes.picture} data-empty={isEmpty || undefined}>
    <PanelBoundary name="The picture">
      <PictureNotice>
        <stage.Figure />
      </PictureNotice>
    </PanelBoundary>
  </div>
);

const Transport = () => (
  <div className={classes.transport}>
    <PanelBoundary name="The playback">
      <stage.Transport />
    </PanelBoundary>
  </div>
);

function Desk() {
  const hidesCharts = useHidden('charts');
  const hidesRuns = useHidden('runs');
  const isLesson = useStore((store) => store.lesson !== null);
  return (
    <main className={classes.desk} data-with-lesson={isLesson || undefined} data-without-runs={hidesRuns || undefined}>
      <section className={classes.problem} aria-label="Problem">
        <PanelBoundary name="The lesson">
          <OpenLesson />
        </PanelBoundary>
        <Problem isPlain={false} />
      </section>
      <div className={classes.centre} data-without-charts={hidesCharts || undefined}>
        <Picture />
        <Transport />
        {!hidesCharts && (
          <div className={classes.charts}>
            <Charts />
          </div>
        )}
      </div>
      {!hidesRuns && (
        <section className={classes.runs} aria-label="Runs">
          <Runs />
        </section>
      )}
    </main>
  );
}

/** The picture comes first, also in a lesson: its text speaks of what is seen. */
function Phone() {
  const hidesCharts = useHidden('charts');
  const hidesRuns = useHidden('runs');
  const isLesson = useStore((store) => store.lesson !== null);
  const isEmpty = useStore(({ picture, study, diagnosed }) => picture === null && study === null && diagnosed !== null);
  return (
    <main className={classes.phone} data-with-lesson={isLesson || undefined}>
      <Picture isEmpty={isEmpty} />
      {!isEmpty && <Transport />}
      <PanelBoundary name="The lesson">
        <OpenLesson chart={!hidesCharts && <FirstChart />} />
      </PanelBoundary>
      <Tabs defaultValue="problem" keepMounted={false} className={classes.tabs ?? ''}>
        <Tabs.List grow>
          <Tabs.Tab value="problem">Problem</Tabs.Tab>
          {!hidesRuns && <Tabs.Tab value="runs">Runs</Tabs.Tab>}
          {!hidesCharts && <Tabs.Tab value="charts">Charts</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="problem">
          <Problem isPlain />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <Runs />
        </Tabs.Panel>
        <Tabs.Panel value="charts" className={classes.charts ?? ''}>
          <Charts />
        </Tabs.Panel>
      </Tabs>
    </main>
  );
}

function Page({ shareLink }: { readonly shareLink: () => Promise<Result<string>> }) {
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const store = useStoreApi();
  useTextSizeOfPage();
  const [isLibraryOpen, setLibraryOpen] = useState(false);
  const unlessItself = (walk: () => void) => (event: KeyboardEvent) => {
    if (undoesItself(event.target)) return;
    event.preventDefault();
    walk();
  };
  const undo = unlessItself(() => store.getState().undo());
  const redo = unlessItself(() => store.getState().redo());
  useHotkeys(
    [
      ['mod+Z', undo, { preventDefault: false }],
      ['mod+Y', redo, { preventDefault: false }],
      ['mod+shift+Z', redo, { preventDefault: false }],
    ],
    [],
  );
  useHotkeys([['mod+Enter', () => void store.getState().run()]], [], true);
  return (
    <div className={classes.page}>
      <Header shareLink={shareLink} showLibrary={() => setLibraryOpen(true)} />
      <Notices />
      <UpdateNotice />
      <UnkeptNotice />
      <ReproductionNotice />
      <HiddenNotice />
      <FirstMinute />
      <stage.StageProvider>
        {isPhone ? <Phone /> : <Desk />}
        <OpenForm isPhone={isPhone} />
      </stage.StageProvider>
      <LiveStatus />
      <PageDialogs isLibraryOpen={isLibraryOpen} setLibraryOpen={setLibraryOpen} />
    </div>
  );
}

interface AppProps extends StoreAndCatalog {
  readonly library: Library;
  /** A link that holds the experiment as it is now. */
  readonly shareLink: () => Promise<Result<string>>;
}

export function App({ store, catalog, library, shareLink }: AppProps) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" {...useForcedScheme()}>
      <StoreContext value={{ store, catalog }}>
        <LibraryContext value={library}>
          <PrintProvider>
            <Page shareLink={shareLink} />
          </PrintProvider>
        </LibraryContext>
      </StoreContext>
    </MantineProvider>
  );
}
