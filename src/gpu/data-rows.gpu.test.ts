/** Losses over rows of data on the device: in loops and by products of the data, alone and as swarms, against Float64. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { study } from '../core/experiment/study/study.ts';
import { compressData } from '../core/program/data-products.ts';
import { interpret } from '../core/program/interpret.ts';
import { loopOverRows } from '../core/program/row-loops.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import type { SwarmPart } from '../core/run/swarm.ts';
import { BENT, QUADRATIC, typedJob } from './data-rows.fixture.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

const { executor, gpu, uncaptured } = withTestExecutor();

/** Ten steps in float32, each of sums over up to 300 rows. */
const TOLERANCE = 2e-5;

/** The outputs at the last step, on the device, of two equal starts. */
async function lastOf(job: Job): Promise<number[]> {
  const device = await gpu();
  const runner = createFusedRunner(device, new InverseCache(device), () => 0);
  const starts = Float64Array.of(...job.starts, ...job.starts);
  const flight = await runner.prepare({ ...job, starts, record: [job.steps] });
  const { data } = await flight.submit(job.steps).records;
  flight.destroy();
  expect(data.filter((_, i) => i % 2 === 0)).toEqual(data.filter((_, i) => i % 2 === 1));
  return [...data.filter((_, i) => i % 2 === 0)];
}

function inFloat64({ program, starts, settings, steps }: Job): number[] {
  const run = interpret(program, starts, settings);
  run.advance(steps, Number.POSITIVE_INFINITY);
  return run.outputs().flatMap((output) => [...output]);
}

const distance = (found: readonly number[], wanted: readonly number[]): number =>
  Math.max(...wanted.map((number, i) => Math.abs(at(found, i) - number) / Math.max(1, Math.abs(number))));

describe('rows of data on the device', () => {
  it.each(Object.entries(BENT))('in loops: %s', async (_, text) => {
    const job = typedJob(text);
    const program = loopOverRows(job.program)?.program ?? job.program;
    expect(distance(await lastOf({ ...job, program }), inFloat64(job))).toBeLessThanOrEqual(TOLERANCE);
    expect(await uncaptured()).toEqual([]);
  });

  it.each(Object.entries(QUADRATIC))('by products: %s', async (_, text) => {
    const job = typedJob(text);
    const program = compressData(job.program)?.program ?? job.program;
    expect(distance(await lastOf({ ...job, program }), inFloat64(job))).toBeLessThanOrEqual(TOLERANCE);
  });

  it('need no more than one short kernel as typed, and the run says why', async () => {
    const chunks: Chunk[] = [];
    const [end] = await executor.run([typedJob(QUADRATIC.regression)], {
      executor: 'gpu',
      onChunk: (chunk) => chunks.push(chunk),
    });
    expect(end).toMatchObject({
      executor: 'fused',
      reason: expect.stringMatching(/kernel of \d{2,3} lines. Sums over 203 rows of data are taken from products/),
    });
    expect(chunks.flatMap(({ steps }) => steps)).toHaveLength(11);
  });
});

interface Swarm {
  readonly text: string;
  readonly learningRate: number;
  readonly steps: number;
}

/** Starts in the plane of the first two weights, as a reader would ask for them. */
async function swarmOf({ text, learningRate, steps }: Swarm, choice: 'fused' | 'reference') {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate }, steps };
  const over = ['w[0]', 'w[1]'].map((axis) => ({ axis, from: -1, to: 1 }));
  const job = prepareSwarm(studied.value, { size: [8, 8], over }, [run], 3, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const parts: SwarmPart[] = [];
  const end = await executor.swarm(job.value, { executor: choice, onPart: (part) => parts.push(part) });
  return {
    end,
    outcome: parts.flatMap(({ outcome }) => [...outcome]),
    loss: parts.flatMap(({ loss }) => [...loss]),
  };
}

const SWARMS: readonly (Swarm & { readonly name: string; readonly reason: RegExp })[] = [
  {
    name: 'rows in a loop',
    text: BENT.logistic.replace('+ b', '').replace(', b', ''),
    learningRate: 0.5,
    steps: 200,
    reason: /Sums over 203 rows of data are loops/,
  },
  {
    name: 'products of the data',
    text: QUADRATIC.regression,
    learningRate: 0.5,
    steps: 200,
    reason: /Sums over 203 rows of data are taken from products/,
  },
  {
    name: 'a workgroup a start',
    text: 'param w[30] = 0.1\nminimize sum((w * sum(w**2) - 1)**2) + sum(outer(w, w)**2)\nsubject to sum(w) = 1',
    learningRate: 0.002,
    steps: 12,
    reason: /each start is a workgroup of 64/,
  },
];

describe('swarms on the device', () => {
  it.each(SWARMS)('agree with the reference: $name', async (swarm) => {
    const [device, reference] = [await swarmOf(swarm, 'fused'), await swarmOf(swarm, 'reference')];
    expect(device.end).toMatchObject({ executor: 'fused', reason: expect.stringMatching(swarm.reason) });
    expect(device.outcome).toHaveLength(64);
    const same = device.outcome.filter((outcome, k) => outcome === reference.outcome[k]);
    expect(same.length).toBeGreaterThanOrEqual(60); // at the border of two classes rounding decides
    device.loss.forEach((loss, k) => expect(loss / at(reference.loss, k)).toBeCloseTo(1, 3));
    expect(await uncaptured()).toEqual([]);
  });
});
