/** 10,000 steps of four runs on one problem: fused on the device, plainly in JavaScript, and by the interpreter. */
import { catalog } from '../src/catalog/registry.ts';
import { success } from '../src/core/diagnostic.ts';
import type { RunJson } from '../src/core/experiment/experiment.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { interpret } from '../src/core/program/interpret.ts';
import { createReferenceExecutor } from '../src/core/run/reference-executor.ts';
import { createReferenceSwarms } from '../src/core/run/reference-swarm.ts';
import type { Job } from '../src/core/run/run.ts';
import type { Convoy } from '../src/gpu/convoy.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { createGpuExecutor } from '../src/gpu/executor.ts';
import type { Flight, Runner, Submitted } from '../src/gpu/runner.ts';
import { keepRunners } from '../src/gpu/runners.ts';
import { createWasmExecutors } from '../src/wasm/executor.ts';
import { nullSpace, penalty, projectedAdam, projectedGradient } from './plain-loops.ts';
import { describe, digits, markdown, type Spread, spreadOf } from './statistics.ts';
import { START, TWO_ROWS } from './two-rows.ts';

const STEPS = 10_000;
const ROUNDS = 9;
/** The clock of a page is too coarse for one plain loop. */
const PLAIN_REPEATS = 20;
interface Contest {
  readonly name: string;
  readonly run: RunJson;
  readonly plain: () => readonly number[];
}

const CONTESTS: readonly Contest[] = [
  {
    name: 'projected gradient, SGD',
    run: { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 } },
    plain: () => projectedGradient([...START], STEPS, 0.1),
  },
  {
    name: 'projected gradient, Adam',
    run: { method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.05 } },
    plain: () => projectedAdam([...START], STEPS, 0.05),
  },
  {
    name: 'null space, SGD',
    run: { method: 'null-space', optimizer: { kind: 'sgd', learningRate: 0.1 } },
    plain: () => nullSpace([...START], STEPS, 0.1),
  },
  {
    name: 'penalty, SGD',
    run: { method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.02 } },
    plain: () => penalty([...START], STEPS, 0.02, 10),
  },
];

export interface LoopTimes {
  readonly name: string;
  readonly runs: number;
  readonly steps: number;
  readonly firstMs: number;
  readonly fusedMs: Spread;
  readonly plainMs: Spread;
  readonly interpreterMs: Spread;
  /** Of the same round. */
  readonly plainOverFused: Spread;
  readonly interpreterOverFused: Spread;
  readonly readBacks: number;
  readonly submits: number;
  /** Largest difference of the last iterates: plain against interpreter, fused against interpreter. */
  readonly plainDifference: number;
  readonly fusedDifference: number;
}

export async function measureLoops(gpu: Gpu, now: () => number): Promise<LoopTimes[]> {
  const studied = study(TWO_ROWS, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const entries = CONTESTS.map((contest, id) => {
    const job = prepareRun(studied.value, { ...contest.run, steps: STEPS, record: [0, STEPS] }, id, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    return { ...contest, job: job.value };
  });
  const results: LoopTimes[] = [];
  for (const entry of entries) results.push(await measure(gpu, now, entry.name, [entry]));
  results.push(await measure(gpu, now, 'all four at once', entries));
  return results;
}

async function measure(
  gpu: Gpu,
  now: () => number,
  name: string,
  entries: readonly (Contest & { readonly job: Job })[],
): Promise<LoopTimes> {
  const count = { submits: 0, readBacks: 0 };
  const runnersOf = keepRunners(now);
  const executor = createGpuExecutor({
    device: () => Promise.resolve(success(gpu)),
    runners: (device) => ({
      ...runnersOf(device),
      fused: { ...runnersOf(device).fused, ...counted(runnersOf(device).fused, count), kind: 'fused' },
    }),
    reference: (reason) => createReferenceExecutor({ now, pause: () => Promise.resolve(), reason }),
    referenceSwarms: (reason) => createReferenceSwarms({ now, pause: () => Promise.resolve(), reason }),
    wasm: async (reason) => createWasmExecutors({ now, pause: () => Promise.resolve() })(reason),
    now,
  });
  const jobs = entries.map(({ job }) => job);
  const fused = async () => {
    const last = new Map<number, readonly number[]>();
    const ends = await executor.run(jobs, {
      executor: 'fused',
      onChunk: ({ job, iterates, steps }) =>
        last.set(job, [...iterates.subarray(-iterates.length / Math.max(1, steps.length))]),
    });
    const failed = ends.find(({ status }) => status === 'failed');
    if (failed) throw new Error(failed.message);
    return jobs.map(({ id }) => last.get(id) ?? []);
  };
  const plain = () => entries.map((entry) => entry.plain());
  const interpreter = () =>
    jobs.map(({ program, starts, settings, steps }) => {
      const run = interpret(program, starts, settings);
      for (let t = 0; t < steps; t++) run.step(1e9);
      return [...(run.outputs()[0] ?? [])];
    });

  const began = now();
  const approximate = await fused();
  const firstMs = now() - began;
  const [exact, byHand] = [interpreter(), plain()];
  for (let warm = 0; warm < 3; warm++) await fused(); // the pace is found, the loops are compiled
  const times = { fused: [] as number[], plain: [] as number[], interpreter: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [key, body] of [
      ['fused', fused],
      ['plain', plain],
      ['interpreter', interpreter],
    ] as const) {
      if (key === 'fused') Object.assign(count, { submits: 0, readBacks: 0 });
      const repeats = key === 'plain' ? PLAIN_REPEATS : 1;
      const at = now();
      for (let k = 0; k < repeats; k++) await body();
      times[key].push((now() - at) / repeats);
    }
  }
  const ratios = (key: 'plain' | 'interpreter') =>
    spreadOf(times[key].map((ms, i) => ms / (times.fused[i] ?? Number.NaN)));
  return {
    name,
    runs: jobs.length,
    steps: STEPS,
    firstMs,
    fusedMs: spreadOf(times.fused),
    plainMs: spreadOf(times.plain),
    interpreterMs: spreadOf(times.interpreter),
    plainOverFused: ratios('plain'),
    interpreterOverFused: ratios('interpreter'),
    ...count,
    plainDifference: largestDifference(byHand, exact),
    fusedDifference: largestDifference(approximate, exact),
  };
}

const largestDifference = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  Math.max(...a.flatMap((vector, i) => vector.map((entry, k) => Math.abs(entry - (b[i]?.[k] ?? Number.NaN)))));

/** A runner that counts submits and the maps that bring records back: one at the end of each submit, none between. */
function counted(runner: Runner, count: { submits: number; readBacks: number }): Runner {
  const known = new WeakSet<Convoy>();
  return {
    kind: runner.kind,
    async prepare(job) {
      const flight = await runner.prepare(job);
      const told = (submitted: Submitted, convoy?: Convoy): Submitted => {
        if (convoy && known.has(convoy)) return submitted; // one submit, one read-back for all that join
        if (convoy) known.add(convoy);
        count.submits += 1;
        void submitted.records.then(() => {
          count.readBacks += 1;
        });
        return submitted;
      };
      const { pace, pseudoinverses } = flight;
      const wrapper: Flight = {
        pace,
        pseudoinverses,
        get position() {
          return flight.position;
        },
        submit: (most) => told(flight.submit(most)),
        ...(flight.join && { join: (most, convoy) => told(flight.join?.(most, convoy) as Submitted, convoy) }),
        destroy: () => flight.destroy(),
      };
      return wrapper;
    },
  };
}

export const printLoops = (results: readonly LoopTimes[]): string =>
  markdown(
    `${STEPS} steps on two-rows: ms, median (quartiles) of ${ROUNDS} interleaved rounds`,
    [
      'run',
      'fused',
      'plain JavaScript',
      'interpreter',
      'plain / fused',
      'interpreter / fused',
      'submits',
      'read-backs',
      'first run',
      'error of fused',
      'error of plain',
    ],
    results.map((one) => [
      one.name,
      describe(one.fusedMs),
      describe(one.plainMs),
      describe(one.interpreterMs),
      describe(one.plainOverFused),
      describe(one.interpreterOverFused),
      String(one.submits),
      String(one.readBacks),
      digits(one.firstMs),
      digits(one.fusedDifference),
      digits(one.plainDifference),
    ]),
  );
