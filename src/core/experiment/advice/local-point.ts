/** Of a run that arrived above the best point that is known: that a stationary point need not be an optimum. */
import type { Advice } from '../../contracts.ts';
import { shortNumber } from '../../number-text.ts';
import type { Study } from '../study/study.ts';

/** f − f* by 1 + |f*| from which on two losses are told apart. */
const ABOVE = 1e-3;

export const isAbove = (loss: number, best: number): boolean => loss - best > ABOVE * (1 + Math.abs(best));

/**
 * Of a feasible and stationary point with this loss (of what is minimised) in a problem that does not move with t. Null where the
 * problem is convex, so that such a point is an optimum; where soft constraints are weighed against the loss; where nothing better is known.
 */
export function adviceOnLocalPoint(
  { problem, optimum, noOptimum, isConvex }: Pick<Study, 'problem' | 'optimum' | 'noOptimum' | 'isConvex'>,
  loss: number,
): Advice | null {
  if (isConvex || problem.soft.length > 0) return null;
  const better = betterThan(loss, { problem, optimum, noOptimum });
  if (better === null) return null;
  const here = 'this is a saddle, or best among its neighbours only. Another start may lead elsewhere.';
  return { message: `Feasible and stationary, but ${better}: ${here}` };
}

function betterThan(
  loss: number,
  { problem, optimum, noOptimum }: Pick<Study, 'problem' | 'optimum' | 'noOptimum'>,
): string | null {
  if (noOptimum?.falls) return noOptimum.summary.replace(/^The/u, 'the');
  if (!optimum || !isAbove(loss, optimum.loss)) return null;
  const known =
    problem.sense === 'maximize'
      ? `an objective of ${shortNumber(-optimum.loss)}`
      : `a loss of ${shortNumber(optimum.loss)}`;
  return `a point with ${known} is known`;
}
