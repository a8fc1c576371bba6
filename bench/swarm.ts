/** 100,000 starts of 1000 steps of projected gradient, n = 3: from typed text, by hand, plainly, and by the peers. */
import { catalog } from '../src/catalog/registry.ts';
import { prepareSwarm } from '../src/core/experiment/prepare-swarm.ts';
import { study } from '../src/core/experiment/study/study.ts';
import { SwarmStarts } from '../src/core/run/swarm-starts.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { type Contest, type ContestResult, measureContest } from './contest.ts';
import { handKernel } from './hand/hand-kernel.ts';
import code from './hand/projected_gradient.wgsl?raw';
import { ownExecutor } from './own-executor.ts';
import { projectedGradient } from './plain-loops.ts';
import { EXACT, RATE, SLOW_RATE, TWO_ROWS } from './two-rows.ts';

const STARTS = 100_000;
const STEPS = 1000;
/** As the written kernel does them: 15 multiplications and 15 additions a step. Those that a resting start is spared count, too. */
const OPERATIONS = 30 * STARTS * STEPS;

/** At the usual rate every start rests, to the last bit, after some 80 steps; at the slow one none does. */
const PACES = [
  { rate: RATE, name: 'all at rest after some 80' },
  { rate: SLOW_RATE, name: 'none at rest before the last' },
] as const;

export async function measureSwarm(gpu: Gpu, now: () => number): Promise<ContestResult[]> {
  const results: ContestResult[] = [];
  for (const { rate, name } of PACES) results.push(await measureAt(rate, name, gpu, now));
  return results;
}

async function measureAt(rate: number, resting: string, gpu: Gpu, now: () => number): Promise<ContestResult> {
  const studied = study(TWO_ROWS, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: rate } };
  const over = ['x1', 'x2', 'x3'].map((axis) => ({ axis, from: -1, to: 1 }));
  const job = prepareSwarm(studied.value, { sample: 'random', size: STARTS, steps: STEPS, over }, [run], 0, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const executor = ownExecutor(gpu, now);
  const starts = new SwarmStarts(job.value).planar(STARTS, (k) => k);
  const hand = handKernel(gpu, 'projected_gradient', code, 3 * STARTS);
  const params = new DataView(new ArrayBuffer(16));
  params.setUint32(0, STARTS, true);
  params.setUint32(4, STEPS, true);
  params.setFloat32(8, rate, true);
  let optima: readonly (readonly number[])[] = [];
  let byHand: Float32Array = new Float32Array(0);
  const plainStarts = STARTS / 20;
  const errorOf = (x: ArrayLike<number>) =>
    Math.max(...EXACT.map((entry, i) => Math.abs(entry - (x[i] ?? Number.NaN))));
  const contest: Contest = {
    name: `Swarm: ${STARTS} starts × ${STEPS} steps, n = 3, with outcomes and basins; ${resting}`,
    rounds: 5,
    operations: OPERATIONS,
    goals: { 'Float64Array loop': 6 },
    columns: [
      {
        name: 'Feasible, from text',
        run: async () => {
          const found: (readonly number[])[] = [];
          const end = await executor.swarm(job.value, {
            executor: 'fused',
            onPart: ({ newOptima }) => found.push(...newOptima),
          });
          if (end.status !== 'finished') throw new Error(end.message);
          optima = found;
        },
        ...(rate === RATE && { error: () => errorOf(optima[0] ?? []) }), // at the slow one nothing arrives
      },
      {
        name: 'written by hand: steps only',
        run: async () => {
          byHand = await hand.run(params.buffer as ArrayBuffer, Math.ceil(STARTS / 64), 3 * STARTS, starts);
        },
        ...(rate === RATE && {
          error: () => errorOf([byHand[0] ?? 0, byHand[STARTS] ?? 0, byHand[2 * STARTS] ?? 0]),
        }),
      },
      {
        name: 'Float64Array loop',
        share: plainStarts / STARTS,
        run: () => {
          for (let k = 0; k < plainStarts; k++)
            projectedGradient([starts[k] ?? 0, starts[STARTS + k] ?? 0, starts[2 * STARTS + k] ?? 0], STEPS, rate);
        },
      },
    ],
  };
  const result = await measureContest(contest, now);
  hand.destroy();
  return result;
}
