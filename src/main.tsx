/** Composition root: picks what computes, builds the store, mounts the app. */
import '@mantine/core/styles.css';
import './app/app.css';
import { createRoot } from 'react-dom/client';
import { createAnalyst } from './app/analyst.ts';
import { installFeasible } from './app/api/install.ts';
import { App } from './app/app.tsx';
import { defaultExperiment } from './app/default-experiment.ts';
import { followProgress } from './app/lesson-progress.ts';
import { followExperiment } from './app/store/follow.ts';
import { createStore } from './app/store/store.ts';
import { catalog } from './catalog/registry.ts';
import { invariant } from './core/diagnostic.ts';
import { createClient, spawnWorker } from './gpu/client.ts';

const executor = createClient({ spawn: spawnWorker, withoutGpu: !('gpu' in navigator) });
const analyst = createAnalyst(
  () => new Worker(new URL('./app/analysis-worker.ts', import.meta.url), { type: 'module', name: 'analysis' }),
);
const lessons = () => import('./catalog/lessons.ts').then((module) => module.lessons);
const store = createStore({ executor, swarms: executor, analyst, catalog, lessons }, defaultExperiment);
void followProgress(store);
const address = installFeasible(store, catalog);

const root = document.getElementById('root');
invariant(root, 'index.html has an element with the id root');
createRoot(root).render(<App store={store} catalog={catalog} shareLink={address.share} />);

void address.opened.then(() => followExperiment(store)); // a link is not computed after the default experiment
