/** Composition root of the worker that reads and studies problems, so that the page never waits for it. */
import { expose } from 'comlink';
import { catalog } from '../catalog/registry.ts';
import { highsSolver } from '../core/analysis/highs.ts';
import type { LinearSolver } from '../core/analysis/linear-program.ts';
import type { Result } from '../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../core/experiment/load-data.ts';
import { prepareRun, type Study, study } from '../core/experiment/prepare.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { placePlane } from './planes.ts';
import { sample } from './sample.ts';
import type { GridRequest, PlaneRequest, Tables } from './study.ts';

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

const service = {
  async study(text: string, seed: number, tables: Tables): Promise<Result<Study>> {
    const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
    if (!loaded.ok) return loaded;
    const data = { loaded: loaded.value, tables };
    const studied = study(text, seed, catalog, solver, data);
    if (solver !== null || !studied.ok || studied.value.feasibility.verdict === 'yes') return studied;
    await loadSolver();
    return solver === null ? studied : study(text, seed, catalog, solver, data);
  },
  prepare: (studied: Study, runs: readonly RunJson[]) => runs.map((run, id) => prepareRun(studied, run, id, catalog)),
  prepareSwarm: (studied: Study, swarm: SwarmJson, runs: readonly RunJson[], seed: number) =>
    prepareSwarm(studied, swarm, runs, seed, catalog),
  sample: ({ problem, structure }: Study, grid: GridRequest) => sample(problem, structure, grid),
  place: (studied: Study, request: PlaneRequest) => placePlane(studied, request),
};

export type AnalysisService = typeof service;

expose(service);
