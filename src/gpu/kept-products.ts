/** Which product kernels are the fastest on an adapter: timed once when nothing else runs, kept under its name, and told. */
import type { Kept } from './crossover.ts';
import type { Gpu } from './device.ts';
import { SHAPE_CLASSES, type TunedProducts } from './kernels/choose-product.ts';
import { FAMILIES, FAMILY_NAMES } from './kernels/product-families.ts';

/** Changed with the kernels: what older ones were timed at is not believed. */
const VERSION = 1;

type Device = Pick<Gpu, 'name' | 'hasQuads' | 'products'>;

/**
 * Sets `products` of a device: what is kept of its adapter at once, else what `tune` finds, which is then kept; null of `tune` means that
 * it had to give way, and a later call tries again. Not on a processor that stands in for a GPU (`hasQuads`), where what is assumed was
 * measured. Where nothing can be kept, it is timed once a visit; where timing fails, what is assumed stays.
 */
export function keepProducts<D extends Device>(
  tune: (device: D) => Promise<TunedProducts | null>,
  kept: Kept,
): { readonly recall: (device: D) => Promise<void>; readonly whenIdle: (device: D) => Promise<void> } {
  const known = new WeakMap<D, Promise<boolean>>();
  const underWay = new WeakSet<D>();
  const keyOf = (device: D) => `products ${VERSION} ${device.name}`;

  /** Whether something was kept. */
  async function recalled(device: D): Promise<boolean> {
    const before = await kept.get(keyOf(device)).catch(() => undefined);
    if (!isTuned(before)) return false;
    device.products = before;
    return true;
  }

  const recall = (device: D): Promise<boolean> => {
    const found = known.get(device) ?? recalled(device);
    known.set(device, found);
    return found;
  };

  return {
    async recall(device) {
      if (!device.hasQuads) await recall(device);
    },
    async whenIdle(device) {
      if (device.hasQuads || (await recall(device)) || underWay.has(device)) return;
      underWay.add(device);
      const found = await tune(device).catch((): TunedProducts => ({}));
      underWay.delete(device);
      known.set(device, Promise.resolve(found !== null));
      if (!found) return;
      device.products = found;
      if (isTuned(found)) await kept.set(keyOf(device), found).catch(() => undefined);
    },
  };
}

/** Of another version of this page, or of somebody's hand, anything may come back. */
const isTuned = (found: unknown): found is TunedProducts =>
  typeof found === 'object' &&
  found !== null &&
  SHAPE_CLASSES.every((kind) => {
    const family = (found as Record<string, unknown>)[kind];
    return FAMILY_NAMES.some((name) => name === family && !FAMILIES[name].needsQuads);
  });

/** The timed choice as a sentence; empty where nothing was timed. */
export function productsInWords(products: TunedProducts): string {
  const parts = SHAPE_CLASSES.flatMap((kind) => (products[kind] ? [`${kind} by ${IN_WORDS[products[kind]]}`] : []));
  return parts.length === 0 ? '' : `Products of matrices, as timed on this adapter: ${parts.join(', ')}.`;
}

const IN_WORDS = {
  single: 'entries',
  block: 'blocks of 8 × 8',
  quads: 'quads',
  panels: 'panels',
  tile: 'shared tiles',
} as const;
