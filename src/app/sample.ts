/** Loss and curved constraints on a grid over two entries of x: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { invariant } from '../core/diagnostic.ts';
import { sampleLoss } from '../core/experiment/prepare.ts';
import { residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { Ops } from '../core/tensor/ops.ts';
import type { GridRequest, Sample, SampledConstraint } from './study.ts';

/** More curves than this are no longer a picture. */
const MOST_CONSTRAINTS = 12;

/** h of the first row, or the largest row of g, at t = 0. */
function sampleConstraint(
  problem: Problem,
  constraint: Constraint,
  { at, axes: [i, j], xs, ys }: GridRequest,
): SampledConstraint {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const time = ops.input('time', 't', []);
  const steps = ops.input('setting', 'T', []);
  const residual = residualOf(ops, problem, constraint, x, time, steps);
  const shown = constraint.relation === 'equality' ? residual : ops.max(residual);
  const machine = new Machine(ops);
  machine.numbers(steps.id)[0] = 1;
  const point = machine.numbers(x.id);
  const value = machine.numbers(shown.id);
  point.set(at);
  const evaluate = machine.procedure([shown.id]);
  const values = new Float64Array(xs.length * ys.length);
  ys.forEach((y, row) => {
    xs.forEach((x, column) => {
      point[i] = x;
      point[j] = y;
      evaluate();
      const [first] = value;
      invariant(first !== undefined, 'a residual has an entry');
      values[row * xs.length + column] = first;
    });
  });
  return { relation: constraint.relation, values };
}

export function sample(problem: Problem, structure: Structure, grid: GridRequest): Sample {
  const curved = problem.constraints.filter(({ index }) => structure.constraints[index]?.affine === null);
  return {
    loss: sampleLoss(problem, grid.at, grid.axes, grid.xs, grid.ys),
    constraints: curved.slice(0, MOST_CONSTRAINTS).map((constraint) => sampleConstraint(problem, constraint, grid)),
  };
}
