import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { evaluator } from './evaluate.ts';
import { nearestRisingByHalves } from './isotonic.ts';

/** Neighbours that fall are pooled, one after the other. */
function pooled(y: readonly number[], weights: readonly number[]): number[] {
  const blocks: { total: number; mass: number; count: number }[] = [];
  y.forEach((entry, i) => {
    let [total, mass, count] = [entry * at(weights, i), at(weights, i), 1];
    for (let last = blocks.at(-1); last && last.total / last.mass > total / mass; last = blocks.at(-1)) {
      [total, mass, count] = [total + last.total, mass + last.mass, count + last.count];
      blocks.pop();
    }
    blocks.push({ total, mass, count });
  });
  return blocks.flatMap(({ total, mass, count }) => new Array<number>(count).fill(total / mass));
}

const random = (seed: number) => (i: number) => Math.sin(1e4 * Math.sin(seed + i));
const shapes: readonly (readonly [string, (n: number) => (i: number) => number])[] = [
  ['noise', () => random(2)],
  ['a rise with noise', (n) => (i) => (4 * i) / n + random(5)(i)],
  ['a fall', () => (i) => -i],
  ['a rise', () => (i) => i],
  ['a rise, and one far below it at the end', (n) => (i) => (i === n - 1 ? -n * n : i)],
  ['whole numbers', () => (i) => Math.round(2 * random(9)(i))],
  ['equal entries', () => () => 0.1],
  ['entries of very different size', () => (i) => random(3)(i) * 10 ** Math.round(8 * random(4)(i))],
];

describe('the nearest vector that never falls, by halves', () => {
  const lengths = [1, 2, 3, 8, 37, 300];
  const nearestOf = new Map(
    lengths.map((n) => [
      n,
      evaluator(2 * n, (ops, both) => {
        const part = (offset: number) => ops.slice(both, { offset, strides: [1], shape: [n] });
        return nearestRisingByHalves(ops, part(0), part(n));
      }),
    ]),
  );

  it.each(shapes)('is what pooling neighbours gives: %s', (_, shape) => {
    for (const n of lengths) {
      const y = Array.from({ length: n }, (_, i) => shape(n)(i));
      for (const weights of [y.map(() => 1), y.map((_, i) => 10 ** (2 * random(7)(i)))]) {
        const found = nearestOf.get(n)?.([...y, ...weights]) ?? [];
        const size = Math.max(...y.map(Math.abs));
        pooled(y, weights).forEach((entry, i) => {
          expect(Math.abs(at(found, i) - entry)).toBeLessThanOrEqual(1e-13 * size);
          if (i > 0) expect(at(found, i)).toBeGreaterThanOrEqual(at(found, i - 1));
        });
      }
    }
  });

  it('is no number where an entry is none', () => {
    const found = nearestOf.get(8)?.([1, 2, Number.NaN, 4, 5, 6, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1]) ?? [];
    expect([...found].some(Number.isNaN)).toBe(true);
  });
});
