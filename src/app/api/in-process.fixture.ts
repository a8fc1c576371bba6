/** The store over the true analysis and the Float64 reference, without workers: for tests. */
import { lessons } from '../../catalog/lessons.ts';
import { catalog } from '../../catalog/registry.ts';
import { success } from '../../core/diagnostic.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { loadDatasets } from '../../core/experiment/load-data.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { prepareSwarm } from '../../core/experiment/prepare-swarm.ts';
import { boundedStudyStages } from '../../core/experiment/study/study.ts';
import { textFaults } from '../../core/experiment/study/text-faults.ts';
import { undefinedAt } from '../../core/experiment/study/undefined-at.ts';
import { optimumOfText } from '../../core/experiment/trade-off/trade-off.ts';
import { createReferenceExecutor } from '../../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../../core/run/reference-swarm.ts';
import { finished } from '../../core/stages.ts';
import { completed } from '../analyst.ts';
import { placePlane } from '../planes.ts';
import { sampleStages } from '../sample.ts';
import { createStore, type StoreApi } from '../store/store.ts';
import type { Analyst, Costly } from '../study.ts';

const analyst: Analyst = {
  async study(text, seed, tables, most = Number.POSITIVE_INFINITY) {
    const loaded = await loadDatasets(text, catalog.datasets);
    if (!loaded.ok) return loaded;
    return finished(boundedStudyStages(most, text, seed, catalog, null, { loaded: loaded.value, tables }));
  },
  async optimum(text, seed, tables, most) {
    const studied = await this.study(text, seed, tables, most);
    return studied && 'ok' in studied && studied.ok
      ? success(optimumOfText(studied.value))
      : (studied as Costly | null);
  },
  leaveStudy: () => undefined,
  leaveOptima: () => undefined,
  async faults(text, seed, tables) {
    const loaded = await loadDatasets(text, catalog.datasets);
    return loaded.ok ? textFaults(text, seed, catalog, { loaded: loaded.value, tables }) : loaded.diagnostics;
  },
  prepare: (studied, runs) => Promise.resolve(runs.map((run, id) => prepareRun(studied, run, id, catalog))),
  prepareSwarm: async (studied, swarm, runs, seed) => prepareSwarm(studied, swarm, runs, seed, catalog),
  sample: async ({ problem, structure }, grid, before) =>
    completed(finished(sampleStages(problem, structure, grid, before?.kept)), before),
  undefinedAt: async ({ problem }, text, place, precision) => undefinedAt(problem, text, place, precision),
  place: async (studied, request) => placePlane(studied, request),
};

export function openInProcess(experiment: Experiment): StoreApi {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  const executor = createReferenceExecutor({ now: () => performance.now(), pause, reason: 'test' });
  const swarms = createReferenceSwarms({ now: () => performance.now(), pause, reason: 'test' });
  return createStore({ analyst, executor, swarms, catalog, lessons: async () => lessons }, experiment);
}
