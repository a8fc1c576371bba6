/** What happened at the end of a run that is no plain success, and what to try. */
import type { Program } from '../program/program.ts';
import { maximumNorm } from '../tensor/norms.ts';
import type { Chunk, RunStatus } from './run.ts';
import type { KktPoint } from './verdict.ts';

export interface Ending {
  readonly status: RunStatus;
  /** The last step with a record. */
  readonly step: number;
  /** The record graded last. */
  readonly last: KktPoint | null;
  /** The largest |λ| or |μ| that the method keeps, at that record; 0 where it keeps none. */
  readonly multiplier: number;
  readonly program: Pick<Program, 'settings'>;
}

/** Multipliers that are larger by this than the slope that they are to balance grow on their own. */
const APART = 1e9;

/** max |λ|, |μ| of the last record of a chunk; 0 where the method keeps none. */
export function largestMultiplier({ steps, states }: Pick<Chunk, 'steps' | 'states'>): number {
  const count = Math.max(1, steps.length);
  const atLast = (all: Float64Array = new Float64Array(0)) =>
    maximumNorm(all.subarray((all.length / count) * (count - 1)));
  return Math.max(atLast(states.lambda), atLast(states.mu));
}

/** A sentence or two; none for a run that ended as it should. */
export function endMessage({ status, step, last, multiplier, program }: Ending): string | undefined {
  const has = (name: string) => program.settings.some((setting) => setting.name === name);
  const shorter = has('optimizer.learningRate') ? 'a smaller learning rate' : '';
  const tried = (...ways: string[]) => ways.filter((way) => way !== '').join(', or ');
  if (last && status !== 'diverged' && multiplier > APART * (1 + last.gradientNorm))
    return `The multipliers are beyond ±1e9 at step ${step}, and x is not: so they grow where constraints cannot be met together, or where their slopes vanish, or cancel each other, at the points that meet them.`;
  if (status === 'diverged') {
    const ways = tried(shorter, has('method.penalty') ? 'a smaller penalty' : '') || 'another start';
    return `Left ±1e9 after step ${step}: try ${ways}.`;
  }
  if (status === 'non-finite') {
    const undefinedAt = last?.undefinedAt ?? null;
    if (undefinedAt === null)
      return `A number was no longer finite after step ${step}: try ${tried(shorter, 'a start inside the domain of the loss')}.`;
    return undefinedAt === 0
      ? 'The loss is not a finite number at the start: try a start inside its domain.'
      : `The loss is not a finite number at step ${undefinedAt}: a step left its domain. Try ${tried(shorter, 'a constraint that keeps the iterates there')}.`;
  }
  if (status === 'stopped') return `Stopped at step ${step}.`;
  return undefined;
}
