import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import { nearestRisingByHalves } from '../../core/tensor/isotonic.ts';
import { lsmr } from '../../core/tensor/lsmr.ts';
import type { Tensor } from '../../core/tensor/ops.ts';
import { sparseMap } from '../../core/tensor/sparse-products.ts';
import { deviceProgram } from '../device-program.ts';
import { programOf, sumOne, varied } from '../fused/programs.fixture.ts';
import type { Dispatch } from '../kernels/dispatch.ts';
import type { TogetherItem } from '../kernels/together.ts';
import { LONG_LOOPS } from './long-loops.fixture.ts';
import { lower } from './lower.ts';
import { CONSTANTS, type DispatchPlan, dispatchCount, type Item, operationCount, printPlan } from './plan.ts';
import { NotDispatched } from './rules.ts';
import { callsOf } from './runs.ts';

/** What is computed, in its order: of a workgroup that does several things, each. */
const kernels = (items: readonly (Item | TogetherItem)[]): string[] =>
  items.flatMap((item) => {
    if (item.kind === 'part') return [item.kernel];
    if (item.kind !== 'call') return kernels(item.body);
    return item.dispatch.together ? kernels(item.dispatch.together.items) : [item.dispatch.kernel];
  });
const stepOf = (program: Program): string[] => kernels(lower(program).step);

/** WebGPU refuses a dispatch that reads and writes one buffer. */
function aliased(items: readonly Item[]): boolean {
  return items.some((item) => {
    if (item.kind === 'loop') return aliased(item.body);
    const buffers = Object.values(item.dispatch.arrays);
    return buffers.slice(0, -1).includes(at(buffers, buffers.length - 1));
  });
}

const noAliases = ({ start, step, record }: DispatchPlan) => ![start, step, record].some(aliased);

describe('lowering to dispatches', () => {
  it('writes projected gradient as one workgroup that takes a run, a residual, and a projection into the state', async () => {
    await expect(printPlan(lower(sumOne()))).toMatchFileSnapshot('./sum-one.golden.txt');
  });

  it('writes loops, schedules and outputs', async () => {
    await expect(printPlan(lower(varied()))).toMatchFileSnapshot('./varied.golden.txt');
  });

  it('is deterministic, and plain data', () => {
    expect(lower(varied())).toEqual(lower(varied()));
    expect(structuredClone(lower(sumOne()))).toEqual(lower(sumOne()));
  });

  it('never reads and writes one buffer in a dispatch, whatever buffers it reuses', () => {
    expect([sumOne(), varied()].map((program) => noAliases(lower(program)))).toEqual([true, true]);
  });

  it('reads apart the carried value that ends a loop', () => {
    const program = programOf(1, ({ ops, x }) => {
      const [last = x] = ops.repeat(
        3,
        [x, ops.zeros([])],
        ([y = x]) => [ops.multiply(2, y), ops.less(8, ops.sum(y))],
        ([, isDone = x]) => isDone,
      );
      return { next: last };
    });
    expect(noAliases(lower(program))).toBe(true);
  });

  it('multiplies by a transpose, a broadcast and a slice without making any of them', () => {
    const program = programOf(4, ({ ops, x }) => {
      const A = ops.constant(
        Float64Array.from({ length: 12 }, (_, i) => i),
        [3, 4],
      );
      const product = ops.matmul(
        ops.transpose(ops.matmul(ops.multiply(A, x), ops.transpose(A))),
        ops.constant([1, 2, 3]),
      );
      return { next: ops.multiply(x, ops.sum(product)) };
    });
    expect(stepOf(program)).toEqual(['elementwise_run', 'matmul', 'elementwise_run', 'reduce', 'elementwise_run']);
  });

  it('multiplies long rows with a vector in pieces, and subtracts afterwards', () => {
    const program = programOf(5000, ({ ops, x }) => {
      const A = ops.constant(new Float64Array(2 * 5000).fill(1), [2, 5000]);
      const residual = ops.subtract(ops.matmul(A, x), ops.constant([1, 2]));
      return { next: ops.subtract(x, ops.matmul(ops.transpose(A), residual)) };
    });
    expect(stepOf(program)).toEqual(['matvec', 'reduce', 'reduce', 'elementwise_run', 'project_affine', 'elementwise']);
  });

  it('sums a small product of long rows in pieces, all at once', () => {
    const program = programOf(4, ({ ops, x }) => {
      const A = ops.multiply(ops.sum(x), ops.constant(new Float64Array(2 * 4096), [2, 4096]));
      return { next: ops.multiply(x, ops.sum(ops.matmul(A, ops.transpose(A)))) };
    });
    expect(stepOf(program)).toEqual(['reduce', 'elementwise', 'matmul', 'reduce', 'reduce', 'elementwise_run']);
  });

  it('lets products write where they are assembled', () => {
    const program = programOf(12, ({ ops, x }) => {
      const A = ops.reshape(x, [3, 4]);
      const parts = [ops.matmul(A, ops.constant(new Float64Array(8), [4, 2])), ops.matmul(ops.transpose(A), A)];
      return {
        next: ops.slice(ops.concat(parts.map((part, i) => ops.reshape(part, [[6, 16][i] ?? 0]))), {
          offset: 0,
          strides: [1],
          shape: [12],
        }),
      };
    });
    expect(stepOf(program)).toEqual(['matmul', 'matmul', 'elementwise_run']);
  });

  const temporaries = (program: Program) => lower(program).buffers.filter(({ label }) => label.startsWith('b'));

  it('computes a chain of elementwise operations in one dispatch without a buffer of its own', () => {
    const program = programOf(1000, ({ ops, x }) => {
      let y = x;
      for (let k = 0; k < 20; k++) y = ops.tanh(ops.add(y, k));
      return { next: y };
    });
    expect(stepOf(program)).toEqual(['elementwise_run']);
    expect(temporaries(program)).toEqual([]);
  });

  it('gives dead buffers to later values: a chain of sums needs three, however long', () => {
    const chain = (length: number) =>
      programOf(5000, ({ ops, x }) => {
        let y = x;
        for (let k = 0; k < length; k++) y = ops.multiply(y, ops.sum(ops.sin(ops.add(y, k))));
        return { next: y };
      });
    expect(temporaries(chain(20))).toHaveLength(temporaries(chain(3)).length);
  });

  it('takes a turn of a loop as one dispatch, and one that counts the turns, where all is elementwise', () => {
    const program = programOf(50_000, ({ ops, x }) => {
      const [last = x] = ops.repeat(5, [x], ([y = x], turn) => [ops.add(ops.sin(y), turn)]);
      return { next: last };
    });
    const loop = lower(program).step.find((item) => item.kind === 'loop');
    expect(loop && kernels([loop])).toEqual(['elementwise_run', 'fill']);
  });

  it('keeps two slots apart when they change places', () => {
    const program = programOf(2, ({ ops, x }) => ({ next: ops.concat([ops.row(x, 1), ops.row(x, 0)]) }));
    expect(noAliases(lower(program))).toBe(true);
    const swapped: Program = {
      ...program,
      values: [
        ...program.values,
        { op: 'input', args: [], attributes: { source: 'state', name: 'y' }, shape: [2], uses: 8, region: null },
      ],
      state: [
        { ...at(program.state, 0), next: program.values.length },
        {
          name: 'y',
          shape: [2],
          initial: at(program.state, 0).initial,
          current: program.values.length,
          next: at(program.state, 0).current,
        },
      ],
    };
    const plan = lower(swapped);
    const copies = plan.step.map((item) => (item.kind === 'call' ? item.dispatch.arrays : {}));
    expect(copies).toHaveLength(1); // an invocation reads both before it writes either
    expect(Object.keys(at(copies, 0))).toHaveLength(2);
    expect(noAliases(plan)).toBe(true);
  });

  it('sums long vectors in pieces', () => {
    const plan = lower(programOf(1000, ({ ops, x }) => ({ next: ops.multiply(x, ops.sum(x)) })));
    expect(kernels(plan.step)).toEqual(['reduce', 'reduce', 'elementwise_run']);
  });

  it('counts the turns of loops', () => {
    const looped = (count: number) =>
      dispatchCount(
        lower(
          programOf(50_000, ({ ops, x }) => ({
            next: ops.add(0, ops.repeat(count, [x], ([c]) => [ops.multiply(0.5, c ?? x)])[0] ?? x),
          })),
        ).step,
      );
    expect(looped(100) - looped(99)).toBe(1);
  });

  /** Projected gradient on ½ xᵀQx with n/4 equalities. */
  const dense = (n: number) =>
    programOf(n, ({ ops, x }) => {
      const matrix = (rows: number, columns: number) =>
        ops.constant(
          Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
          [rows, columns],
        );
      const y = ops.subtract(x, ops.multiply(0.1, ops.matmul(matrix(n, n), x)));
      const A = matrix(n / 4, n);
      return { next: ops.subtract(y, ops.matmul(matrix(n, n / 4), ops.subtract(ops.matmul(A, y), ops.ones(n / 4)))) };
    });

  it('takes a step that one workgroup can do as one dispatch, whatever its size', () => {
    for (const n of [8, 16, 32, 64]) expect(dispatchCount(lower(dense(n)).step)).toBe(1);
  });

  it('leaves to all of the GPU what is large', () => {
    for (const { dispatch } of callsOf(lower(dense(256)).step)) expect(dispatch.together).toBeUndefined();
  });

  it('takes gradient, residual and projection as one dispatch each, and no buffer for a product: each needs all of the one before', () => {
    for (const n of [256, 784]) {
      const plan = lower(dense(n));
      expect(stepOf(dense(n))).toEqual(['elementwise_run', 'elementwise_run', 'elementwise_run']);
      expect(plan.buffers.flatMap(({ label, length }) => (label.startsWith('b') ? [length] : []))).toEqual([n, n / 4]);
    }
  });

  it('takes the gradient of a quadratic from text as one dispatch, and two for each pass of a projection', () => {
    const size = 256;
    const recorded = programOf(size, ({ ops, x }) => {
      const matrix = (rows: number) =>
        ops.constant(
          Float64Array.from({ length: rows * size }, (_, i) => Math.sin(i * i)),
          [rows, size],
        );
      const [Q, A] = [matrix(size), matrix(size / 4)];
      const slope = ops.add(ops.matmul(ops.multiply(0.5, x), Q), ops.multiply(ops.matmul(Q, x), 0.5)); // of ½ xᵀQx
      const moved = ops.subtract(x, ops.multiply(0.1, slope));
      const inverse = ops.pinv(A, { rank: size / 4, conditionNumber: 100 });
      const residual = ops.subtract(ops.matmul(A, moved), ops.ones(size / 4));
      return { next: ops.subtract(moved, ops.matmul(inverse, residual)) };
    });
    expect(dispatchCount(lower(deviceProgram(recorded, {}).program).step)).toBe(5);
  });

  it('makes products of one vector in one dispatch, with what is computed of them', () => {
    const size = 300;
    const program = programOf(size, ({ ops, x }) => {
      const [A, B] = [1, 2].map((k) =>
        ops.constant(
          Float64Array.from({ length: size * size }, (_, i) => Math.sin(k * i)),
          [size, size],
        ),
      ) as [Tensor, Tensor];
      const slope = ops.multiply(ops.tanh(ops.matmul(A, x)), ops.matmul(ops.transpose(B), x));
      return { next: ops.subtract(x, slope) };
    });
    expect(stepOf(program)).toEqual(['elementwise_run', 'elementwise']); // the state is read by all until it moves
    expect(printPlan(lower(program))).toMatch(/Σ constants\[300·index \+ k\]·s0\[k\], k < 300/);
  });

  it('makes no product twice: not that of one row beside longer ones', () => {
    const program = programOf(300, ({ ops, x }) => {
      const row = ops.constant(new Float64Array(300).fill(1), [1, 300]);
      return { next: ops.multiply(x, ops.reshape(ops.matmul(row, x), [])) };
    });
    expect(printPlan(lower(program))).toMatch(/run of 1 over 1\n.*Σ.*k < 300.*\n\s*run of 2 over 300/);
  });

  it('leaves what only records read to the steps before them, where that takes fewer dispatches', () => {
    const told = (size: number) =>
      lower(
        programOf(size, ({ ops, x }) => {
          const next = ops.multiply(0.5, ops.sin(x));
          return { next, told: { moved: ops.sum(ops.abs(ops.subtract(next, x))) } };
        }),
      );
    const { step, recordedStep } = told(5000);
    expect(dispatchCount(step)).toBe(1);
    expect(dispatchCount(recordedStep ?? [])).toBeGreaterThan(1);
    expect(told(50).recordedStep).toBeNull(); // one workgroup does either in one dispatch
  });

  it('takes a loop that one workgroup can do as one dispatch, which ends when the loop is done', () => {
    const program = programOf(7, ({ ops, x }) => {
      const [last = x] = ops.repeat(
        500,
        [x],
        ([y = x]) => [ops.multiply(0.5, y)],
        ([y = x]) => ops.less(ops.sum(y), 1),
      );
      return { next: last };
    });
    const plan = lower(program);
    expect(dispatchCount(plan.step)).toBe(1);
    expect(operationCount(plan.step)).toBeGreaterThan(1000);
    expect(printPlan(plan)).toMatch(/turns of 500 until w\d/);
  });

  it('takes least squares with a matrix of 64 × 256 as some dispatches, however many turns they need', () => {
    const program = programOf(256, ({ ops, x }) => {
      const A = ops.constant(
        Float64Array.from({ length: 64 * 256 }, (_, k) => Math.sin(k * k)),
        [64, 256],
      );
      const map = { rows: 64, columns: 256, times: (v: Tensor) => ops.matmul(A, ops.multiply(x, v)) };
      const transposedTimes = (u: Tensor) => ops.multiply(x, ops.matmul(ops.transpose(A), u));
      return { next: lsmr(ops, { ...map, transposedTimes }, ops.matmul(A, x)) };
    });
    const { step } = lower(program);
    expect(operationCount(step)).toBeGreaterThan(2000);
    expect(dispatchCount(step)).toBeLessThanOrEqual(12);
  });

  it.each(Object.entries(LONG_LOOPS))(
    'takes loops over more than the memory of a workgroup holds as one dispatch, which has the rest beside it: %s',
    (_, program) => {
      const plan = lower(program);
      const calls = callsOf(plan.step);
      expect(dispatchCount(plan.step)).toBeLessThanOrEqual(12);
      expect(operationCount(plan.step)).toBeGreaterThan(150);
      expect(calls.some(({ dispatch: { together } }) => together && together.beside.length > 0)).toBe(true);
      expect(noAliases(plan)).toBe(true);
      for (const { dispatch } of calls) expectOfEveryAdapter(dispatch);
    },
  );

  it('takes a nearest rising list by halves as two dispatches for each halving, whatever turns its levels take', () => {
    const { step } = lower(programOf(130, ({ ops, x }) => ({ next: nearestRisingByHalves(ops, x, ops.ones([130])) })));
    expect(dispatchCount(step)).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(130)));
    expect(operationCount(step)).toBeGreaterThan(5000);
  });

  it('takes all turns of least squares with thousands of sums of three neighbours as one dispatch', () => {
    const rows = 3000;
    const columns = 2 * rows + 1;
    const table = (count: number, width: number, of: (i: number, k: number) => number) =>
      [
        Float64Array.from({ length: count * width }, (_, i) => of(Math.floor(i / width), i % width)),
        [count, width],
      ] as const;
    const rowOf = (j: number, k: number) => Math.floor(j / 2) - k;
    const isIn = (j: number, k: number) => rowOf(j, k) >= 0 && rowOf(j, k) < rows && (k === 0 || j % 2 === 0);
    const { step } = lower(
      programOf(columns, ({ ops, start, x }) => {
        const A = sparseMap(ops, {
          entries: ops.constant(...table(rows, 3, (i, k) => 2 * i + k)),
          weights: ops.constant(...table(rows, 3, () => 1)),
          rows: ops.constant(...table(columns, 2, (j, k) => (isIn(j, k) ? rowOf(j, k) : 0))),
          factors: ops.constant(...table(columns, 2, (j, k) => (isIn(j, k) ? 1 : 0))),
        });
        return { next: lsmr(ops, A, A.times(ops.subtract(x, start)), 60) };
      }),
    );
    expect(dispatchCount(step)).toBeLessThanOrEqual(12);
    expect(operationCount(step)).toBeGreaterThan(2000);
  });

  it('gives a workgroup no more bindings and memory than every adapter has', () => {
    const program = programOf(600, ({ ops, x }) => {
      const sums = Array.from({ length: 12 }, (_, k) => ops.multiply(ops.sum(ops.sin(ops.add(x, k))), x));
      return { next: sums.reduce((sum, one) => ops.multiply(ops.sum(sum), one)) };
    });
    const calls = callsOf(lower(program).step);
    expect(calls.some(({ dispatch }) => dispatch.together)).toBe(true);
    for (const { dispatch } of calls) expectOfEveryAdapter(dispatch);
  });

  it('leaves constants to the host, one buffer for all', () => {
    const { constants, buffers } = lower(sumOne());
    expect(at(buffers, CONSTANTS).length).toBe(constants.reduce((sum, { size }) => sum + size, 0));
  });

  it('says what it cannot do', () => {
    const moving = programOf(2, ({ ops, x }) => ({ next: ops.reshape(ops.pinv(ops.reshape(x, [1, 2])), [2]) }));
    expect(() => lower(moving)).toThrow(NotDispatched);
  });
});

/** Bindings and memory of a workgroup. */
function expectOfEveryAdapter({ arrays, together }: Dispatch) {
  expect(Object.keys(arrays).length).toBeLessThanOrEqual(8);
  const held = together?.locals.reduce((sum, { length }) => sum + length, 0) ?? 0;
  expect(4 * held).toBeLessThanOrEqual(16_384);
}
