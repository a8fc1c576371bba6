/** Loss and curved constraints on a grid: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { at } from '../core/diagnostic.ts';
import { objectiveOf, residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import type { Stages } from '../core/stages.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { reachable, readBy } from '../core/tensor/reachable.ts';
import { type Id, USES, type Value } from '../core/tensor/value.ts';
import { seamsOf } from './seams.ts';
import type { GridRequest, Kept, PartOfSample, SampledConstraint } from './study.ts';

/** More curves than this are no longer a picture. */
const MOST_CONSTRAINTS = 12;
/** Rows of one equality; with more, its first ones are drawn. */
const MOST_ROWS = 8;
/** Numbers that are kept of a grid for other steps: 0.8 MB, which comes and goes with each. */
const MOST_KEPT = 100_000;

type Moment = NonNullable<GridRequest['time']>;

const isOfPoint = ({ uses }: Value): boolean => (uses & USES.start) !== 0;
const isMoving = ({ uses }: Value): boolean => (uses & (USES.time | USES.setting)) !== 0;

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
    return !isMoving(at(this.ops.values, id));
  }

  /** Of what these are computed from, what depends on x alone: with it and x, another step takes no more than what depends on t. */
  stillPartsOf(functions: readonly Tensor[]): readonly Float64Array[] {
    const { values } = this.ops;
    const targets = functions.map(({ id }) => id);
    const found = new Set<Id>();
    for (const id of reachable(this.ops, targets)) {
      const reader = at(values, id);
      if (!isMoving(reader) && reader.region === null) continue;
      for (const read of readBy(this.ops, id)) {
        const value = at(values, read);
        if (value.region === null && value.op !== 'input' && isOfPoint(value) && !isMoving(value)) found.add(read);
      }
    }
    return Array.from(found, (id) => this.machine.numbers(id));
  }

  /** Computes them at `point` once their still parts are written. */
  evaluatorFromStillParts(functions: readonly Tensor[]): () => void {
    const targets = functions.map(({ id }) => id);
    this.machine.procedure(targets, (value) => !isOfPoint(value))();
    return this.machine.procedure(targets, (value) => isOfPoint(value) && isMoving(value));
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

/** Of functions that move, what depends on x alone, with room for it at each point of a grid; none where that is too much to keep. */
function stillParts(functions: Functions, moving: readonly Tensor[], points: number) {
  const parts = functions.stillPartsOf(moving).map((numbers) => ({ numbers, all: numbers.length * points }));
  const isMuch = parts.reduce((sum, { all }) => sum + all, 0) > MOST_KEPT;
  return (isMuch ? [] : parts).map(({ numbers, all }) => ({ numbers, kept: new Float64Array(all) }));
}

/** `before`: what is the same at every step was sampled on this grid, and is left out; of functions that move, so much of it was kept. */
export function* sampleStages(
  problem: Problem,
  { constraints }: Structure,
  grid: GridRequest,
  before?: Kept,
): Stages<PartOfSample> {
  const functions = new Functions(problem, grid.time ?? { step: 0, steps: 1 });
  const sampled = (of: Tensor, rows: number): Sampled | null =>
    before && functions.isStill(of)
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
  const targets = all.map(({ of }) => of);
  const parts = stillParts(
    functions,
    targets.filter((of) => !functions.isStill(of)),
    sizeOf(grid),
  );
  const isKept = before !== undefined && before.length > 0 && before.length === parts.length;
  const evaluate = isKept ? functions.evaluatorFromStillParts(targets) : functions.evaluator(targets);
  if (all.length > 0) {
    yield* eachPoint(grid, functions.point, (i) => {
      if (isKept)
        parts.forEach(({ numbers }, k) => {
          const { length } = numbers;
          numbers.set(at(before, k).subarray(i * length, (i + 1) * length));
        });
      evaluate();
      if (before === undefined) for (const { numbers, kept } of parts) kept.set(numbers, i * numbers.length);
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
    kept: before ? null : parts.map(({ kept }) => kept),
  };
}

/** residual = A x − b(t), so b(t) is the residual at 0 with the other sign. */
function offsetsOf(functions: Functions, constraint: Constraint): number[] {
  const residual = functions.residualOf(constraint);
  functions.point.fill(0);
  functions.evaluator([residual])();
  return Array.from(functions.numbers(residual), (value) => -value);
}
