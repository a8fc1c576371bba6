/** Reads and studies problems: in a worker, so that the page never waits for it, or behind a channel where there is no worker. */
import { type Endpoint, expose } from 'comlink';
import { catalog } from '../catalog/registry.ts';
import { highsSolver } from '../core/analysis/affine/highs.ts';
import type { LinearSolver } from '../core/analysis/affine/linear-program.ts';
import type { Diagnostic, Result } from '../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../core/experiment/load-data.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { boundedStudyStages, type Costly, type Study } from '../core/experiment/study/study.ts';
import { textFaults } from '../core/experiment/study/text-faults.ts';
import { type Place, type Precision, undefinedAt } from '../core/experiment/study/undefined-at.ts';
import { finishedUnless } from '../core/stages.ts';
import { placePlane } from './planes.ts';
import { sampleStages } from './sample.ts';
import type { GridRequest, Kept, PlaneRequest, Tables } from './study.ts';

let solver: LinearSolver | null = null;
let loading: Promise<void> | null = null;

/** HiGHS, once a problem needs it: most do not. Where it does not load, interior points answer, and nothing is asked again. */
function loadSolver(): Promise<void> {
  loading ??= import('highs')
    .then(({ default: load }) => load())
    .then((highs) => {
      solver = highsSolver(highs);
    })
    .catch(() => undefined);
  return loading;
}

const loadOnce = rememberingLoader();

/** A message waits so long at most. */
const BREATH_MS = 4;

let breathed = 0;

/** Lets messages in, where the last ones came a while ago: without the delay that timers have after a few turns. */
const breathe = (): Promise<void> =>
  performance.now() - breathed < BREATH_MS
    ? Promise.resolve()
    : new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          breathed = performance.now();
          resolve();
        };
        port2.postMessage(null);
      });

/** Counts what has been asked for: a study that is no longer the newest ends at its next pause. */
let newest = 0;

const service = {
  overtake(): void {
    newest += 1;
  },
  async study(text: string, seed: number, tables: Tables, most: number): Promise<Result<Study> | Costly | null> {
    newest += 1;
    const mine = newest;
    const isOvertaken = () => mine !== newest;
    const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
    if (!loaded.ok) return loaded;
    const data = { loaded: loaded.value, tables };
    const study = () =>
      finishedUnless(boundedStudyStages(most, text, seed, catalog, solver, data), isOvertaken, breathe);
    const studied = await study();
    if (
      studied === null ||
      solver !== null ||
      !('ok' in studied) ||
      !studied.ok ||
      studied.value.feasibility.verdict === 'yes'
    )
      return studied;
    await loadSolver();
    return solver === null ? studied : study();
  },
  async faults(text: string, seed: number, tables: Tables): Promise<readonly Diagnostic[]> {
    const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
    return loaded.ok ? textFaults(text, seed, catalog, { loaded: loaded.value, tables }) : loaded.diagnostics;
  },
  prepare: (studied: Study, runs: readonly RunJson[]) => runs.map((run, id) => prepareRun(studied, run, id, catalog)),
  prepareSwarm: (studied: Study, swarm: SwarmJson, runs: readonly RunJson[], seed: number) =>
    prepareSwarm(studied, swarm, runs, seed, catalog),
  sample: ({ problem, structure }: Study, grid: GridRequest, before?: Kept) =>
    finishedUnless(sampleStages(problem, structure, grid, before), () => false, breathe),
  undefinedAt: ({ problem }: Study, text: string, place: Place, precision: Precision) =>
    undefinedAt(problem, text, place, precision),
  place: (studied: Study, request: PlaneRequest) => placePlane(studied, request),
};

export type AnalysisService = typeof service;

/** Answers the port for ever. Where the other end is gone, what is under way ends at its next pause. */
export function serveAnalysis(port: Endpoint): void {
  expose(service, port);
  port.addEventListener('close', () => service.overtake());
}
