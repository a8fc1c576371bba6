/** About how much a job computes, before it is begun: a costly one waits for Run. */
import type { Job } from '../../core/run/run.ts';
import { complementOperations, factoringOperations } from '../../core/tensor/factoring-cost.ts';
import { operationsOf } from '../../core/tensor/operations.ts';
import { levelOf } from '../../core/tensor/value.ts';

export const COSTLY_OPERATIONS = 2e9;
const COSTLY_PARAMETERS = 1e6;
const COSTLY_STARTS = 1e5;

/** Of pseudoinverses and bases, once a run, on the host. */
function hostOperations({ values }: Job['program']): number {
  return values.reduce((total, { op, args, uses }) => {
    const isMatrix = op === 'pinv' || op === 'nullSpace' || op === 'rowSpace';
    const [rows = 0, columns = 0] = (isMatrix && values[args[0] ?? -1]?.shape) || [];
    const beside = op === 'nullSpace' ? complementOperations(rows, columns) : 0;
    return total + (levelOf(uses) === 'step' ? 0 : factoringOperations(rows, columns) + beside);
  }, 0);
}

/** Scalar operations of all steps: entries of each value in the loop, times the inner length of products, times turns; and those of the host. */
function estimateOperations({ program, steps, starts }: Job): number {
  const perStep = program.values
    .filter(({ uses }) => levelOf(uses) === 'step')
    .reduce((total, value) => total + operationsOf(program, value), 0);
  return hostOperations(program) + perStep * steps * countStarts(program.size, starts);
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
