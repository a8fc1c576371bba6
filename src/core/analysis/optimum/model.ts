/** What methods minimise and the constraints of a problem as functions with first and second derivatives, in Float64, at t = 0. */
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { expressionValue, lossOf, objectiveOf, residualOf } from '../../problem/elaborate.ts';
import type { Problem } from '../../problem/problem.ts';
import { boundaryRows } from '../../problem/set-rows.ts';
import { gradient, jacobian, vjp } from '../../tensor/derivatives.ts';
import { Machine, reachable } from '../../tensor/evaluate.ts';
import type { Matrix } from '../../tensor/matrix.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { symbolsOf } from '../recorded/symbols.ts';
import { bentOf } from './corners.ts';
import { liftPoint, nearnessIn } from './nearness.ts';
import { type Lift, liftSize, NO_LIFT, replay } from './replay.ts';

/** Values at one point. */
export interface Local {
  readonly loss: number;
  /** ∇f[n]. */
  readonly gradient: Float64Array;
  /** h or g of every row, in the order typed. */
  readonly residual: Float64Array;
  /** J[rows, n]. */
  readonly jacobian: Matrix;
}

export interface Model {
  readonly size: number;
  /** Entries of all values that first and second derivatives take: what one iteration costs. */
  readonly cost: number;
  /** For each row, whether it must be = 0 or ≤ 0. */
  readonly relations: readonly ('equality' | 'inequality')[];
  /** The loss and the residuals alone: what a line search asks for. */
  values(x: Float64Array): Pick<Local, 'loss' | 'residual'>;
  at(x: Float64Array): Local;
  /** ∇²(f + mᵀr)[n, n], the curvature of the Lagrangian. */
  hessian(x: Float64Array, multipliers: Float64Array): Matrix;
  /** ∇²(mᵀr)[n, n], without the loss. */
  curvature(x: Float64Array, multipliers: Float64Array): Matrix;
}

/** Values that reverse and forward sweeps make of one, about. */
const SWEEPS = 4;

/** About what `cost` will be, from the values of the loss and the rows alone: a model of many rows of data takes seconds to record. */
export function expectedCost(problem: Problem): number {
  const { ops, x, t, T } = symbolsOf(problem);
  const roots = [
    objectiveOf(ops, problem, x, t, T),
    ...problem.constraints.map((constraint) => residualOf(ops, problem, constraint, x, t, T)),
  ];
  const values = reachable(
    ops,
    roots.map(({ id }) => id),
  );
  return SWEEPS * problem.size * [...values].reduce((sum, id) => sum + sizeOf(at(ops.values, id).shape), 0);
}

/** f at x and t = 0, as typed. */
export function lossAt(problem: Problem, point: ArrayLike<number>): number {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const loss = lossOf(ops, problem, x, t, T);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  machine.numbers(x.id).set(point);
  machine.procedure([loss.id])();
  return at(machine.numbers(loss.id), 0);
}

/** The largest |h| or max(g, 0) at x and t = 0. */
export function violationAt(problem: Problem, point: ArrayLike<number>): number {
  const ops = new Ops();
  const [x, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const residuals = problem.constraints.map((constraint) => residualOf(ops, problem, constraint, x, t, T));
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  machine.numbers(x.id).set(point);
  machine.procedure(residuals.map(({ id }) => id))();
  return problem.constraints.reduce((most, { relation }, i) => {
    const rows = machine.numbers(at(residuals, i).id);
    return rows.reduce((largest, row) => Math.max(largest, relation === 'equality' ? Math.abs(row) : row), most);
  }, 0);
}

/** A model some of whose corners are variables of their own, after x, with rows of their own: u ≥ |a| for |a|. */
export interface SmoothModel extends Model {
  readonly lifted: Lift;
  /** Lengths ‖a‖ that are held at 0, as folds of the problem; and for each the row of its variable, then those of a. */
  readonly pins: readonly number[];
  readonly pinnedRows: readonly (readonly number[])[];
  /** The point with its u. */
  lift(x: Float64Array): Float64Array;
  /** The rows that stand for each constraint, in the order typed. */
  readonly rowsOf: readonly (readonly number[])[];
  /** The rows that make u what it is; they hold whatever else gives. */
  readonly definitions: readonly number[];
  /** For each of them, the position of its corner. */
  readonly definedBy: readonly number[];
  /** One multiplier a typed row. */
  typedMultipliers(multipliers: readonly number[]): number[];
}

/**
 * With variables for the lifted entries of corners. Where the rows grow with them, it is the same set of x. With `rounding` ε > 0,
 * √(‖a‖² + ε²) stands for lengths that are not pinned: another problem, near by.
 */
export function modelOf(
  problem: Problem,
  lift: Lift = NO_LIFT,
  pins: readonly number[] = [],
  rounding = 0,
): SmoothModel {
  const typed = problem.size;
  const end = typed + liftSize(lift);
  const n = end + pins.length;
  const isLifted = n > typed || rounding > 0;
  const bent = isLifted ? bentOf(problem) : null;
  const { ops, t, T } = bent?.symbols ?? symbolsOf(problem);
  const x = ops.input('start', 'point', [n]);
  const part = (point: Tensor, offset: number, count: number) =>
    offset === 0 && count === n ? point : ops.slice(point, { offset, strides: [1], shape: [count] });
  const replayed = (point: Tensor) =>
    bent &&
    replay(
      bent,
      lift,
      part(point, 0, typed),
      part(point, typed, end - typed),
      pins,
      part(point, end, n - end),
      rounding,
    );
  const loss = (point: Tensor) => replayed(point)?.loss ?? objectiveOf(ops, problem, part(point, 0, typed), t, T);
  const valued = (own: Tensor) => (expr: Expr) => expressionValue(ops, problem, expr, own, t, T);
  // Where eigenvalues meet on the boundary, the loss's slope at x tells their vectors apart.
  const slope = () => valued(ops.still(part(gradient(ops, loss, x), 0, typed)));
  const partsOf = (
    point: Tensor,
  ): { readonly residuals: readonly Tensor[]; readonly definitions: readonly Tensor[] } => {
    const own = part(point, 0, typed);
    const again = replayed(point);
    return {
      residuals: problem.constraints.map(
        (constraint, k) =>
          (again?.residuals[k] && ops.reshape(at(again.residuals, k) ?? own, [constraint.rows])) ??
          boundaryRows(ops, constraint, valued(own), slope) ??
          residualOf(ops, problem, constraint, own, t, T),
      ),
      definitions: [...(again?.definitions ?? []), ...(again?.pinned ?? [])],
    };
  };
  const counts = problem.constraints.map(({ rows: own }) => own);
  const ownRows = counts.reduce((sum, count) => sum + count, 0);
  const corners = [...lift.keys()].sort((a, b) => a - b);
  const defined = partsOf(x).definitions.map(({ shape }) => sizeOf(shape));
  const definedBy = defined.flatMap((count, k) => new Array<number>(count).fill(corners[k] ?? -1));
  const isPin = definedBy.map((corner) => corner < 0);
  const rows = ownRows + definedBy.length;
  const weights = ops.input('setting', 'multipliers', [rows]);
  const residual = (point: Tensor) => {
    const { residuals, definitions } = partsOf(point);
    return rows === 0 ? ops.zeros(0) : ops.concat([...residuals, ...definitions]);
  };
  const lagrangianGradient = (point: Tensor) => ops.add(gradient(ops, loss, point), vjp(ops, residual, point, weights));
  const [f, g, r, J] = [loss(x), gradient(ops, loss, x), residual(x), jacobian(ops, residual, x)];
  const second = jacobian(ops, lagrangianGradient, x);
  const bend = jacobian(ops, (point) => vjp(ops, residual, point, weights), x);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  const procedure = (...roots: readonly Tensor[]) => machine.procedure(roots.map(({ id }) => id));
  const [zeroth, first, whole, ofRows] = [procedure(f, r), procedure(f, g, r, J), procedure(second), procedure(bend)];
  const numbers = ({ id }: Tensor) => machine.numbers(id).slice();
  const near = isLifted ? nearnessIn(problem) : null;
  const secondDerivatives = (run: () => void, root: Tensor, point: Float64Array, multipliers: Float64Array): Matrix => {
    machine.numbers(x.id).set(point);
    machine.numbers(weights.id).set(multipliers);
    run();
    return { rows: n, columns: n, data: numbers(root) };
  };
  return {
    size: n,
    lifted: lift,
    pins,
    pinnedRows: consecutive(defined)
      .slice(corners.length)
      .map((own) => own.map((row) => ownRows + row)),
    lift: (point) => (near ? Float64Array.from([...liftPoint(near(point), lift, point), ...pins.map(() => 0)]) : point),
    rowsOf: consecutive(counts),
    definitions: Array.from({ length: rows - ownRows }, (_, k) => ownRows + k),
    definedBy,
    typedMultipliers: (multipliers) => multipliers.slice(0, ownRows),
    cost: ops.values.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    relations: [
      ...problem.constraints.flatMap(({ relation }, k) => new Array<typeof relation>(at(counts, k)).fill(relation)),
      ...isPin.map((pin) => (pin ? ('equality' as const) : ('inequality' as const))),
    ],
    values(point) {
      machine.numbers(x.id).set(point);
      zeroth();
      return { loss: at(numbers(f), 0), residual: numbers(r) };
    },
    at(point) {
      machine.numbers(x.id).set(point);
      first();
      return {
        loss: at(numbers(f), 0),
        gradient: numbers(g),
        residual: numbers(r),
        jacobian: { rows, columns: n, data: numbers(J) },
      };
    },
    hessian: (point, multipliers) => secondDerivatives(whole, second, point, multipliers),
    curvature: (point, multipliers) => secondDerivatives(ofRows, bend, point, multipliers),
  };
}

/** Positions of groups of these sizes, one after the other. */
function consecutive(counts: readonly number[]): number[][] {
  let first = 0;
  return counts.map((count) => {
    first += count;
    return Array.from({ length: count }, (_, k) => first - count + k);
  });
}
