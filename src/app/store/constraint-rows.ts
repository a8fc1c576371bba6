/** What one run says about each constraint at a step: its violation and its multipliers, by the typed line. */
export { setOfConstraint } from '../../core/analysis/structure.ts';

import type { Optimum } from '../../core/analysis/optimum/optimum.ts';
import type { Problem } from '../../core/problem/problem.ts';
import type { Measure } from '../../core/program/measure.ts';
import { ownMultipliers } from '../../core/run/multipliers.ts';
import type { ExecutorKind } from '../../core/run/run.ts';
import { isKept } from '../../core/run/verdict.ts';
import { maximumNorm } from '../../core/tensor/norms.ts';
import { recordOf, type Trajectory } from './trajectory.ts';

export interface ConstraintNumbers {
  /** Largest violation over the rows of the line. */
  readonly violation: number;
  /** One a row. */
  readonly multipliers: Float64Array;
}

/** The record at a step, or the last one before it. */
export function recordAt({ steps }: Pick<Trajectory, 'steps'>, step: number): number {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((steps[middle] ?? 0) <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** By line; rows are in the order typed, those of soft constraints included. */
export function numbersByLine(
  { constraints, soft }: Pick<Problem, 'constraints' | 'soft'>,
  trajectory: Trajectory,
  measure: Pick<Measure, 'relations' | 'typed'>,
  record: number,
): ReadonlyMap<number, ConstraintNumbers> {
  const width = measure.typed.length;
  const violations = trajectory.measures.violations.subarray(record * width, (record + 1) * width);
  const here = recordOf(trajectory, record);
  const multipliers = ownMultipliers(here, measure) ?? here.measures.multipliers;
  const lines = new Map<number, ConstraintNumbers>();
  let row = 0;
  for (const { line, rows } of [...constraints, ...soft].sort((a, b) => a.span[0] - b.span[0])) {
    const before = lines.get(line);
    const own = violations.subarray(row, row + rows);
    lines.set(line, {
      violation: own.reduce((largest, entry) => Math.max(largest, entry), before?.violation ?? 0),
      multipliers: joined(before?.multipliers, multipliers.subarray(row, row + rows)),
    });
    row += rows;
  }
  return lines;
}

function joined(before: Float64Array | undefined, more: Float64Array): Float64Array {
  if (!before) return more;
  const all = new Float64Array(before.length + more.length);
  all.set(before);
  all.set(more, before.length);
  return all;
}

/** A point within this of the optimum, relative to 1 + |x|∞, has its active rows. */
const AT_OPTIMUM = 1e-3;

/** Lines whose multipliers are some of many at the optimum, where a run stands there. */
export function linesOfShared(
  { problem, optimum }: { problem: Pick<Problem, 'constraints'>; optimum: Optimum | null },
  x: Float64Array,
): ReadonlySet<number> {
  const shared = optimum?.sharedMultipliers ?? [];
  const room = AT_OPTIMUM * (1 + maximumNorm(x));
  if (shared.length === 0 || !x.every((entry, i) => Math.abs(entry - (optimum?.x[i] ?? Number.NaN)) <= room))
    return new Set();
  const lines = problem.constraints.flatMap(({ line, rows }) => new Array<number>(rows).fill(line));
  return new Set(shared.flatMap((row) => lines[row] ?? []));
}

/** Whether a violation at a record is rounding. While a run is under way, what it computes with is not said yet: float32 is taken. */
export function isRoundingAt(
  { iterates }: Pick<Trajectory, 'iterates'>,
  size: number,
  record: number,
  executor: ExecutorKind = 'fused',
): (violation: number) => boolean {
  const largest = maximumNorm(iterates.subarray(record * size, (record + 1) * size));
  return (violation) => isKept(violation, largest, executor);
}
