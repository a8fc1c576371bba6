/** About how much a job computes, before it is begun: a costly one waits for Run. */
import type { Job } from '../../core/run/run.ts';
import { operationsOf } from '../../core/tensor/operations.ts';
import { levelOf } from '../../core/tensor/value.ts';

export const COSTLY_OPERATIONS = 2e9;
export const COSTLY_PARAMETERS = 1e6;
export const COSTLY_STARTS = 1e5;

/** Scalar operations of all steps: entries of each value in the loop, times the inner length of products, times turns. */
export function estimateOperations({ program, steps, starts }: Job): number {
  const perStep = program.values
    .filter(({ uses }) => levelOf(uses) === 'step')
    .reduce((total, value) => total + operationsOf(program, value), 0);
  return perStep * steps * countStarts(program.size, starts);
}

const countStarts = (size: number, starts: Float64Array): number => (size > 0 ? Math.max(1, starts.length / size) : 1);

export const estimateAll = (jobs: readonly Job[]): number =>
  jobs.reduce((total, job) => total + estimateOperations(job), 0);

/** Whether the page asks before it computes these jobs. */
export const isCostly = (jobs: readonly Job[]): boolean =>
  estimateAll(jobs) > COSTLY_OPERATIONS ||
  jobs.some(
    ({ program, starts }) => program.size > COSTLY_PARAMETERS || countStarts(program.size, starts) > COSTLY_STARTS,
  );
