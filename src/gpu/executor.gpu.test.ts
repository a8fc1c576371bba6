/** The executor on a real adapter: what it chooses, how runs end, and what a lost device leaves behind. */
import { describe, expect, it } from 'vitest';
import affine from '../catalog/constraints/affine.ts';
import projectedGradient from '../catalog/methods/projected-gradient.ts';
import sgd from '../catalog/optimizers/sgd.ts';
import { fault } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import type { Chunk, ExecutorChoice, JobEnd } from '../core/run/run.ts';
import { createWasmExecutors } from '../wasm/executor.ts';
import { createGpuExecutor } from './executor.ts';
import { jobOf, programOf, sumOne } from './fused/programs.fixture.ts';
import { keepRunners } from './runners.ts';
import { pause, withTestExecutor } from './test-executor.fixture.ts';

const now = () => performance.now();
const { executor, uncaptured } = withTestExecutor();
let ticks = 0;
/** With a clock that ticks when it is read. */
const ticking = withTestExecutor(() => ticks++);

/** Its device is lost on the way. */
const recovering = withTestExecutor();

const every = (steps: number): number[] => Array.from({ length: steps + 1 }, (_, step) => step);
const sumOneJob = (steps: number) => jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 0.1 }, steps, every(steps));

const catalog = { constraints: [affine], methods: [projectedGradient], optimizers: [sgd], datasets: [] };

const ignore = { onChunk: () => {} };

/** m equalities of full rank on n weights. */
function wideProblem(m: number, n: number): string {
  const row = (i: number) =>
    Array.from({ length: n }, (_, j) => (i === j ? 3 : Math.round(10 * Math.sin(7 * i + 3 * j)) / 10));
  return `param w[${n}]\ndata A = [${Array.from({ length: m }, (_, i) => `[${row(i)}]`)}]\nminimize sum((w - 1)^2)\nsubject to A @ w = 1`;
}

describe('the executor of the GPU', () => {
  it('says what ran, where and why', async () => {
    const [end] = await executor.run([sumOneJob(50)], { executor: 'gpu', ...ignore });
    expect(end).toMatchObject({
      executor: 'fused',
      adapter: expect.stringMatching(/./),
      reason: expect.stringMatching(/^Fused: .* \d+ lines\.$/),
    });
  });

  it.each<[ExecutorChoice, JobEnd['executor'], JobEnd['status']]>([
    ['fused', 'fused', 'finished'],
    ['dispatched', 'dispatched', 'finished'],
    ['reference', 'reference', 'finished'],
    ['wasm', 'wasm', 'finished'],
  ])('takes %s at its word', async (choice, kind, status) => {
    const far = jobOf(
      programOf(1, ({ ops, x }) => ({ next: ops.add(x, 1) })),
      [0],
      {},
      5,
      [0, 5],
    );
    const [end] = await executor.run([{ ...far, measure: { ...far.measure } }], { executor: choice, ...ignore });
    expect(end?.executor).toBe(kind);
    expect([status, 'converged']).toContain(end?.status); // a problem without loss is solved anywhere
  });

  it('runs jobs side by side and returns their ends in order', async () => {
    const chunks: Chunk[] = [];
    const jobs = [3, 1, 2].map((id) => ({ ...sumOneJob(40 * id), id }));
    const ends = await executor.run(jobs, { executor: 'gpu', onChunk: (chunk) => chunks.push(chunk) });
    expect(ends.map(({ job }) => job)).toEqual([3, 1, 2]);
    for (const { id, record } of jobs) {
      expect(chunks.filter(({ job }) => job === id).flatMap(({ steps }) => steps)).toEqual(record);
    }
  });

  it('gives several short runs one submit once their pace is known, and the same iterates as alone', async () => {
    const rates = [0.1, 0.05, 0.2, 0.15];
    const jobs = rates.map((learningRate, id) => ({
      ...jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate }, 20, [0, 5, 20]),
      id,
    }));
    const iterates = async (some: typeof jobs) => {
      const found = new Map<number, number[]>();
      const onChunk = ({ job, iterates }: Chunk) => found.set(job, [...(found.get(job) ?? []), ...iterates]);
      for (const { status } of await ticking.executor.run(some, { executor: 'fused', onChunk }))
        expect(['finished', 'converged']).toContain(status);
      return some.map(({ id }) => found.get(id));
    };
    const alone: unknown[] = [];
    for (const job of jobs) alone.push(...(await iterates([job])));
    for (let k = 0; k < 3; k++) await iterates(jobs.slice(0, 1)); // finds the pace, which equal programs share
    const { device } = await ticking.gpu();
    const submit = device.queue.submit.bind(device.queue);
    let submits = 0;
    device.queue.submit = (buffers) => {
      submits += 1;
      submit(buffers);
    };
    expect(await iterates(jobs)).toEqual(alone);
    device.queue.submit = submit;
    expect(submits).toBeLessThan(jobs.length);
  });

  it.each([
    ['grows without bound', programOf(1, ({ ops, x }) => ({ next: ops.multiply(1.5, x) })), 2],
    [
      'leaves the domain of its loss',
      programOf(1, ({ ops, x }) => ({ next: ops.add(ops.multiply(1e-3, ops.log(x)), ops.subtract(x, 0.25)) })),
      9.875,
    ],
  ])(
    'ends a run that %s at the step at which the reference ends it, however sparse its records',
    async (_, program, start) => {
      for (const record of [every(1000), [0, 1000], [0, 7, 400, 1000]]) {
        const job = jobOf(program, [start], {}, 1000, record);
        const [fused, reference] = [
          await recordedRun(executor, 'fused', job),
          await recordedRun(executor, 'reference', job),
        ];
        expect({ status: fused.end.status, steps: fused.steps, message: fused.end.message }).toEqual({
          status: reference.end.status,
          steps: reference.steps,
          message: reference.end.message,
        });
        expect(fused.iterates.flat().every(Number.isFinite)).toBe(true);
      }
    },
  );

  it.each([
    ['few entries', 'param w[3]\nminimize sum((w - 1)^2)\nsubject to w[0] + 2*w[1] = 1', 'host', true],
    [
      'dependent rows',
      'param w[3]\nminimize sum((w - 1)^2)\nsubject to\n w[0] + w[1] = 1\n 2*w[0] + 2*w[1] = 2',
      'row-basis',
      false,
    ],
    ['many entries', wideProblem(7, 12), 'newton-schulz', true],
  ])(
    'chooses the pseudoinverse by the matrix and agrees with the reference: %s',
    async (_, text, algorithm, hasFigure) => {
      const studied = study(text, 0, catalog);
      if (!studied.ok) throw new Error('the problem is right');
      const job = prepareRun(studied.value, { method: 'projected-gradient', steps: 40 }, 1, catalog);
      if (!job.ok) throw new Error('the run is right');
      const [fused, reference] = [
        await recordedRun(executor, 'fused', job.value),
        await recordedRun(executor, 'reference', job.value),
      ];
      expect(fused.end.pseudoinverses.map((report) => report.algorithm)).toContain(algorithm);
      expect(
        fused.end.pseudoinverses.some(
          ({ residuals }) => residuals !== undefined && (residuals[residuals.length - 1] ?? 1) < 1e-4,
        ),
      ).toBe(hasFigure);
      fused.iterates.flat().forEach((entry, i) => {
        expect(entry).toBeCloseTo(reference.iterates.flat()[i] ?? Number.NaN, 5);
      });
    },
  );

  it('stops when told to and keeps what was made', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const slow = jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 1e-6 }, 5_000_000, every(9000));
    const onChunk = (chunk: Chunk) => {
      steps.push(...chunk.steps);
      controller.abort();
    };
    const [end] = await executor.run([slow], { executor: 'fused', onChunk, signal: controller.signal });
    expect(end?.status).toBe('stopped');
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(every(steps.length - 1));
  });

  it('falls back to WebAssembly in sight where there is no GPU, but not when a lowering was asked for', async () => {
    const without = createGpuExecutor({
      device: async () => fault('This browser has no WebGPU.'),
      runners: keepRunners(now),
      reference: (reason) => createReferenceExecutor({ now, pause, reason }),
      referenceSwarms: (reason) => createReferenceSwarms({ now, pause, reason }),
      wasm: async (reason) => createWasmExecutors({ now, pause })(reason),
      now,
    });
    const [shown] = await without.run([sumOneJob(5)], { executor: 'gpu', ...ignore });
    expect(shown).toMatchObject({
      executor: 'wasm',
      reason: 'This browser has no WebGPU. The CPU runs instead, in WebAssembly.',
    });
    const [failed] = await without.run([sumOneJob(5)], { executor: 'fused', ...ignore });
    expect(failed).toMatchObject({ executor: 'fused', status: 'failed', message: 'This browser has no WebGPU.' });
  });

  it('keeps the iterates when the device is lost, and runs again on a fresh one', async () => {
    const { device } = await recovering.gpu();
    const steps: number[] = [];
    const slow = jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 1e-6 }, 5_000_000, every(9000));
    const onChunk = (chunk: Chunk) => {
      steps.push(...chunk.steps);
      device.destroy();
    };
    const [lost] = await recovering.executor.run([slow], { executor: 'gpu', onChunk });
    expect(lost).toMatchObject({ status: 'failed', message: expect.stringContaining('The GPU was lost') });
    expect(steps.length).toBeGreaterThan(0);
    const again = await recordedRun(recovering.executor, 'gpu', sumOneJob(20));
    expect(again.end.executor).toBe('fused');
    expect(again.steps).toEqual(every(20));
  });

  it('made no error that nothing caught', async () => {
    expect(await uncaptured()).toEqual([]);
  });
});
