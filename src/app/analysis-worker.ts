/** Composition root of the worker that reads and studies problems, so that the page never waits for it. */
import { expose } from 'comlink';
import { catalog } from '../catalog/registry.ts';
import { highsSolver } from '../core/analysis/highs.ts';
import type { LinearSolver } from '../core/analysis/linear-program.ts';
import type { Result } from '../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../core/experiment/experiment.ts';
import { prepareRun, type Study, study } from '../core/experiment/prepare.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { sample } from './sample.ts';
import type { GridRequest } from './study.ts';

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

const service = {
  async study(text: string, seed: number): Promise<Result<Study>> {
    const studied = study(text, seed, catalog, solver);
    if (solver !== null || !studied.ok || studied.value.feasibility.verdict === 'yes') return studied;
    await loadSolver();
    return solver === null ? studied : study(text, seed, catalog, solver);
  },
  prepare: (studied: Study, runs: readonly RunJson[]) => runs.map((run, id) => prepareRun(studied, run, id, catalog)),
  prepareSwarm: (studied: Study, swarm: SwarmJson, runs: readonly RunJson[], seed: number) =>
    prepareSwarm(studied, swarm, runs, seed, catalog),
  sample: ({ problem, structure }: Study, grid: GridRequest) => sample(problem, structure, grid),
};

export type AnalysisService = typeof service;

expose(service);
