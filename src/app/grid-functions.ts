/** Loss and constraints of a problem as functions of x that share what they have in common, and the points of a grid. In Float64. */
import { at } from '../core/diagnostic.ts';
import { objectiveOf, residualOf } from '../core/problem/elaborate.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import type { Program } from '../core/program/program.ts';
import type { PointGrid } from '../core/run/field.ts';
import type { OpenRun } from '../core/run/float64-machine.ts';
import type { Stages } from '../core/stages.ts';
import { Machine } from '../core/tensor/evaluate.ts';
import { operationsOf } from '../core/tensor/operations.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { reachable, readBy } from '../core/tensor/reachable.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { type Id, USES, type Value } from '../core/tensor/value.ts';
import type { GridRequest } from './study.ts';

type Moment = NonNullable<GridRequest['time']>;

const isOfPoint = ({ uses }: Value): boolean => (uses & USES.start) !== 0;
const isMoving = ({ uses }: Value): boolean => (uses & (USES.time | USES.setting)) !== 0;

/** Chosen functions at the point that was written last. */
export interface Evaluation {
  readonly compute: () => void;
  /** Where they are then: of this call until the next. */
  readonly numbers: (id: Id) => Float64Array;
  readonly end: () => void;
}

/** Functions of x at a step that share what they have in common. */
export class Functions {
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

  /** The first rows of h, or the largest of g. */
  rowsOf(constraint: Constraint, most: number): Tensor {
    const residual = this.residualOf(constraint);
    if (constraint.relation === 'inequality') return this.ops.max(residual);
    return constraint.rows > most ? this.ops.slice(residual, { offset: 0, strides: [1], shape: [most] }) : residual;
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
    const { steps, release } = open(this.program(functions), this.point, this.settings, this.moment.step);
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

  /** They as the outputs of a program of no steps. */
  program(functions: readonly Id[]): Program {
    const [x, t, T] = this.inputs;
    return {
      values: this.ops.values,
      regions: this.ops.regions,
      size: this.problem.size,
      start: x.id,
      time: t.id,
      settings: [{ name: 'T', shape: [], id: T.id }],
      state: [],
      outputs: functions.map((value, i) => ({ name: `${i}`, value })),
    };
  }

  get settings(): { readonly T: readonly number[] } {
    return { T: [this.steps] };
  }

  private interpreted(compute: () => void): Evaluation {
    return { compute, numbers: (id) => this.numbers(id), end: () => {} };
  }

  sizeOf(id: Id): number {
    return sizeOf(at(this.ops.values, id).shape);
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
export function pointWriter({ at: held, axes, directions }: GridRequest, x: Float64Array) {
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
export function* eachPoint(grid: GridRequest, x: Float64Array, visit: (i: number) => void): Stages<void> {
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

export const pointsIn = ({ xs, ys, zs }: GridRequest): number => xs.length * ys.length * (zs?.length ?? 1);

/** Writes the point of the grid with this number into x. */
export function pointAt(grid: GridRequest, x: Float64Array): (i: number) => void {
  const { xs, ys, zs = [0] } = grid;
  const write = pointWriter(grid, x);
  return (i) => {
    const row = Math.floor(i / xs.length);
    write(at(xs, i % xs.length), at(ys, row % ys.length), at(zs, Math.floor(row / ys.length)));
  };
}

/** The same points as a device reads them. */
export function pointGrid({ at: held, axes, directions, xs, ys, zs }: GridRequest): PointGrid {
  const along = (entry: number | undefined) => Float64Array.from(held, (_, i) => (i === entry ? 1 : 0));
  if (directions) {
    const [across, up] = directions;
    return {
      origin: held,
      axes: [
        { places: xs, direction: across ?? along(undefined) },
        { places: ys, direction: up ?? along(undefined) },
      ],
    };
  }
  const [i, j, k] = axes;
  const origin = Float64Array.from(held, (value, entry) => (entry === i || entry === j || entry === k ? 0 : value));
  return {
    origin,
    axes: [
      { places: xs, direction: along(i === j ? undefined : i) }, // of one entry, a column: what is written last holds
      { places: ys, direction: along(j) },
      ...(zs && k !== undefined ? [{ places: zs, direction: along(k) }] : []),
    ],
  };
}
