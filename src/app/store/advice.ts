/** What there is to say of where a run came to rest, or of its steps. */
import type { Advice, Catalog } from '../../core/contracts.ts';
import { adviceFor } from '../../core/experiment/advice.ts';
import type { Study } from '../study.ts';
import type { RunResult } from './run-slice.ts';

export function adviceOf(
  { run, job, end, trajectory }: RunResult,
  { structure }: Study,
  catalog: Catalog,
): Advice | null {
  if (end?.status !== 'finished' || trajectory === null) return null;
  const { loss, violation, stationarity, gradient } = trajectory.measures;
  return adviceFor(structure, run, catalog, {
    executor: end.executor,
    iterates: trajectory.iterates,
    loss,
    violation,
    stationarity,
    gradient,
    steps: trajectory.steps,
    learningRate: job?.settings['optimizer.learningRate']?.[0],
  });
}
