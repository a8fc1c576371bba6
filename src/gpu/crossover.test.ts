import { describe, expect, it } from 'vitest';
import { ASSUMED, type Kept, keepCrossovers } from './crossover.ts';

/** A place that keeps, and counts what it is asked. */
function memory(): Kept & { readonly entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return {
    entries,
    get: async (key) => entries.get(key),
    set: async (key, value) => entries.set(key, value),
  };
}

const device = (name = 'a') => ({ name });

describe('the crossover of an adapter', () => {
  it('is measured once for a device, and not again on the next visit', async () => {
    const kept = memory();
    let count = 0;
    const measure = async () => 100 + count++;
    const [find, one] = [keepCrossovers(measure, kept), device()];
    expect(await Promise.all([find(one), find(one)])).toEqual(
      Array(2).fill({ operationsPerDispatch: 100, isMeasured: true }),
    );
    expect(await keepCrossovers(measure, kept)(device())).toEqual({ operationsPerDispatch: 100, isMeasured: true });
    expect(await keepCrossovers(measure, kept)(device('b'))).toMatchObject({ operationsPerDispatch: 101 });
  });

  it('is not measured on a processor that stands in for a GPU', async () => {
    const measure = async () => expect.fail('it was measured');
    expect(await keepCrossovers(measure, memory())({ name: 'a', hasQuads: true })).toEqual(ASSUMED);
  });

  it('is assumed where measuring fails or says nothing, and that is not kept', async () => {
    const kept = memory();
    for (const measure of [async () => Number.NaN, async () => 1e9, () => Promise.reject(new Error('lost'))])
      expect(await keepCrossovers(measure, kept)(device())).toEqual(ASSUMED);
    expect(kept.entries.size).toBe(0);
  });

  it('is measured where nothing can be kept, or where what was kept is no number', async () => {
    const refusing: Kept = {
      get: () => Promise.reject(new Error('private')),
      set: () => Promise.reject(new Error('private')),
    };
    const odd: Kept = { get: async () => 'many', set: async () => undefined };
    for (const kept of [refusing, odd])
      expect(await keepCrossovers(async () => 80, kept)(device())).toEqual({
        operationsPerDispatch: 80,
        isMeasured: true,
      });
  });
});
