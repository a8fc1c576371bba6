/** Small programs, recorded by hand. Test support. */
import { at } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import type { Job } from '../../core/run/run.ts';
import { Ops, type Tensor } from '../../core/tensor/ops.ts';
import { nothingToMeasure } from '../nothing-to-measure.ts';

export interface Symbols {
  readonly ops: Ops;
  /** x₀[n] and x[n]. */
  readonly start: Tensor;
  readonly x: Tensor;
  readonly t: Tensor;
  readonly setting: (name: string) => Tensor;
}

interface Recorded {
  /** x at step 0; the start itself where nothing is said. */
  readonly initial?: Tensor;
  readonly next: Tensor;
  /** Beside x. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /** Of the step: slots that begin at 0, and that only records read. */
  readonly told?: Readonly<Record<string, Tensor>>;
}

/** A program with the slot x[n]. */
export function programOf(size: number, build: (symbols: Symbols) => Recorded): Program {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [size]);
  const x = ops.input('state', 'x', [size]);
  const t = ops.input('time', 't', []);
  const {
    next,
    initial = start,
    outputs = {},
    told = {},
  } = build({ ops, start, x, t, setting: (name) => ops.input('setting', name, []) });
  const slots = Object.entries(told).map(([name, { id, shape }]) => {
    const [initial, current] = [ops.zeros(shape), ops.input('state', name, shape)];
    return { name, shape, initial: initial.id, current: current.id, next: id };
  });
  return {
    values: ops.values,
    regions: ops.regions,
    size,
    start: start.id,
    time: t.id,
    settings: ops.values.flatMap((value, id) =>
      value.op === 'input' && value.attributes.source === 'setting'
        ? [{ name: value.attributes.name, shape: value.shape, id }]
        : [],
    ),
    state: [{ name: 'x', shape: [size], initial: initial.id, current: x.id, next: next.id }, ...slots],
    outputs: [
      { name: 'x', value: x.id },
      ...Object.entries(outputs).map(([name, { id }]) => ({ name, value: id })),
      ...slots.map(({ name, current }) => ({ name, value: current })),
    ],
  };
}

/** x ← P(x − η·2(x − (1, 2, 3))) on x₁ + x₂ + x₃ = 1. */
export const sumOne = (): Program =>
  programOf(3, ({ ops, x, setting }) => {
    const A = ops.constant([1, 1, 1], [1, 3]);
    const moved = ops.subtract(
      x,
      ops.multiply(setting('learningRate'), ops.multiply(2, ops.subtract(x, ops.constant([1, 2, 3])))),
    );
    const residual = ops.subtract(ops.matmul(A, moved), ops.constant([1]));
    return { next: ops.subtract(moved, ops.matmul(ops.pinv(A), residual)) };
  });

/** A loop that ends by itself, a schedule, a comparison and a branch. */
export const varied = (): Program =>
  programOf(2, ({ ops, start, x, t, setting }) => {
    const rate = ops.divide(setting('rate'), ops.sqrt(ops.add(1, t)));
    const [halved] = ops.repeat(
      8,
      [x],
      ([carried], turn) => [ops.multiply(at([carried], 0) as Tensor, ops.divide(1, ops.add(turn, 2)))],
      ([carried]) => ops.less(ops.norm(carried as Tensor), 0.1),
    );
    const pulled = ops.where(
      ops.less(ops.row(x, 0), 0),
      ops.add(x, rate),
      ops.subtract(x, ops.multiply(rate, ops.sin(x))),
    );
    return {
      next: ops.add(pulled, ops.multiply(0.01, ops.subtract(start, halved as Tensor))),
      outputs: { size: ops.norm(x) },
    };
  });

/** x ← 0.9 x, and how far x went in the step: a slot that no step reads. */
export function withLength(): Program {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [2]);
  const [x, moved] = [ops.input('state', 'x', [2]), ops.input('state', 'moved', [])];
  const next = ops.multiply(0.9, x);
  const length = ops.sqrt(ops.sum(ops.multiply(ops.subtract(next, x), ops.subtract(next, x))));
  return {
    values: ops.values,
    regions: ops.regions,
    size: 2,
    start: start.id,
    time: null,
    settings: [],
    state: [
      { name: 'x', shape: [2], initial: start.id, current: x.id, next: next.id },
      { name: 'moved', shape: [], initial: ops.constant(0).id, current: moved.id, next: length.id },
    ],
    outputs: [
      { name: 'x', value: x.id },
      { name: 'moved', value: moved.id },
    ],
  };
}

/** A job of a program; nothing grades it. */
export const jobOf = (
  program: Program,
  starts: readonly number[],
  settings: Readonly<Record<string, number>>,
  steps: number,
  record: readonly number[],
): Job => ({
  id: 1,
  program,
  measure: nothingToMeasure(program.size),
  starts: Float64Array.from(starts),
  settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [value]])),
  steps,
  record,
});
