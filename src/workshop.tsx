/** Composition root of all that computes: picks the executors, builds the store, mounts the app. */
import type { Root } from 'react-dom/client';
import { type ConnectedAnalyst, createAnalyst } from './app/analyst.ts';
import type { EmbedOptions } from './app/api/embed-options.ts';
import { connectFeasible } from './app/api/install.ts';
import type { Feasible } from './app/api/types.ts';
import { App } from './app/app.tsx';
import { firstFigure, keepFirstPicture } from './app/components/figure-on-its-way.tsx';
import { defaultExperiment } from './app/default-experiment.ts';
import { EmbedApp } from './app/embed-app.tsx';
import { afterFirstLook } from './app/first-look.ts';
import { followProgress } from './app/lesson-progress.ts';
import { keepWork, reopenWork } from './app/library/keep-work.ts';
import { createLibrary } from './app/library/library.ts';
import { createOwnTab } from './app/library/own-tab.ts';
import { workOffline } from './app/offline.ts';
import { storage } from './app/storage.ts';
import { followExperiment } from './app/store/follow.ts';
import { createStore } from './app/store/store.ts';
import { createTableKeeper } from './app/table-keeper.ts';
import catalog from './catalog/listing.ts?evaluated';
import { createClient, spawnWorker } from './gpu/client.ts';
import { hasOrigin, inPage } from './gpu/in-page.ts';

/** Mounts the app in the page, or in a frame's small page, and opens what the address or the last visit holds. */
export function openWorkshop(root: Root, embed: EmbedOptions | null): Feasible {
  const isWhole = hasOrigin(window); // else neither workers nor storage
  const executor = createClient({
    spawn: isWhole ? spawnWorker : () => inPage(async () => (await import('./gpu/service.ts')).serveExecutors),
    withoutGpu: !('gpu' in navigator),
    onFresh: () => analyst.connect(),
  });
  const analyst: ConnectedAnalyst = createAnalyst(
    isWhole
      ? () => new Worker(new URL('./app/analysis-worker.ts', import.meta.url), { type: 'module', name: 'analysis' })
      : () => inPage(async () => (await import('./app/analysis-service.ts')).serveAnalysis),
    executor.fieldPort,
  );
  const lessons = () => import('./catalog/lessons.ts').then((module) => module.lessons);
  const store = createStore(
    { executor, swarms: executor, analyst, catalog, lessons, tables: createTableKeeper(storage) },
    defaultExperiment,
  );
  const unfollow = store.subscribe(({ experiment: { problem } }) => {
    if (problem === defaultExperiment.problem) return;
    keepFirstPicture(null); // it shows the first example
    unfollow();
  });
  void followProgress(store);
  const tab = createOwnTab(window);
  const library = createLibrary(storage, Date.now, tab);
  const { feasible, address } = connectFeasible(store, catalog, embed);

  root.render(
    embed ? (
      <EmbedApp store={store} catalog={catalog} options={embed} />
    ) : (
      <App store={store} catalog={catalog} library={library} shareLink={address.share} />
    ),
  );

  const isLinked = window.location.hash !== '';
  void address.opened.then(async () => {
    if (!embed) {
      void tab.name(); // taken at once: a tab that goes on from its address has nothing to keep yet, and no other shall keep its own in that place
      keepWork(store, library); // before work is looked up: what is edited meanwhile is kept
      const isLesson = store.getState().lesson !== null;
      if (isLesson || (!isLinked && !address.isResumed)) await reopenWork(store, library);
    }
    followExperiment(store); // a link, or the work of the last visit, is not computed after the default experiment
  });

  if (!embed && isWhole && 'serviceWorker' in navigator) {
    void afterFirstLook(firstFigure).then(() =>
      workOffline({
        async keep() {
          const { lesson, snapshot } = store.getState();
          if (lesson === null) await library.keepOpen(snapshot()).catch(() => undefined);
          await address.share(); // the address is what the new page opens: it may be a second behind
        },
        offer: (take) => store.getState().offerUpdate(take),
      }),
    );
  }
  return feasible;
}
