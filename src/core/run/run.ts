/** What executors take and give: jobs in, chunks of iterates and an end out. All of it crosses to a worker. */
import type { Measure } from '../program/measure.ts';
import type { Batch } from '../program/mini-batch.ts';
import type { Program, SettingValues } from '../program/program.ts';

/** One run to execute. */
export interface Job {
  /** Names the job in its chunks. */
  readonly id: number;
  readonly program: Program;
  /** Grades the recorded iterates in Float64, the same for every method. */
  readonly measure: Measure;
  /** One start x₀ after the other: count · n entries. */
  readonly starts: Float64Array;
  readonly settings: SettingValues;
  /** Settings that the run left to be computed, and what they came to: `optimizer.learningRate`. */
  readonly automatic?: Readonly<Record<string, number>>;
  /** Evaluations of ∇f that one step makes: what a comparison by work counts. */
  readonly gradientsPerStep?: number;
  /** The rows of data that a step sees, where not all: its gradients are estimates, and its steps are noisy. */
  readonly batch?: Batch;
  readonly steps: number;
  /** Steps to keep, ascending, from 0 to `steps`. */
  readonly record: readonly number[];
}

/** Measures of recorded iterates, one entry a record; the vectors are row-major [records, rows]. */
export interface Measures {
  readonly loss: Float64Array;
  /** Largest violation over the rows that must hold. */
  readonly violation: Float64Array;
  /** |h| or max(g, 0) of every row, in the order typed. */
  readonly violations: Float64Array;
  /** ‖∇f + Jᵀλ‖ with the multipliers below. */
  readonly stationarity: Float64Array;
  /** One a row, in the order typed. */
  readonly multipliers: Float64Array;
  /** ‖∇f‖ of what methods minimise; ‖∇f‖² = stationarity² + ‖Jᵀλ‖². */
  readonly gradient: Float64Array;
  /** The numbers that the text names by `let`, as `Measure.named` lists them. */
  readonly named: Float64Array;
}

/** Consecutive records of one job. Append-only. */
export interface Chunk {
  readonly job: number;
  readonly steps: readonly number[];
  /** x at these steps, row-major [records, n] (of the first start, where there are several). */
  readonly iterates: Float64Array;
  /** Further outputs of the program by name, [records, size]. */
  readonly states: Readonly<Record<string, Float64Array>>;
  readonly measures: Measures;
}

export type ExecutorKind = 'fused' | 'dispatched' | 'wasm' | 'reference';

export type RunStatus = 'finished' | 'converged' | 'diverged' | 'non-finite' | 'stopped' | 'failed';

/** How the pseudoinverse of a constant matrix was computed, and how well. */
export interface PseudoinverseReport {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  readonly conditionNumber: number;
  readonly algorithm: 'host' | 'newton-schulz' | 'row-basis';
  /** Why this algorithm, in a sentence. */
  readonly reason: string;
  /** Newton–Schulz only. */
  readonly iterations?: number;
  /** ‖I − A X‖_F after each iteration. */
  readonly residuals?: readonly number[];
  /** How it was iterated on the device, and why so. */
  readonly form?: { readonly name: 'gram' | 'scaled' | 'order-8'; readonly reason: string };
}

/** How a job ended. */
export interface JobEnd {
  readonly job: number;
  readonly status: RunStatus;
  /** What happened and what to try, where the status is not plain success. */
  readonly message?: string;
  readonly executor: ExecutorKind;
  /** Name of the GPU adapter, or of the CPU reference. */
  readonly adapter: string;
  /** Why this executor and lowering. */
  readonly reason: string;
  /** The processor was taken because it is faster at this run, not for want of a GPU. */
  readonly isPlanned?: boolean;
  readonly pseudoinverses: readonly PseudoinverseReport[];
  readonly elapsedMs: number;
}

/** An executor asked for by the page: `gpu` takes what there is, and says so; the others are taken at their word. */
export type ExecutorChoice = 'gpu' | ExecutorKind;

/** Who waits for the frames of the page meanwhile: a reader, a reader who drags, or nobody. */
export type Urgency = 'visible' | 'dragging' | 'hidden';

export interface RunOptions {
  readonly executor: ExecutorChoice;
  readonly onChunk: (chunk: Chunk) => void;
  /** How long one submit may keep the device; `visible` where nothing is said. */
  readonly urgency?: Urgency;
  /** Aborting means: submit no further chunk. */
  readonly signal?: AbortSignal;
}

export interface Executor {
  /** Resolves with the end of every job, in the order of the jobs. Never rejects for what a machine does. */
  run(jobs: readonly Job[], options: RunOptions): Promise<readonly JobEnd[]>;
}

/** x may not leave this range: beyond it a run has diverged. */
export const DIVERGENCE_BOUND = 1e9;
