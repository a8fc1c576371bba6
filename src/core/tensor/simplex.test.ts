import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { gather, runsOf, within } from './coordinates.ts';
import { evaluate, evaluator } from './evaluate.ts';
import type { Ops, Tensor } from './ops.ts';
import { nearestInSimplex } from './simplex.ts';

/** By sorting, as in Held, Wolfe & Crowder 1974. */
function sorted(x: readonly number[], total: number): number[] {
  const largest = Math.max(...x);
  const u = x.map((entry) => entry - largest).sort((a, b) => b - a);
  let [sum, theta] = [0, 0];
  u.forEach((entry, k) => {
    sum += entry;
    if ((k + 1) * entry > sum - total) theta = (sum - total) / (k + 1);
  });
  return x.map((entry) => Math.max(entry - largest - theta, 0));
}

const project = (x: readonly number[], total: number): number[] => [
  ...evaluate((ops) => nearestInSimplex(ops, ops.constant(x, [1, x.length]), ops.constant([total]))),
];

/** Spread over [0, 1) without pattern, and the same each time. */
const golden = (k: number): number => (k * 0.6180339887498949) % 1;

describe('the nearest point of a simplex', () => {
  const shapes: [string, (k: number) => number][] = [
    ['without pattern', golden],
    ['far from 0', (k) => 1e6 + golden(k)],
    ['tied', (k) => Math.floor(4 * golden(k))],
    ['equal', () => 0.3],
    ['of growing distance', (k) => -(1.3 ** (k % 90))],
    ['falling slowly', (k) => -k / 1000],
  ];
  const cases = shapes.flatMap(([name, entry]) =>
    [1, 2, 7, 64, 65, 1000].flatMap((length) => [0.01, 1, 50].map((total) => ({ name, length, total, entry }))),
  );

  it.each(cases)('agrees with sorting: $length entries $name, total $total', ({ length, total, entry }) => {
    const x = Array.from({ length }, (_, k) => entry(k));
    const found = project(x, total);
    const rounding = 1e-15 * (total + Math.abs(at(x, 0))) * (2 + length); // of one term in a sum
    sorted(x, total).forEach((wanted, k) => {
      expect(Math.abs(at(found, k) - wanted)).toBeLessThan(rounding);
    });
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    const sum = found.reduce((partial, share) => partial + share, 0);
    expect(Math.abs(sum - total)).toBeLessThanOrEqual(length * Number.EPSILON * total);
  });

  it.each([3, 64, 65, 200])('keeps entries whose scales are 1e18 apart: %d entries', (length) => {
    // One entry may move at almost no cost: it takes what is too much, and the others stay where they are.
    const x = [0.25, ...Array.from({ length: length - 1 }, (_, k) => (0.5 + golden(k)) / length)];
    const scale = x.map((_, k) => (k === 0 ? 1e18 : 1 + golden(k)));
    const others = x.slice(1).reduce((sum, entry) => sum + entry, 0);
    const [rows, scales] = [x, scale].map((entries) => (ops: Ops) => ops.constant(entries, [1, length])) as [
      (ops: Ops) => Tensor,
      (ops: Ops) => Tensor,
    ];
    const found = evaluate((ops) => nearestInSimplex(ops, rows(ops), ops.constant([others + 0.125]), scales(ops)));
    expect(at(found, 0)).toBeCloseTo(0.125, 12);
    x.slice(1).forEach((entry, k) => expect(at(found, k + 1)).toBeCloseTo(entry, 12));
  });

  it('takes each row with a total of its own', () => {
    const rows = [3, 0, 0, 0.25, 0.25, 0.25];
    const found = evaluate((ops) => nearestInSimplex(ops, ops.constant(rows, [2, 3]), ops.constant([1, 1.5])));
    expect([...found]).toEqual([1, 0, 0, 0.5, 0.5, 0.5]);
  });
});

describe('functions of some entries', () => {
  it.each([
    [[0, 1, 2], 1],
    [[4, 5, 6, 1], 2],
    [[0, 2, 4, 6], 1],
    [[0, 2, 3, 4], 2],
    [[5], 1],
    [[6, 3, 0], 3],
  ])('take and move entries %j in %i views', (positions, views) => {
    expect(runsOf(positions)).toHaveLength(views);
    const x = [10, 11, 12, 13, 14, 15, 16];
    expect([...evaluator(7, (ops, v) => gather(ops, v, positions))(x)]).toEqual(positions.map((i) => at(x, i)));
    const negated = evaluator(7, (ops, v) => within(ops, v, positions, (entries) => ops.negate(entries)));
    expect([...negated(x)]).toEqual(x.map((entry, i) => (positions.includes(i) ? -entry : entry)));
  });
});
