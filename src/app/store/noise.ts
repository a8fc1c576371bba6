/** What a run draws at random, in words. */
import { drawsAtRandom } from '../../core/program/program.ts';
import type { Job } from '../../core/run/run.ts';

/** Null where every step follows from the one before. */
export function noiseOf({ batch, program }: Pick<Job, 'batch' | 'program'>): string | null {
  if (batch)
    return `Noisy steps: each sees ${batch.size.toLocaleString('en')} of ${batch.rows.toLocaleString('en')} rows of data; the loss is that of all. A falling learning rate calms them.`;
  return drawsAtRandom(program) ? 'Noisy steps: each draws new random numbers. The loss is shown without them.' : null;
}
