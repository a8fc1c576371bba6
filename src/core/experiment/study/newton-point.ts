/** A feasible point by Newton's steps to the violated rows, near where the reader starts. */
import { violationAt } from '../../analysis/optimum/model.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { recordMeasure } from '../../program/measure.ts';
import { FeasiblePoint } from '../../run/feasible-point.ts';
import { maximumNorm } from '../../tensor/norms.ts';

/** Points from which steps are taken: the start, and points farther and farther around it. */
const STARTS = 24;
/** Entries of the Jacobian: some hundredths of a second in all. */
const MOST_ENTRIES = 2_000;
/** A violation below this, relative to 1 + |x|∞, is rounding. */
const ROUNDING = 1e-9;

/**
 * Some x with h(x) = 0 and g(x) ≤ 0 at t = 0; null where no start leads to one, and for large problems. It finds what interior points
 * miss that run along a set which goes on for ever, as x y = 1.
 */
export function pointByNewton(problem: Problem): Float64Array | null {
  const rows = problem.constraints.reduce((sum, one) => sum + one.rows, 0);
  if (rows * problem.size > MOST_ENTRIES) return null;
  const nearby = new FeasiblePoint(recordMeasure(problem, null), 1);
  const first = startOf(problem);
  for (let k = 0; k < STARTS; k++) {
    const x = Float64Array.from(first, (entry, i) => entry + (k / 4) * Math.sin(12.9898 * (i + 1) + 78.233 * k)); // a fixed scatter
    nearby.move(x);
    if (x.every(Number.isFinite) && violationAt(problem, x) <= ROUNDING * (1 + maximumNorm(x))) return x;
  }
  return null;
}
