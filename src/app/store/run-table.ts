/** The runs side by side as numbers: pure functions of what they gave. */
import { at } from '../../core/diagnostic.ts';
import { CHART_OF_NAME } from '../../core/experiment/experiment.ts';
import type { Measure } from '../../core/program/measure.ts';
import { namedNumbers } from '../../core/run/named-numbers.ts';
import type { Picture, RunResult } from './run-slice.ts';
import { verdictOf } from './verdict.ts';

/** One run at its end; null where there is nothing to say. */
export interface RunRow {
  readonly index: number;
  readonly name: string;
  /** The verdict's word or two. */
  readonly status: string;
  readonly steps: number | null;
  /** f as typed. */
  readonly loss: number | null;
  /** f − f* of what is minimised. */
  readonly gap: number | null;
  readonly violation: number | null;
  readonly stationarity: number | null;
  /** The first recorded step from which on the run stays within 1e-3 of the optimum, relative to 1 + |f*|, and feasible to 1e-3. */
  readonly stepsToTolerance: number | null;
  /** Evaluations of ∇f in all. */
  readonly gradients: number | null;
  readonly milliseconds: number | null;
  /** What the text names by `let`, at the end. */
  readonly [name: NameColumn]: number | null;
}

export type NameColumn = `${typeof CHART_OF_NAME}${string}`;

const TOLERANCE = 1e-3;

/** Without comparison with the optimum where that is not to be told. */
export function runRows(
  picture: Picture | null,
  results: readonly (RunResult | null)[],
  names: readonly string[],
  tellsOptimum = true,
): RunRow[] {
  const study = picture?.study;
  const best = tellsOptimum ? (study?.optimum?.loss ?? null) : null;
  const isMaximized = study?.problem.sense === 'maximize';
  return results.map((result, index) => {
    const { trajectory = null, end = null, job = null } = result ?? {};
    const { steps, measures } = trajectory ?? { steps: [], measures: null };
    const last = (values: Float64Array | undefined) => values?.at(-1) ?? null;
    const loss = last(measures?.loss);
    const made = steps.at(-1) ?? null;
    return {
      index,
      name: names[index] ?? '',
      status: verdictOf(result).title,
      steps: made,
      loss: loss !== null && isMaximized ? -loss : loss,
      gap: loss === null || best === null ? null : loss - best,
      violation: last(measures?.violation),
      stationarity: last(measures?.stationarity),
      stepsToTolerance:
        measures && best !== null && job ? settledAt(steps, measures.loss, measures.violation, best) : null,
      gradients: made === null || job === null ? null : made * (job.gradientsPerStep ?? 1),
      milliseconds: end?.elapsedMs ?? null,
      ...(job && measures && namesAtEnd(job.measure, measures.named)),
    };
  });
}

function namesAtEnd(measure: Measure, values: Float64Array): Record<NameColumn, number | null> {
  const numbers = Object.entries(namedNumbers(measure, values));
  return Object.fromEntries(numbers.map(([name, along]) => [CHART_OF_NAME + name, along.at(-1) ?? null]));
}

function settledAt(steps: readonly number[], loss: Float64Array, violation: Float64Array, best: number): number | null {
  const isNear = (k: number) =>
    Math.abs(at(loss, k) - best) <= TOLERANCE * (1 + Math.abs(best)) && at(violation, k) <= TOLERANCE;
  let first = steps.length;
  while (first > 0 && isNear(first - 1)) first -= 1;
  return first < steps.length ? at(steps, first) : null;
}
