/** What the page knows of the current text, and who answers: the analysis worker, or a stand-in in tests. */

import type { Table } from '../core/contracts.ts';
import type { Result } from '../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../core/experiment/experiment.ts';
import type { MethodSupport, Study } from '../core/experiment/prepare.ts';
import type { Job } from '../core/run/run.ts';
import type { SwarmJob } from '../core/run/swarm.ts';

export type { MethodSupport, Study };

export type Tables = Readonly<Record<string, Table>>;

/** A grid on two entries of x; the other entries are held at `at`. */
export interface GridRequest {
  readonly at: Float64Array;
  readonly axes: readonly [number, number];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** A constraint that is not affine, on the grid. */
export interface SampledConstraint {
  readonly relation: 'equality' | 'inequality';
  /** h, or the largest row of g, row-major [ys.length, xs.length]. */
  readonly values: Float64Array;
}

export interface Sample {
  /** Row-major [ys.length, xs.length]. */
  readonly loss: Float64Array;
  readonly constraints: readonly SampledConstraint[];
}

export interface Analyst {
  /** `tables` are the experiment's own, by name. */
  study(text: string, seed: number, tables: Tables): Promise<Result<Study>>;
  /** One result a run, in their order; the job's id is the run's position. */
  prepare(study: Study, runs: readonly RunJson[]): Promise<readonly Result<Job>[]>;
  prepareSwarm(study: Study, swarm: SwarmJson, runs: readonly RunJson[], seed: number): Promise<Result<SwarmJob>>;
  /** Null where the analyst failed. */
  sample(study: Study, grid: GridRequest): Promise<Sample | null>;
}
