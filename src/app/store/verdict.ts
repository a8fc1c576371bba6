/** How a run stands, in words. */
import type { JobEnd } from '../../core/run/run.ts';
import { isKept, KKT_TOLERANCE, precisionOf, scaledKktResidual } from '../../core/run/verdict.ts';
import { maximumNorm } from '../../core/tensor/norms.ts';
import { shortNumber } from '../number-text.ts';
import type { RunResult } from './run-slice.ts';
import { lastRecord } from './trajectory.ts';

export type Tone = 'good' | 'warning' | 'bad' | 'busy' | 'neutral';

export interface Verdict {
  readonly tone: Tone;
  /** A word or two. */
  readonly title: string;
  /** What happened and what to try; empty where the title says all. */
  readonly detail: string;
}

const largestAtEnd = ({ job, trajectory }: RunResult): number =>
  maximumNorm(trajectory?.iterates.slice(-(job?.program.size ?? 1)) ?? new Float64Array(0));

/** Whether the last violation is rounding, in the precision of the executor. */
const endsFeasible = (result: RunResult, { executor }: JobEnd, violation: number): boolean =>
  isKept(violation, largestAtEnd(result), executor);

/** Of a run that did not converge: whether it stands on a KKT point for a moment. */
function endsStationary(result: RunResult, { executor }: JobEnd): boolean {
  const { measures } = result.trajectory ?? {};
  const [stationarity = Number.NaN, gradientNorm = 0, violation = 0] = [
    measures?.stationarity.at(-1),
    measures?.gradient.at(-1),
    measures?.violation.at(-1),
  ];
  const residual = scaledKktResidual({ stationarity, gradientNorm, violation, largest: largestAtEnd(result) });
  return residual <= KKT_TOLERANCE[precisionOf(executor)];
}

const atStep = (step: number | undefined): string => (step === undefined ? '' : ` Last finite step: ${step}.`);

export function verdictOf(result: RunResult | null): Verdict {
  if (result === null) return { tone: 'neutral', title: 'Not run', detail: '' };
  const { job, diagnostics, trajectory, end } = result;
  if (job === null)
    return { tone: 'bad', title: 'Cannot run', detail: diagnostics.map(({ message }) => message).join(' ') };
  const last = trajectory === null ? null : lastRecord(trajectory);
  if (end === null) return { tone: 'busy', title: last === null ? 'Waiting' : 'Running', detail: '' };
  switch (end.status) {
    case 'converged':
      return { tone: 'good', title: 'Converged', detail: 'Feasible and stationary.' };
    case 'diverged':
      return {
        tone: 'bad',
        title: 'Diverged',
        detail: end.message ?? `Its numbers grew beyond ±1e9.${atStep(last?.step)}`,
      };
    case 'non-finite':
      return {
        tone: 'bad',
        title: 'Not a number',
        detail:
          end.message ??
          `A value became infinite or undefined. Try a smaller learning rate or another start.${atStep(last?.step)}`,
      };
    case 'stopped':
      return { tone: 'neutral', title: 'Stopped', detail: last === null ? '' : `At step ${last.step}.` };
    case 'failed':
      return { tone: 'bad', title: 'Failed', detail: end.message ?? 'The executor failed. Run again.' };
    case 'finished':
      if (last === null) return { tone: 'neutral', title: 'Finished', detail: '' };
      if (endsStationary(result, end))
        return {
          tone: 'warning',
          title: 'Not at rest',
          detail:
            'Its last point is stationary, yet shortly before the end it left such a point again: it passes through, or swings about it.',
        };
      return endsFeasible(result, end, last.violation)
        ? {
            tone: 'neutral',
            title: job.measure.typed.length > 0 ? 'Feasible, not stationary' : 'Not stationary',
            detail: '',
          }
        : {
            tone: 'warning',
            title: 'Not feasible',
            detail: `Ends off the constraints by ${shortNumber(last.violation, 2)}.`,
          };
  }
}
