/** Every method with every optimizer on small problems: at the optimum, or its file says why not. */
import { describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { caveatOf, endOfPair, PROBLEMS, solving } from './product.fixture.ts';

const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
describe('every method with every optimizer', () => {
  it('has no caveat with plain descent', () => {
    for (const problem of PROBLEMS)
      for (const { method } of solving) expect([method, caveatOf(problem, method, 'sgd')]).toEqual([method, null]);
  });

  it.each(PROBLEMS)('reaches the optimum of $name and its multipliers, or says why not', async (problem) => {
    const ends = await Promise.all(solving.map((pair) => endOfPair(executor, 'reference', problem, pair)));
    expect(ends.flatMap((end) => end?.faults ?? [])).toEqual([]);
    expect(ends.filter((end) => end?.hasArrived).length).toBeGreaterThan(20);
  });
});
