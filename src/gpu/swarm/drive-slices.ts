/** Drives a swarm slice by slice: each submit keeps its time, at most two are under way, results come in order. */
import { StepBudget } from '../../core/run/budget.ts';
import type { Pace } from '../runner.ts';
import { SLICE_STEP, type SliceFlight, type SliceSubmit } from './slice-flight.ts';

/** Submits under way: one that runs and one that waits. */
const IN_FLIGHT = 2;

/** The first slice of a kernel whose speed is not known, and the least later on. */
const FIRST_STARTS = 4 * SLICE_STEP;

/** Starts times steps of one submit, whatever the device. */
const MOST_WORK = 2 ** 40;

export interface SlicesOptions {
  readonly count: number;
  readonly steps: number;
  readonly capacity: number;
  /** Starts [width, size] from index `first` on; beyond the last start, any. */
  readonly startsOf: (first: number, size: number) => Float32Array<ArrayBuffer>;
  /** Takes the result [row][start] of `size` starts (rows are `stride` long). */
  readonly onSlice: (result: Uint32Array, slice: Slice) => Promise<void> | void;
  /** Starts times steps a millisecond; kept for the next swarm of the same kernel. */
  readonly pace: Pace;
  readonly targetMs: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface Slice {
  readonly first: number;
  readonly size: number;
  readonly stride: number;
}

/** Resolves when all slices are through, or the signal has stopped them; rejects when the device is lost. */
export async function driveSlices(flight: SliceFlight, options: SlicesOptions): Promise<void> {
  const { count, steps, capacity, startsOf, onSlice, pace, targetMs, now, signal } = options;
  const known = pace.stepsPerMs === null ? FIRST_STARTS : Math.max(FIRST_STARTS, pace.stepsPerMs * targetMs);
  const budget = new StepBudget(targetMs, MOST_WORK, known);
  const underWay: { submit: SliceSubmit; slice: Slice | null; wanted: number; submittedAt: number }[] = [];
  let next = 0;
  let slice: Slice = { first: 0, size: 0, stride: 0 };
  let lastDone = Number.NEGATIVE_INFINITY;
  for (;;) {
    const isOver = signal?.aborted || (flight.isThrough && next >= count);
    const mayGo = underWay.length === 0 || (underWay.length < IN_FLIGHT && pace.stepsPerMs !== null);
    if (!isOver && mayGo) {
      const submittedAt = now(); // before it: the host's share counts, too
      if (flight.isThrough) {
        slice = sliceAt(next, count, Math.min(capacity, Math.max(FIRST_STARTS, budget.steps / steps)));
        flight.begin(startsOf(slice.first, slice.stride), slice.stride);
        next += slice.size;
      }
      const wanted = budget.steps;
      const submit = flight.submit(Math.floor(budget.steps / slice.stride));
      submit.result.catch(() => {}); // a lost device rejects all that are under way; the oldest tells
      underWay.push({ submit, slice: flight.isThrough ? slice : null, wanted, submittedAt });
      continue;
    }
    const oldest = underWay.shift();
    if (!oldest) return;
    const result = await oldest.submit.result;
    const done = now();
    const elapsed = done - Math.max(oldest.submittedAt, lastDone);
    // One that was cut short may say that a step is dear, but not that it is cheap.
    if (2 * oldest.submit.work >= oldest.wanted || elapsed > targetMs) {
      budget.observe(oldest.submit.work, elapsed);
      pace.stepsPerMs = oldest.submit.work / Math.max(elapsed, 1e-3);
    }
    pace.stepsPerMs ??= oldest.submit.work / Math.max(elapsed, 1e-3);
    lastDone = done;
    if (result && oldest.slice) await onSlice(result, oldest.slice);
  }
}

/** The slice from `first`, of about `wanted` starts. */
function sliceAt(first: number, count: number, wanted: number): Slice {
  const padded = (size: number) => Math.ceil(size / SLICE_STEP) * SLICE_STEP;
  const size = Math.min(count - first, Math.max(SLICE_STEP, Math.floor(wanted / SLICE_STEP) * SLICE_STEP));
  return { first, size, stride: padded(size) };
}
