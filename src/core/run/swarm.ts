/** What a swarm is: one run from many starts, of each of which only the outcome is kept. All of it crosses to a worker. */
import type { Measure } from '../program/measure.ts';
import type { Program, SettingValues } from '../program/program.ts';
import type { ExecutorChoice, ExecutorKind, RunStatus, Urgency } from './run.ts';

/** One entry of the start, or one setting, that differs from start to start. */
export interface SwarmAxis {
  /** `w[0]`, `setting:penalty`, `optimizer:learningRate`. */
  readonly name: string;
  /** Position in a start as the program reads it: an entry of x₀, or behind x₀ a setting. */
  readonly position: number;
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
}

/** How start k of a swarm is made. Pure: the same in every executor, and for any slice of the starts. */
export interface Sampling {
  /** `feasible`: as `random`, then moved to the feasible set. */
  readonly kind: 'grid' | 'random' | 'feasible';
  readonly count: number;
  /** Of a grid: start k lies at column k mod width on the first axis, at row ⌊k / width⌋ on the second. */
  readonly width: number;
  readonly axes: readonly SwarmAxis[];
  /** What the axes do not say: x₀, then the settings that differ, then the number of the start if that is asked for. */
  readonly base: Float64Array;
  /** Whether the last entry of a start is its number, from which it has random numbers of its own. */
  readonly isNumbered: boolean;
  readonly seed: number;
}

export interface SwarmJob {
  /** Its start is x₀[n] with the settings that differ behind it; its only output is x. */
  readonly program: Program;
  /** x[n] → [loss, violation, scaled KKT residual] at the last step, as the initial state of its only slot. */
  readonly grade: Program;
  /** Moves starts to the feasible set. */
  readonly measure: Measure;
  readonly sampling: Sampling;
  readonly settings: SettingValues;
  readonly steps: number;
  /** Steps at which iterates are looked at, ascending, from 0 to `steps`. */
  readonly checks: readonly number[];
}

/** What became of a start. `undecided`: neither arrived nor gone. */
export const OUTCOME = { undecided: 0, optimal: 1, diverged: 2, nonFinite: 3 } as const;

/** An iterate has settled where |x − x_end| ≤ this · (1 + |x_end|), in the maximum norm. */
export const SETTLED = 1e-3;

/**
 * Of the distance at which an iterate has settled: nearer ones count as so far away, since an iterate that is where it ends tells
 * nothing of how fast it came there.
 */
export const NEAREST = 1e-3;

/** Of a start that did not settle on an optimum. */
export const NEVER = 0xffffffff;

/** Entries of `basin` that are no index of an optimum. */
export const BASIN = { other: 0xfffe, none: 0xffff } as const;

/** Consecutive starts, done. Parts come in order, without gaps. */
export interface SwarmPart {
  /** Index of the first of these starts. */
  readonly first: number;
  readonly outcome: Uint8Array;
  /** Index into the optima so far, or one of `BASIN`. */
  readonly basin: Uint16Array;
  /** The step from which on every iterate has settled, as far as the checks tell; `NEVER` unless the outcome is optimal. */
  readonly stepsToTolerance: Uint32Array;
  /** At the last step; NaN where the run diverged or was not finite. */
  readonly violation: Float32Array;
  readonly loss: Float32Array;
  /** Optima that these starts found first, in order; they follow those of the parts before. */
  readonly newOptima: readonly (readonly number[])[];
}

export interface SwarmEnd {
  readonly status: Extract<RunStatus, 'finished' | 'stopped' | 'failed'>;
  readonly message?: string;
  readonly executor: ExecutorKind;
  readonly adapter: string;
  /** Why this executor. */
  readonly reason: string;
  readonly elapsedMs: number;
}

export interface SwarmOptions {
  readonly executor: ExecutorChoice;
  readonly onPart: (part: SwarmPart) => void;
  readonly urgency?: Urgency;
  /** Aborting means: begin no further submit. The parts so far stay. */
  readonly signal?: AbortSignal;
}

export interface SwarmExecutor {
  /** Never rejects for what a machine does. */
  swarm(job: SwarmJob, options: SwarmOptions): Promise<SwarmEnd>;
}

/** Ratio of two checks that follow each other. Between two, the distance to the end is taken to shrink by the same factor at every step. */
const CHECK_RATIO = 1.4;

/** 0, 1, … 5, then always some four tenths further, and the last. */
export function checkedSteps(steps: number): number[] {
  const checks = [0];
  for (let step = 1; step < steps; step = Math.max(step + 1, Math.floor(step * CHECK_RATIO))) checks.push(step);
  return [...checks, steps];
}
