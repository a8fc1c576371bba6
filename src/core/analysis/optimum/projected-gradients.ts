/** Optima on convex sets whose nearest points are known, by steps back to them. */
import { at } from '../../diagnostic.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { FARTHEST } from './interior-point.ts';
import type { Landed, Landing } from './landing.ts';
import { lookAround } from './look-around.ts';
import type { SmoothModel } from './model.ts';

/** Where projected gradients end, if that is a KKT point with nothing lower beside it. */
export function* projectedOptimum(
  problem: Problem,
  landing: Landing,
  onto: (x: Float64Array) => Float64Array,
): Stages<Landed | null> {
  const { whole } = landing;
  const x = yield* projectedGradients(whole, onto(startOf(problem)), onto, problem.size);
  const found = x && landing.at(x);
  return found && !(yield* lookAround(found.model, found)).lower ? found : null;
}

/** Steps of projected gradients. */
const PROJECTED_STEPS = 3000;
/** α beyond which the loss only flattens out. */
const LONGEST_STEP = 1e12;

/**
 * x ← P(x − α∇f) with α halved until f falls as its slope promises, until x stands still; null where it does not.
 * Source: Beck 2017, First-Order Methods in Optimization, §10.3–10.4.
 */
function* projectedGradients(
  model: SmoothModel,
  start: Float64Array,
  onto: (x: Float64Array) => Float64Array,
  size: number,
): Stages<Float64Array | null> {
  if (model.size !== size) return null;
  let [x, step] = [start, 1];
  for (let k = 0; k < PROJECTED_STEPS; k++) {
    if (k % 10 === 9) yield;
    const { loss, gradient } = model.at(x);
    if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) return null;
    for (let halvings = 0; ; halvings++) {
      const next = onto(x.map((entry, i) => entry - step * at(gradient, i)));
      const change = next.map((entry, i) => entry - at(x, i));
      const square = euclideanNorm(change) ** 2;
      const promised = change.reduce((sum, entry, i) => sum + entry * at(gradient, i), 0) + square / (2 * step);
      const rounding = 1e-15 * (1 + Math.abs(loss));
      if (model.values(next).loss <= loss + promised + rounding) {
        x = next;
        if (maximumNorm(x) > FARTHEST || step > LONGEST_STEP) return null;
        if (Math.sqrt(square) <= 1e-13 * (1 + maximumNorm(x))) return x;
        step *= 1.5;
        break;
      }
      if (halvings > 60) return x;
      step /= 2;
    }
  }
  return null;
}
