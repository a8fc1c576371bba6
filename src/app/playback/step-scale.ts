/** Where the playhead stands in [0, 1], and which step that is. All runs share it: the same position is the same step. */

export type TimeScale = 'linear' | 'log';

/** The step, not rounded, at a position. Log time is log(1 + step): most happens in the first steps. */
export const stepAt = (position: number, lastStep: number, scale: TimeScale): number =>
  scale === 'log' ? Math.expm1(position * Math.log1p(lastStep)) : position * lastStep;

/** The inverse of `stepAt`; 0 where there are no steps. */
export function positionAt(step: number, lastStep: number, scale: TimeScale): number {
  if (lastStep <= 0) return 0;
  const position = scale === 'log' ? Math.log1p(step) / Math.log1p(lastStep) : step / lastStep;
  return Math.max(0, Math.min(1, position));
}

/** The last index whose step is at most `step`, by bisection; −1 where there is none. `steps` ascends. */
export function recordAt(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
