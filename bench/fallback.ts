/** What a visitor without WebGPU gets: runs in WebAssembly, the interpreter, and the same loops written by hand over plain arrays. */
import { catalog } from '../src/catalog/registry.ts';
import type { RunJson } from '../src/core/experiment/experiment.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { prepareSwarm } from '../src/core/experiment/prepare-swarm.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { type Interpreter, interpret } from '../src/core/program/interpret.ts';
import { DIVERGENCE_BOUND, type Executor, type Job } from '../src/core/run/run.ts';
import { SwarmStarts } from '../src/core/run/swarm-starts.ts';
import { createWasmExecutors } from '../src/wasm/executor.ts';
import { WasmMachine } from '../src/wasm/stepper.ts';
import { type ContestResult, measureContest } from './contest.ts';
import { denseProblem, projectDense } from './dense-loop.ts';
import { nullSpace, penalty, projectedAdam, projectedGradient } from './plain-loops.ts';
import { RATE, START, TWO_ROWS } from './two-rows.ts';

const STEPS = 100_000;
const BY_HAND = 'Float64Array loop, by hand';
/** At most 3× slower than the loop by hand. */
const GOALS = { [BY_HAND]: 0.33 };
/** The part of the steps that the interpreter makes. */
const INTERPRETED = 0.02;

interface Loop {
  readonly name: string;
  readonly text: string;
  readonly run: RunJson;
  readonly steps: number;
  readonly plain: () => ArrayLike<number>;
}

const small = (name: string, run: RunJson, plain: () => ArrayLike<number>): Loop => ({
  name: `${name}, n = 3`,
  text: TWO_ROWS,
  run,
  steps: STEPS,
  plain,
});

function dense(size: number, steps: number): Loop {
  const problem = denseProblem(size);
  return {
    name: `dense quadratic, projected gradient, n = ${size}, m = ${size / 4}`,
    text: problem.text,
    run: { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } },
    steps,
    plain: () => projectDense(problem, steps, RATE),
  };
}

const loops = (): Loop[] => [
  small(
    'projected gradient, SGD',
    { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } },
    () => projectedGradient([...START], STEPS, RATE),
  ),
  small(
    'projected gradient, Adam',
    { method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.05 } },
    () => projectedAdam([...START], STEPS, 0.05),
  ),
  small('null space, SGD', { method: 'null-space', optimizer: { kind: 'sgd', learningRate: RATE } }, () =>
    nullSpace([...START], STEPS, RATE),
  ),
  small(
    'penalty, SGD',
    { method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.02 } },
    () => penalty([...START], STEPS, 0.02, 10),
  ),
  dense(16, 10_000),
  dense(40, 5000),
];

export async function measureFallback(_: unknown, now: () => number): Promise<ContestResult[]> {
  const wasm = createWasmExecutors({ now, pause: () => Promise.resolve() })('measured');
  const results: ContestResult[] = [];
  for (const loop of loops()) results.push(await contest(loop, wasm, now));
  results.push(await swarm(wasm, now));
  return results;
}

async function contest({ name, text, run, steps, plain }: Loop, wasm: Executor, now: () => number) {
  const job = jobOf(text, { ...run, steps, record: [0, steps] });
  const start = job.starts.subarray(0, job.program.size);
  const opened = new WasmMachine().open(job.program, start, job.settings);
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  const interpreted = interpret(job.program, start, job.settings);
  const exact = plain();
  let last: ArrayLike<number> = [];
  const stepping = (machine: Interpreter, count: number) => () => {
    machine.restart(start);
    machine.advance(count, DIVERGENCE_BOUND);
    last = machine.outputs()[0] ?? [];
  };
  return measureContest(
    {
      name: `Without a GPU: ${steps} steps, ${name}`,
      rounds: 5,
      goals: GOALS,
      columns: [
        {
          name: 'Feasible in WebAssembly, from text',
          run: stepping(opened.value, steps),
          error: () => Math.max(...Array.from(exact, (entry, i) => Math.abs(entry - (last[i] ?? Number.NaN)))),
        },
        {
          name: 'the same, lowered and graded',
          run: async () => {
            const [end] = await wasm.run([job], { executor: 'wasm', onChunk: () => {} });
            if (end?.executor !== 'wasm') throw new Error(end?.reason);
          },
        },
        { name: BY_HAND, run: plain },
        { name: 'interpreter', share: INTERPRETED, run: stepping(interpreted, steps * INTERPRETED) },
      ],
    },
    now,
  );
}

function jobOf(text: string, run: RunJson): Job {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}

const SWARM = { starts: 1000, steps: 1000 };

async function swarm(
  wasm: ReturnType<ReturnType<typeof createWasmExecutors>>,
  now: () => number,
): Promise<ContestResult> {
  const studied = study(TWO_ROWS, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } };
  const over = ['x1', 'x2', 'x3'].map((axis) => ({ axis, from: -1, to: 1 }));
  const job = prepareSwarm(
    studied.value,
    { sample: 'random', size: SWARM.starts, steps: SWARM.steps, over },
    [run],
    0,
    catalog,
  );
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const starts = new SwarmStarts(job.value).planar(SWARM.starts, (k) => k);
  const entry = (k: number, i: number) => starts[i * SWARM.starts + k] ?? 0;
  return measureContest(
    {
      name: `Without a GPU: swarm of ${SWARM.starts} starts × ${SWARM.steps} steps, n = 3, with outcomes and basins`,
      rounds: 5,
      goals: GOALS,
      columns: [
        {
          name: 'Feasible in WebAssembly, from text',
          run: () => wasm.swarm(job.value, { executor: 'wasm', onPart: () => {} }),
        },
        {
          name: BY_HAND,
          run: () => {
            for (let k = 0; k < SWARM.starts; k++)
              projectedGradient([entry(k, 0), entry(k, 1), entry(k, 2)], SWARM.steps, RATE);
          },
        },
      ],
    },
    now,
  );
}
