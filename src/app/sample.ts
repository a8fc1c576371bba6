/** Loss and curved constraints on a grid: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { at } from '../core/diagnostic.ts';
import { objectiveOf, residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import type { Stages } from '../core/stages.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { levelOf } from '../core/tensor/value.ts';
import { seamsOf } from './seams.ts';
import type { GridRequest, PartOfSample, SampledConstraint } from './study.ts';

/** More curves than this are no longer a picture. */
const MOST_CONSTRAINTS = 12;
/** Rows of one equality; with more, its first ones are drawn. */
const MOST_ROWS = 8;

type Moment = NonNullable<GridRequest['time']>;

/** Functions of x at a step that share what they have in common. */
class Functions {
  private readonly ops = new Ops();
  private readonly inputs: readonly [x: Tensor, t: Tensor, T: Tensor];
  private readonly machine = new Machine(this.ops);
  readonly point: Float64Array;

  constructor(
    private readonly problem: Problem,
    moment: Moment,
  ) {
    const x = this.ops.input('start', 'x', [problem.size]);
    const t = this.ops.input('time', 't', []);
    const T = this.ops.input('setting', 'T', []);
    this.inputs = [x, t, T];
    this.machine.numbers(t.id)[0] = moment.step;
    this.machine.numbers(T.id)[0] = Math.max(1, moment.steps);
    this.point = this.machine.numbers(x.id);
  }

  get loss(): Tensor {
    return objectiveOf(this.ops, this.problem, ...this.inputs);
  }

  /** Each row of h, or the largest of g. */
  rowsOf(constraint: Constraint): Tensor {
    const residual = this.residualOf(constraint);
    return constraint.relation === 'equality' ? residual : this.ops.max(residual);
  }

  residualOf(constraint: Constraint): Tensor {
    return residualOf(this.ops, this.problem, constraint, ...this.inputs);
  }

  /** Whether it is the same at every step. */
  isStill({ id }: Tensor): boolean {
    const level = levelOf(at(this.ops.values, id).uses);
    return level === 'start' || level === 'constant';
  }

  /** Computes them at `point`, into the arrays that `numbers` gives. */
  evaluator(functions: readonly Tensor[]): () => void {
    return this.machine.procedure(functions.map(({ id }) => id));
  }

  numbers({ id }: Tensor): Float64Array {
    return this.machine.numbers(id);
  }
}

/** Writes the point of the grid's plane or space into x. */
function pointWriter({ at: held, axes, directions }: GridRequest, x: Float64Array) {
  const [i, j, k] = axes;
  const [across, up] = directions ?? [];
  x.set(held);
  return (a: number, b: number, c: number): void => {
    if (across && up) {
      for (let entry = 0; entry < x.length; entry++) {
        x[entry] = (held[entry] ?? 0) + a * (across[entry] ?? 0) + b * (up[entry] ?? 0);
      }
    } else {
      x[i] = a;
      x[j] = b; // of one entry, a column: what is written last holds
      if (k !== undefined) x[k] = c;
    }
  };
}

/** Calls `visit` with the number of each point of the grid, once x is written there. Pauses after each row of it. */
function* eachPoint(grid: GridRequest, x: Float64Array, visit: (i: number) => void): Stages<void> {
  const { xs, ys, zs = [0] } = grid;
  const write = pointWriter(grid, x);
  let count = 0;
  for (const c of zs) {
    for (const b of ys) {
      for (const a of xs) {
        write(a, b, c);
        visit(count++);
      }
      yield;
    }
  }
}

const sizeOf = ({ xs, ys, zs }: GridRequest): number => xs.length * ys.length * (zs?.length ?? 1);

/** One function on the grid: the first rows of what it computes. */
interface Sampled {
  readonly of: Tensor;
  readonly rows: readonly Float64Array[];
}

/** Where the inequality leaves less than a cell of a plane. */
function seamsIn(functions: Functions, { of, rows: [values] }: Sampled, grid: GridRequest): SampledConstraint['seams'] {
  if (grid.zs || grid.xs.length < 2 || !values) return [];
  const write = pointWriter(grid, functions.point);
  const evaluate = functions.evaluator([of]);
  const numbers = functions.numbers(of);
  return seamsOf({ xs: grid.xs, ys: grid.ys, values }, (a, b) => {
    write(a, b, 0);
    evaluate();
    return at(numbers, 0);
  });
}

/** `isAgain`: what is the same at every step was sampled on this grid before, and is left out. */
export function* sampleStages(
  problem: Problem,
  { constraints }: Structure,
  grid: GridRequest,
  isAgain = false,
): Stages<PartOfSample> {
  const functions = new Functions(problem, grid.time ?? { step: 0, steps: 1 });
  const sampled = (of: Tensor, rows: number): Sampled | null =>
    isAgain && functions.isStill(of)
      ? null
      : { of, rows: Array.from({ length: rows }, () => new Float64Array(sizeOf(grid))) };
  const loss = sampled(functions.loss, 1);
  const facts = (index: number) => constraints[index];
  const curved = problem.constraints
    .filter(({ index }) => facts(index)?.affine === null)
    .slice(0, MOST_CONSTRAINTS)
    .map(({ relation, rows }, i, all) => ({
      relation,
      on: sampled(functions.rowsOf(at(all, i)), relation === 'equality' ? Math.min(rows, MOST_ROWS) : 1),
    }));
  const all = [loss, ...curved.map(({ on }) => on)].filter((one) => one !== null);
  const columns = all.map(({ of, rows }) => ({ rows, numbers: functions.numbers(of) }));
  const evaluate = functions.evaluator(all.map(({ of }) => of));
  if (all.length > 0) {
    yield* eachPoint(grid, functions.point, (i) => {
      evaluate();
      for (const { rows, numbers } of columns) {
        for (let r = 0; r < rows.length; r++) at(rows, r)[i] = at(numbers, r);
      }
    });
  }
  const moving = problem.constraints.filter(({ index }) => facts(index)?.affine && facts(index)?.isMoving);
  return {
    loss: loss && at(loss.rows, 0),
    constraints: curved.map(({ relation, on }) => {
      if (on === null) return null;
      const seams = relation === 'inequality' ? seamsIn(functions, on, grid) : [];
      return { relation, values: on.rows, ...(seams?.length && { seams }) };
    }),
    offsets: moving.map((each) => ({ index: each.index, b: offsetsOf(functions, each) })),
  };
}

/** residual = A x − b(t), so b(t) is the residual at 0 with the other sign. */
function offsetsOf(functions: Functions, constraint: Constraint): number[] {
  const residual = functions.residualOf(constraint);
  functions.point.fill(0);
  functions.evaluator([residual])();
  return Array.from(functions.numbers(residual), (value) => -value);
}
