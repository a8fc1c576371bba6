/** Runs of one workgroup a start: equal to Float64 for every operation, however they are cut, and where arrays go to storage. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { study } from '../../core/experiment/study/study.ts';
import { expand } from '../../core/program/expand.ts';
import { interpret } from '../../core/program/interpret.ts';
import type { Program } from '../../core/program/program.ts';
import { specialize } from '../../core/program/specialize.ts';
import { casesOfEachKind } from '../../core/reference/case-kinds.fixture.ts';
import { experimentOfCase } from '../../core/reference/experiment-of-case.ts';
import { problemOf, type ReferenceCase, reference } from '../../core/reference/trajectories.ts';
import type { Job } from '../../core/run/run.ts';
import { jobOf, programOf, sumOne, varied } from '../fused/programs.fixture.ts';
import { createFusedRunner } from '../fused/runner.ts';
import { InverseCache } from '../inverses.ts';
import { seededNumbers } from '../kernels/seeded.ts';
import { withTestGpu } from '../test-executor.fixture.ts';
import { lowerToWorkgroup } from './lower.ts';

const { gpu } = withTestGpu();

/** All records of a job, submitted in pieces of `stride` steps: [record][element][start]. */
async function recordsOf(job: Job, stride: number) {
  const device = await gpu();
  const runner = createFusedRunner(device, new InverseCache(device), () => 0, lowerToWorkgroup);
  const flight = await runner.prepare(job);
  const steps: number[] = [];
  const data: number[] = [];
  let trouble = null;
  do {
    const records = await flight.submit(stride).records;
    steps.push(...records.steps);
    data.push(...records.data);
    trouble = records.trouble;
  } while (flight.position < job.steps);
  flight.destroy();
  expect(device.uncaptured).toEqual([]);
  return { steps, data, trouble };
}

function expected({ program, starts, settings, record }: Job): number[] {
  const run = interpret(program, starts, settings);
  return record.flatMap((step) => {
    while (run.t < step) run.step(Number.POSITIVE_INFINITY);
    return run.outputs().flatMap((numbers) => [...numbers]);
  });
}

/** Largest difference, relative to the larger of 1 and the number itself. */
const distance = (found: readonly number[], wanted: readonly number[]): number =>
  found.length === wanted.length
    ? found.reduce((most, value, i) => {
        const difference = Math.abs(value - at(wanted, i)) / Math.max(1, Math.abs(at(wanted, i)));
        return difference <= most ? most : difference;
      }, 0)
    : Number.NaN;

const every = (steps: number): number[] => Array.from({ length: steps + 1 }, (_, step) => step);

const matrix = (rows: number, columns: number, seed: number): Float64Array =>
  Float64Array.from(seededNumbers(rows * columns, seed), (entry) => entry / Math.sqrt(columns));

/** Gradient descent on mean log(1 + exp(−y·Xw)) over the rows of X[rows, n]. */
const logistic = (rows: number, n: number): Program =>
  programOf(n, ({ ops, x, setting }) => {
    const X = ops.constant(matrix(rows, n, 3), [rows, n]);
    const y = ops.constant(Float64Array.from(seededNumbers(rows, 4), Math.sign));
    const weights = ops.divide(y, ops.add(1, ops.exp(ops.multiply(y, ops.matmul(X, x)))));
    const gradient = ops.divide(ops.matmul(ops.transpose(X), weights), -rows);
    const losses = ops.log(ops.add(1, ops.exp(ops.negate(ops.multiply(y, ops.matmul(X, x))))));
    return { next: ops.subtract(x, ops.multiply(setting('rate'), gradient)), outputs: { loss: ops.mean(losses) } };
  });

/** Views, several sums, loops that end by themselves, a schedule, a swap, overlapping parts. */
const mixed = (n: number): Program =>
  programOf(n, ({ ops, start, x, t, setting }) => {
    const M = ops.constant(matrix(n, n, 5), [n, n]);
    const square = ops.multiply(ops.reshape(x, [n, 1]), ops.tanh(x));
    const [halved = x] = ops.repeat(
      6,
      [x, start],
      ([c = x, d = x], turn) => [ops.multiply(0.5, d), ops.add(c, ops.divide(ops.matmul(M, c), ops.add(9, turn)))],
      ([c = x]) => ops.less(ops.norm(c), 0.2),
    );
    const reversed = ops.slice(ops.sin(x), { offset: n - 1, strides: [-1], shape: [n] });
    const lapped = ops.assemble(
      [
        { part: ops.slice(x, { offset: 0, strides: [1], shape: [n - 1] }), view: { offset: 1, strides: [1] } },
        { part: ops.slice(x, { offset: 0, strides: [1], shape: [n - 2] }), view: { offset: 0, strides: [1] } },
      ],
      [n],
    );
    const sums = ops.add(ops.sum(square, 0), ops.add(ops.sum(ops.transpose(square), 0), ops.max(square, 1)));
    const bent = ops.where(ops.less(ops.row(x, 0), ops.max(ops.cos(x))), reversed, ops.abs(lapped));
    const rate = ops.divide(setting('rate'), ops.add(1, t));
    return {
      initial: ops.add(start, ops.multiply(0.1, ops.sum(ops.exp(ops.negate(ops.multiply(start, start)))))),
      next: ops.subtract(
        ops.multiply(0.6, x),
        ops.multiply(rate, ops.tanh(ops.add(ops.add(sums, lapped), ops.add(bent, ops.matmul(halved, M))))),
      ),
      outputs: { size: ops.norm(x), square, wave: ops.cos(ops.multiply(t, ops.constant(matrix(3, 1, 6), [3]))) },
    };
  });

const swap = (n: number): Program =>
  programOf(n, ({ ops, x }) => ({
    next: ops.slice(x, { offset: n - 1, strides: [-1], shape: [n] }),
  }));

const jobs = {
  'projected gradient': jobOf(sumOne(), [3, -1, 0.5], { learningRate: 0.1 }, 30, every(30)),
  'loops, schedules, branches': jobOf(varied(), [0.3, -0.7], { rate: 0.2 }, 20, every(20)),
  'views, sums and overlapping parts, n = 5': jobOf(mixed(5), [...seededNumbers(5, 1)], { rate: 0.2 }, 8, every(8)),
  'the same with n = 20': jobOf(mixed(20), [...seededNumbers(20, 1)], { rate: 0.2 }, 8, every(8)),
  'a vector turned round in place': jobOf(swap(130), [...seededNumbers(130, 1)], {}, 5, every(5)),
  'logistic regression, 200 rows': jobOf(logistic(200, 5), [...seededNumbers(5, 2)], { rate: 0.5 }, 20, every(20)),
  'logistic regression, 3000 rows, arrays in storage': jobOf(
    logistic(3000, 70),
    [...seededNumbers(70, 2)],
    { rate: 0.5 },
    4,
    every(4),
  ),
};

describe('a run of one workgroup', () => {
  it.each(Object.entries(jobs))('%s: is that of the reference at every step', async (_, job) => {
    const { steps, data } = await recordsOf(job, job.steps);
    expect(steps).toEqual(job.record);
    expect(distance(data, expected(job))).toBeLessThanOrEqual(5e-6);
  });

  it.each(Object.entries(jobs))('%s: is the same to the bit in pieces', async (_, job) => {
    expect((await recordsOf(job, 3)).data).toEqual((await recordsOf(job, job.steps)).data);
  });

  it('of many starts is each of them alone, to the bit', async () => {
    const starts = Array.from({ length: 7 }, (_, k) => [...seededNumbers(6, k)]);
    const of = (numbers: readonly number[]) => jobOf(mixed(6), numbers, { rate: 0.2 }, 4, [0, 4]);
    const together = await recordsOf(of(starts.flat()), 4);
    for (const k of [0, 3, 6]) {
      const alone = await recordsOf(of(at(starts, k)), 4);
      expect(together.data.filter((_, i) => i % 7 === k)).toEqual(alone.data);
    }
  });

  it('says by when its state was no longer finite, or beyond its bound', async () => {
    const growing = (factor: number) => programOf(70, ({ ops, x }) => ({ next: ops.multiply(factor, x) }));
    const of = async (factor: number, record: number[]) =>
      (await recordsOf(jobOf(growing(factor), new Array(70).fill(1), {}, 4, record), 4)).trouble;
    expect(await of(1e30, every(4))).toEqual({ status: 'diverged', step: 1 });
    expect(await of(1e30, [0, 4])).toEqual({ status: 'non-finite', step: 4 });
    expect(await of(1.5, every(4))).toBeNull();
    const apart = programOf(70, ({ ops, x }) => ({ next: x, told: { large: ops.multiply(1e12, x) } }));
    const { trouble } = await recordsOf(jobOf(apart, new Array(70).fill(1), {}, 4, [0, 4]), 4);
    expect(trouble).toBeNull(); // x alone is bounded
  });

  it('frees what it took', async () => {
    const { ledger } = await gpu();
    const before = { ...ledger };
    await recordsOf(jobs['loops, schedules, branches'], 3);
    expect(ledger).toEqual(before);
  });
});

const STEPS = 6;

/** Float32 over six steps: each rounding is 6e-8, each step some tens of operations, and gradients amplify a little. */
const TOLERANCE = 2e-5;

function caseJob(referenceCase: ReferenceCase) {
  const experiment = experimentOfCase(problemOf(referenceCase), referenceCase);
  const run: RunJson = at(experiment.runs ?? [], 0);
  const method = catalog.methods.find(({ id }) => id === run.method);
  const isKnown = Object.keys(run.settings ?? {}).every((name) => method && name in method.settings);
  const studied = study(experiment.problem, 0, catalog);
  if (!studied.ok || !isKnown) return null;
  const prepared = prepareRun(studied.value, { ...run, steps: STEPS, record: every(STEPS) }, 1, catalog);
  if (!prepared.ok) return null;
  const job = { ...prepared.value, program: specialize(expand(prepared.value.program), prepared.value.settings) };
  return { job, problem: experiment.problem, method: run.method, id: referenceCase.id };
}

const cases = reference.cases.flatMap((one) => caseJob(one) ?? []);

describe('programs of one workgroup agree with the interpreter', () => {
  it.each(casesOfEachKind(cases, Boolean(import.meta.env.FEASIBLE_FULL)))('$id', async ({ job }) => {
    const { steps, data } = await recordsOf(job, STEPS);
    expect(steps).toEqual(job.record);
    expect(distance(data, expected(job))).toBeLessThanOrEqual(TOLERANCE);
  });
});
