/** What the page knows of the current text, and who answers: the analysis worker, or a stand-in in tests. */

import type { Structure } from '../core/analysis/structure.ts';
import type { Diagnostic, Result } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import type { Problem } from '../core/problem/problem.ts';
import type { Job } from '../core/run/run.ts';

export interface MethodSupport {
  readonly id: string;
  readonly supported: boolean;
  /** Why not. */
  readonly reason?: string;
}

export interface Study {
  readonly problem: Problem;
  readonly structure: Structure;
  /** All methods of the catalogue, in its order. */
  readonly methods: readonly MethodSupport[];
  /** Warnings and notes; errors end in a failed Result instead. */
  readonly notes: readonly Diagnostic[];
}

/** A grid on two entries of x; the other entries are held at `at`. */
export interface GridRequest {
  readonly at: Float64Array;
  readonly axes: readonly [number, number];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

export interface Analyst {
  study(text: string, seed: number): Promise<Result<Study>>;
  /** One result a run, in their order; the job's id is the run's position. */
  prepare(study: Study, runs: readonly RunJson[]): Promise<readonly Result<Job>[]>;
  /** Loss on the grid, row-major [ys.length, xs.length]. */
  field(problem: Problem, grid: GridRequest): Promise<Float64Array>;
}
