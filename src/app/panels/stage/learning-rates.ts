/** The learning rate of a run at its records, by the schedule of its optimizer. */
import { runWithDefaults } from '../../../core/experiment/defaults.ts';
import type { Chosen } from '../../../core/settings.ts';
import { scheduledShare, TRAINING } from '../../../core/training.ts';
import type { RunResult } from '../../store/run-slice.ts';

/** η of the update that led to each record, NaN at the start; null where the method takes none. */
export function learningRates({ run, job }: RunResult, steps: readonly number[]): Float64Array | null {
  const [rate] = job?.settings['optimizer.learningRate'] ?? [];
  const isRead = job?.program.settings.some(({ name }) => name === 'optimizer.learningRate');
  if (!job || rate === undefined || !isRead) return null;
  const { schedule, schedulePeriod, scheduleFactor } = TRAINING;
  const presets = {
    schedule: schedule.default,
    schedulePeriod: schedulePeriod.default,
    scheduleFactor: scheduleFactor.default,
  };
  // The job was made of these settings, so they fit.
  const training = { ...presets, ...runWithDefaults(run).optimizer } as unknown as Chosen<typeof TRAINING>;
  const rates = new Float64Array(steps.length).fill(rate);
  if (training.schedule !== 'constant')
    steps.forEach((step, k) => {
      rates[k] = rate * scheduledShare(training, step, job.steps);
    });
  if (steps[0] === 0) rates[0] = Number.NaN;
  return rates;
}
