/** Fields on the GPU beside Float64, on whatever adapter there is. Taken for a GPU, also where it is a processor: there it is slower, and right. */
import { describe, expect, it, vi } from 'vitest';
import { LOSS_BOUND } from '../../app/field-check.ts';
import { fieldJob, sampleStages } from '../../app/sample.ts';
import type { GridRequest } from '../../app/study.ts';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import { study } from '../../core/experiment/study/study.ts';
import { startOf } from '../../core/problem/problem.ts';
import { knownProblems, textOf } from '../../core/reference/problems.ts';
import type { FieldJob } from '../../core/run/field.ts';
import { finished } from '../../core/stages.ts';
import { Gpu } from '../device.ts';
import { withTestGpu } from '../test-executor.fixture.ts';
import { runField } from './run-field.ts';

const { gpu } = withTestGpu();
const taken = async () => {
  const { device, name } = await gpu();
  return new Gpu(device, name, false, false);
};
/** Waits for kernels, however long they take to compile. */
const PATIENT = { now: () => performance.now(), patience: Number.POSITIVE_INFINITY };
const spread = (count: number, from = -2, to = 2) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

function studied(text: string) {
  const found = study(text, 0, catalog);
  if (!found.ok) throw new Error(JSON.stringify(found.diagnostics));
  return found.value;
}

/** What is asked of a device on such a grid, however little it is. */
function asking(text: string, part: Partial<GridRequest> = {}) {
  const { problem, structure } = studied(text);
  const grid: GridRequest = { at: startOf(problem), axes: [0, 1], xs: spread(41), ys: spread(33), ...part };
  const job = fieldJob(problem, structure, grid, undefined, 0);
  if (!job) throw new Error('nothing is asked');
  return { problem, structure, grid, job };
}

const data = (rows: number) => `data X[${rows},3], y[${rows}] = regression(seed=1)`;

describe('a field on the GPU', () => {
  it.each([
    [
      'a valley and a disk',
      'param x = 0\nparam y = 0\nminimize (1 - x)**2 + 100*(y - x**2)**2\nsubject to x**2 + y**2 <= 2',
      {},
    ],
    [
      'functions of their own',
      'param x = 0\nparam y = 0\nminimize exp(x)*sin(y) + tanh(x*y) + 3\nsubject to sqrt(4 + x) <= exp(y)',
      {},
    ],
    ['products of data', `param w[3]\n${data(300)}\nminimize mean((X @ w - y)**2)\nsubject to sum(w) = 1`, {}],
    [
      'rows of data',
      `param w[3]\n${data(203)}\nminimize mean(log(1 + exp(-(X @ w)*y)))\nsubject to sum(w**2) <= 1`,
      {},
    ],
    [
      'a plane across all entries',
      'param w[4]\nminimize sum(w**4) + w[0]*w[3] + 1',
      {
        directions: [
          [0.5, 0.5, 0.5, 0.5],
          [0.5, -0.5, 0.5, -0.5],
        ],
      },
    ],
    [
      'a volume',
      'param w[3]\nminimize sum(w**2)\nsubject to\n  w[0]*w[1]*w[2] = 0.1',
      { axes: [0, 1, 2], xs: spread(13), ys: spread(12), zs: spread(11) },
    ],
    ['a line', 'param x = 0\nminimize cos(x) + 2', { axes: [0, 0], xs: [0], ys: spread(2000) }],
    [
      'a late step',
      `param w[3]\n${data(203)}\nminimize mean(tanh(X @ w + 3*t/T)**2) + 0.1`,
      { time: { step: 7, steps: 10 } },
    ],
  ] as [string, string, Partial<GridRequest>][])(
    'agrees with Float64 within what is drawn and read: %s',
    async (_, text, part) => {
      const { problem, structure, grid, job } = asking(text, part);
      const device = await taken();
      const answer = await runField(device, job, PATIENT);
      if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
      const exact = finished(sampleStages(problem, structure, grid));
      const sample = finished(sampleStages(problem, structure, grid, undefined, undefined, answer.value.values));
      expect(sample.loss, 'it is not computed anew').not.toEqual(exact.loss);
      sample.loss?.forEach((value, i) => {
        const should = at(exact.loss ?? [], i);
        expect(Math.abs(value - should)).toBeLessThanOrEqual(LOSS_BOUND * Math.abs(should));
      });
      sample.constraints.forEach((each, k) => {
        each?.values.forEach((row, r) => {
          row.forEach((value, i) => {
            expect(Math.sign(value)).toBe(Math.sign(exact.constraints[k]?.values[r]?.[i] ?? Number.NaN));
          });
        });
      });
      expect(device.uncaptured).toEqual([]);
    },
  );

  const isWhole = import.meta.env.FEASIBLE_FULL === '1';
  const known = knownProblems.filter((_, i) => isWhole || i % 4 === 0);

  it.each([4, 0.4, 1e-3])(
    'is within the bounds at every point of known problems, or left to Float64, in windows %d wide',
    async (width) => {
      const device = await taken();
      let confirmed = 0;
      for (const one of known) {
        const start = startOf(studied(textOf(one)).problem);
        const around = (entry: number) => spread(61, (start[entry] ?? 0) - width / 2, (start[entry] ?? 0) + width / 2);
        const line = { axes: [0, 0] as const, xs: [0], ys: around(0) };
        const plane = { axes: [0, 1] as const, xs: around(0), ys: around(1) };
        const { problem, structure, grid, job } = asking(textOf(one), start.length > 1 ? plane : line);
        const answer = await runField(device, job, PATIENT);
        if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
        const sample = finished(sampleStages(problem, structure, grid, undefined, undefined, answer.value.values));
        if (sample.confirmed === null) continue;
        confirmed += 1;
        const exact = finished(sampleStages(problem, structure, grid));
        const off = (sample.loss ?? []).map((value, i) => {
          const should = at(exact.loss ?? [], i);
          return Object.is(value, should) ? 0 : Math.abs(value - should) / Math.abs(should);
        });
        expect(Math.max(...off), one.id).toBeLessThanOrEqual(LOSS_BOUND);
        const signs = ({ constraints }: typeof exact) =>
          constraints.map((each) => each?.values.map((row) => row.map(Math.sign)));
        expect(signs(sample), one.id).toEqual(signs(exact));
      }
      if (width > 1) expect(confirmed).toBeGreaterThan(0.9 * known.length);
    },
  );

  const logistic = () =>
    asking(`param w[3]\n${data(203)}\nminimize mean(log(1 + exp(-(X @ w)*y)))`, { xs: spread(241), ys: spread(241) });

  /** A device that counts, and a clock of the test's own: each look at it takes so long. */
  async function counted(job: FieldJob, lookMs: number, signal?: AbortSignal) {
    const device = await taken();
    const { queue } = device.device;
    const counts = { submits: 0, written: 0 };
    const [submit, write] = [queue.submit.bind(queue), queue.writeBuffer.bind(queue)];
    let clock = 0;
    queue.submit = (buffers) => {
      counts.submits += 1;
      submit(buffers);
    };
    queue.writeBuffer = (...all: Parameters<GPUQueue['writeBuffer']>) => {
      counts.written += (all[2] as ArrayBufferView).byteLength;
      write(...all);
    };
    const answer = await runField(device, job, { ...PATIENT, now: () => (clock += lookMs), signal });
    queue.submit = submit;
    queue.writeBuffer = write;
    return { device, answer, ...counts };
  }

  it('is one submit where it is short, to which the places of the axes go, and no points', async () => {
    const { job } = asking('param x = 0\nparam y = 0\nminimize x**2 + y**2', { xs: spread(241), ys: spread(241) });
    const { answer, submits, written, device } = await counted(job, 1);
    expect(answer.ok).toBe(true);
    expect(submits).toBe(1);
    expect(written).toBeLessThan(4 * (2 * 241 + 1 + 4 * 2) + 64);
    expect(device.ledger).toEqual({ buffers: 0, bytes: 0 });
  });

  it('is several where it is long, each about as long as a frame may wait, and no more once it is not wanted', async () => {
    const { job } = logistic();
    const { submits } = await counted(job, 30);
    expect(submits).toBeGreaterThan(3);
    const controller = new AbortController();
    controller.abort();
    const stopped = await counted(job, 30, controller.signal);
    expect(stopped.answer.ok).toBe(false);
    expect(stopped.submits).toBe(0);
    expect(stopped.device.ledger).toEqual({ buffers: 0, bytes: 0 });
  });

  it('is left to Float64 while its kernel is being compiled, and is there for the next', async () => {
    const { job } = logistic();
    const device = await taken();
    const first = await runField(device, job, { ...PATIENT, patience: 0 });
    expect(first.ok ? '' : first.diagnostics[0]?.message).toBe('The kernel is being compiled.');
    await vi.waitFor(
      async () => expect((await runField(device, job, { ...PATIENT, patience: 0 })).ok).toBe(true),
      20_000,
    );
  });

  it('has no answer from a device that is lost', async () => {
    const { job } = logistic();
    const device = await taken();
    await runField(device, job, PATIENT);
    device.device.destroy();
    const answer = await runField(device, job, PATIENT);
    expect(answer.ok).toBe(false);
  });
});
