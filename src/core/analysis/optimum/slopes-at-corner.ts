/** The slopes of what is minimised at a corner: which of them answers to the constraints, and where it curves. */
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { reachable } from '../../tensor/evaluate.ts';
import { type Bent, bentOf } from './corners.ts';
import { MultiplierSolver, type Rows } from './kkt.ts';
import { modelOf, type SmoothModel } from './model.ts';
import { liftNear, nearnessIn } from './nearness.ts';
import { type Lift, liftSize } from './replay.ts';

export interface CornerSlope {
  /** Of all slopes g at x the one of least ‖g + Jᵀm‖. */
  readonly gradient: Float64Array;
  /** What no slope makes up for: a corner that points upwards has none at which it could rest. */
  readonly rest: number;
  /** With a variable for each corner at x, and the point in it. */
  readonly model: SmoothModel;
  readonly point: Float64Array;
  /** For each of the model's rows that define a variable, its multiplier; of a length at 0, whether it would stay there by itself. */
  readonly forces: readonly number[];
}

const STRESS = 1e4;

/** Of more corners at one point no slope is chosen: each is a variable and some rows, and the choice is made for every record. */
const MOST_CORNERS = 32;

/** The corners and the lengths of the loss, by their positions, but those that rows share with it, which are left to them. */
function ownCorners({ symbols, loss, residuals, corners, folds }: Bent) {
  const inRows = reachable(
    symbols.ops,
    residuals.flatMap((residual) => (residual ? [residual.id] : [])),
  );
  const inLoss = reachable(symbols.ops, [loss.id]);
  const own = new Set(corners.flatMap(({ node }, k) => (inLoss.has(node) && !inRows.has(node) ? [k] : [])));
  const lengths = folds.flatMap((fold, k) =>
    fold.kind === 'length' && fold.inside && inLoss.has(fold.node) && !inRows.has(fold.node) ? [k] : [],
  );
  return { own, lengths };
}

/** Whether what is minimised has corners or lengths that no row shares with it. */
export function hasOwnCorners(problem: Problem): boolean {
  const { own, lengths } = ownCorners(bentOf(problem));
  return own.size + lengths.length > 0;
}

/**
 * (x[n], rows, room) ↦ the slope at x that answers best to the rows, a corner being nearer than room·(1 + |value|); null where x
 * stands on no corner of the loss. Corners that rows share with it are left to them. Source: Rockafellar 1970, §23, §28.
 */
export function slopesAtCorner(problem: Problem): (x: Float64Array, rows: Rows, room: number) => CornerSlope | null {
  const { own, lengths } = ownCorners(bentOf(problem));
  if (own.size + lengths.length === 0) return () => null;
  const near = nearnessIn(problem);
  const models = new Map<string, SmoothModel>();
  const modelFor = (lift: Lift, pins: readonly number[]): SmoothModel => {
    const key = JSON.stringify([[...lift], pins]);
    const known = models.get(key) ?? modelOf(problem, lift, pins);
    models.clear(); // the playhead moves on: only the last is likely to be asked for again
    models.set(key, known);
    return known;
  };
  return (x, rows, room) => {
    const nearness = near(x);
    const lift: Lift = new Map([...liftNear(nearness, room)].filter(([k]) => own.has(k)));
    const pins = lengths.filter((k) => at(nearness.folds, k) <= room);
    const corners = liftSize(lift) + pins.length;
    if (corners === 0 || corners > MOST_CORNERS) return null;
    const model = modelFor(lift, pins);
    const point = model.lift(x);
    const here = model.at(point);
    const [n, size, typed] = [problem.size, model.size, rows.relations.length];
    const pinned = new Set(model.pinnedRows.flat());
    const inside = model.pinnedRows.flatMap((own) => own.slice(1));
    const bent = model.definitions.filter((row) => !pinned.has(row));
    const defining = [...bent.filter((row) => at(here.residual, row) >= -room * (1 + Math.abs(here.loss))), ...inside];
    // What is asked of u comes before what is asked of x: the slope is one that there is.
    const last = size - pins.length; // from there on the variables of lengths, whose slope is what they gain
    const stressed = (row: Float64Array) => row.map((entry, j) => (j < n ? entry : j < last ? STRESS * entry : 0));
    const jacobian = new Float64Array((typed + defining.length) * size);
    for (let i = 0; i < typed; i++) for (let j = 0; j < n; j++) jacobian[i * size + j] = at(rows.jacobian, i * n + j);
    defining.forEach((row, k) => {
      jacobian.set(stressed(here.jacobian.data.subarray(row * size, (row + 1) * size)), (typed + k) * size);
    });
    const { multipliers } = new MultiplierSolver().solve(
      stressed(here.gradient),
      {
        relations: [
          ...rows.relations,
          ...defining.map((row) => (pinned.has(row) ? ('equality' as const) : ('inequality' as const))),
        ],
        jacobian,
        residual: Float64Array.from([...rows.residual, ...defining.map(() => 0)]),
      },
      0,
    );
    // Of a length at 0 all slopes are there that are no longer than what it gains.
    const clipped = new Map<number, number>();
    const areWithin = model.pinnedRows.map(([, ...rowsOfA], k) => {
      const gain = at(here.gradient, last + k);
      const positions = rowsOfA.map((row) => typed + defining.indexOf(row));
      const length = Math.hypot(...positions.map((position) => at(multipliers, position)));
      const share = length > gain ? Math.max(0, gain) / length : 1;
      for (const position of positions) clipped.set(position, share * at(multipliers, position));
      return length < gain * (1 - room) ? 1 : 0;
    });
    const slope = stressed(here.gradient);
    defining.forEach((_, k) => {
      for (let j = 0; j < size; j++)
        slope[j] =
          at(slope, j) + (clipped.get(typed + k) ?? at(multipliers, typed + k)) * at(jacobian, (typed + k) * size + j);
    });
    const forces = model.definitions.map((row) => {
      const pin = model.pinnedRows.findIndex((own) => own.includes(row));
      if (pin >= 0) return at(areWithin, pin);
      const position = defining.indexOf(row);
      return position < 0 ? 0 : at(multipliers, typed + position);
    });
    return { gradient: slope.slice(0, n), rest: Math.hypot(...slope.slice(n)) / STRESS, model, point, forces };
  };
}
