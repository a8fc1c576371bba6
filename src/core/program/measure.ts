/** Measures of an iterate, the same for every method: a method never grades itself. */
import { lossOf, objectiveOf, residualOf } from '../problem/elaborate.ts';
import type { Problem } from '../problem/problem.ts';
import { gradient, jacobian } from '../tensor/derivatives.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import type { Id, Region, Value } from '../tensor/value.ts';
import { compactTable } from './compact.ts';

/** A program from (x, t) to everything that grades it. Plain data. */
export interface Measure {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
  readonly size: number;
  /** Inputs x[n], t and T. */
  readonly x: Id;
  readonly time: Id;
  readonly steps: Id;
  /** f(x, t) as typed, and the gradient [n] of what methods minimise: f and the soft constraints. */
  readonly loss: Id;
  readonly gradient: Id;
  /** Residuals of all rows in the order typed, [rows]. */
  readonly residual: Id;
  /** Jacobian of the residuals, [rows, n]. */
  readonly jacobian: Id;
  /** For each row, whether it must be = 0 or ≤ 0. */
  readonly relations: readonly ('equality' | 'inequality')[];
}

export function recordMeasure(problem: Problem): Measure {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const t = ops.input('time', 't', []);
  const T = ops.input('setting', 'T', []);
  const residual = (point: Tensor) =>
    problem.constraints.length === 0
      ? ops.zeros(0)
      : ops.concat(problem.constraints.map((constraint) => residualOf(ops, problem, constraint, point, t, T)));
  const loss = (point: Tensor) => lossOf(ops, problem, point, t, T);
  const objective = (point: Tensor) => objectiveOf(ops, problem, point, t, T);
  const roots = [x, t, T, loss(x), gradient(ops, objective, x), residual(x), jacobian(ops, residual, x)].map(
    ({ id }) => id,
  );
  const { values, regions, renumber } = compactTable(ops, roots);
  const [xId, time, steps, lossId, gradientId, residualId, jacobianId] = roots.map(renumber) as [
    Id,
    Id,
    Id,
    Id,
    Id,
    Id,
    Id,
  ];
  return {
    values,
    regions,
    size: problem.size,
    x: xId,
    time,
    steps,
    loss: lossId,
    gradient: gradientId,
    residual: residualId,
    jacobian: jacobianId,
    relations: problem.constraints.flatMap(({ relation, rows }) =>
      new Array<'equality' | 'inequality'>(rows).fill(relation),
    ),
  };
}
