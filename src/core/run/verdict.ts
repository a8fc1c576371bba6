/** Whether a run arrived, judged from its last record by the measure: a method never grades itself. */
import { shortNumber } from '../number-text.ts';
import type { ExecutorKind, RunStatus } from './run.ts';

/** A recorded iterate, as far as the conditions of Karush, Kuhn and Tucker are concerned. */
export interface KktPoint {
  /** ‖∇f + Jᵀm‖₂ with the multipliers of least norm; m ≥ 0 on active inequalities. */
  readonly stationarity: number;
  /** ‖∇f‖₂. */
  readonly gradientNorm: number;
  /** Largest |h| or max(g, 0). */
  readonly violation: number;
  /** max |x|. */
  readonly largest: number;
  /** Whether one of the last records was such a point, and one after it was not, by far: then this one is passed by, too. */
  readonly isPassing: boolean;
  /** The first graded step at which the loss was not a finite number, or null. */
  readonly undefinedAt: number | null;
}

/** What counts as zero: of iterates that were computed in Float64, and of those that are float32. */
export const KKT_TOLERANCE = { float64: 1e-6, float32: 1e-4 } as const;

/** So many records at the end tell whether a run rests; */
export const RESTING_RECORDS = 20;
/** and this many times the tolerance is no longer near a KKT point. */
export const FAR_OFF = 100;

/** GPUs compute in float32. */
export const precisionOf = (executor: ExecutorKind): keyof typeof KKT_TOLERANCE =>
  executor === 'reference' || executor === 'wasm' ? 'float64' : 'float32';

/** Whether a violation at a point with max |x| = largest is only the rounding of its executor: the one rule for chips, cards and verdicts. */
export const isKept = (violation: number, largest: number, executor: ExecutorKind): boolean =>
  violation / (1 + largest) <= KKT_TOLERANCE[precisionOf(executor)];

/** max( stationarity / (1 + ‖∇f‖), violation / (1 + max |x|) ). */
export const scaledKktResidual = ({
  stationarity,
  gradientNorm,
  violation,
  largest,
}: Pick<KktPoint, 'stationarity' | 'gradientNorm' | 'violation' | 'largest'>): number =>
  Math.max(stationarity / (1 + gradientNorm), violation / (1 + largest));

/**
 * Of a run that made all its steps: `non-finite` if the loss was not a number on the way, although x was; `converged` if it
 * ends at a KKT point and rests there. Every other status stays.
 */
export function judged(status: RunStatus, last: KktPoint | null, executor: ExecutorKind): RunStatus {
  if (status !== 'finished' || last === null) return status;
  if (last.undefinedAt !== null) return 'non-finite';
  if (last.isPassing) return status;
  return scaledKktResidual(last) <= KKT_TOLERANCE[precisionOf(executor)] ? 'converged' : status; // NaN is not
}

/** The end of a run as a sentence. */
export function verdictInWords(
  status: RunStatus,
  last: Parameters<typeof scaledKktResidual>[0] | null,
  executor: ExecutorKind,
): string {
  const tolerance = KKT_TOLERANCE[precisionOf(executor)];
  switch (status) {
    case 'converged':
      return `Converged: feasible and stationary within ${shortNumber(tolerance)}.`;
    case 'finished': {
      if (last === null) return 'Finished.';
      if (scaledKktResidual(last) <= tolerance)
        return 'Finished, but not at rest: its last point is stationary, yet shortly before the end it left such a point again. It passes through, or swings about it.';
      return isKept(last.violation, last.largest, executor)
        ? `Finished, feasible but not stationary: ‖∇L‖ = ${shortNumber(last.stationarity, 3)}.`
        : `Finished, not feasible: the largest violation is ${shortNumber(last.violation, 3)}.`;
    }
    case 'diverged':
      return 'Diverged: its numbers grew beyond ±1e9.';
    case 'non-finite':
      return 'Ended at a value that is not a finite number.';
    case 'stopped':
      return 'Stopped.';
    case 'failed':
      return 'Failed: nothing was computed, or the machine gave up.';
  }
}
