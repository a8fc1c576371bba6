/** Seeded points at which projections are tried. Test support. */
import type { ConstraintKind } from '../core/contracts.ts';
import { at } from '../core/diagnostic.ts';

/** A seeded generator: mulberry32, uniform in [−1, 1). */
export function symmetric(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 8) / 2 ** 23 - 1;
  };
}

/** For each example of a kind, so that the kind has 1,000 at least. */
export const pointsFor = ({ examples }: Pick<ConstraintKind, 'examples'>): number =>
  Math.max(200, Math.ceil(1000 / examples.length));

/** Points at random in several sizes, and where projections go wrong: zeros, ties, entries of very different size. */
export function difficultPoints(length: number, count: number): number[][] {
  const random = symmetric(7);
  const drawn = (entry: () => number) => Array.from({ length }, entry);
  const scales = [0, 1e-30, 1e-6, 1, 1e6];
  return Array.from({ length: count }, (_, k) => {
    const scale = at(scales, k % scales.length);
    if (k % 25 < 15) return drawn(() => scale * random());
    if (k % 25 < 19) return drawn(() => Math.round(2 * random()) / 2);
    if (k % 25 < 23) return drawn(() => random() * 10 ** Math.round(8 * random()));
    return drawn(() => (random() < 0 ? 0 : random()));
  });
}
