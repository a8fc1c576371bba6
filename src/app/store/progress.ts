/** How far the runs under way are, from what they have recorded. */
import type { RunResult } from './run-slice.ts';

/** In [0, 1]: steps recorded of all that were asked for; runs that ended count whole, those that cannot run not at all. */
export function shareDone(results: readonly Pick<RunResult, 'job' | 'trajectory' | 'end'>[]): number {
  let [done, all] = [0, 0];
  for (const { job, trajectory, end } of results) {
    if (job === null) continue;
    all += job.steps;
    done += end ? job.steps : (trajectory?.steps.at(-1) ?? 0);
  }
  return all > 0 ? done / all : 0;
}

/** About how long it takes yet, at the pace so far; null before there is one. */
const millisecondsLeft = (share: number, elapsed: number): number | null =>
  share > 0 && share < 1 && elapsed > 0 ? (elapsed * (1 - share)) / share : null;

/** Before this share, or this time, the pace is that of getting ready: a kernel is compiled, and its first step alone is made. */
const [FIRST_SHARE, FIRST_MS] = [0.01, 5000];

/** `42 %, 3 s left`. */
export function progressText(share: number, elapsed: number): string {
  if (share <= 0) return '';
  const percent = `${Math.floor(100 * share)} %`;
  const left = millisecondsLeft(share, elapsed);
  const hasPace = share >= FIRST_SHARE || elapsed >= FIRST_MS;
  if (left === null || left < 1000 || !hasPace) return percent;
  const seconds = Math.round(left / 1000);
  return `${percent}, ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
}
