/** The page's public API, `window.feasible`: for embedding pages, notebooks and tests. All of it is plain data. */
import type { Conflict } from '../../core/analysis/feasibility/conflict.ts';
import type { Optimum } from '../../core/analysis/optimum/optimum.ts';
import type { Diagnostic, Result, Span } from '../../core/diagnostic.ts';
import type { Experiment, SwarmAxisJson } from '../../core/experiment/experiment.ts';
import type { NoOptimum } from '../../core/experiment/study/no-optimum.ts';
import type { ExecutorChoice, ExecutorKind, RunStatus } from '../../core/run/run.ts';

export type { Conflict, Diagnostic, Experiment, Optimum, Result };

export interface ParameterView {
  readonly name: string;
  readonly shape: readonly number[];
  /** Position of its first entry in the flat parameters; row-major from there. */
  readonly offset: number;
}

/** One run, at its recorded steps. */
export interface RunResult {
  readonly label: string;
  readonly method: string;
  readonly optimizer: string;
  /** What computed it. */
  readonly executor: ExecutorKind;
  readonly adapter: string;
  readonly status: RunStatus;
  /** The status as a sentence. */
  readonly verdict: string;
  /** What happened and what to try, where the status is not plain success. */
  readonly message?: string;
  /** `loss` is what is minimised: for `maximize f` it is −f. */
  readonly sense: 'minimize' | 'maximize';
  readonly parameters: readonly ParameterView[];
  /** The recorded steps; the start is step 0. */
  readonly steps: readonly number[];
  /** Flat parameters at each recorded step. */
  readonly iterates: readonly (readonly number[])[];
  readonly loss: readonly number[];
  /** Largest violation over the rows that must hold: |h| or max(g, 0). Soft constraints are not among them. */
  readonly violation: readonly number[];
  /** Violation of every scalar row, in the order typed; a chain gives two. */
  readonly violations: readonly (readonly number[])[];
  /** ‖∇L‖ with the multipliers of least norm. */
  readonly stationarity: readonly number[];
  /** One per scalar row, in the order typed; w·h or w·max(g, 0) of a soft one. */
  readonly multipliers: readonly (readonly number[])[];
  /** Whether the method keeps multipliers of its own, or they are the solution of min ‖∇f + Jᵀm‖. */
  readonly multipliersFrom: 'method' | 'least-squares';
  /** Further state of the method (θ, v, ρ, …) at the records. */
  readonly states?: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** Numbers that the text names by `let` and that change along a run, at the records: the first 12 of them. */
  readonly named?: Readonly<Record<string, readonly number[]>>;
  readonly elapsedMs: number;
}

/** What became of each start of a swarm, in the order of the starts. Cancelled, it holds what was computed until then. */
export interface SwarmResult {
  /** The axes along which the starts differ. */
  readonly over: readonly SwarmAxisJson[];
  /** [width, height] of a grid: start k lies at column k mod width on the first axis, row ⌊k / width⌋ on the second. Else the number of starts. */
  readonly size: readonly [number, number] | number;
  /** 0 no, 1 feasible and stationary, 2 diverged, 3 non-finite; of starts that were not computed 0. */
  readonly outcome: Uint8Array;
  /** Index into `optima`; 65534 is another optimum than the first 64, 65535 none. */
  readonly basin: Uint16Array;
  /** The first step looked at from which on x stays within 1e-3·(1 + |x|) of where it ends; 4294967295 where the outcome is not 1. */
  readonly stepsToTolerance: Uint32Array;
  /** At the last step; NaN where the run diverged or was not finite. */
  readonly violation: Float32Array;
  readonly loss: Float32Array;
  readonly optima: readonly (readonly number[])[];
  readonly elapsedMs: number;
}

export interface AnalyzedConstraint {
  /** Position among all, soft ones too, in the order typed. */
  readonly index: number;
  /** 1-based line of the text. */
  readonly line: number;
  readonly span: Span;
  readonly label?: string;
  /** Id of the catalogue's set that claims it, `general`, or `soft`. */
  readonly kind: string;
  readonly relation: 'equality' | 'inequality';
  /** What proves the kind. */
  readonly evidence: Evidence;
}

export type Evidence =
  | {
      /** residual(x) = A x − b, with b at t = 0. */
      readonly A: readonly (readonly number[])[];
      readonly b: readonly number[];
      readonly isMoving: boolean;
    }
  /** Polynomial degree of the residual, Infinity where it is no polynomial. */
  | { readonly degree: number }
  /** w of a soft constraint: methods minimise (w/2)·‖violation‖² beside the loss. */
  | { readonly weight: number };

export interface AnalyzedMethod {
  readonly id: string;
  readonly supported: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Whether the page would propose it first. */
  readonly proposed?: boolean;
}

export interface Analysis {
  readonly parameters: readonly ParameterView[];
  readonly constraints: readonly AnalyzedConstraint[];
  /** Of all affine equalities together. */
  readonly rank: number;
  readonly degreesOfFreedom: number;
  /** σ₁ / σ_rank of the affine equalities; 1 where there are none. */
  readonly conditionNumber: number;
  /** Lines whose rows follow from others. */
  readonly redundant: readonly { readonly line: number; readonly combination: string }[];
  readonly feasible: 'yes' | 'no' | 'unknown';
  readonly conflict?: Conflict;
  /** Absent where it is declined, or none was found. Of a problem that is not convex, the best that was found. Multipliers as in a run. */
  readonly optimum?: Optimum;
  /** Why there is none, where none is given though it was asked for: a sentence, and the ray along which the loss falls for ever. */
  readonly noOptimum?: NoOptimum;
  readonly methods: readonly AnalyzedMethod[];
}

/** What was opened, and in `diagnostics` what of it nobody here knows, what cannot run, and the errors of its text with their spans. */
export type LoadResult =
  | { readonly ok: true; readonly value: Experiment; readonly diagnostics?: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export type ExportKind = 'json' | 'csv' | 'pytorch' | 'svg' | 'png';

export interface Feasible {
  readonly version: string;
  /** Replaces what is open; undo brings it back. Takes an experiment, or a link to one. Never runs anything. */
  load(experiment: Experiment | string): Promise<LoadResult>;
  /** Runs all runs of the open experiment. A run under way is cancelled: its promise resolves with status `stopped`. */
  run(options?: { readonly executor?: ExecutorChoice }): Promise<readonly RunResult[]>;
  /** Makes the swarm of the open experiment. Rejects where it cannot be made. */
  swarm(): Promise<SwarmResult>;
  /** What is known of the open problem. Rejects where its text has errors. */
  analyze(options?: { readonly optimum?: boolean }): Promise<Analysis>;
  /** The open experiment as `#e=…`. Rejects where it is too large for a link. */
  link(): Promise<string>;
  /** The open experiment, or what its runs gave. */
  export(kind: ExportKind): Promise<string | Blob>;
}

declare global {
  interface Window {
    feasible: Feasible;
  }
}
