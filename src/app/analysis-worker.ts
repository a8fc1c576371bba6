/** Composition root of the worker that reads and studies problems, so that the page never waits for it. */
import { expose } from 'comlink';
import { catalog } from '../catalog/registry.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun, type Study, study } from '../core/experiment/prepare.ts';
import { sample } from './sample.ts';
import type { GridRequest } from './study.ts';

const service = {
  study: (text: string, seed: number) => study(text, seed, catalog),
  prepare: (studied: Study, runs: readonly RunJson[]) => runs.map((run, id) => prepareRun(studied, run, id, catalog)),
  sample: ({ problem, structure }: Study, grid: GridRequest) => sample(problem, structure, grid),
};

export type AnalysisService = typeof service;

expose(service);
