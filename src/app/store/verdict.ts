/** How a run stands, in words. */
import type { JobEnd } from '../../core/run/run.ts';
import { isKept } from '../../core/run/verdict.ts';
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

/** Whether the last violation is rounding, in the precision of the executor. */
function endsFeasible({ job, trajectory }: RunResult, { executor }: JobEnd, violation: number): boolean {
  const last = trajectory?.iterates.slice(-(job?.program.size ?? 1)) ?? new Float64Array(0);
  return isKept(violation, maximumNorm(last), executor);
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
        detail: end.message ?? `The iterates grew without bound. Try a smaller learning rate.${atStep(last?.step)}`,
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
      return endsFeasible(result, end, last.violation)
        ? {
            tone: 'neutral',
            title: 'Feasible, not yet stationary',
            detail: 'More steps, or larger ones, bring it nearer.',
          }
        : {
            tone: 'warning',
            title: 'Not feasible',
            detail: `Ends off the constraints by ${shortNumber(last.violation, 2)}.`,
          };
  }
}
