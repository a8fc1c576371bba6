/** Of a run whose steps ended while it still came nearer to an optimum: that it did, and more of them. */
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { ExecutorKind } from '../../run/run.ts';
import { KKT_TOLERANCE, precisionOf } from '../../run/verdict.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { counted, STEPS_RANGE } from '../limits.ts';

/** The records of a run that made all its steps, one entry a record. */
export interface Course {
  readonly executor: ExecutorKind;
  /** Row-major [records, n]. */
  readonly iterates: Float64Array;
  /** Of what is minimised. */
  readonly loss: Float64Array;
  readonly violation: Float64Array;
  readonly stationarity: Float64Array;
  /** ‖∇f‖. */
  readonly gradient: Float64Array;
  /** Left out, every step has a record. */
  readonly steps?: readonly number[];
}

/** Of all steps, the share of each of the two last stretches that are compared. */
const STRETCH = 0.2;
/** Records that a stretch needs to tell anything. */
const FEWEST = 5;
/** The mean over the last stretch by that of the one before, at most: what falls as 1/√k is at 0.88 there. */
const FALLEN = 0.9;
/** A loss has fallen by at least this share of its range over the run. */
const LEAST_FALL = 1e-3;
const TIMES = 10;

/**
 * `TIMES` as many steps to a run that is not within the tolerance of its executor and still improved at its end: its scaled KKT
 * residual fell, or its violation, or where it is feasible its loss. Means over the last two stretches are compared, so that neither
 * the teeth of multipliers that move every few steps nor noise are taken for progress. Null for a run that arrived, stands still,
 * swings or grows; `size` is n.
 */
export function adviceOnWay(course: Course, size: number): Advice | null {
  const tolerance = KKT_TOLERANCE[precisionOf(course.executor)];
  const { loss, stationarity, gradient } = course;
  const steps = course.steps ?? Array.from(loss, (_, record) => record);
  const made = steps.at(-1) ?? 0;
  const between = (from: number, to: number) =>
    steps.flatMap((step, record) => (step > from * made && step <= to * made ? [record] : []));
  const stretches = [between(1 - 2 * STRETCH, 1 - STRETCH), between(1 - STRETCH, 1)] as const;
  if (stretches.some(({ length }) => length < FEWEST)) return adviceOnFew(course, size);
  const along = (of: (record: number) => number) => stretches.map((records) => records.map(of)) as [number[], number[]];
  const violationOf = (record: number) =>
    at(course.violation, record) / (1 + maximumNorm(course.iterates.subarray(record * size, (record + 1) * size)));
  const violation = along(violationOf);
  const residual = along((k) => Math.max(at(stationarity, k) / (1 + at(gradient, k)), violationOf(k)));
  if (!((residual[1].at(-1) ?? Number.NaN) > tolerance)) return null; // NaN is not
  const isKept = violation.every((values) => mean(values) <= tolerance);
  const losses = along((k) => at(loss, k));
  const improves = hasFallen(residual) || (isKept ? isLower(losses, loss) : hasFallen(violation));
  return improves ? moreSteps(made) : null;
}

/** Records after the start that are looked at where there are too few for means: each is nearer than the one before. */
const FEW = 3;

/** Of a run with few records: only where the last ones, without exception, brought it nearer. */
function adviceOnFew(course: Course, size: number): Advice | null {
  const { loss, stationarity, gradient, violation } = course;
  const count = loss.length;
  if (count <= FEW) return null;
  const tolerance = KKT_TOLERANCE[precisionOf(course.executor)];
  const records = Array.from({ length: FEW + 1 }, (_, i) => count - 1 - FEW + i);
  const violated = records.map(
    (k) => at(violation, k) / (1 + maximumNorm(course.iterates.subarray(k * size, (k + 1) * size))),
  );
  const residual = records.map((k, i) => Math.max(at(stationarity, k) / (1 + at(gradient, k)), at(violated, i)));
  if (!(at(residual, FEW) > tolerance)) return null; // NaN is not
  const falls = (values: readonly number[]) =>
    values.every((value, i) => i === 0 || value < at(values, i - 1)) && at(values, FEW) <= FALLEN * at(values, 0);
  const isKept = violated.every((value) => value <= tolerance);
  const fallen = at(loss, count - 1 - FEW) - at(loss, count - 1);
  const isLower =
    isKept &&
    records.every((k, i) => i === 0 || at(loss, k) < at(loss, k - 1)) &&
    fallen >= LEAST_FALL * (Math.max(...loss) - Math.min(...loss));
  return falls(residual) || isLower ? moreSteps(course.steps?.at(-1) ?? count - 1) : null;
}

function moreSteps(made: number): Advice {
  const message = 'It was still on its way when its steps ended: the last ones brought it nearer, too.';
  const more = Math.min(TIMES * made, STEPS_RANGE[1]);
  return more > made
    ? { message, change: { title: `Try ${counted(more)} steps`, settings: {}, steps: more } }
    : { message };
}

/** Of what goes to 0. */
const hasFallen = ([before, late]: readonly [number[], number[]]): boolean =>
  mean(late) <= FALLEN * mean(before) && at(late, late.length - 1) <= Math.max(...before);

/** Of what has no zero to be measured from: all of the last stretch is below all of the one before. */
function isLower([before, late]: readonly [number[], number[]], all: Float64Array): boolean {
  const range = Math.max(...before, ...all.subarray(0, 1)) - Math.min(...late);
  return Math.max(...late) < Math.min(...before) && mean(before) - mean(late) >= LEAST_FALL * range;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
