/** What the page knows of the current text, and who answers: the analysis worker, or a stand-in in tests. */

import type { Table } from '../core/contracts.ts';
import type { Diagnostic, Result } from '../core/diagnostic.ts';
import type { RunJson, SliceAlong, SwarmJson } from '../core/experiment/experiment.ts';
import type { Costly, MethodSupport, Study as StudyOfText } from '../core/experiment/study/study.ts';
import type { Place, Precision } from '../core/experiment/study/undefined-at.ts';
import type { OptimumOfText } from '../core/experiment/trade-off/trade-off.ts';
import type { Job } from '../core/run/run.ts';
import type { SwarmJob } from '../core/run/swarm.ts';

export type { Costly, MethodSupport };

export interface Study extends StudyOfText {
  /** The same object for problems that differ in their start alone; given by the store. */
  readonly landscape?: object;
}

export type Tables = Readonly<Record<string, Table>>;

/** A grid of points x: on entries of x, or along directions from a point. */
export interface GridRequest {
  /** The entries that are held; with `directions`, the point where all coordinates are 0. */
  readonly at: Float64Array;
  /** The shown entries; of three, the grid is a volume. */
  readonly axes: readonly [number, number] | readonly [number, number, number];
  /** x = at + xs·directions[0] + ys·directions[1], in place of entries. */
  readonly directions?: readonly (readonly number[])[];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly zs?: readonly number[];
  /** In Float64, whatever device is there: the reader chose the processor. */
  readonly isExact?: boolean;
  /** The step t at which moving constraints are taken, and T, the number of steps; absent: 0 of 1. */
  readonly time?: { readonly step: number; readonly steps: number };
}

/** A constraint that is not affine, on the grid. */
export interface SampledConstraint {
  readonly relation: 'equality' | 'inequality';
  /** The largest row of g, or each row of h, row-major [zs.length, ys.length, xs.length]. */
  readonly values: readonly Float64Array[];
  /** Of an inequality in the plane that leaves less than a cell of the grid: lines on which it holds. */
  readonly seams?: readonly (readonly (readonly [number, number])[])[];
}

export interface Sample {
  /** Row-major [zs.length, ys.length, xs.length]. */
  readonly loss: Float64Array;
  /** Those that are not affine, in their order. */
  readonly constraints: readonly SampledConstraint[];
  /** b of each affine constraint that moves, at the asked step. */
  readonly offsets: readonly { readonly index: number; readonly b: readonly number[] }[];
  readonly kept: Kept;
  readonly told?: Told;
}

/** How a figure's numbers were computed. */
export interface Told {
  /** In sentences. */
  readonly how: string;
  readonly elapsedMs: number;
}

/** Of functions that move, what depends on x alone: one array a recorded value, row-major in the points; empty where it is too much. */
export type Kept = readonly Float64Array[];

/** A sample without what is the same at every step: there null. */
export interface PartOfSample {
  readonly loss: Sample['loss'] | null;
  readonly constraints: readonly (SampledConstraint | null)[];
  readonly offsets: Sample['offsets'];
  readonly kept: Kept | null;
  /** Points at which Float64 confirmed what a device computed; null where it computed everything. */
  readonly confirmed: number | null;
  readonly told?: Told;
}

export type PlaneKind = 'ternary' | 'feasible-coordinates' | 'components' | 'slice';

/** Where to put a plane among the iterates. */
export interface PlaneRequest {
  readonly kind: PlaneKind;
  /** Iterates of the shown runs, row-major [points, n]. */
  readonly points: Float64Array;
  /** Of a slice: the iterate that it goes through, at step t of `steps`, and where its run ends. */
  readonly through?: Through;
}

export interface Through {
  readonly x: Float64Array;
  readonly t: number;
  readonly steps: number;
  readonly end: Float64Array;
  readonly along: SliceAlong;
  /** Of random directions. */
  readonly seed: number;
  /** Two positions in x, where it goes along entries. */
  readonly entries: readonly number[];
}

/** x = origin + y₁·directions[0] + y₂·directions[1]; the directions are orthonormal. */
export interface SeenPlane {
  readonly kind: PlaneKind;
  readonly origin: readonly number[];
  readonly directions: readonly (readonly number[])[];
  /** Of the two axes. */
  readonly names: readonly string[];
  /** Share of the variance along each direction. */
  readonly shares?: readonly number[];
  /** Of a ternary plane: the three entries, each `total` in its corner. */
  readonly corners?: { readonly entries: readonly number[]; readonly total: number };
  /** Whether the feasible set lies in the plane; else the plane cuts a slice of it. */
  readonly isWhole: boolean;
}

export interface Analyst {
  /**
   * `tables` are the experiment's own, by name. Null where a newer text overtook this one. A study of more than `most` operations is
   * not made, and the answer is how many it takes.
   */
  study(text: string, seed: number, tables: Tables, most?: number): Promise<Result<Study> | Costly | null>;
  /** Ends the studies that are under way: they answer null at their next pause. */
  leaveStudy(): void;
  /** The optimum of a text beside the page's, under the same limits; null once it was left. */
  optimum(text: string, seed: number, tables: Tables, most: number): Promise<Result<OptimumOfText> | Costly | null>;
  /** Ends the searches for optima that are under way. */
  leaveOptima(): void;
  /** Errors of a text, without studying it: soon, whatever else is under way. */
  faults(text: string, seed: number, tables: Tables): Promise<readonly Diagnostic[]>;
  /** One result a run, in their order; the job's id is the run's position. */
  prepare(study: Study, runs: readonly RunJson[]): Promise<readonly Result<Job>[]>;
  prepareSwarm(study: Study, swarm: SwarmJson, runs: readonly RunJson[], seed: number): Promise<Result<SwarmJob>>;
  /**
   * Null where the analyst failed, or the signal has ended it. `before`: on the same grid at another step; what is the same at every
   * step is taken from it.
   */
  sample(study: Study, grid: GridRequest, before?: Sample, signal?: AbortSignal): Promise<Sample | null>;
  /** The operation of the text that has no finite value or slope there; null where all have, or the analyst failed. */
  undefinedAt(study: Study, text: string, place: Place, precision: Precision): Promise<Diagnostic | null>;
  /** Null where the problem has no such plane, or the analyst failed. */
  place(study: Study, request: PlaneRequest): Promise<SeenPlane | null>;
}
