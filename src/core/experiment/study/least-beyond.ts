/** By how much one affine row is off where sets hold whose nearest points are known. */
import { analyze } from '../../analysis/analyze.ts';
import type { Give } from '../../analysis/feasibility/least-give.ts';
import type { Beyond } from '../../analysis/feasibility/questions.ts';
import { violationAt } from '../../analysis/optimum/model.ts';
import type { ConstraintKind } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { setProjection } from './set-projection.ts';

/** Steps so long that the nearest point of where they end is the lowest of the set, nearly; the turns do the rest. */
const STRIDE = 1e4;
const TURNS = 400;
const STILL = 1e-13;

/**
 * min a·x over the sets of some constraints, by x ← P(x − τ a): the proximal point method, which ends there for convex sets, and
 * for others at an upper bound. Infinite programs, and sets that overlap, are left to others: null.
 * Source: Rockafellar 1976, SIAM Journal on Control and Optimization 14, 877–898.
 */
export function leastBeyond(problem: Problem, kinds: readonly ConstraintKind[]): Beyond {
  return (held, { a, b, relation }) => {
    const own = { ...problem, constraints: held.map((constraint, index) => ({ ...constraint, index })) };
    const structure = analyze(own, kinds);
    const projection = structure.hasExactProjection ? setProjection(own, structure, kinds) : null;
    const length = euclideanNorm(a);
    if (!projection || length === 0) return null;
    const lowest = (sign: 1 | -1): Float64Array | null => {
      let x = projection.onto(startOf(problem));
      for (let turn = 0; turn < TURNS; turn++) {
        const stride = (sign * STRIDE * (1 + maximumNorm(x))) / length;
        const next = projection.onto(x.map((entry, i) => entry - stride * at(a, i)));
        if (!next.every(Number.isFinite) || maximumNorm(next) > 1e9) return null;
        const isStill = maximumNorm(next.map((entry, i) => entry - at(x, i))) <= STILL * (1 + maximumNorm(next));
        x = next;
        if (isStill) break;
      }
      return violationAt(own, x) <= 1e-9 * (1 + maximumNorm(x)) ? x : null;
    };
    const offOf = (x: Float64Array): number => x.reduce((sum, entry, i) => sum + entry * at(a, i), -b);
    const found = ([1, -1] as const).flatMap((sign): Give[] => {
      if (sign === -1 && relation === 'inequality') return [];
      const x = lowest(sign);
      const amount = x === null ? 0 : sign * offOf(x);
      return x && amount > 0 ? [{ amount, x: [...x] }] : [];
    });
    const [only, second] = found;
    return only && !second ? { give: only, isLeast: projection.isConvex } : null;
  };
}
