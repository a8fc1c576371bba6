/** What is beyond one kernel of scalars: dense quadratics and losses over rows of data, by every lowering, WebAssembly and the interpreter. */
import { catalog } from '../src/catalog/registry.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { compact } from '../src/core/program/compact.ts';
import { type Interpreter, interpret } from '../src/core/program/interpret.ts';
import { loopOverRows } from '../src/core/program/row-loops.ts';
import type { Job } from '../src/core/run/run.ts';
import { Ops } from '../src/core/tensor/ops.ts';
import { chooseForSwarm, chooseLowering } from '../src/gpu/choose.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { deviceProgram } from '../src/gpu/device-program.ts';
import { drive } from '../src/gpu/drive.ts';
import { lower } from '../src/gpu/fused/lower.ts';
import { nothingToMeasure } from '../src/gpu/nothing-to-measure.ts';
import type { Flight, Runner } from '../src/gpu/runner.ts';
import { keepRunners } from '../src/gpu/runners.ts';
import { WasmMachine } from '../src/wasm/stepper.ts';
import { type Column, type Contest, type ContestResult, measureContest } from './contest.ts';
import { denseProblem } from './dense-loop.ts';
import { RATE } from './two-rows.ts';

/** Kernels of scalars beyond it take seconds to minutes to compile. */
const MOST_LINES = 700;

const MANY = 4096;
/** Of many starts, what would take longer makes a part of them, at least so many. */
const [LONGEST_MS, FEW] = [1000, 64] as const;

interface Case {
  readonly name: string;
  readonly job: Job;
  /** Of one start; of many, each makes fewer. */
  readonly steps: number;
}

/** x ← P(x − η(Q x − c)) on A x = 1, recorded by hand: as text, its matrices would be longer than a text may be. */
function dense(size: number): Case {
  const { rows, Q, c, A } = denseProblem(size);
  const ops = new Ops();
  const start = ops.input('start', 'x0', [size]);
  const x = ops.input('state', 'x', [size]);
  const rate = ops.input('setting', 'rate', []);
  const matrix = ops.constant(A, [rows, size]);
  const slope = ops.subtract(ops.matmul(ops.constant(Q, [size, size]), x), ops.constant(c));
  const moved = ops.subtract(x, ops.multiply(rate, slope));
  const residual = ops.subtract(ops.matmul(matrix, moved), ops.ones(rows));
  const next = ops.subtract(moved, ops.matmul(ops.pinv(matrix), residual));
  const program = compact(ops, {
    size,
    start: start.id,
    time: null,
    settings: [{ name: 'rate', shape: [], id: rate.id }],
    state: [{ name: 'x', shape: [size], initial: start.id, current: x.id, next: next.id }],
    outputs: [{ name: 'x', value: x.id }],
  });
  return {
    name: `dense quadratic, n = ${size}, m = ${rows}`,
    job: {
      id: 1,
      program,
      measure: nothingToMeasure(size),
      starts: new Float64Array(size),
      settings: { rate: [RATE] },
      steps: 1,
      record: [1],
    },
    steps: Math.max(8, Math.round(2 ** 19 / size ** 2)),
  };
}

function typed(name: string, loss: string, rows: number, columns: number, steps: number): Case {
  const data = `X[${rows},${columns}], y[${rows}] = regression(seed=1)`;
  const text = `param w[${columns}]\ndata ${data}\nminimize mean(${loss})\nsubject to sum(w) = 1`;
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } };
  const prepared = prepareRun(studied.value, { ...run, steps: 1, record: [0, 1] }, 0, catalog);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  return { name: `${name}, ${rows} rows of ${columns}`, job: prepared.value, steps };
}

const cases = (): Case[] => [
  ...[16, 32, 64, 256].map(dense),
  typed('logistic regression', 'log(1 + exp(-(X @ w) * y))', 200, 5, 200),
  typed('logistic regression', 'log(1 + exp(-(X @ w) * y))', 2000, 10, 50),
  typed('linear regression', '(X @ w - y)**2', 1000, 5, 1000),
];

export async function measureLowerings(gpu: Gpu, now: () => number): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const one of cases())
    for (const starts of [1, MANY]) results.push(await measureContest(await contestOf(gpu, now, one, starts), now));
  return results;
}

/** The interpreter first: the others are told as shares of its time. */
async function contestOf(
  gpu: Gpu,
  now: () => number,
  { name, job, steps: all }: Case,
  count: number,
): Promise<Contest> {
  const steps = count === 1 ? all : Math.max(4, Math.round(all / 32));
  const { size } = job.program;
  const { program } = deviceProgram(job.program, job.settings);
  const starts = Float64Array.from({ length: count * size }, (_, i) => Math.sin(i));
  const [one, machine, runners] = [starts.subarray(0, size), new WasmMachine(), keepRunners(now)(gpu)];
  const chosen = await chosenFor(program, count, gpu.hasQuads);
  const onDevice = async (kind: string, runner: Runner, program: Job['program']): Promise<Column> => {
    const run = (part: number) => () =>
      flown(runner, { ...job, program, starts: starts.subarray(0, part * size), steps, record: [steps] }, now);
    const few = Math.min(count, FEW);
    await run(few)(); // compiles
    const began = now();
    await run(few)();
    const part = Math.min(count, Math.max(few, Math.floor((few * LONGEST_MS) / (now() - began))));
    return { name: part < count ? `${kind}, ${part} of the starts` : kind, share: part / count, run: run(part) };
  };
  // As a swarm has them: opened once, each start from there on.
  const restarted = (name: string, { restart, advance }: Pick<Interpreter, 'restart' | 'advance'>): Column => ({
    name: count === 1 ? name : `${name}, one of the starts`,
    share: 1 / count,
    run: () => {
      restart(one);
      advance(steps, 1e9);
    },
  });
  const opened = machine.open(job.program, one, job.settings);
  if (!opened.ok) throw new Error('no WebAssembly');
  const columns: Column[] = [
    restarted('interpreter', interpret(job.program, one, job.settings)),
    restarted('WebAssembly', opened.value),
  ];
  const looped = loopOverRows(program);
  if (lower(program).lines <= MOST_LINES) columns.push(await onDevice('fused', runners.fused, program));
  else if (looped && lower(looped.program).lines <= MOST_LINES)
    columns.push(await onDevice('fused, rows in a loop', runners.fused, looped.program));
  columns.push(await onDevice('a workgroup a start', runners.workgroup, program));
  if (count === 1) columns.push(await onDevice('dispatched', runners.dispatched, program));
  return { name: `${name}: ${count} × ${steps} steps; chosen: ${chosen}`, rounds: 5, columns };
}

/** By what runs and swarms choose. */
async function chosenFor(program: Job['program'], starts: number, isProcessor: boolean): Promise<string> {
  if (starts === 1) return (await chooseLowering(program, 'gpu', { starts, isProcessor })).kind;
  const choice = chooseForSwarm(program, 'gpu', isProcessor);
  return typeof choice === 'string' ? 'wasm' : choice.lowering;
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
