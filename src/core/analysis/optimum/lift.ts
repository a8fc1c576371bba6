/** Which corners may become variables of their own: those in which all that is minimised, or kept below 0, grows. */
import { at } from '../../diagnostic.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { bentOf } from './corners.ts';
import type { Curvature } from './curvature.ts';
import { type Model, modelOf, type SmoothModel } from './model.ts';
import { type Lift, liftSize, NO_LIFT, wholeLift } from './replay.ts';

/** More variables than this are not taken on. */
const MOST_VARIABLES = 240;
/** Points at which growth is looked at: the start, and two beside it. */
const LOOKS = 3;
/** Slopes below this, relative to the largest of their row, are rounding. */
const ROUNDING = 1e-12;

/**
 * u ≥ |a| may stand for |a| where the loss and every row g ≤ 0 grow with it: then a smaller u is as good, and u = |a| at a minimum.
 * Growth is looked at in a few points, so whoever takes u for |a| at a point has to compare. A row h = 0 with h convex counts as
 * h ≤ 0 where `hull` has curvatures of the rows; else it must not depend on a corner.
 * Source: Boyd & Vandenberghe 2004, Convex Optimization, §4.1.3 (epigraph form).
 */
export function growingLift(problem: Problem, hull?: readonly Curvature[]): Lift {
  const bent = bentOf(problem);
  let positions = bent.corners.flatMap((_, k) => (bent.deciding.has(k) ? [] : [k]));
  for (;;) {
    const lift = wholeLift(bent, positions);
    if (positions.length === 0 || liftSize(lift) > MOST_VARIABLES) return NO_LIFT;
    const model = modelOf(problem, lift);
    const falling = new Set(Array.from({ length: LOOKS }, (_, k) => fallingIn(problem, model, k, hull)).flat());
    if (falling.size === 0) return lift;
    positions = positions.filter((k) => !falling.has(k));
  }
}

/** The corners in which something falls at a point beside the start. */
function fallingIn(problem: Problem, model: SmoothModel, look: number, hull?: readonly Curvature[]): number[] {
  const point = startOf(problem).map((entry, i) => entry + look * Math.sin(2.3 * (i + 1) + 7.1 * look));
  const { gradient, jacobian } = model.at(model.lift(point));
  const own = ownersOf(model);
  const n = model.size;
  const falling = new Set<number>();
  const judge = (slopes: Float64Array, sign: 1 | 0, exempt: number | null) => {
    const tolerance = ROUNDING * slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 1);
    own.columns.forEach((corner, k) => {
      const slope = at(slopes, problem.size + k);
      const isBad = !Number.isFinite(slope) || (sign === 1 ? slope < -tolerance : Math.abs(slope) > tolerance);
      if (corner !== exempt && isBad) falling.add(corner);
    });
  };
  judge(gradient, 1, null);
  model.relations.forEach((relation, row) => {
    const bend = hull?.[row] ?? null;
    const isBelow = relation === 'inequality' || bend === 'convex';
    judge(jacobian.data.subarray(row * n, (row + 1) * n), isBelow ? 1 : 0, at(own.rows, row) ?? null);
  });
  return [...falling];
}

/** The corner of each variable and of each row that defines one; null for typed rows. */
function ownersOf(
  model: Model & Pick<SmoothModel, 'lifted' | 'definitions'> & { readonly definedBy: readonly number[] },
) {
  const columns = [...model.lifted].sort(([a], [b]) => a - b).flatMap(([k, entries]) => entries.map(() => k));
  const typed = model.relations.length - model.definitions.length;
  return { columns, rows: [...new Array<null>(typed).fill(null), ...model.definedBy] };
}
