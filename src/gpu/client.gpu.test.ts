/** The real worker, from a page. */
import { expect, it } from 'vitest';
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

it('runs on the reference in a worker that has no GPU', async () => {
  const run = await recordedRun(createClient({ spawn: spawnWorker, withoutGpu: true }), 'gpu', job(300));
  expect(run.end).toMatchObject({ executor: 'reference', reason: expect.stringContaining('no WebGPU') });
  expect(run.steps).toEqual([0, 1, 300]);
});
