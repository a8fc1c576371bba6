/** What there is to say of where a run came to rest, or of its steps. */
import type { Advice, Catalog } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { adviceFor, adviceOnDivergence, isOff } from '../../core/experiment/advice/advice.ts';
import { adviceAtBest } from '../../core/experiment/advice/at-best.ts';
import { adviceOnBoughtLoss } from '../../core/experiment/advice/bought-loss.ts';
import { adviceBesideKink, adviceOnKink } from '../../core/experiment/advice/kink-advice.ts';
import { adviceAtTheEnd } from '../../core/experiment/advice/last-word.ts';
import { adviceOnLocalPoint } from '../../core/experiment/advice/local-point.ts';
import { adviceOnNoArrival } from '../../core/experiment/advice/no-arrival.ts';
import { adviceOnNoPull } from '../../core/experiment/advice/no-pull.ts';
import { adviceOnSaturation } from '../../core/experiment/advice/saturation.ts';
import type { Job } from '../../core/run/run.ts';
import { USES } from '../../core/tensor/value.ts';
import type { Study } from '../study.ts';
import type { RunResult } from './run-slice.ts';

/** Whether what there is to say depends on the method and the optimizer of the run, and not on its problem alone. */
export const asksEntries = ({ end }: RunResult): boolean => end?.status === 'finished' || end?.status === 'diverged';

/** `catalog` may be left out where `asksEntries` says no; `tellsOptimum`: whether the best point that is known may be spoken of. */
export function adviceOf(result: RunResult, study: Study, catalog: Catalog | null, tellsOptimum = true): Advice | null {
  const { run, job, end, trajectory } = result;
  if (trajectory === null) return null;
  const { loss, violation, stationarity, gradient } = trajectory.measures;
  if (end?.status === 'converged' && job && !isMoving(study, job)) {
    const local = tellsOptimum
      ? (adviceOnSaturation(study, { iterates: trajectory.iterates, loss }) ??
        adviceOnLocalPoint(study, loss.at(-1) ?? Number.NaN))
      : null;
    return local ?? adviceOnBoughtLoss(end.executor, trajectory.measures);
  }
  if (end === null || catalog === null || !asksEntries(result)) return null;
  const learningRate = job?.settings['optimizer.learningRate']?.[0];
  const isStill = !job || !isMoving(study, job);
  const noArrival = isStill || study.feasibility.verdict === 'no' ? adviceOnNoArrival(study, tellsOptimum) : null;
  if (noArrival) return noArrival;
  if (end.status === 'diverged') return adviceOnDivergence(run, catalog, learningRate);
  const ended = {
    executor: end.executor,
    iterates: trajectory.iterates,
    loss,
    violation,
    stationarity,
    gradient,
    steps: trajectory.steps,
    learningRate,
  };
  const exact =
    (isStill && tellsOptimum && adviceOnSaturation(study, ended)) ||
    (isStill && (adviceOnNoPull(study.problem, ended) ?? adviceOnKink(study.problem, run, catalog, ended))) ||
    adviceFor(study.structure, run, catalog, ended);
  if (exact || !isStill || !isOff(ended, study.problem.size)) return exact;
  return (
    (tellsOptimum ? adviceAtBest(study, ended) : null) ??
    adviceBesideKink(study.problem, catalog, ended) ??
    adviceAtTheEnd(study, run.method, catalog, ended)
  );
}

/** Whether the loss or a constraint changes with the step. */
const isMoving = ({ structure }: Study, { measure }: Job): boolean =>
  structure.constraints.some((facts) => facts.isMoving) || (at(measure.values, measure.loss).uses & USES.time) !== 0;
