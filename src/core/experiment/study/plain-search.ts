/** The optimum of a problem whose constraints have no slope where they are met, or cross there: by the same constraints in plain words. */
import { analyzeStages } from '../../analysis/analyze.ts';
import { feasibilityStages } from '../../analysis/feasibility/feasibility.ts';
import { isConvexProblem } from '../../analysis/optimum/curvature.ts';
import type { Descent } from '../../analysis/optimum/descent.ts';
import { modelOf } from '../../analysis/optimum/model.ts';
import { type Optimum, searchOptimum } from '../../analysis/optimum/optimum.ts';
import { graded, TOLERANCE } from '../../analysis/optimum/polish.ts';
import type { ConstraintKind } from '../../contracts.ts';
import { plainCases } from '../../problem/plain-cases.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { isContradictory } from './feasibility-report.ts';
import { descentOf } from './no-optimum.ts';

export interface PlainAnswer {
  /** The lowest of all cases, with what the constraints as typed have for multipliers there. */
  readonly optimum: Optimum | null;
  /** A fall for ever within one of the cases. */
  readonly descent: Descent | null;
}

/** Null where no constraint has plainer words, or a case leaves it open: (x + y)² = 0 is searched as x + y = 0, x y = 0 as x = 0 and as y = 0. */
export function* searchPlainly(problem: Problem, kinds: readonly ConstraintKind[]): Stages<PlainAnswer | null> {
  let best: Optimum | null = null;
  for (const plain of plainCases(problem) ?? []) {
    yield;
    const structure = yield* analyzeStages(plain, kinds);
    if (isContradictory(structure)) continue;
    const isConvex = isConvexProblem(plain, structure);
    const lowest = yield* searchOptimum(plain, { isConvex });
    const feasibility = lowest
      ? { verdict: 'yes' as const, point: lowest.x }
      : yield* feasibilityStages(plain, structure, null);
    if (feasibility.verdict === 'no') continue;
    const descent = lowest && isConvex ? null : yield* descentOf(plain, structure, feasibility, lowest, isConvex);
    if (descent) return { optimum: null, descent };
    if (lowest === null) return null;
    if (best === null || lowest.loss < best.loss) best = lowest;
  }
  return best && { optimum: asTyped(problem, best), descent: null };
}

/** With the multipliers of the constraints as typed that leave least of ∇L, which may be much: then there are none. */
function asTyped(problem: Problem, optimum: Optimum): Optimum {
  const grade = graded(modelOf(problem), Float64Array.from(optimum.x));
  if (grade === null) return optimum;
  const { multipliers, kktResidual } = grade;
  return { ...optimum, multipliers, kktResidual, ...(kktResidual > TOLERANCE && { hasNoMultipliers: true }) };
}
