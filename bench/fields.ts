/** Loss and constraints on the grid of a figure: on the device with what confirms them, and in Float64, as the analyst has them without one. */
import { fieldJob, sampleStages } from '../src/app/sample.ts';
import type { GridRequest } from '../src/app/study.ts';
import { catalog } from '../src/catalog/registry.ts';
import { loadDatasets, rememberingLoader } from '../src/core/experiment/load-data.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { startOf } from '../src/core/problem/problem.ts';
import { finished } from '../src/core/stages.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { runField } from '../src/gpu/field/run-field.ts';
import { openIn, WasmMachine } from '../src/wasm/executor.ts';
import { type ContestResult, measureContest } from './contest.ts';

const regression = 'data X[500,3], y[500] = regression(seed=1)';

const PROBLEMS = [
  [
    'a valley in a disk',
    'param x = -1\nparam y = 1\nminimize (1 - x)**2 + 100*(y - x**2)**2\nsubject to x**2 + y**2 <= 2',
  ],
  ['least squares, 500 rows', `param w[3]\n${regression}\nminimize mean((X @ w - y)**2)\nsubject to sum(w) = 1`],
  ['hinge, 500 rows', `param w[3]\n${regression}\nminimize mean(max(0, 1 - y*(X @ w)))\nsubject to sum(w**2) <= 1`],
  [
    'logistic, 500 rows',
    `param w[3]\n${regression}\nminimize mean(log(1 + exp(-(X @ w)*y)))\nsubject to sum(w**2) <= 1`,
  ],
  [
    'parity of 333 penguins',
    `data X[333,4], species[333], male[333] = penguins()
let heavy = where(X[:, 3] > 0, 1, 0)
param w = 0
param c = 0
let p = sigmoid(w*X[:, 0] + c)
minimize -mean(heavy*log(p) + (1 - heavy)*log(1 - p))
subject to
  sum(p*male)/sum(male) - sum(p*(1 - male))/sum(1 - male) <= 0.05`,
  ],
  [
    'a network of 4 units, 500 rows',
    `param V[3,4] ~ normal(0, 0.5), w[4] = [1, -1, 0.5, 0.2]\n${regression}\nminimize mean((tanh(X @ V) @ w - y)**2)\nsubject to sum(w) = 1`,
  ],
] as const;

/** Points along each axis: of a figure, and of a large one. */
const ALONG = [41, 81, 241] as const;

/** The interpreter takes seconds for the largest: it computes its first rows. */
const INTERPRETED_ROWS = 21;

export async function measureFields(gpu: Gpu, now: () => number): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const [name, text] of PROBLEMS)
    for (const along of ALONG) results.push(await measureOn(name, text, along, gpu, now));
  return results;
}

async function measureOn(
  name: string,
  text: string,
  along: number,
  gpu: Gpu,
  now: () => number,
): Promise<ContestResult> {
  const loaded = await loadDatasets(text, catalog.datasets, rememberingLoader());
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const studied = study(text, 0, catalog, null, { loaded: loaded.value, tables: {} });
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const { problem, structure } = studied.value;
  const places = Array.from({ length: along }, (_, i) => -2 + (4 * i) / (along - 1));
  const grid: GridRequest = { at: startOf(problem), axes: [0, 1], xs: places, ys: places };
  const job = fieldJob(problem, structure, grid, undefined, 0);
  if (!job) throw new Error(`${name}: nothing is asked of a device`);
  const open = openIn(new WasmMachine());
  const patience = Number.POSITIVE_INFINITY;
  const onDevice = async () => {
    const answer = await runField(gpu, job, { now, patience, isAsked: true });
    if (!answer.ok) throw new Error(answer.diagnostics.map(({ message }) => message).join(' '));
    return answer.value.values;
  };
  let off = 0;
  const exact = finished(sampleStages(problem, structure, grid, undefined, open)).loss ?? new Float64Array(0);
  const rows = Math.min(along, INTERPRETED_ROWS);
  return measureContest(
    {
      name: `Field of ${along} × ${along} points: ${name}`,
      rounds: 5,
      columns: [
        {
          name: 'Feasible, on the device, confirmed',
          run: async () => {
            const sample = finished(sampleStages(problem, structure, grid, undefined, undefined, await onDevice()));
            off = (sample.loss ?? exact).reduce((most, value, i) => {
              const should = exact[i] ?? 0;
              return Math.max(most, value === should ? 0 : Math.abs(value - should) / Math.abs(should));
            }, 0);
            if (sample.confirmed === null) throw new Error(`${name}: not confirmed`);
          },
          error: () => off,
        },
        { name: 'the device’s part', run: onDevice },
        { name: 'Float64, WebAssembly', run: () => finished(sampleStages(problem, structure, grid, undefined, open)) },
        {
          name: 'Float64, interpreter',
          share: rows / along,
          run: () => finished(sampleStages(problem, structure, { ...grid, ys: places.slice(0, rows) })),
        },
      ],
    },
    now,
  );
}
