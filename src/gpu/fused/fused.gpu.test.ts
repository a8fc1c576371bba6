/** Fused runs on the device: equal to the reference, however they are cut, and however many starts go together. */
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { interpret } from '../../core/program/interpret.ts';
import type { Program } from '../../core/program/program.ts';
import type { Job } from '../../core/run/run.ts';
import type { Tensor } from '../../core/tensor/ops.ts';
import { Convoy } from '../convoy.ts';
import { InverseCache } from '../inverses.ts';
import { withTestGpu } from '../test-executor.fixture.ts';
import { jobOf, programOf, sumOne, varied, withLength } from './programs.fixture.ts';
import { createFusedRunner, type FusedRunner } from './runner.ts';

const { gpu } = withTestGpu();
let shared: FusedRunner | null = null;

async function runner(): Promise<FusedRunner> {
  const device = await gpu();
  shared ??= createFusedRunner(device, new InverseCache(device), () => performance.now());
  return shared;
}

/** All records of a job, submitted in pieces of the given sizes (the last size repeats). */
async function recordsOf(job: Job, pieces: readonly number[]): Promise<{ steps: number[]; data: number[] }> {
  const flight = await (await runner()).prepare(job);
  const steps: number[] = [];
  const data: number[] = [];
  for (let piece = 0; piece === 0 || flight.position < job.steps; piece++) {
    const records = await flight.submit(pieces[Math.min(piece, pieces.length - 1)] ?? job.steps).records;
    steps.push(...records.steps);
    data.push(...records.data);
  }
  flight.destroy();
  return { steps, data };
}

/** The same by the interpreter. */
function expected(program: Program, job: Job): number[] {
  const run = interpret(program, job.starts, job.settings);
  return job.record.flatMap((step) => {
    while (run.t < step) run.step(Number.POSITIVE_INFINITY);
    return run.outputs().flatMap((numbers) => [...numbers]);
  });
}

function expectClose(found: readonly number[], wanted: readonly number[], within: number): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - at(wanted, i))).toBeLessThanOrEqual(within * Math.max(1, Math.abs(at(wanted, i))));
  });
}

const every = (steps: number): number[] => Array.from({ length: steps + 1 }, (_, step) => step);

describe('a fused run', () => {
  it('of projected gradient is that of the reference', async () => {
    const job = jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 0.1 }, 60, every(60));
    const { steps, data } = await recordsOf(job, [60]);
    expect(steps).toEqual(job.record);
    expectClose(data, expected(sumOne(), job), 1e-6);
  });

  it('with loops, schedules and branches is that of the reference', async () => {
    const job = jobOf(varied(), [2, -1], { rate: 0.3 }, 30, every(30)); // later, a rounding decides a branch
    expectClose((await recordsOf(job, [30])).data, expected(varied(), job), 1e-5);
  });

  it.each([[[100]], [[1]], [[7, 1, 30]], [[8, 8, 84]]])(
    'has at its records what no step reads, in pieces of %j',
    async (pieces) => {
      const job = jobOf(withLength(), [2, -1], {}, 100, [0, 1, 8, 9, 17, 50, 99, 100]);
      expectClose((await recordsOf(job, pieces)).data, expected(withLength(), job), 1e-6);
    },
  );

  it.each([[[1]], [[7, 1, 30]], [[50, 50]], [[99, 1]]])('is the same to the bit in pieces of %j', async (pieces) => {
    const job = jobOf(varied(), [2, -1], { rate: 0.3 }, 100, [0, 3, 4, 50, 99, 100]);
    expect(await recordsOf(job, pieces)).toEqual(await recordsOf(job, [100]));
  });

  it('keeps exactly the steps asked for, none or the start among them', async () => {
    for (const record of [[], [0], [100], [1, 2, 99]]) {
      expect((await recordsOf(jobOf(varied(), [2, -1], { rate: 0.3 }, 100, record), [33])).steps).toEqual(record);
    }
  });

  it('of many starts is each of them alone, to the bit', async () => {
    const starts = Array.from({ length: 100 }, (_, k) => [Math.sin(k), Math.cos(3 * k)]);
    const together = await recordsOf(jobOf(varied(), starts.flat(), { rate: 0.3 }, 40, [0, 40]), [13]);
    for (const k of [0, 1, 63, 64, 99]) {
      const alone = await recordsOf(jobOf(varied(), at(starts, k), { rate: 0.3 }, 40, [0, 40]), [40]);
      expect(together.data.filter((_, i) => i % 100 === k)).toEqual(alone.data);
    }
  });

  it('with other settings and starts compiles nothing', async () => {
    const { pipelines } = await runner();
    const compiled = () => pipelines.compiles;
    await recordsOf(jobOf(sumOne(), [1, 1, 1], { learningRate: 0.2 }, 5, [5]), [5]);
    const before = compiled();
    await recordsOf(jobOf(sumOne(), [2, 0, 1], { learningRate: 0.05 }, 9, [1, 9]), [9]);
    expect(compiled()).toBe(before);
  });

  it('says by when its state was no longer finite', async () => {
    const growing = programOf(1, ({ ops, x }) => ({ next: ops.multiply(x, ops.multiply(x, x)) }));
    const flight = await (await runner()).prepare(jobOf(growing, [10], {}, 20, every(20)));
    const { trouble } = await flight.submit(20).records; // 10^(3^k): 10⁹ at k = 2, 10²⁷ at 3, beyond float32 at 4
    flight.destroy();
    expect(trouble).toEqual({ status: 'diverged', step: 3 });
    const negative = programOf(1, ({ ops, x }) => ({ next: ops.maximum(ops.log(ops.subtract(x, 1)), 0) }));
    const second = await (await runner()).prepare(jobOf(negative, [0.5], {}, 20, every(20)));
    const records = await second.submit(20).records; // max(NaN, 0) is NaN, as in Float64
    second.destroy();
    expect(records.trouble).toEqual({ status: 'non-finite', step: 1 });
    const apart = programOf(1, ({ ops, x }) => ({ next: x, told: { large: ops.multiply(1e12, x) } }));
    const third = await (await runner()).prepare(jobOf(apart, [1], {}, 3, every(3)));
    expect((await third.submit(3).records).trouble).toBeNull(); // x alone is bounded
    third.destroy();
  });

  it.each([1, 3])(
    'goes with others of its kernel in one dispatch, the same to the bit: %i starts each',
    async (starts) => {
      const device = await gpu();
      const fused = await runner();
      const record = (k: number) => [[0, 40], every(7 + k), [], [3 + k]][k % 4] ?? [];
      const jobs = Array.from({ length: 70 }, (_, k) => {
        const x = Array.from({ length: 2 * starts }, (_, i) => (k === 5 ? Number.NaN : Math.sin(5 * k + i) - 0.2));
        return jobOf(varied(), x, { rate: 0.1 + 0.003 * k }, 40 + k, record(k)); // more than one dispatch takes
      });
      await recordsOf(at(jobs, 0), [40]);
      const convoy = new Convoy(device);
      const flights = await Promise.all(jobs.map((job) => fused.prepare(job)));
      expect(flights.every(({ sharesDispatch }) => sharesDispatch)).toBe(true);
      const begin = convoy.encoder.beginComputePass.bind(convoy.encoder);
      let passes = 0;
      convoy.encoder.beginComputePass = (descriptor) => {
        passes += 1;
        return begin(descriptor);
      };
      const joined = flights.map((flight, k) => flight.join?.(at(jobs, k).steps, convoy));
      convoy.send();
      const found = await Promise.all(joined.map((submitted) => submitted?.records));
      for (const flight of flights) flight.destroy();
      expect(passes).toBe(2);
      expect(found.flatMap((records, k) => (records?.trouble ? [k] : []))).toEqual([5]);
      for (const [k, job] of jobs.entries()) {
        const alone = await recordsOf(job, [job.steps]);
        expect([...(found[k]?.steps ?? [])]).toEqual(alone.steps);
        expect([...(found[k]?.data ?? [])]).toEqual(alone.data);
      }
    },
  );

  it('frees what it took', async () => {
    const { ledger, uncaptured } = await gpu();
    const before = { ...ledger };
    await recordsOf(jobOf(varied(), [2, -1], { rate: 0.3 }, 100, every(100)), [10]);
    expect(ledger).toEqual(before);
    expect(uncaptured).toEqual([]);
  });

  it('of random smooth programs is that of the reference', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const program = randomProgram(seed);
      const job = jobOf(program, [0.4, -0.7, 0.2], { rate: 0.1 }, 10, every(10));
      expectClose((await recordsOf(job, [4, 6])).data, expected(program, job), 1e-4);
    }
  });
});

/** x ← x + 0.1·tanh of a random expression of x, t, a setting and the start. */
function randomProgram(seed: number): Program {
  let state = seed;
  const random = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return programOf(3, ({ ops, x, t, start, setting }) => {
    const known: Tensor[] = [
      x,
      start,
      ops.constant([0.5, -1.5, 2]),
      ops.broadcast(setting('rate'), [3]),
      ops.broadcast(ops.cos(t), [3]),
    ];
    const pick = () => at(known, random(known.length));
    const M = ops.constant([0.2, -1, 0.4, 0, 1, 0.3, -0.5, 0.1, 0], [3, 3]);
    const builders: (() => Tensor)[] = [
      () => ops.add(pick(), pick()),
      () => ops.subtract(pick(), pick()),
      () => ops.multiply(pick(), pick()),
      () => ops.divide(pick(), ops.add(2, ops.multiply(pick(), 0))),
      () => ops.sin(pick()),
      () => ops.exp(ops.tanh(pick())),
      () => ops.log(ops.add(1, ops.abs(pick()))),
      () => ops.maximum(pick(), pick()),
      () => ops.matmul(M, pick()),
      () => ops.where(ops.less(pick(), ops.row(pick(), 1)), pick(), pick()),
      () => ops.broadcast(ops.sum(pick()), [3]),
      () => ops.concat([ops.row(pick(), 2), ops.slice(pick(), { offset: 0, strides: [1], shape: [2] })]),
      () => ops.multiply(ops.norm(pick()), pick()),
      () => ops.broadcast(ops.max(pick()), [3]),
      () =>
        at(
          ops.repeat(3, [pick()], ([c]) => [ops.tanh(ops.add(c as Tensor, pick()))]),
          0,
        ),
    ];
    for (let k = 0; k < 12; k++) known.push(ops.tanh(at(builders, random(builders.length))()));
    return {
      next: ops.add(x, ops.multiply(0.1, at(known, known.length - 1))),
      outputs: { y: at(known, known.length - 2) },
    };
  });
}
