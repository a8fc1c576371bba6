/** How much long runs bring back: counted where it crosses, at the maps of buffers. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

const TEXT = `param x = 0.5
param y = 0.25
param z = 0.75
minimize (x - 2)^2 + (y + 1)^2 + z^2
subject to
  x + y = 1
  y + z = 0.5`;

const STEPS = 100_000;
const MEBIBYTE = 2 ** 20;

const METHODS = ['projected-gradient', 'null-space', 'penalty', 'augmented-lagrangian', 'lagrangian'];
const RUNS: readonly RunJson[] = METHODS.flatMap((method) =>
  [0.001, 0.002].map((learningRate) => ({ method, optimizer: { kind: 'sgd', learningRate }, steps: STEPS })),
);

describe('ten runs of 100,000 steps', () => {
  const { executor } = withTestExecutor();
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('bring back less than 4 MiB', async () => {
    const studied = study(TEXT, 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const jobs = RUNS.map((run, id) => {
      const job = prepareRun(studied.value, run, id, catalog);
      if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
      return job.value;
    });
    expect(jobs).toHaveLength(10);
    const maps = vi.spyOn(GPUBuffer.prototype, 'mapAsync');
    const last = new Map<number, number>();
    const ends = await executor.run(jobs, {
      executor: 'fused',
      onChunk: ({ job, steps }) => last.set(job, steps.at(-1) ?? 0),
    });
    expect(ends.map(({ status }) => status)).toEqual(ends.map(() => expect.stringMatching(/^(finished|converged)$/)));
    expect([...last.values()]).toEqual(jobs.map(() => STEPS));
    const bytes = maps.mock.calls.reduce((sum, [, , size]) => sum + (size ?? Number.POSITIVE_INFINITY), 0);
    expect(bytes).toBeGreaterThan(MEBIBYTE); // it was counted
    expect(bytes).toBeLessThan(4 * MEBIBYTE);
  });
});
