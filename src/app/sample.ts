/** Loss and curved constraints on a grid: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { objectiveOf, residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { seamsOf } from './seams.ts';
import type { GridRequest, Sample, SampledConstraint } from './study.ts';

/** More curves than this are no longer a picture. */
const MOST_CONSTRAINTS = 12;
/** Rows of one equality; with more, its first ones are drawn. */
const MOST_ROWS = 8;

type Moment = NonNullable<GridRequest['time']>;

/** A function of x at a step: all entries of what `build` makes. */
function functionAt(problem: Problem, moment: Moment, build: (ops: Ops, x: Tensor, t: Tensor, T: Tensor) => Tensor) {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const t = ops.input('time', 't', []);
  const T = ops.input('setting', 'T', []);
  const result = build(ops, x, t, T);
  const machine = new Machine(ops);
  machine.numbers(t.id)[0] = moment.step;
  machine.numbers(T.id)[0] = Math.max(1, moment.steps);
  const evaluate = machine.procedure([result.id]);
  return { point: machine.numbers(x.id), values: machine.numbers(result.id), evaluate };
}

/** Writes the point of the grid's plane or space into x. */
function pointWriter({ at, axes, directions }: GridRequest, x: Float64Array) {
  const [i, j, k] = axes;
  const [across, up] = directions ?? [];
  x.set(at);
  return (a: number, b: number, c: number): void => {
    if (across && up) {
      for (let entry = 0; entry < x.length; entry++) {
        x[entry] = (at[entry] ?? 0) + a * (across[entry] ?? 0) + b * (up[entry] ?? 0);
      }
    } else {
      x[i] = a;
      x[j] = b; // of one entry, a column: what is written last holds
      if (k !== undefined) x[k] = c;
    }
  };
}

/** Calls `visit` with the number of each point of the grid, once x is written there. */
function forEachPoint(grid: GridRequest, x: Float64Array, visit: (i: number) => void) {
  const { xs, ys, zs = [0] } = grid;
  const write = pointWriter(grid, x);
  let count = 0;
  for (const c of zs) {
    for (const b of ys) {
      for (const a of xs) {
        write(a, b, c);
        visit(count++);
      }
    }
  }
}

const sizeOf = ({ xs, ys, zs }: GridRequest): number => xs.length * ys.length * (zs?.length ?? 1);

function sampleLoss(problem: Problem, grid: GridRequest, moment: Moment): Float64Array {
  const f = functionAt(problem, moment, (ops, x, t, T) => objectiveOf(ops, problem, x, t, T));
  const sampled = new Float64Array(sizeOf(grid));
  forEachPoint(grid, f.point, (i) => {
    f.evaluate();
    sampled[i] = f.values[0] as number;
  });
  return sampled;
}

function sampleConstraint(
  problem: Problem,
  constraint: Constraint,
  grid: GridRequest,
  moment: Moment,
): SampledConstraint {
  const { relation, rows } = constraint;
  const f = functionAt(problem, moment, (ops, x, t, T) => {
    const residual = residualOf(ops, problem, constraint, x, t, T);
    return relation === 'equality' ? residual : ops.max(residual);
  });
  const count = relation === 'equality' ? Math.min(rows, MOST_ROWS) : 1;
  const values = Array.from({ length: count }, () => new Float64Array(sizeOf(grid)));
  forEachPoint(grid, f.point, (i) => {
    f.evaluate();
    values.forEach((row, r) => {
      row[i] = f.values[r] as number;
    });
  });
  const [field] = values;
  if (relation === 'equality' || grid.zs || grid.xs.length < 2 || !field) return { relation, values };
  const write = pointWriter(grid, f.point);
  const valueAt = (a: number, b: number): number => {
    write(a, b, 0);
    f.evaluate();
    return f.values[0] as number;
  };
  const seams = seamsOf({ xs: grid.xs, ys: grid.ys, values: field }, valueAt);
  return { relation, values, ...(seams.length > 0 && { seams }) };
}

/** residual = A x − b(t), so b(t) is the residual at 0 with the other sign. */
function offsetsOf(problem: Problem, constraint: Constraint, moment: Moment): number[] {
  const f = functionAt(problem, moment, (ops, x, t, T) => residualOf(ops, problem, constraint, x, t, T));
  f.evaluate();
  return Array.from(f.values, (value) => -value);
}

export function sample(problem: Problem, { constraints }: Structure, grid: GridRequest): Sample {
  const moment = grid.time ?? { step: 0, steps: 1 };
  const facts = (index: number) => constraints[index];
  const curved = problem.constraints.filter(({ index }) => facts(index)?.affine === null);
  const moving = problem.constraints.filter(({ index }) => facts(index)?.affine && facts(index)?.isMoving);
  return {
    loss: sampleLoss(problem, grid, moment),
    constraints: curved.slice(0, MOST_CONSTRAINTS).map((each) => sampleConstraint(problem, each, grid, moment)),
    offsets: moving.map((each) => ({ index: each.index, b: offsetsOf(problem, each, moment) })),
  };
}
