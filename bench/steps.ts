/** 1000 steps of gradient and projection, n = 3, from typed text: what the page does when a slider moves. */
import { catalog } from '../src/catalog/registry.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { study } from '../src/core/experiment/study/study.ts';
import type { ExecutorChoice } from '../src/core/run/run.ts';
import type { Gpu } from '../src/gpu/device.ts';
import type { Contest, ContestResult } from './contest.ts';
import { handKernel } from './hand/hand-kernel.ts';
import code from './hand/projected_gradient.wgsl?raw';
import { ownExecutor } from './own-executor.ts';
import type { Peer } from './peers/peer.ts';
import { projectedGradient } from './plain-loops.ts';
import { withErrors } from './products.ts';
import { EXACT, RATE, START, TWO_ROWS } from './two-rows.ts';

const STEPS = 1000;
/** Runs at once: then what is measured is work, and not for how long one waits to be told that it is done. */
const RUNS = 32;

export async function measureSteps(gpu: Gpu, now: () => number, peers: readonly Peer[]): Promise<ContestResult[]> {
  const studied = study(TWO_ROWS, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: RATE } };
  const prepared = prepareRun(studied.value, { ...run, steps: STEPS, record: [0, STEPS] }, 0, catalog);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const ownRuns = ownExecutor(gpu, now);
  const hand = handKernel(gpu, 'projected_gradient', code, 3);
  const params = new DataView(new ArrayBuffer(16));
  params.setUint32(0, 1, true);
  params.setUint32(4, STEPS, true);
  params.setFloat32(8, RATE, true);
  const errorOf = (x: ArrayLike<number>) =>
    Math.max(...EXACT.map((entry, i) => Math.abs(entry - (x[i] ?? Number.NaN))));
  let ours: number[] = [];
  let byHand: Float32Array = new Float32Array(0);
  const works = peers.flatMap(({ name, steps }) => (steps ? [[name, steps(START, STEPS, RATE)] as const] : []));
  const goals = { 'jax-js WebGPU': 1000, 'tfjs WebGPU': 5000 };
  const own = async (runs: number, choice: ExecutorChoice = 'fused') => {
    const jobs = Array.from({ length: runs }, (_, id) => ({ ...prepared.value, id }));
    const ends = await ownRuns.run(jobs, {
      executor: choice,
      onChunk: ({ iterates }) => {
        ours = [...iterates.subarray(-3)];
      },
    });
    for (const { status, executor, message, reason } of ends)
      if (status === 'failed' || executor !== choice) throw new Error(message ?? reason);
  };
  const written = async () => {
    byHand = await hand.run(params.buffer as ArrayBuffer, 1, 3, Float32Array.from(START));
  };
  const errors = { own: () => errorOf(ours), hand: () => errorOf(byHand) };
  const theirs = works.map(([name, work]) => ({ name, run: () => work.run() }));
  const alone: Contest = {
    name: `${STEPS} steps of gradient and projection, n = 3, m = 2, result read back`,
    rounds: 5,
    goals,
    columns: [
      { name: 'Feasible, from text', run: () => own(1), error: errors.own },
      { name: 'written by hand', run: written, error: errors.hand },
      { name: 'Float64 loop', run: () => projectedGradient([...START], STEPS, RATE) },
      ...theirs,
    ],
  };
  const together: Contest = {
    name: `The same, ${RUNS} runs at once, each with its result read back: time of one`,
    rounds: 5,
    goals,
    columns: [
      { name: 'Feasible, from text', share: RUNS, run: () => own(RUNS), error: errors.own },
      {
        name: 'written by hand',
        share: RUNS,
        run: () => Promise.all(Array.from({ length: RUNS }, written)),
        error: errors.hand,
      },
      ...theirs,
    ],
  };
  const inFloat64: Contest = {
    name: 'One run alone in WebAssembly, in Float64: what the page takes without a device',
    rounds: 5,
    goals,
    columns: [{ name: 'Feasible in WebAssembly, from text', run: () => own(1, 'wasm'), error: errors.own }, ...theirs],
  };
  const results: ContestResult[] = [];
  for (const contest of [alone, together, inFloat64]) results.push(await withErrors(contest, works, now, errorOf));
  hand.destroy();
  return results;
}
