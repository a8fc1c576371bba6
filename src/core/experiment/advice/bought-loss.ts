/** Of a run that counts as arrived: that what is left of its violation still lowers the loss, where multipliers are large. */
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { ExecutorKind, Measures } from '../../run/run.ts';
import { KKT_TOLERANCE, precisionOf } from '../../run/verdict.ts';
import { maximumNorm } from '../../tensor/norms.ts';

/** Σ |λᵢ rᵢ| from which on it is told, in tolerances of the executor, relative to 1 + |f|. */
const TOLD = 10;

/**
 * λ says how much the loss changes with each unit of violation, so that Σ |λᵢ rᵢ| is about how far it is below what feasible points have.
 * Source: Nocedal & Wright 2006, §12.5 (sensitivity).
 */
export function adviceOnBoughtLoss(
  executor: ExecutorKind,
  { loss, violation, violations, multipliers }: Pick<Measures, 'loss' | 'violation' | 'violations' | 'multipliers'>,
): Advice | null {
  const rows = violations.length / Math.max(1, loss.length);
  const [last, forces] = [violations.slice(violations.length - rows), multipliers.slice(multipliers.length - rows)];
  const worth = last.reduce((sum, off, row) => sum + Math.abs(off * at(forces, row)), 0);
  if (!(worth > TOLD * KKT_TOLERANCE[precisionOf(executor)] * (1 + Math.abs(at(loss, loss.length - 1))))) return null;
  const [off, force] = [shortNumber(at(violation, violation.length - 1), 2), shortNumber(maximumNorm(forces), 2)];
  return {
    message: `Feasible and stationary within what counts as 0, yet not so near to an optimum: with a multiplier of ${force}, the violation of ${off} that is left lowers the loss by about ${shortNumber(worth, 2)}. Multipliers are large where the loss is steep beside its constraints; where slopes of constraints cancel or vanish they grow without bound.`,
  };
}
