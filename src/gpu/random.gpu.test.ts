/** Random numbers are the same bits on the interpreter, in a fused kernel and as dispatches. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { interpret } from '../core/program/interpret.ts';
import type { Program } from '../core/program/program.ts';
import type { Job } from '../core/run/run.ts';
import type { RandomSource } from '../core/tensor/ops.ts';
import { createDispatchedRunner } from './dispatched/runner.ts';
import { jobOf, programOf } from './fused/programs.fixture.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import type { Runner } from './runner.ts';
import { withTestGpu } from './test-executor.fixture.ts';

const { gpu } = withTestGpu();

const ROWS = 37;

/** Uniform numbers, shuffled ones, rows gathered by them, and normal ones, told apart by their outputs. */
const drawing = (): Program =>
  programOf(2, ({ ops, x, t, setting }) => {
    const from = (stream: number): RandomSource => ({
      seed: ops.concat([setting('low'), setting('high')]),
      start: ops.input('index', 'start', []),
      t,
      stream,
    });
    const rows = ops.randomIndex(5, ROWS, from(2));
    const table = ops.constant(
      Array.from({ length: 3 * ROWS }, (_, i) => i / 8),
      [ROWS, 3],
    );
    return {
      next: ops.add(ops.multiply(0.5, x), ops.random('uniform', [2], from(1))),
      outputs: {
        uniform: ops.random('uniform', [2, 2], from(1)),
        rows,
        gathered: ops.gather(table, rows),
        normal: ops.random('normal', [6], from(200)),
      },
    };
  });
const WIDTH = 2 + 4 + 5 + 15 + 6;
const EXACT = 2 + 4 + 5 + 15; // x is a sum of few halvings of numbers with 24 bits: rounded from the second step on

const STEPS = 200;
const job = (starts: readonly number[], low: number): Job =>
  jobOf(drawing(), starts, { low, high: 40_000 }, STEPS, [0, 1, 2, 77, STEPS]);

async function recordsOf(runner: Runner, wanted: Job): Promise<Float32Array> {
  const flight = await runner.prepare(wanted);
  const { data } = await flight.submit(STEPS).records;
  flight.destroy();
  return data;
}

function expected({ program, settings, record }: Job): Float64Array {
  const run = interpret(program, [0, 0], settings);
  return Float64Array.from(
    record.flatMap((step) => {
      while (run.t < step) run.step(Number.POSITIVE_INFINITY);
      return run.outputs().flatMap((numbers) => [...numbers]);
    }),
  );
}

function expectSame(found: ArrayLike<number>, wanted: Float64Array): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((number, i) => {
    const within = i % WIDTH < 2 ? 1e-6 : i % WIDTH < EXACT ? 0 : 1e-5;
    expect(Math.abs(at(found, i) - number), `entry ${i % WIDTH}`).toBeLessThanOrEqual(within);
  });
}

describe('random numbers', () => {
  it('are the same bits in a fused kernel', async () => {
    const device = await gpu();
    const runner = createFusedRunner(device, new InverseCache(device), () => 0);
    for (const low of [0, 1, 65_535]) expectSame(await recordsOf(runner, job([0, 0], low)), expected(job([0, 0], low)));
  });

  it('are the same bits as dispatches', async () => {
    const device = await gpu();
    const runner = createDispatchedRunner(device, new InverseCache(device));
    for (const low of [0, 65_535]) expectSame(await recordsOf(runner, job([0, 0], low)), expected(job([0, 0], low)));
  });

  it('are others for every start', async () => {
    const device = await gpu();
    const runner = createFusedRunner(device, new InverseCache(device), () => 0);
    const data = await recordsOf(runner, job([0, 0, 0, 0, 0, 0], 1)); // [record][element][start]
    const of = (start: number) => Float32Array.from({ length: data.length / 3 }, (_, i) => at(data, 3 * i + start));
    expectSame(of(0), expected(job([0, 0], 1)));
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const same = of(a).filter((entry, i) => i % WIDTH >= 2 && i % WIDTH < 6 && entry === at(of(b), i));
      expect(same.length).toBe(0);
    }
  });
});
