import { describe, expect, it } from 'vitest';
import type { Kept } from './crossover.ts';
import { keepProducts, productsInWords } from './kept-products.ts';
import type { TunedProducts } from './kernels/choose-product.ts';

const TUNED: TunedProducts = { narrow: 'single', small: 'block', middle: 'block', large: 'tile' };

function memory(): Kept & { readonly entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return { entries, get: async (key) => entries.get(key), set: async (key, value) => entries.set(key, value) };
}

const device = (hasQuads = false, name = 'a') => ({ name, hasQuads, products: {} as TunedProducts });
const never = async () => expect.fail('it was timed');

describe('the product kernels of an adapter', () => {
  it('are timed once, when nothing runs, and recalled on the next visit before the first run', async () => {
    const kept = memory();
    let count = 0;
    const tune = async () => {
      count += 1;
      return TUNED;
    };
    const tuner = keepProducts(tune, kept);
    const one = device();
    await tuner.recall(one);
    expect(one.products).toEqual({}); // not before it is idle
    await Promise.all([tuner.whenIdle(one), tuner.whenIdle(one)]);
    await tuner.whenIdle(one);
    expect([count, one.products]).toEqual([1, TUNED]);
    const other = device();
    await keepProducts(never, kept).recall(other);
    expect(other.products).toEqual(TUNED);
    const another = device(false, 'b');
    await keepProducts(never, kept).recall(another);
    expect(another.products).toEqual({});
  });

  it('are timed again where timing had to give way, and not where it failed', async () => {
    const kept = memory();
    const answers = [async () => null, async () => TUNED];
    const tuner = keepProducts(() => (answers.shift() ?? never)(), kept);
    const one = device();
    await tuner.whenIdle(one);
    expect(one.products).toEqual({});
    await tuner.whenIdle(one);
    expect(one.products).toEqual(TUNED);

    let count = 0;
    const failing = keepProducts(() => Promise.reject(new Error(`lost ${count++}`)), memory());
    const other = device();
    await failing.whenIdle(other);
    await failing.whenIdle(other);
    expect([count, other.products]).toEqual([1, {}]);
  });

  it('are those that were measured on a processor that stands in for a GPU', async () => {
    const one = device(true);
    const tuner = keepProducts(never, memory());
    await tuner.recall(one);
    await tuner.whenIdle(one);
    expect(one.products).toEqual({});
  });

  it('are not taken from a place that holds something else', async () => {
    for (const odd of ['many', null, { large: 'tile' }, { ...TUNED, small: 'quads' }]) {
      const one = device();
      await keepProducts(never, { get: async () => odd, set: async () => undefined }).recall(one);
      expect(one.products).toEqual({});
    }
  });

  it('are told', () => {
    expect(productsInWords({})).toBe('');
    expect(productsInWords(TUNED)).toBe(
      'Products of matrices, as timed on this adapter: narrow by entries, small by blocks of 8 × 8, middle by blocks of 8 × 8, large by shared tiles.',
    );
  });
});
