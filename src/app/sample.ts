/** Loss and curved constraints on a grid: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { at } from '../core/diagnostic.ts';
import { once } from '../core/once.ts';
import { objectiveOf, residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import type { Program } from '../core/program/program.ts';
import type { OpenRun } from '../core/run/float64-machine.ts';
import type { Stages } from '../core/stages.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { operationsOf } from '../core/tensor/operations.ts';
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

/** Chosen functions at the point that was written last. */
interface Evaluation {
  readonly compute: () => void;
  /** Where they are then: of this call until the next. */
  readonly numbers: (id: Id) => Float64Array;
  readonly end: () => void;
}

/** Functions of x at a step that share what they have in common. */
class Functions {
  private readonly ops = new Ops();
  private readonly inputs: readonly [x: Tensor, t: Tensor, T: Tensor];
  private readonly machine = new Machine(this.ops);
  readonly point: Float64Array;

  constructor(
    private readonly problem: Problem,
    private readonly moment: Moment = { step: 0, steps: 1 },
  ) {
    const x = this.ops.input('start', 'x', [problem.size]);
    const t = this.ops.input('time', 't', []);
    const T = this.ops.input('setting', 'T', []);
    this.inputs = [x, t, T];
    this.machine.numbers(t.id)[0] = moment.step;
    this.machine.numbers(T.id)[0] = this.steps;
    this.point = this.machine.numbers(x.id);
  }

  private get steps(): number {
    return Math.max(1, this.moment.steps);
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
  stillPartsOf(functions: readonly Tensor[]): readonly Id[] {
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
    return [...found];
  }

  /** Computes them at `point` once their still parts are written. */
  evaluationFromStillParts(functions: readonly Id[]): Evaluation {
    this.machine.procedure(functions, (value) => !isOfPoint(value))();
    return this.interpreted(this.machine.procedure(functions, (value) => isOfPoint(value) && isMoving(value)));
  }

  /** Computes them at `point`: as a program of no steps where a machine for programs is there. */
  evaluation(functions: readonly Id[], open?: OpenRun): Evaluation {
    if (!open) return this.interpreted(this.machine.procedure(functions));
    const [x, t, T] = this.inputs;
    const program: Program = {
      values: this.ops.values,
      regions: this.ops.regions,
      size: this.problem.size,
      start: x.id,
      time: t.id,
      settings: [{ name: 'T', shape: [], id: T.id }],
      state: [],
      outputs: functions.map((value, i) => ({ name: `${i}`, value })),
    };
    const { steps, release } = open(program, this.point, { T: [this.steps] }, this.moment.step);
    let outputs = steps.outputs();
    return {
      compute: () => {
        steps.restart(this.point);
        outputs = steps.outputs();
      },
      numbers: (id) => at(outputs, functions.indexOf(id)),
      end: release,
    };
  }

  private interpreted(compute: () => void): Evaluation {
    return { compute, numbers: (id) => this.numbers(id), end: () => {} };
  }

  /** Inputs and what the interpreter computes are written and read here. */
  numbers(id: Id): Float64Array {
    return this.machine.numbers(id);
  }

  /** At a point, what depends on it: of `tanh`, and of everything else. */
  operations(functions: readonly Tensor[]): { readonly tanh: number; readonly others: number } {
    const ids = functions.map(({ id }) => id);
    const values = [...reachable(this.ops, ids)].map((id) => at(this.ops.values, id)).filter(isOfPoint);
    const sum = (all: readonly Value[]) => all.reduce((total, value) => total + operationsOf(this.ops, value), 0);
    const isTanh = ({ op }: Value) => op === 'tanh';
    return { tanh: sum(values.filter(isTanh)), others: sum(values.filter((value) => !isTanh(value))) };
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
  const { compute, numbers } = functions.evaluation([of.id]);
  return seamsOf({ xs: grid.xs, ys: grid.ys, values }, (a, b) => {
    write(a, b, 0);
    compute();
    return at(numbers(of.id), 0);
  });
}

/** Of functions that move, what depends on x alone, with room for it at each point of a grid; none where that is too much to keep. */
function stillParts(functions: Functions, moving: readonly Tensor[], points: number) {
  const parts = functions.stillPartsOf(moving).map((id) => ({ id, all: functions.numbers(id).length * points }));
  const isMuch = parts.reduce((sum, { all }) => sum + all, 0) > MOST_KEPT;
  return (isMuch ? [] : parts).map(({ id, all }) => ({ id, kept: new Float64Array(all) }));
}

/**
 * `before`: what is the same at every step was sampled on this grid, and is left out; of functions that move, so much of it was kept.
 * `open`: a machine that computes them with the same numbers as the interpreter, which is there without it.
 */
export function* sampleStages(
  problem: Problem,
  { constraints }: Structure,
  grid: GridRequest,
  before?: Kept,
  open?: OpenRun,
): Stages<PartOfSample> {
  const functions = new Functions(problem, grid.time);
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
  const targets = all.map(({ of }) => of);
  const parts = stillParts(
    functions,
    targets.filter((of) => !functions.isStill(of)),
    sizeOf(grid),
  );
  const isKept = before !== undefined && before.length > 0 && before.length === parts.length;
  if (all.length > 0) {
    const ids = targets.map(({ id }) => id);
    const { compute, numbers, end } = isKept
      ? functions.evaluationFromStillParts(ids)
      : functions.evaluation([...ids, ...parts.map(({ id }) => id)], open);
    try {
      yield* eachPoint(grid, functions.point, (i) => {
        if (isKept)
          parts.forEach(({ id }, k) => {
            const part = functions.numbers(id);
            part.set(at(before, k).subarray(i * part.length, (i + 1) * part.length));
          });
        compute();
        if (before === undefined)
          for (const { id, kept } of parts) {
            const part = numbers(id);
            kept.set(part, i * part.length);
          }
        for (const { of, rows } of all) {
          const values = numbers(of.id);
          for (let r = 0; r < rows.length; r++) at(rows, r)[i] = at(values, r);
        }
      });
    } finally {
      end();
    }
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

/** A call of `tanh` out of WebAssembly loses, beside one in JavaScript, what about so many other operations gain there. */
const OPERATIONS_OF_A_CALL = 20;
/** Operations after which compiling has paid: it takes 1 to 5 ms, and what it saves is about 2 ns each. */
const WORTH_COMPILING = 2.5e6;

const gainAtPoint = once((problem: Problem): number => {
  const functions = new Functions(problem);
  const rows = problem.constraints.map((constraint) => functions.residualOf(constraint));
  const { tanh, others } = functions.operations([functions.loss, ...rows]);
  return others - OPERATIONS_OF_A_CALL * tanh;
});

/** Whether a grid has so much to compute that WebAssembly is faster, with its preparations, than the interpreter. */
export const isWorthCompiling = (problem: Problem, grid: GridRequest): boolean =>
  gainAtPoint(problem) * sizeOf(grid) > WORTH_COMPILING;

/** residual = A x − b(t), so b(t) is the residual at 0 with the other sign. */
function offsetsOf(functions: Functions, constraint: Constraint): number[] {
  const residual = functions.residualOf(constraint);
  functions.point.fill(0);
  const { compute, numbers } = functions.evaluation([residual.id]);
  compute();
  return Array.from(numbers(residual.id), (value) => -value);
}
