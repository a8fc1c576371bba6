/** How far the numbers of a run are off by rounding alone. */
import { precisionOf } from '../../core/run/verdict.ts';
import { maximumNorm } from '../../core/tensor/norms.ts';
import type { RunResult } from './run-slice.ts';

const isLost = (status?: string): boolean => status === 'diverged' || status === 'non-finite';

/** Some units in the last place of the largest entry of x, in the precision of the executor: at the end, or where a run goes off, at the start. */
export function roundingOf({ end, trajectory }: RunResult): number {
  const unit = end && precisionOf(end.executor) === 'float32' ? 2 ** -24 : 2 ** -53;
  const { iterates, steps } = trajectory ?? { iterates: new Float64Array(0), steps: [0] };
  const size = iterates.length / steps.length;
  const ends = [iterates.subarray(0, size), iterates.subarray(iterates.length - size)].map(maximumNorm);
  const reached = ends.filter(Number.isFinite);
  const scale = isLost(end?.status) ? Math.min(...reached, 1e9) : (reached.at(-1) ?? 0);
  return 16 * unit * (1 + scale);
}
