/** Of a run that ends at the best point that is known, and yet does not count as stationary: that it is there, and what is missing. */
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { isKept, KKT_TOLERANCE, precisionOf } from '../../run/verdict.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Study } from '../study/study.ts';
import type { Course } from './more-steps.ts';

/** |f − f*| by 1 + |f*| that is no gap: the loss is flat about an optimum, so that it is near long before ‖∇L‖ is. */
const NO_GAP = 1e-6;

/**
 * Null where the last point breaks a constraint, where its loss is off the best that is known, and where none is known. `size` is n;
 * not for problems that move with t, nor for soft constraints, which are weighed against the loss.
 */
export function adviceAtBest(
  { problem, optimum }: Pick<Study, 'problem' | 'optimum'>,
  { executor, iterates, loss, violation, stationarity }: Course,
): Advice | null {
  const last = loss.length - 1;
  const largest = maximumNorm(iterates.subarray(iterates.length - problem.size));
  if (!optimum || problem.soft.length > 0 || !isKept(violation.at(-1) ?? Number.NaN, largest, executor)) return null;
  const gap = Math.abs(at(loss, last) - optimum.loss) / (1 + Math.abs(optimum.loss));
  if (!(gap <= Math.max(NO_GAP, KKT_TOLERANCE[precisionOf(executor)]))) return null; // NaN is not
  if (optimum.hasNoMultipliers)
    return {
      message:
        'It ends at the best point that is known. There the slopes of the constraints vanish or depend on each other, so that no multipliers balance the loss: ‖∇L‖ does not go to 0, however near it comes.',
    };
  const [what, best] = problem.sense === 'maximize' ? ['objective', 'highest'] : ['loss', 'lowest'];
  const within = gap < 1e-15 ? 'to the last digit' : `within ${shortNumber(gap * (1 + Math.abs(optimum.loss)), 1)}`;
  return {
    message: `Its ${what} is the ${best} that is known, ${within}, and it keeps its constraints. It does not count as converged only because ‖∇L‖ = ${shortNumber(at(stationarity, last), 2)} is not small enough yet: about an optimum the loss is flat, and its slope is the last to settle.`,
  };
}
