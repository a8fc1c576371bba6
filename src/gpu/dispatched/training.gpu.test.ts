/** Networks of typed text: steps of optimizers in the ends of products against Float64. */
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { recordedRun } from '../../core/reference/recorded-run.ts';
import { withTestExecutor } from '../test-executor.fixture.ts';
import { networkJob } from './network.fixture.ts';

/** Float32 over four steps of sums of some hundred terms; Adam divides gradients by their size. */
const TOLERANCE = 5e-5;

describe('a network', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each([
    [[32, 12, 20, 8], 'sgd'],
    [[24, 16, 16, 12], 'adam'],
    [[17, 9, 23, 3], 'sgd'],
    [[33, 10, 12, 9], 'adam'],
    [[5, 3, 2, 2], 'sgd'],
  ] as const)('of sizes %j learns with %s as in Float64', async (sizes, optimizer) => {
    const job = networkJob(sizes, optimizer);
    const found = await recordedRun(executor, 'dispatched', job);
    const exact = await recordedRun(executor, 'reference', job);
    expect(found.end).toMatchObject({ executor: 'dispatched' });
    expect(found.steps).toEqual(exact.steps);
    const distances = found.iterates.flatMap((iterate, k) =>
      iterate.map((entry, i) => Math.abs(entry - at(at(exact.iterates, k), i))),
    );
    expect(Math.max(...distances)).toBeLessThanOrEqual(TOLERANCE);
    expect(await uncaptured()).toEqual([]);
  });
});
