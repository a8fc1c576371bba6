/** Slopes where constraints have corners: of all that there are, those that answer best to each other and to the loss. */
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { reachable } from '../../tensor/evaluate.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { areRowsBent, bentOf } from './corners.ts';
import { isActiveRow, MultiplierSolver, type Rows } from './kkt.ts';
import { type Local, modelOf, type SmoothModel } from './model.ts';
import { liftNear, nearnessIn } from './nearness.ts';
import { type Lift, liftSize } from './replay.ts';

export interface AnsweringSlopes {
  /** ∂f[n], with the corners that the loss shares with the rows. */
  readonly gradient: Float64Array;
  /** ∂h and ∂g[rows, n]. */
  readonly jacobian: Float64Array;
}

/** What is asked of the variables of corners comes before what is asked of x: the slopes are some that there are. */
const STRESS = 1e4;
/** More corners at one point are not told apart: each is a variable and some rows. */
const MOST_CORNERS = 60;
/** Slopes below this, relative to the largest, are rounding. */
const ROUNDING = 1e-12;

/** Whether rows have corners that do not move: absolute values, maxima and the like. */
export function haveRowsCorners(problem: Problem): boolean {
  const bent = bentOf(problem);
  if (!areRowsBent(bent)) return false;
  const { ops, t, T } = bent.symbols;
  const roots = [bent.loss, ...bent.residuals].flatMap((root) => (root ? [root.id] : []));
  const read = reachable(ops, roots);
  return !read.has(t.id) && !read.has(T.id);
}

/**
 * (x[n], rows, room) ↦ one slope of the loss and of each row such that multipliers m, ≥ 0 on active inequalities, leave least of
 * ‖∂f + Jᵀm‖, a corner being nearer than room·(1 + |value|); null where no row that counts stands on one. At a corner
 * u = max(a₁, a₂, …) the slope is Σ wᵢ ∇aᵢ with w ≥ 0 and Σ w = 1, the same for all that read u: with a variable for u and the rows
 * aᵢ ≤ u, w are their multipliers. Rows and corners against which the loss would rather push are left as they are given.
 * Source: Rockafellar 1970, Convex Analysis, §23 (subgradients of a maximum), §28 (multipliers).
 */
export function rowsAtCorner(problem: Problem): (x: Float64Array, rows: Rows, room: number) => AnsweringSlopes | null {
  const bent = bentOf(problem);
  const { ops } = bent.symbols;
  const inRows = reachable(
    ops,
    bent.residuals.flatMap((residual) => (residual ? [residual.id] : [])),
  );
  const inLoss = reachable(ops, [bent.loss.id]);
  const [ofRows, mayLift] = [new Set<number>(), new Set<number>()];
  bent.corners.forEach(({ node }, k) => {
    if (inRows.has(node)) ofRows.add(k);
    if ((inRows.has(node) || inLoss.has(node)) && !bent.deciding.has(k)) mayLift.add(k);
  });
  const near = nearnessIn(problem);
  let known: { readonly key: string; readonly model: SmoothModel } | null = null;
  const modelFor = (lift: Lift): SmoothModel => {
    const key = JSON.stringify([...lift]);
    if (known?.key !== key) known = { key, model: modelOf(problem, lift) }; // records that follow each other stand on the same corners
    return known.model;
  };
  return (x, rows, room) => {
    let lift: Lift = new Map([...liftNear(near(x), room)].filter(([k]) => mayLift.has(k)));
    for (;;) {
      if (![...lift.keys()].some((k) => ofRows.has(k)) || liftSize(lift) > MOST_CORNERS) return null;
      const model = modelFor(lift);
      const point = model.lift(x);
      const here = model.at(point);
      const corners = cornersIn(model, problem.size);
      const falling = fallingIn(here, rows, corners);
      if (falling.size === 0) return answering(here, rows, corners, point, problem.size, room);
      lift = new Map([...lift].filter(([k]) => !falling.has(k)));
    }
  };
}

/** What is known of a point where active rows have corners; neither where nothing is. */
export interface Turn {
  /**
   * L = f + mᵀ(h, g) grows with each corner's value, so that it bends upwards there whatever slope of the corner is taken: what second
   * derivatives prove of a minimum is true. That one of them is below 0 proves nothing, as the bend may outweigh it.
   */
  readonly isUpwards: boolean;
  /** The rows grow with them, so that `rowsAtCorner` has looked at all slopes: where no multipliers balance them, there are none. */
  readonly isAnswered: boolean;
}

/** (x[n], active rows, a multiplier a row, room) ↦ what is known of the corners on which these rows stand; null where they stand on none. */
export function turnsOfRows(
  problem: Problem,
): (x: Float64Array, active: readonly number[], multipliers: ArrayLike<number>, room: number) => Turn | null {
  const bent = bentOf(problem);
  const owners = problem.constraints.flatMap(({ rows }, k) => new Array<number>(rows).fill(k));
  const inside = bent.residuals.map((residual) => reachable(bent.symbols.ops, residual ? [residual.id] : []));
  const near = nearnessIn(problem);
  const nothing: Turn = { isUpwards: false, isAnswered: false };
  return (x, active, multipliers, room) => {
    const constraints = [...new Set(active.map((row) => at(owners, row)))];
    const isRead = (node: number) => constraints.some((k) => at(inside, k).has(node));
    const here = near(x);
    if (bent.folds.some(({ node }, k) => isRead(node) && at(here.folds, k) <= room)) return nothing;
    const lift: Lift = new Map([...liftNear(here, room)].filter(([k]) => isRead(at(bent.corners, k).node)));
    if (lift.size === 0) return null;
    if (liftSize(lift) > MOST_CORNERS || [...lift.keys()].some((k) => bent.deciding.has(k))) return nothing;
    const model = modelOf(problem, lift);
    const { gradient, jacobian } = model.at(model.lift(x));
    const { variables, definitions } = cornersIn(model, problem.size);
    const slopeOf = (row: number, column: number) => at(jacobian.data, row * model.size + column);
    const isNested = definitions.some(({ row, corner: own }) =>
      variables.some(({ corner, column }) => corner !== own && slopeOf(row, column) !== 0),
    );
    if (isNested) return nothing;
    const isUpwards = variables.every(({ column }) => {
      const slopes = owners.map((_, row) => at(multipliers, row) * slopeOf(row, column));
      const scale = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 1);
      return slopes.reduce((sum, slope) => sum + slope, at(gradient, column)) >= -ROUNDING * scale;
    });
    const isAnswered = variables.every(({ column }) =>
      active.every((row) => {
        const slope = slopeOf(row, column);
        return at(model.relations, row) === 'equality' ? slope === 0 : slope >= -ROUNDING;
      }),
    );
    return { isUpwards, isAnswered };
  };
}

/** The variables of corners, in order: those of inner corners first. */
interface Variable {
  /** The position of its corner, and its column. */
  readonly corner: number;
  readonly column: number;
}

interface Corners {
  readonly variables: readonly Variable[];
  /** Rows of the model that define a variable, with the corner of it. */
  readonly definitions: readonly { readonly row: number; readonly corner: number }[];
}

function cornersIn({ lifted, definitions, definedBy }: SmoothModel, n: number): Corners {
  const order = [...lifted].sort(([a], [b]) => a - b).flatMap(([corner, entries]) => entries.map(() => corner));
  return {
    variables: order.map((corner, k) => ({ corner, column: n + k })),
    definitions: definitions.map((row, k) => ({ row, corner: at(definedBy, k) })),
  };
}

/** Corners in which the loss or a row that counts falls: a larger u would be better than u itself. */
function fallingIn({ gradient, jacobian }: Local, rows: Rows, { variables, definitions }: Corners) {
  const falling = new Set<number>();
  const judge = (slopes: Float64Array, isEquality: boolean, exempt: number | null) => {
    const tolerance = ROUNDING * slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 1);
    for (const { corner, column } of variables) {
      const slope = at(slopes, column);
      const isBad = isEquality ? !(Math.abs(slope) <= tolerance) : !(slope >= -tolerance);
      if (corner !== exempt && isBad) falling.add(corner);
    }
  };
  const rowOf = (row: number) => jacobian.data.subarray(row * jacobian.columns, (row + 1) * jacobian.columns);
  judge(gradient, false, null);
  rows.relations.forEach((relation, row) => {
    judge(rowOf(row), relation === 'equality', null);
  });
  for (const { row, corner } of definitions) judge(rowOf(row), false, corner);
  return falling;
}

function answering(
  { gradient, residual, jacobian }: Local,
  rows: Rows,
  { variables, definitions }: Corners,
  point: Float64Array,
  n: number,
  room: number,
): AnsweringSlopes {
  const [size, typed] = [jacobian.columns, rows.relations.length];
  const rowOf = (row: number) => jacobian.data.subarray(row * size, (row + 1) * size);
  const isRead = (row: number) => variables.some(({ column }) => at(rowOf(row), column) !== 0);
  // A row without corners here is as it was given: of a set with a boundary of its own, or of another kind of corner.
  const slopesOf = (row: number): Float64Array => {
    if (isRead(row)) return rowOf(row);
    const own = new Float64Array(size);
    own.set(rows.jacobian.subarray(row * n, (row + 1) * n));
    return own;
  };
  const typedRows = rows.relations.map((_, row) => slopesOf(row));
  const owners = definitions.flatMap(({ row, corner }) => {
    const owner = variables.find((one) => one.corner === corner && at(rowOf(row), one.column) < 0);
    const isNear = owner && at(residual, row) >= -room * (1 + Math.abs(at(point, owner.column)));
    return owner && isNear ? [{ row, column: owner.column }] : [];
  });
  // Told here, as stressed rows are as long as steep ones.
  const largest = maximumNorm(point.subarray(0, n));
  const active = rows.residual.map((residual, row) => {
    const length = euclideanNorm(rows.jacobian.subarray(row * n, (row + 1) * n));
    return isActiveRow(residual, length, largest) ? 0 : Number.NEGATIVE_INFINITY;
  });
  const stressed = (row: Float64Array) => row.map((entry, j) => (j < n ? entry : STRESS * entry));
  const all = [...typedRows, ...owners.map(({ row }) => rowOf(row))].map(stressed);
  const data = new Float64Array(all.length * size);
  all.forEach((row, i) => {
    data.set(row, i * size);
  });
  const { multipliers } = new MultiplierSolver().solve(
    stressed(gradient),
    {
      relations: [...rows.relations, ...owners.map(() => 'inequality' as const)],
      jacobian: data,
      residual: Float64Array.from([...active, ...owners.map(() => 0)]),
    },
    0,
  );
  const slopes = new Map<number, Float64Array>();
  const inX = (row: Float64Array, own: number | null): Float64Array => {
    const total = row.slice(0, n);
    for (const [column, slope] of slopes) {
      const share = column === own ? 0 : at(row, column);
      if (share !== 0) for (let j = 0; j < n; j++) total[j] = at(total, j) + share * at(slope, j);
    }
    return total;
  };
  for (const { column } of variables) {
    const pieces = owners.flatMap((owner, k) =>
      owner.column === column ? [{ row: owner.row, weight: at(multipliers, typed + k) }] : [],
    );
    const weights = pieces.reduce((sum, { weight }) => sum + weight, 0);
    const slope = new Float64Array(n);
    for (const { row, weight } of pieces) {
      const share = weights > 0 ? weight / weights : 1 / pieces.length;
      inX(rowOf(row), column).forEach((entry, j) => {
        slope[j] = at(slope, j) + share * entry;
      });
    }
    slopes.set(column, slope);
  }
  const chosen = new Float64Array(typed * n);
  typedRows.forEach((row, i) => {
    chosen.set(inX(row, null), i * n);
  });
  return { gradient: inX(gradient, null), jacobian: chosen };
}
