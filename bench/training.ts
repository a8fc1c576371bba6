/** Steps of SGD on a network 784-256-10 with a batch of 128, from typed text: loss, gradient and update. */
import classification from '../src/catalog/datasets/classification.ts';
import { catalog } from '../src/catalog/registry.ts';
import { at } from '../src/core/diagnostic.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { expand } from '../src/core/program/expand.ts';
import { specialize } from '../src/core/program/specialize.ts';
import type { Job } from '../src/core/run/run.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { keepRunners } from '../src/gpu/runners.ts';
import type { Contest, ContestResult } from './contest.ts';
import { layersOf } from './peers/layers.ts';
import type { Peer, TrainingWork } from './peers/peer.ts';
import { withErrors } from './products.ts';

type Sizes = TrainingWork['sizes'];
const BATCH = 128;
const SIZES: Sizes = [784, 256, 10];
/** One call makes so many: what is uploaded before them is part of none. */
const STEPS = 8;
const RATE = 0.01;
/** More than any measurement makes: a run that goes on. */
const MOST_STEPS = 1_000_000;
const SETTINGS = { X: { seed: 1, separation: 3 }, G: { seed: 2, separation: 3 } } as const;

/** W, c, V, d: layers and offsets; G: what the network should say. */
const textOf = (batch: number, [inputs, hidden, outputs]: Sizes): string => `
data X[${batch},${inputs}], y[${batch}] = classification(seed=1, separation=3)
data G[${batch},${outputs}], z[${batch}] = classification(seed=2, separation=3)
param W[${inputs},${hidden}] ~ normal(0, 0.03), c[${hidden}] = 0, V[${hidden},${outputs}] ~ normal(0, 0.06), d[${outputs}] = 0
minimize sum((max(0, X @ W + c) @ V + d - G)^2) / ${batch}
`;

function trainingJob(): Job {
  const studied = study(textOf(BATCH, SIZES), 0, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const run = { method: 'penalty', optimizer: { kind: 'sgd', learningRate: RATE } };
  const prepared = prepareRun(studied.value, { ...run, steps: MOST_STEPS, record: [STEPS] }, 0, catalog);
  if (!prepared.ok) throw new Error(prepared.diagnostics.map(({ message }) => message).join('\n'));
  return prepared.value;
}

export async function measureTraining(gpu: Gpu, now: () => number, peers: readonly Peer[]): Promise<ContestResult[]> {
  const job = trainingJob();
  const [inputs, , outputs] = SIZES;
  const table = (settings: { seed: number; separation: number }, columns: number) =>
    Float32Array.from(at(classification.generate(settings, { rows: BATCH, columns }), 0).values);
  const work: TrainingWork = {
    batch: BATCH,
    sizes: SIZES,
    steps: STEPS,
    rate: RATE,
    X: table(SETTINGS.X, inputs),
    G: table(SETTINGS.G, outputs),
    start: Float32Array.from(job.starts),
  };
  const exact = offsetsAfter(work);
  const errorOf = (offsets: ArrayLike<number>) =>
    Math.max(...exact.map((entry, i) => Math.abs(entry - (offsets[i] ?? Number.NaN))));
  const program = specialize(expand(job.program), job.settings);
  const flight = await keepRunners(now)(gpu).dispatched.prepare({ ...job, program });
  let own: ArrayLike<number> = [];
  const works = peers.flatMap(({ name, training }) => (training ? [[name, training(work)] as const] : []));
  const contest: Contest = {
    name: `One training step of ${SIZES.join('-')}, batch ${BATCH}, SGD (${STEPS} in a call; error: of the last offsets)`,
    rounds: 5,
    goals: { 'jax-js WebGPU': 2.5, 'tfjs WebGPU': 12 },
    operations: 2 * BATCH * (2 * inputs * SIZES[1] + 3 * SIZES[1] * outputs),
    columns: [
      {
        name: 'Feasible, from text',
        share: STEPS,
        run: async () => {
          const { data } = await flight.submit(STEPS).records;
          if (data.length > 0) own = data.slice(-outputs); // after the first call
        },
        error: () => errorOf(own),
      },
      ...works.map(([name, one]) => ({ name, share: STEPS, run: () => one.run() })),
    ],
  };
  const result = await withErrors(contest, works, now, errorOf);
  flight.destroy();
  return [result];
}

/** d after the steps, in Float64. */
function offsetsAfter(work: TrainingWork): number[] {
  const { batch, sizes, steps, rate, X, G } = work;
  const [inputs, hidden, outputs] = sizes;
  const { W, c, V, d } = Object.fromEntries(
    Object.entries(layersOf(work)).map(([name, layer]) => [name, Float64Array.from(layer)]),
  ) as Record<'W' | 'c' | 'V' | 'd', Float64Array>;
  for (let t = 0; t < steps; t++) {
    const H = product(X, W, batch, inputs, hidden).map((entry, p) => Math.max(0, entry + at(c, p % hidden)));
    const E = product(H, V, batch, hidden, outputs).map(
      (entry, p) => (2 / batch) * (entry + at(d, p % outputs) - at(G, p)),
    );
    const back = product(E, turned(V, hidden, outputs), batch, outputs, hidden).map((entry, p) =>
      at(H, p) > 0 ? entry : 0,
    );
    const move = (layer: Float64Array, slope: Float64Array) =>
      slope.forEach((entry, p) => {
        layer[p] = at(layer, p) - rate * entry;
      });
    move(V, product(turned(H, batch, hidden), E, hidden, batch, outputs));
    move(W, product(turned(X, batch, inputs), back, inputs, batch, hidden));
    move(c, columnSums(back, hidden));
    move(d, columnSums(E, outputs));
  }
  return [...d];
}

type Entries = Float64Array | Float32Array;

function product(a: Entries, b: Entries, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] ?? 0) + factor * (b[p * n + j] ?? 0);
    }
  }
  return c;
}

const turned = (a: Entries, rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, p) => at(a, (p % rows) * columns + Math.floor(p / rows)));

function columnSums(a: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  a.forEach((entry, p) => {
    sums[p % columns] = at(sums, p % columns) + entry;
  });
  return sums;
}
