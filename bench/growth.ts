/** How costs grow with size: exponents by least squares of log time on log size, each beside its bound. */
import { catalog } from '../src/catalog/registry.ts';
import { at } from '../src/core/diagnostic.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { prepareSwarm } from '../src/core/experiment/prepare-swarm.ts';
import { studyStructure } from '../src/core/experiment/study/study.ts';
import { expand } from '../src/core/program/expand.ts';
import { specialize } from '../src/core/program/specialize.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { affinePasses } from '../src/gpu/dispatched/affine-passes.fixture.ts';
import { lower } from '../src/gpu/dispatched/lower.ts';
import { pseudoinverseOnDevice } from '../src/gpu/dispatched/newton-schulz.ts';
import { dispatchCount } from '../src/gpu/dispatched/plan.ts';
import { readBack, readyDispatches, submitAll } from '../src/gpu/kernels/dispatch.ts';
import { seededNumbers } from '../src/gpu/kernels/seeded.ts';
import { RESIDENT } from '../src/gpu/kernels/usage.ts';
import { openLargeProjection } from '../src/gpu/large/projection.ts';
import { openSparseProjection } from '../src/gpu/large/sparse-projection.ts';
import { squareSums } from '../src/gpu/large/square-sums.fixture.ts';
import { denseProblem } from './dense-loop.ts';
import { ownExecutor } from './own-executor.ts';
import { ownProduct } from './products.ts';
import { digits, markdown, spreadOf } from './statistics.ts';
import { SLOW_RATE, TWO_ROWS } from './two-rows.ts';

export interface Growth {
  readonly name: string;
  readonly sizes: readonly number[];
  /** Medians, ms; or counts. */
  readonly costs: readonly number[];
  readonly exponent: number;
  /** Bound on the exponent. */
  readonly most: number;
}

const ROUNDS = 3;
const RUN = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: SLOW_RATE } };

export async function measureGrowth(gpu: Gpu, now: () => number): Promise<Growth[]> {
  const bound = (name: string, most: number) => ({ name, most });
  const swarm = swarmOf(gpu, now);
  return [
    await timed(bound('product n×n·n×n, in n', 3.1), [256, 512, 1024], now, (n) => product(gpu, n)),
    await timed(bound('Newton–Schulz, an iteration, in m (n = 4m)', 3.1), [64, 128, 256], now, (m) => inverse(gpu, m)),
    await timed(bound('swarm of 1000 steps, in starts', 1.05), [1e4, 1e5, 3e5], now, (n) => swarm(n, 1000)),
    await timed(bound('swarm of 100,000 starts, in steps', 1), [100, 300, 1000], now, (n) => swarm(1e5, n)),
    await timed(bound('fused loop, in steps', 1), [1e4, 3e4, 1e5], now, (n) => loop(gpu, now, n)),
    await timed(bound('dense projection, in m·n (n = 4m)', 1.1), [4 * 64 ** 2, 4 * 128 ** 2, 4 * 256 ** 2], now, (k) =>
      denseProjection(gpu, Math.sqrt(k / 4)),
    ),
    await timed(bound('projection on disjoint groups, in entries', 1.1), [1e6, 4e6, 16e6], now, (n) => groups(gpu, n)),
    await timed(bound('projection on sparse equations, in entries', 1.1), [125e3, 5e5, 2e6], now, (n) =>
      sparse(gpu, n),
    ),
    dispatches(),
  ];
}

/** A piece of work that can be repeated, and how many times its unit it does. */
interface Work {
  run(): Promise<unknown>;
  readonly units: number;
  destroy(): void;
}

const nothing = () => {};

async function timed(
  bound: Pick<Growth, 'name' | 'most'>,
  sizes: readonly number[],
  now: () => number,
  open: (size: number) => Promise<Work>,
): Promise<Growth> {
  const works: Work[] = [];
  for (const size of sizes) works.push(await open(size));
  for (const work of works) await work.run(); // compiles, finds its pace
  const samples = sizes.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, work] of works.entries()) {
      const began = now();
      let runs = 0;
      do {
        await work.run();
        runs += 1;
      } while (now() - began < 20);
      at(samples, i).push((now() - began) / runs / work.units);
    }
  }
  for (const work of works) work.destroy();
  const costs = samples.map((one) => spreadOf(one).median);
  return { ...bound, sizes, costs, exponent: slopeOf(sizes, costs) };
}

/** Of the line through (log size, log cost) with the least squares. */
function slopeOf(sizes: readonly number[], costs: readonly number[]): number {
  const [x, y] = [sizes.map(Math.log), costs.map(Math.log)];
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  const across = x.reduce((sum, one, i) => sum + (one - mx) * (at(y, i) - my), 0);
  return across / x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
}

async function product(gpu: Gpu, n: number): Promise<Work> {
  const [a, b] = [Float32Array.from(seededNumbers(n * n, 1)), Float32Array.from(seededNumbers(n * n, 2))];
  const { run, destroy } = await ownProduct(gpu, a, b, [n, n, n]);
  return { run, destroy, units: 1 };
}

async function inverse(gpu: Gpu, m: number): Promise<Work> {
  const a = Float32Array.from(seededNumbers(4 * m * m, 3));
  const first = await pseudoinverseOnDevice(gpu, a, m, 4 * m);
  first.destroy();
  const run = async () => {
    const { buffer, destroy } = await pseudoinverseOnDevice(gpu, a, m, 4 * m);
    await readBack(gpu, buffer, 1);
    destroy();
  };
  return { run, units: Math.max(1, first.iterations), destroy: nothing };
}

function studied(text: string) {
  const result = studyStructure(text, 0, catalog);
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

function swarmOf(gpu: Gpu, now: () => number) {
  const study = { ...studied(TWO_ROWS), optimum: null };
  const executor = ownExecutor(gpu, now);
  const over = ['x1', 'x2', 'x3'].map((axis) => ({ axis, from: -1, to: 1 }));
  return async (size: number, steps: number): Promise<Work> => {
    const job = prepareSwarm(study, { sample: 'random', size, steps, over }, [RUN], 0, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const run = () => executor.swarm(job.value, { executor: 'fused', onPart: nothing });
    return { run, units: 1, destroy: nothing };
  };
}

async function loop(gpu: Gpu, now: () => number, steps: number): Promise<Work> {
  const job = prepareRun(studied(TWO_ROWS), { ...RUN, steps, record: [0, steps] }, 0, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const executor = ownExecutor(gpu, now);
  return {
    run: () => executor.run([job.value], { executor: 'fused', onChunk: nothing }),
    units: 1,
    destroy: nothing,
  };
}

/** 64 projections x − P(A x − b) in one submit. */
async function denseProjection(gpu: Gpu, m: number): Promise<Work> {
  const [n, repeats] = [4 * m, 64];
  const buffers = [m * n, n * m, n, m, m, n].map((length, i) => {
    const buffer = gpu.buffer('bench', 4 * length, RESIDENT);
    gpu.device.queue.writeBuffer(buffer, 0, Float32Array.from(seededNumbers(length, i)));
    return buffer;
  });
  const { calls } = affinePasses(m, n, repeats);
  const { ready, destroy } = await readyDispatches(gpu, calls, buffers);
  return {
    run: () => {
      submitAll(gpu, ready);
      return readBack(gpu, at(buffers, 5), 1);
    },
    units: repeats,
    destroy() {
      destroy();
      for (const buffer of buffers) gpu.release(buffer);
    },
  };
}

async function groups(gpu: Gpu, entries: number): Promise<Work> {
  const lengths = new Uint32Array(entries / 1000).fill(1000);
  const opened = await openLargeProjection(gpu, { kind: 'sums', lengths, targets: lengths.map(() => 1) });
  if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
  const { vector, project, destroy } = opened.value;
  return {
    run: () => {
      project();
      return vector.read(0, 1);
    },
    units: 1,
    destroy,
  };
}

/** Sums of the rows and columns of a square, from a point that has none of them, which is uploaded anew each time. */
async function sparse(gpu: Gpu, entries: number): Promise<Work> {
  const side = Math.sqrt(entries / 2);
  const opened = await openSparseProjection(gpu, squareSums(side));
  if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
  const projection = opened.value;
  const values = Float32Array.from(seededNumbers(side * side, 5));
  return {
    async run() {
      projection.vector.write(0, values);
      const { status } = await projection.project();
      if (status !== 'met') throw new Error(`the sums are not met: ${status}`);
    },
    units: 1,
    destroy: () => projection.destroy(),
  };
}

/** Of a step of projected gradient on a dense quadratic with n/4 equalities, as dispatches. */
function dispatches(): Growth {
  const sizes = [16, 32, 44]; // as many as a text holds
  const costs = sizes.map((n) => {
    const job = prepareRun(studied(denseProblem(n).text), RUN, 0, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    return dispatchCount(lower(specialize(expand(job.value.program), job.value.settings)).step);
  });
  const name = 'dispatches of a step, dense quadratic with n/4 equalities, in n';
  return { name, sizes, costs, exponent: slopeOf(sizes, costs), most: 0 };
}

const verdict = ({ exponent, most }: Growth): string => `${exponent <= most ? 'kept' : 'broken'}: at most ${most}`;

export const printGrowth = (all: readonly Growth[]): string =>
  markdown(
    `Growth: cost as a power of size, ${ROUNDS} interleaved rounds`,
    ['cost', 'sizes', 'medians, ms (dispatches: count)', 'exponent', 'bound'],
    all.map((one) => [
      one.name,
      one.sizes.map((size) => size.toLocaleString('en-US')).join(' · '),
      one.costs.map(digits).join(' · '),
      one.exponent.toFixed(2),
      verdict(one),
    ]),
  );
