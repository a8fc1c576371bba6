/** What a visitor without WebGPU gets: runs in WebAssembly, the interpreter, and the same loops written by hand over plain arrays. */
import { catalog } from '../src/catalog/registry.ts';
import type { RunJson } from '../src/core/experiment/experiment.ts';
import { prepareRun, study } from '../src/core/experiment/prepare.ts';
import { prepareSwarm } from '../src/core/experiment/prepare-swarm.ts';
import { createReferenceExecutor } from '../src/core/run/reference-executor.ts';
import type { Executor, Job } from '../src/core/run/run.ts';
import { SwarmStarts } from '../src/core/run/swarm-starts.ts';
import { createWasmExecutors } from '../src/wasm/executor.ts';
import { type ContestResult, measureContest } from './contest.ts';
import { denseProblem, projectDense } from './dense-loop.ts';
import { nullSpace, penalty, projectedAdam, projectedGradient } from './plain-loops.ts';
import { RATE, START, TWO_ROWS } from './two-rows.ts';

const STEPS = 10_000;
const BY_HAND = 'Float64Array loop, by hand';
/** At most 3× slower than the loop by hand. */
const GOALS = { [BY_HAND]: 1 / 3 };

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
  dense(16, 2000),
  dense(40, 1000),
];

export async function measureFallback(_: unknown, now: () => number): Promise<ContestResult[]> {
  const surroundings = { now, pause: () => Promise.resolve() };
  const wasm = createWasmExecutors(surroundings)('measured');
  const interpreter = createReferenceExecutor({ ...surroundings, reason: 'measured' });
  const results: ContestResult[] = [];
  for (const loop of loops()) results.push(await contest(loop, wasm, interpreter, now));
  results.push(await swarm(wasm, now));
  return results;
}

async function contest(
  { name, text, run, steps, plain }: Loop,
  wasm: Executor,
  interpreter: Executor,
  now: () => number,
): Promise<ContestResult> {
  const job = jobOf(text, { ...run, steps, record: [0, steps] });
  const size = job.program.size;
  const last = new Map<Executor, Float64Array>();
  let exact: ArrayLike<number> = [];
  const column = (title: string, executor: Executor, executed: 'wasm' | 'reference', share: number) => ({
    name: title,
    share,
    run: async () => {
      const part = { ...job, steps: steps * share, record: [0, steps * share] };
      const onChunk = ({ iterates }: { iterates: Float64Array }) => last.set(executor, iterates.slice(-size));
      const [end] = await executor.run([part], { executor: executed, onChunk });
      if (end?.executor !== executed) throw new Error(end?.reason);
    },
    error: () =>
      share < 1
        ? Number.NaN
        : Math.max(...Array.from(exact, (entry, i) => Math.abs(entry - (last.get(executor)?.[i] ?? Number.NaN)))),
  });
  exact = plain();
  return measureContest(
    {
      name: `Without a GPU: ${steps} steps, ${name}`,
      rounds: 5,
      goals: GOALS,
      columns: [
        column('Feasible in WebAssembly, from text', wasm, 'wasm', 1),
        { name: BY_HAND, run: plain },
        column('interpreter', interpreter, 'reference', 0.1),
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
