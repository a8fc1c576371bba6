/** The recorded iterates of one run so far, grown chunk by chunk. */
import type { Problem } from '../../core/problem/problem.ts';
import type { Chunk, Measures } from '../../core/run/run.ts';

export interface Trajectory {
  readonly steps: readonly number[];
  /** Row-major [records, n]. */
  readonly iterates: Float64Array;
  /** Further outputs of the program by name, [records, size]. */
  readonly states: Readonly<Record<string, Float64Array>>;
  readonly measures: Measures;
}

/** How many entries of a buffer with room to grow are taken. */
const taken = new WeakMap<ArrayBufferLike, number>();

/**
 * One array after the other. Joined to again and again, an array is copied as often as it doubles: else `after` goes into the room
 * behind `before`, whose entries stay as they are. An older array, behind which the room is taken, is copied. `room`: entries that are
 * expected in all.
 */
function join(before: Float64Array, after: Float64Array, room: number): Float64Array {
  const length = before.length + after.length;
  const isNewest = taken.get(before.buffer) === before.length;
  const hasRoom = isNewest && before.buffer.byteLength >= length * Float64Array.BYTES_PER_ELEMENT;
  const all = room >= length ? room : 2 * length;
  const buffer = hasRoom ? before.buffer : new ArrayBuffer(all * Float64Array.BYTES_PER_ELEMENT);
  const joined = new Float64Array(buffer, 0, length);
  if (!hasRoom) joined.set(before);
  joined.set(after, before.length);
  taken.set(buffer, length);
  return joined;
}

/** `trajectory` stays as it was: what shows it need not know of the next. `records`: how many will come in all, as far as is known. */
export function append(
  trajectory: Trajectory | null,
  { steps, iterates, states, measures }: Chunk,
  records = 0,
): Trajectory {
  if (trajectory === null && steps.length >= records) return { steps, iterates, states, measures };
  const joined = (before: Float64Array | undefined, after: Float64Array) =>
    join(before ?? new Float64Array(0), after, (after.length / Math.max(1, steps.length)) * records);
  const before = trajectory?.measures;
  return {
    steps: [...(trajectory?.steps ?? []), ...steps],
    iterates: joined(trajectory?.iterates, iterates),
    states: Object.fromEntries(
      Object.entries(states).map(([name, values]) => [name, joined(trajectory?.states[name], values)]),
    ),
    measures: {
      loss: joined(before?.loss, measures.loss),
      violation: joined(before?.violation, measures.violation),
      violations: joined(before?.violations, measures.violations),
      stationarity: joined(before?.stationarity, measures.stationarity),
      multipliers: joined(before?.multipliers, measures.multipliers),
      gradient: joined(before?.gradient, measures.gradient),
      named: joined(before?.named, measures.named),
    },
  };
}

/** What the last record says, with the value of f as typed; null before the first. */
export function lastRecord({ steps, measures }: Trajectory, sense: Problem['sense'] = 'minimize') {
  const step = steps.at(-1);
  const loss = measures.loss.at(-1);
  const violation = measures.violation.at(-1);
  const stationarity = measures.stationarity.at(-1);
  if (step === undefined || loss === undefined || violation === undefined || stationarity === undefined) return null;
  return { step, loss: sense === 'maximize' ? -loss : loss, violation, stationarity };
}

/** One record alone, as `ownMultipliers` reads it. */
export function recordOf({ steps, states, measures }: Trajectory, record: number) {
  const one = (array: Float64Array) => {
    const size = array.length / Math.max(1, steps.length);
    return array.subarray(record * size, (record + 1) * size);
  };
  return {
    steps: [steps[record] ?? 0],
    states: Object.fromEntries(Object.entries(states).map(([name, array]) => [name, one(array)])),
    measures: { ...measures, multipliers: one(measures.multipliers) },
  };
}
