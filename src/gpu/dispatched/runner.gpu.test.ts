import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { expand } from '../../core/program/expand.ts';
import { HostSide } from '../../core/program/host.ts';
import { interpret } from '../../core/program/interpret.ts';
import type { Program } from '../../core/program/program.ts';
import type { Job } from '../../core/run/run.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { jobOf, programOf, sumOne, varied } from '../fused/programs.fixture.ts';
import { InverseCache } from '../inverses.ts';
import { dispatch, readBack, readyDispatches, submitAll, suited } from '../kernels/dispatch.ts';
import { ELEMENTWISE, elementwise } from '../kernels/elementwise.ts';
import { asOnGpu, gpuForTests } from '../kernels/gpu-for-tests.ts';
import { fill } from '../kernels/place.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { RESIDENT } from '../kernels/usage.ts';
import type { Records } from '../runner.ts';
import { LONG_LOOPS } from './long-loops.fixture.ts';
import { lower } from './lower.ts';
import { matrixWithCondition, relativeInfeasibility } from './penrose.ts';
import { type Call, dispatchCount } from './plan.ts';
import { createDispatchedRunner } from './runner.ts';
import { callsOf } from './runs.ts';
import { endingLoops, sizedTurns } from './turns.ts';

/** All records of a job, submitted `stride` steps at a time. */
async function recordsOf(
  job: Job,
  stride: number,
  on = gpuForTests(),
): Promise<{ steps: number[]; rows: number[][]; last: Records; submits: number }> {
  const gpu = await on;
  const inverses = new InverseCache(gpu);
  const flight = await createDispatchedRunner(gpu, inverses).prepare(job);
  const width = job.program.outputs.reduce((sum, { value }) => sum + sizeOf(at(job.program.values, value).shape), 0);
  const steps: number[] = [];
  const rows: number[][] = [];
  const pending = [];
  do pending.push(flight.submit(stride).records);
  while (flight.position < job.steps);
  const all = await Promise.all(pending);
  for (const records of all) {
    records.steps.forEach((step, i) => {
      steps.push(step);
      rows.push([...records.data.subarray(i * width, (i + 1) * width)]);
    });
  }
  flight.destroy();
  expect(gpu.uncaptured).toEqual([]);
  return { steps, rows, last: at(all, all.length - 1), submits: all.length };
}

function interpreted(job: Job): number[][] {
  const run = interpret(job.program, job.starts, job.settings);
  const rows = [run.outputs().flatMap((output) => [...output])];
  for (let t = 0; t < job.steps; t++) {
    run.step(1e9);
    rows.push(run.outputs().flatMap((output) => [...output]));
  }
  return job.record.map((step) => at(rows, step));
}

/** float32 against Float64 over a few contracting steps: some roundings of numbers of this size. */
function expectClose(rows: readonly number[][], expected: readonly number[][], tolerance = 2e-6): void {
  expect(rows).toHaveLength(expected.length);
  rows.forEach((row, i) => {
    row.forEach((entry, k) => {
      const exact = at(at(expected, i), k);
      expect(Math.abs(entry - exact), `record ${i}, entry ${k}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(exact)),
      );
    });
  });
}

const everyStep = (steps: number) => Array.from({ length: steps + 1 }, (_, step) => step);
/** x₀ + (entries of a start-level loop), the state of another slot, and a reduction: what the small programs leave out. */
const early = (): Program =>
  programOf(5, ({ ops, start, x, t }) => {
    const [halved = start] = ops.repeat(3, [ops.sin(start)], ([c = start]) => [ops.multiply(0.5, c)]);
    const wave = ops.multiply(0.1, ops.cos(ops.multiply(t, ops.constant([1, 2, 3, 4, 5]))));
    const parts = ops.concat([
      ops.slice(x, { offset: 4, strides: [-1], shape: [3] }),
      ops.max(x),
      ops.sum(ops.reshape(halved, [5, 1]), 0),
    ]);
    const moved = ops.subtract(ops.multiply(0.5, parts), ops.tanh(halved));
    return {
      next: ops.add(moved, wave),
      initial: ops.add(halved, wave),
      outputs: { wave, squares: ops.multiply(ops.reshape(x, [5, 1]), x) },
    };
  });

/** More numbers than one workgroup takes. */
const MANY = 16_000;

/** Newton's iteration for square roots of many numbers, until the largest no longer falls; a further loop within. */
const roots = (): Program =>
  programOf(MANY, ({ ops, x }) => {
    const [root = x] = ops.repeat(
      30,
      [ops.add(x, 2), ops.constant(1e9)],
      ([y = x]) => {
        const mean = ops.multiply(0.5, ops.add(y, ops.divide(ops.add(x, 2), y)));
        const [polished = mean] = ops.repeat(2, [mean], ([z = mean]) => [
          ops.multiply(0.5, ops.add(z, ops.divide(ops.add(x, 2), z))),
        ]);
        return [polished, ops.max(y)];
      },
      ([y = x, before = x]) => ops.lessEqual(before, ops.add(ops.max(y), 1e-6)),
    );
    return { next: ops.subtract(root, 1) };
  });

/** Gradient steps on ½ xᵀQx with rows A x = 1 kept, large enough that no workgroup does one alone; and how far each went. */
const dense = (size: number): Program =>
  programOf(size, ({ ops, x }) => {
    const matrix = (rows: number, scale: number) =>
      ops.constant(
        seededNumbers(rows * size, rows).map((entry) => entry * scale),
        [rows, size],
      );
    const A = matrix(size / 4, 1 / size);
    const slope = ops.add(x, ops.matmul(matrix(size, 1 / size), ops.multiply(0.5, x)));
    const moved = ops.subtract(x, ops.multiply(0.3, slope));
    const residual = ops.subtract(ops.matmul(A, moved), ops.constant(0.1));
    const next = ops.subtract(moved, ops.matmul(ops.transpose(A), residual));
    const change = ops.subtract(next, x);
    return { next, told: { change, travelled: ops.sqrt(ops.sum(ops.multiply(change, change))) } };
  });

describe('what only records read', () => {
  it('is right at each of them, however many steps lie between', async () => {
    const program = dense(260);
    const { step, recordedStep } = lower(program);
    expect(dispatchCount(step)).toBeLessThan(dispatchCount(recordedStep ?? []));
    const job = jobOf(program, [...seededNumbers(260, 5)], {}, 12, [0, 1, 2, 5, 11, 12]);
    for (const stride of [1, 4, 12]) {
      const { steps, rows } = await recordsOf(job, stride);
      expect(steps).toEqual(job.record);
      expectClose(rows, interpreted(job), 1e-5);
    }
  });
});

describe('as on a GPU, where tiles sum the rows', () => {
  it.each([260, 332])('%i parameters: the same steps, within their rounding', async (size) => {
    const job = jobOf(dense(size), [...seededNumbers(size, 5)], {}, 6, everyStep(6));
    const plan = lower(job.program);
    const isTiled = ({ dispatch }: Call) => suited(dispatch, { hasQuads: false }).isTiled === true;
    expect(callsOf(plan.step).some(isTiled)).toBe(true);
    expectClose((await recordsOf(job, 6, asOnGpu())).rows, interpreted(job), 1e-5);
  });

  it('loops that end by themselves, and sums of many numbers', async () => {
    const job = jobOf(
      roots(),
      Array.from({ length: MANY }, (_, i) => i / 100),
      {},
      2,
      everyStep(2),
    );
    expectClose((await recordsOf(job, 2, asOnGpu())).rows, interpreted(job));
  });
});

describe('loops that end by themselves', () => {
  it('leave nothing to do once they are done', async () => {
    const gpu = await gpuForTests();
    const buffers = [1, 1].map((length) => gpu.buffer('count', 4 * length, RESIDENT));
    const [count, done] = [at(buffers, 0), at(buffers, 1)];
    const flat = { shape: [1, 1, 1, 1], count: 1, a_offset: 0, b_offset: 0, c_offset: 0 } as const;
    const none = [0, 0, 0, 0] as const;
    const calls = [
      dispatch(fill, { count: 1, step: 1, value: 1 }, { result: 0 }),
      dispatch(
        elementwise, // 3 < count
        { ...flat, a_strides: none, b_strides: none, c_strides: none },
        { a: 2, b: 0, c: 0, result: 1 },
        { operation: ELEMENTWISE.indexOf('less'), rank: 1 },
      ),
    ];
    const three = gpu.buffer('three', 4, RESIDENT);
    gpu.device.queue.writeBuffer(three, 0, Float32Array.of(3));
    const { ready, destroy } = await readyDispatches(gpu, calls, [count, done, three]);
    const turns = await sizedTurns(gpu, ready, done);
    const loop = [turns.begin, ...Array.from({ length: 10 }, () => [...turns.calls, turns.next]).flat()];
    submitAll(gpu, loop);
    expect([...(await readBack(gpu, count, 1))]).toEqual([4]);
    submitAll(gpu, loop); // begins anew, and finds that it is done after one turn
    expect([...(await readBack(gpu, count, 1))]).toEqual([5]);
    for (const one of [turns, { destroy }]) one.destroy();
    for (const buffer of [...buffers, three]) gpu.release(buffer);
    expect(gpu.uncaptured).toEqual([]);
  });

  it.each(
    Object.entries(LONG_LOOPS).flatMap(([name, program]) =>
      [gpuForTests, asOnGpu].map((on) => ({ name: `${name}, ${on.name}`, program, on })),
    ),
  )('keep what is too long for a workgroup beside it: $name', async ({ program, on }) => {
    const job = jobOf(program, [...seededNumbers(program.size, 3)], {}, 3, everyStep(3));
    expectClose((await recordsOf(job, 2, on())).rows, interpreted(job));
  });

  it('mean what they mean to the interpreter, of more numbers than one workgroup takes', async () => {
    const start = Array.from({ length: MANY }, (_, i) => i / 100);
    const job = jobOf(roots(), start, {}, 3, everyStep(3));
    expect(endingLoops(lower(job.program).step)).toHaveLength(1);
    const { rows } = await recordsOf(job, 2);
    expectClose(rows, interpreted(job));
  });
});

describe('the dispatched runner', () => {
  const jobs = {
    'projected gradient': jobOf(sumOne(), [3, -1, 0.5], { learningRate: 0.1 }, 30, everyStep(30)),
    'loops, schedules, branches': jobOf(varied(), [0.3, -0.7], { rate: 0.2 }, 20, everyStep(20)),
    'loops of the start, slices, outputs of time': jobOf(early(), [0.1, -0.4, 0.9, 2, -1], {}, 12, everyStep(12)),
  };

  it.each(Object.entries(jobs))('%s: agrees with the interpreter at every step', async (_, job) => {
    const { steps, rows } = await recordsOf(job, job.steps);
    expect(steps).toEqual(job.record);
    expectClose(rows, interpreted(job));
  });

  it.each(Object.entries(jobs))('%s: gives the same bits in one submit and in many', async (_, job) => {
    const [one, many] = [await recordsOf(job, job.steps), await recordsOf(job, 3)];
    expect(many.submits).toBeGreaterThan(one.submits);
    expect(many.rows).toEqual(one.rows);
  });

  it('keeps only the records asked for', async () => {
    const job = jobOf(sumOne(), [3, -1, 0.5], { learningRate: 0.1 }, 30, [0, 7, 29, 30]);
    const { steps, rows } = await recordsOf(job, 4);
    expect(steps).toEqual([0, 7, 29, 30]);
    expectClose(rows, interpreted(job));
  });

  it('says that numbers are no longer finite, or beyond their bound', async () => {
    const growing = (factor: number) => programOf(2, ({ ops, x }) => ({ next: ops.multiply(factor, x) }));
    const { last } = await recordsOf(jobOf(growing(1e30), [1, 1], {}, 3, [0, 3]), 3);
    expect(last.trouble).toEqual({ status: 'non-finite', step: 3 });
    const beyond = await recordsOf(jobOf(growing(1e3), [1, 1], {}, 4, [0, 4]), 4);
    expect(beyond.last.trouble).toEqual({ status: 'diverged', step: 4 });
    const apart = programOf(2, ({ ops, x }) => ({ next: x, told: { large: ops.multiply(1e12, x) } }));
    expect((await recordsOf(jobOf(apart, [1, 1], {}, 4, [0, 4]), 4)).last.trouble).toBeNull(); // x alone is bounded
  });

  it.each([10, 1e4, 1e6])(
    'projects onto 24 × 96 constraints with κ = %f by the algorithm that the evidence allows',
    async (kappa) => {
      const A = matrixWithCondition(24, 96, kappa, 1);
      const feasible = seededNumbers(96, 2);
      const b = Float64Array.from({ length: 24 }, (_, i) => Math.fround(at(feasible, i))); // full rank: any b will do
      const recorded = programOf(96, ({ ops, x, setting }) => {
        const matrix = ops.constant(A.data, [24, 96]);
        const moved = ops.subtract(x, ops.multiply(setting('learningRate'), x));
        const residual = ops.subtract(ops.matmul(matrix, moved), ops.constant(b));
        return {
          next: ops.subtract(moved, ops.matmul(ops.pinv(matrix, { rank: 24, conditionNumber: kappa }), residual)),
        };
      });
      const program = expand(recorded);
      const { rows } = await recordsOf(jobOf(program, [...seededNumbers(96, 3)], { learningRate: 0.1 }, 5, [0, 5]), 5);
      expect(relativeInfeasibility(A, at(rows, 1), b)).toBeLessThanOrEqual(kappa > 1e4 ? 1e-7 : 5e-8);

      const gpu = await gpuForTests();
      const inverses = await new InverseCache(gpu).of(program, new HostSide(program, { learningRate: [0.1] }));
      const reports = await inverses.reports;
      if (kappa <= 1e4) expect(await reports).toMatchObject([{ algorithm: 'newton-schulz', rows: 24, columns: 96 }]);
      else expect(program.values.some(({ op }) => op === 'rowSpace')).toBe(true);
    },
  );

  it('leaves no buffer behind', async () => {
    const { ledger } = await gpuForTests();
    const before = { ...ledger };
    await recordsOf(jobs['loops, schedules, branches'], 3);
    expect(ledger).toEqual(before);
  });
});
