/** Which steps of a run are kept. */

/** With `auto`: n × records stays within this, and records within the second. */
const ENTRIES = 1e5;
const RECORDS = 10_000;
/** The first steps are always kept: most happens there. */
const FIRST = 100;

/** Ascending steps from 0 to `steps`: a list as given (with 0), or every k-th with the smallest k that fits, the first 100 and the last. */
export function recordedSteps(record: 'auto' | readonly number[], steps: number, size: number): number[] {
  if (record !== 'auto') {
    const kept = record.filter((step) => Number.isInteger(step) && step >= 0 && step <= steps);
    return [...new Set([0, ...kept])].sort((a, b) => a - b);
  }
  const capacity = Math.max(FIRST + 2, Math.min(RECORDS, Math.floor(ENTRIES / Math.max(1, size))));
  if (steps + 1 <= capacity) return Array.from({ length: steps + 1 }, (_, step) => step);
  const stride = smallestStride(steps, capacity);
  const kept = Array.from({ length: FIRST + 1 }, (_, step) => step);
  for (let step = Math.ceil((FIRST + 1) / stride) * stride; step < steps; step += stride) kept.push(step);
  return [...kept, steps];
}

/** Smallest k with which 0 … 100, the multiples of k after them and the last step are at most `capacity`; none below the first one tried fits. */
function smallestStride(steps: number, capacity: number): number {
  let k = Math.max(1, Math.floor((steps - FIRST - 1) / (capacity - FIRST - 1)));
  while (FIRST + 2 + Math.floor((steps - 1) / k) - Math.floor(FIRST / k) > capacity) k++;
  return k;
}
