/** What is beyond one kernel of scalars: dense quadratics and losses over rows of data, by every lowering and by the interpreter. */
import { catalog } from '../src/catalog/registry.ts';
import { prepareRun, studyStructure } from '../src/core/experiment/prepare.ts';
import { compressData } from '../src/core/program/data-products.ts';
import { expand } from '../src/core/program/expand.ts';
import { interpret } from '../src/core/program/interpret.ts';
import { loopOverRows } from '../src/core/program/row-loops.ts';
import { specialize } from '../src/core/program/specialize.ts';
import type { Job } from '../src/core/run/run.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { drive } from '../src/gpu/drive.ts';
import { lower } from '../src/gpu/fused/lower.ts';
import type { Flight, Runner } from '../src/gpu/runner.ts';
import { keepRunners } from '../src/gpu/runners.ts';
import { WasmMachine } from '../src/wasm/stepper.ts';
import { type Column, type Contest, type ContestResult, measureContest } from './contest.ts';
import { denseProblem } from './dense-loop.ts';
import { RATE } from './two-rows.ts';

/** Kernels of scalars beyond it take seconds to minutes to compile. */
const MOST_LINES = 1200;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly steps: number;
}

const MANY = 4096;

const cases = (): Case[] => [
  ...[16, 32, 64, 256].map((size) => ({
    name: `dense quadratic, n = ${size}, m = ${size / 4}`,
    text: denseProblem(size).text,
    steps: Math.max(8, Math.round(2 ** 19 / size ** 2)),
  })),
  {
    name: 'logistic regression, 200 rows of 5',
    text: `param w[5]\ndata X[200,5], y[200] = regression(seed=1)\nminimize mean(log(1 + exp(-(X @ w) * y)))\nsubject to sum(w) = 1`,
    steps: 200,
  },
  {
    name: 'logistic regression, 2000 rows of 10',
    text: `param w[10]\ndata X[2000,10], y[2000] = regression(seed=1)\nminimize mean(log(1 + exp(-(X @ w) * y)))\nsubject to sum(w) = 1`,
    steps: 50,
  },
  {
    name: 'linear regression, 1000 rows of 5',
    text: `param w[5]\ndata X[1000,5], y[1000] = regression(seed=1)\nminimize mean((X @ w - y)**2)\nsubject to sum(w) = 1`,
    steps: 1000,
  },
];

export async function measureLowerings(gpu: Gpu, now: () => number): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const one of cases()) {
    for (const starts of [1, MANY]) {
      const contest = contestOf(gpu, now, one, starts);
      if (contest.columns.length > 1) results.push(await measureContest(contest, now));
    }
  }
  return results;
}

/** The interpreter first: the others are told as shares of its time. */
function contestOf(gpu: Gpu, now: () => number, { name, text, steps: all }: Case, count: number): Contest {
  const steps = count === 1 ? all : Math.max(4, Math.round(all / 32));
  const studied = studyStructure(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } };
  const prepared = prepareRun(studied.value, { ...run, steps, record: [0, steps] }, 0, catalog);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const { value: recorded } = prepared;
  const program = specialize(expand(recorded.program), recorded.settings);
  const size = program.size;
  const starts = Float64Array.from({ length: count * size }, (_, i) => Math.sin(i));
  const job: Job = { ...recorded, program, starts, record: [steps] };
  const runners = keepRunners(now)(gpu);
  const machine = new WasmMachine();
  const one = starts.subarray(0, size);
  const products = compressData(program)?.program ?? null;
  const looped = loopOverRows(program)?.program ?? null;
  const device = (name: string, runner: Runner, job: Job): Column => ({ name, run: () => flown(runner, job, now) });
  const columns: Column[] = [
    {
      name: 'interpreter',
      share: 1 / count,
      run: () => interpret(recorded.program, one, recorded.settings).advance(steps, 1e9),
    },
    {
      name: 'WebAssembly',
      share: 1 / count,
      run: () => {
        const opened = machine.open(recorded.program, one, recorded.settings);
        if (!opened.ok) throw new Error('no WebAssembly');
        opened.value.advance(steps, 1e9);
        opened.value.release();
      },
    },
  ];
  if (lower(program).lines <= MOST_LINES) columns.push(device('scalars', runners.fused, job));
  if (looped) columns.push(device('scalars, rows in a loop', runners.fused, { ...job, program: looped }));
  if (products) columns.push(device('scalars, products of the data', runners.fused, { ...job, program: products }));
  columns.push(device('a workgroup a start', runners.workgroup, job));
  if (count === 1) columns.push(device('dispatched', runners.dispatched, job));
  return { name: `${name}: ${count} × ${steps} steps`, rounds: 5, columns };
}

async function flown(runner: Runner, job: Job, now: () => number): Promise<void> {
  let flight: Flight | null = null;
  try {
    flight = await runner.prepare(job);
    await drive([{ flight, steps: job.steps, onRecords: () => false }], { targetMs: 30, now });
  } finally {
    flight?.destroy();
  }
}
