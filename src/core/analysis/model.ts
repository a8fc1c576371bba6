/** What methods minimise and the constraints of a problem as functions with first and second derivatives, in Float64, at t = 0. */
import { at } from '../diagnostic.ts';
import { lossOf, objectiveOf, residualOf } from '../problem/elaborate.ts';
import type { Problem } from '../problem/problem.ts';
import { gradient, jacobian, vjp } from '../tensor/derivatives.ts';
import { Machine } from '../tensor/evaluate.ts';
import type { Matrix } from '../tensor/matrix.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';

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

export function modelOf(problem: Problem): Model {
  const ops = new Ops();
  const n = problem.size;
  const rows = problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  const [x, t, T] = [ops.input('start', 'x', [n]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const weights = ops.input('setting', 'multipliers', [rows]);
  const loss = (point: Tensor) => objectiveOf(ops, problem, point, t, T);
  const residual = (point: Tensor) =>
    rows === 0
      ? ops.zeros(0)
      : ops.concat(problem.constraints.map((constraint) => residualOf(ops, problem, constraint, point, t, T)));
  const lagrangianGradient = (point: Tensor) => ops.add(gradient(ops, loss, point), vjp(ops, residual, point, weights));
  const [f, g, r, J] = [loss(x), gradient(ops, loss, x), residual(x), jacobian(ops, residual, x)];
  const second = jacobian(ops, lagrangianGradient, x);
  const bend = jacobian(ops, (point) => vjp(ops, residual, point, weights), x);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  const procedure = (...roots: readonly Tensor[]) => machine.procedure(roots.map(({ id }) => id));
  const [zeroth, first, whole, ofRows] = [procedure(f, r), procedure(f, g, r, J), procedure(second), procedure(bend)];
  const numbers = ({ id }: Tensor) => machine.numbers(id).slice();
  const secondDerivatives = (run: () => void, root: Tensor, point: Float64Array, multipliers: Float64Array): Matrix => {
    machine.numbers(x.id).set(point);
    machine.numbers(weights.id).set(multipliers);
    run();
    return { rows: n, columns: n, data: numbers(root) };
  };
  return {
    size: n,
    cost: ops.values.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    relations: problem.constraints.flatMap(({ relation, rows: count }) =>
      new Array<typeof relation>(count).fill(relation),
    ),
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
