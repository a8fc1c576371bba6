/** From what a fused kernel sends back to the records of one run. */
import { at } from '../../core/diagnostic.ts';
import type { Records, Trouble } from '../runner.ts';
import { NO_STEP } from './bindings.ts';

/** The flag of the first start at `flagAt`, and from byte `first` on the records, `count` numbers or all that there are. */
export const recordsOf = (
  copy: ArrayBuffer,
  steps: readonly number[],
  first: number,
  count?: number,
  flagAt = 0,
): Records => ({
  steps,
  data: new Float32Array(copy, first, count),
  trouble: troubleOf(at(new Uint32Array(copy, flagAt, 1), 0)),
});

const troubleOf = (flag: number): Trouble | null =>
  flag === NO_STEP ? null : { status: flag % 2 === 1 ? 'non-finite' : 'diverged', step: Math.floor(flag / 2) };
