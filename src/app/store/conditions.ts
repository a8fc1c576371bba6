/** What the conditions of Karush, Kuhn and Tucker say of a run's iterate, and of the optimum. */
import { type KktReport, kktReporter } from '../../core/run/kkt-report.ts';
import { ownMultipliers } from '../../core/run/multipliers.ts';
import { KKT_TOLERANCE, precisionOf } from '../../core/run/verdict.ts';
import type { Study } from '../study.ts';
import type { RunResult } from './run-slice.ts';
import { recordOf } from './trajectory.ts';

export interface Conditions {
  readonly atRecord: (result: RunResult, record: number) => KktReport | null;
  /** At a point known in Float64. */
  readonly at: (x: Float64Array) => KktReport | null;
}

/** Null where they are not asked: of many parameters, and where constraints move, so that no point stays the best. */
export function conditionsOf({ problem, structure }: Study): Conditions | null {
  if (structure.constraints.some(({ isMoving }) => isMoving)) return null;
  const report = kktReporter(problem);
  if (report === null) return null;
  return {
    at: (x) => report(x, KKT_TOLERANCE[precisionOf('reference')]),
    atRecord(result, record) {
      const { trajectory, end } = result;
      const { size } = problem;
      const x = trajectory?.iterates.slice(record * size, (record + 1) * size);
      if (x?.length !== size) return null;
      return report(x, KKT_TOLERANCE[precisionOf(end?.executor ?? 'fused')], ownAt(result, record));
    },
  };
}

/** The method's own multipliers at a record, a row of what must hold each; undefined where it keeps none. */
function ownAt({ trajectory, job }: RunResult, record: number): number[] | undefined {
  if (!trajectory || !job) return undefined;
  const { relations, typed } = job.measure;
  const own = ownMultipliers(recordOf(trajectory, record), job.measure);
  return own === null ? undefined : relations.map((_, row) => own[typed.indexOf(row)] ?? 0);
}
