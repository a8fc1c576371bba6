import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { PATIENCE } from '../language/samples.ts';
import { nearestInBoxPlane } from './box-plane.ts';
import { evaluator } from './evaluate.ts';

const { POSITIVE_INFINITY: ENDLESS, NEGATIVE_INFINITY } = Number;

/** Small whole numbers, so that ties, touching limits and sums at their ends are common. */
const whole = (least: number, most: number) => fc.integer({ min: least, max: most });
const vector = <T>(n: number, entry: fc.Arbitrary<T>) => fc.array(entry, { minLength: n, maxLength: n });
const slice = fc.tuple(whole(1, 7), whole(1, 3)).chain(([n, m]) =>
  fc.record({
    weights: vector(n, whole(-3, 3)),
    rowOf: vector(n, whole(0, m)), // m: in none
    inside: vector(n, whole(-3, 3)),
    below: vector(n, fc.constantFrom(0, 1, 2, ENDLESS)),
    above: vector(n, fc.constantFrom(0, 1, 2, ENDLESS)),
    under: vector(m, fc.constantFrom(0, 0, 1, ENDLESS)),
    over: vector(m, fc.constantFrom(0, 0, 1, ENDLESS)),
    points: vector(6, vector(n, fc.oneof(whole(-4, 4), fc.double({ min: -50, max: 50, noNaN: true })))),
    scale: vector(n, fc.double({ min: 0.1, max: 10, noNaN: true })),
  }),
);

/** Between which multipliers z is the lowest point of ½(z − y)²/s − τ a z between its bounds. */
function multipliers(z: number, y: number, s: number, a: number, lower: number, upper: number): [number, number] {
  const slope = (z - y) / s;
  const [low, high] = [z <= lower ? NEGATIVE_INFINITY : slope, z >= upper ? ENDLESS : slope]; // of τ a
  return a > 0 ? [low / a, high / a] : [high / a, low / a];
}

it('the nearest point between bounds and limits of sums is between them, and has multipliers that prove it, in any scale', {
  timeout: PATIENCE,
}, () => {
  fc.assert(
    fc.property(slice, fc.boolean(), (given, isScaled) => {
      const { rowOf, inside, points } = given;
      const n = inside.length;
      const scale = isScaled ? given.scale : inside.map(() => 1);
      const A = given.under.map((_, i) => given.weights.map((weight, k) => (rowOf[k] === i ? weight : 0)));
      const sums = (z: readonly number[]) => A.map((row) => row.reduce((sum, weight, k) => sum + weight * at(z, k), 0));
      const [least, most] = [
        sums(inside).map((sum, i) => sum - at(given.under, i)),
        sums(inside).map((sum, i) => sum + at(given.over, i)),
      ];
      const [lower, upper] = [
        inside.map((entry, k) => entry - at(given.below, k)),
        inside.map((entry, k) => entry + at(given.above, k)),
      ];
      const nearest = evaluator(n, (ops, x) => {
        const set = {
          A: ops.constant(A.flat(), [A.length, n]),
          least: ops.constant(least),
          most: ops.constant(most),
          lower: ops.constant(lower),
          upper: ops.constant(upper),
        };
        return nearestInBoxPlane(ops, x, set, isScaled ? ops.constant(scale) : undefined);
      });
      for (const y of points) {
        const z = [...nearest(y)];
        const room = 1e-12 * (1 + Math.max(...y.map(Math.abs)));
        expect(z.every((entry, k) => at(lower, k) <= entry && entry <= at(upper, k))).toBe(true);
        sums(z).forEach((sum, i) => {
          expect(sum).toBeGreaterThanOrEqual(at(least, i) - 20 * room);
          expect(sum).toBeLessThanOrEqual(at(most, i) + 20 * room);
          const ranges = z.flatMap((entry, k) => {
            const a = at(at(A, i), k);
            return a === 0 ? [] : [multipliers(entry, at(y, k), at(scale, k), a, at(lower, k), at(upper, k))];
          });
          const isAtLeast = sum <= at(least, i) + 20 * room;
          const isAtMost = sum >= at(most, i) - 20 * room;
          const highest = Math.min(isAtLeast ? ENDLESS : 0, ...ranges.map(([, high]) => high));
          const lowest = Math.max(isAtMost ? NEGATIVE_INFINITY : 0, ...ranges.map(([low]) => low));
          expect(lowest - highest).toBeLessThanOrEqual(1e3 * room);
        });
        const again = [...nearest(z)];
        expect(Math.max(...again.map((entry, k) => Math.abs(entry - at(z, k))))).toBeLessThanOrEqual(100 * room);
      }
    }),
    { numRuns: 300 },
  );
});
