/** The real worker, from a page. */
import { expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { study } from '../core/experiment/study/study.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { createClient, spawnWorker } from './client.ts';
import { jobOf, sumOne } from './fused/programs.fixture.ts';

const job = (steps: number) => jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 0.1 }, steps, [0, 1, steps]);

it('runs on the GPU in a worker', async () => {
  const run = await recordedRun(createClient({ spawn: spawnWorker }), 'gpu', job(300));
  expect(run.end).toMatchObject({ executor: 'fused' });
  expect(run.steps).toEqual([0, 1, 300]);
  for (const [i, wanted] of [-2 / 3, 1 / 3, 4 / 3].entries()) expect(run.iterates[2]?.[i]).toBeCloseTo(wanted, 6);
});

it('runs in WebAssembly in a worker that has no GPU', async () => {
  const run = await recordedRun(createClient({ spawn: spawnWorker, withoutGpu: true }), 'gpu', job(300));
  expect(run.end).toMatchObject({ executor: 'wasm', reason: expect.stringContaining('no WebGPU') });
  expect(run.steps).toEqual([0, 1, 300]);
});

it('makes swarms in a worker, on the GPU and without one', async () => {
  const text = 'param x = 0\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2\nsubject to y <= 1';
  const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 300 };
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error('the problem is right');
  const over = ['x', 'y'].map((axis) => ({ axis, from: -1.5, to: 1.5 }));
  const job = prepareSwarm(studied.value, { size: [10, 4], over }, [run], 0, catalog);
  if (!job.ok) throw new Error('the swarm is right');
  for (const withoutGpu of [false, true]) {
    const basins: number[] = [];
    const end = await createClient({ spawn: spawnWorker, withoutGpu }).swarm(job.value, {
      executor: 'gpu',
      onPart: ({ basin }) => basins.push(...basin),
    });
    expect(end).toMatchObject({ status: 'finished', executor: withoutGpu ? 'wasm' : 'fused' });
    expect(basins).toEqual(Array.from({ length: 40 }, (_, k) => (k % 10 < 5 ? 0 : 1)));
  }
});
