/**
 * Where the loss is lowest, or why nowhere, and whether the constraints can be met: a search for one often answers the other, so both are
 * asked in turns.
 */
import type { LinearSolver } from '../../analysis/affine/linear-program.ts';
import type { Feasibility } from '../../analysis/feasibility/feasibility.ts';
import { factoredModel } from '../../analysis/feasibility/spectral-factors.ts';
import { isConvexProblem } from '../../analysis/optimum/curvature.ts';
import type { Cusp } from '../../analysis/optimum/cusp.ts';
import type { Descent } from '../../analysis/optimum/descent.ts';
import { type Optimum, searchOptimum } from '../../analysis/optimum/optimum.ts';
import type { Structure } from '../../analysis/structure.ts';
import type { ConstraintKind } from '../../contracts.ts';
import type { Problem } from '../../problem/problem.ts';
import { kktReporter } from '../../run/kkt-report.ts';
import { KKT_TOLERANCE } from '../../run/verdict.ts';
import type { Stages } from '../../stages.ts';
import { isContradictory, judgedFeasibility, searchedFeasibility } from './feasibility-report.ts';
import { descentOf, whyNone } from './no-optimum.ts';
import { searchPlainly } from './plain-search.ts';
import { setProjection } from './set-projection.ts';
import type { Study } from './study.ts';

interface Found extends Pick<Study, 'isConvex' | 'optimum' | 'noOptimum' | 'feasibility'> {
  /** How the loss falls for ever; null where nothing of the kind was found. */
  readonly descent: Descent | null;
  /** The lowest minimum that was found: the optimum, unless the loss falls for ever below it. */
  readonly lowest: Optimum | null;
}

/** With pauses. Rows that contradict each other are not searched, and constraints without a slope also in plainer words. */
export function* optimumStages(
  problem: Problem,
  structure: Structure,
  kinds: readonly ConstraintKind[],
  solver: LinearSolver | null,
): Stages<Found> {
  const isConvex = isConvexProblem(problem, structure);
  const isEmpty = isContradictory(structure);
  const projection = isEmpty ? null : setProjection(problem, structure, kinds);
  let searched: Feasibility | null = null;
  const search = function* (): Stages<Feasibility> {
    searched ??= yield* searchedFeasibility(problem, structure, solver, projection, kinds);
    return searched;
  };
  let cusp: Cusp | null = null;
  const asTyped = isEmpty
    ? null
    : yield* searchOptimum(problem, {
        isQuadratic: structure.lossDegree <= 2 && structure.constraints.every(({ affine }) => affine),
        isConvex,
        convexSet: projection?.isConvex
          ? { onto: projection.onto, isLossQuadratic: structure.lossDegree <= 2 && problem.soft.length === 0 }
          : null,
        onCusp(found) {
          if (cusp === null || found.loss < cusp.loss) cusp = found;
        },
        factored: (model) => factoredModel(problem, structure, model),
        *isEmpty() {
          return (yield* search()).verdict === 'no';
        },
      });
  yield;
  const plainly = asTyped || isEmpty ? null : yield* searchPlainly(problem, kinds);
  const lowest = asTyped ?? plainly?.optimum ?? null;
  const feasibility = yield* judgedFeasibility(lowest, search);
  yield;
  // A local minimum of a loss that falls for ever below it elsewhere is no optimum.
  const isKnown = plainly !== null || (lowest !== null && isConvex);
  const fall = isKnown ? null : yield* descentOf(problem, structure, feasibility, lowest, isConvex);
  const descent = plainly?.descent ?? fall;
  const optimum = descent || !lowest ? null : withOthers(problem, lowest);
  const noOptimum = optimum ? null : whyNone(problem, feasibility, descent, isConvex, cusp);
  return { isConvex, optimum, noOptimum, feasibility, descent, lowest };
}

/** Marked where its multipliers are some of many. */
function withOthers(problem: Problem, optimum: Optimum): Optimum {
  const report = kktReporter(problem)?.(Float64Array.from(optimum.x), KKT_TOLERANCE.float64);
  const shared = report && !optimum.hasNoMultipliers ? report.shared : [];
  return shared.length > 0 ? { ...optimum, sharedMultipliers: shared } : optimum;
}
