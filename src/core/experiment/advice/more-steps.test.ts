import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviceOnWay, type Course } from './more-steps.ts';

/** A course of one parameter at rest, of which stationarity alone is left: the scaled residual is then that / 2. */
function course(
  stationarity: readonly number[],
  { steps, ...fields }: { [Field in 'loss' | 'violation' | 'steps']?: readonly number[] } = {},
): Course {
  const zeros = new Float64Array(stationarity.length);
  return {
    executor: 'reference',
    iterates: zeros,
    loss: Float64Array.from(fields.loss ?? zeros),
    violation: Float64Array.from(fields.violation ?? zeros),
    stationarity: Float64Array.from(stationarity),
    gradient: zeros.map(() => 1),
    ...(steps && { steps }),
  };
}

const along = (count: number, of: (k: number) => number) => Array.from({ length: count }, (_, k) => of(k));
const noise = (seed: number, k: number) => Math.abs((Math.sin(seed + 12.9898 * k) * 43758.5453) % 1);
const records = fc.integer({ min: 60, max: 400 });
const seeds = fc.integer({ min: 0, max: 1000 });

describe('advice on more steps', () => {
  it('is given where the residual still falls: as 1/k, geometrically, or in the teeth of slow multipliers', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 8 }), (count, most) => {
        const tooth = Math.min(most, Math.floor(count / 10)); // two in a stretch
        const ways = [
          (k: number) => 1 / (1 + k),
          (k: number) => 10 ** (-3 * (k / count)),
          (k: number) => (1 / (1 + k)) * (1 + (k % tooth)),
        ];
        for (const way of ways) {
          const advice = adviceOnWay(course(along(count, way)), 1);
          expect(advice?.change?.steps).toBe(10 * (count - 1));
        }
      }),
    );
  });

  it('is not given to a run that arrived, stands still, trembles, grows, or is no longer a number', () => {
    fc.assert(
      fc.property(records, seeds, (count, seed) => {
        const ways = [
          (k: number) => 1e-5 / (1 + k) ** 2,
          () => 0.5,
          (k: number) => Math.max(0.01, 1 / (1 + k) ** 3),
          (k: number) => 0.5 * (1 + 0.05 * noise(seed, k)),
          (k: number) => 0.001 * 1.1 ** k,
          (k: number) => (k < count - 1 ? 1 / (1 + k) : Number.NaN),
        ];
        const still = along(count, () => 0.5);
        for (const way of ways) {
          const values = along(count, way);
          const isArrived = (values.at(-1) ?? 0) <= 2e-6;
          if (way !== ways[0] || isArrived) expect(adviceOnWay(course(values), 1)).toBeNull();
          if (way !== ways[0]) expect(adviceOnWay(course(still, { violation: values }), 1)).toBeNull();
        }
        const trembling = along(count, (k) => 3 + noise(seed, k));
        expect(adviceOnWay(course(still, { loss: trembling }), 1)).toBeNull();
      }),
    );
  });

  it('is given where the loss of feasible points falls, or the violation, however the rest stands', () => {
    const still = along(100, () => 0.5);
    const falling = along(100, (k) => 4 - 0.01 * k);
    expect(adviceOnWay(course(still, { loss: falling }), 1)?.change?.steps).toBe(990);
    expect(adviceOnWay(course(still, { violation: along(100, (k) => 1 / (1 + k)) }), 1)?.change?.steps).toBe(990);
    expect(adviceOnWay(course(still, { loss: falling, violation: still }), 1)).toBeNull(); // infeasible points may be better
  });

  it('goes by steps, not by records, and needs some in each of the last two stretches', () => {
    const steps = [...along(101, (k) => k), ...along(90, (k) => 110 + 10 * k)];
    const way = (step: number) => 1 / (1 + step);
    expect(adviceOnWay(course(steps.map(way), { steps }), 1)?.change?.steps).toBe(10_000);
    expect(adviceOnWay(course([1, 0.5, 0.25]), 1)).toBeNull();
  });

  it('is given on few records only where each of the last ones is nearer', () => {
    const falling = [1, 0.8, 0.5, 0.3, 0.2, 0.1];
    expect(adviceOnWay(course(falling), 1)?.change?.steps).toBe(50);
    expect(adviceOnWay(course([1, 0.8, 0.5, 0.3, 0.35, 0.1]), 1)).toBeNull();
    expect(adviceOnWay(course([1, 0.5, 0.2, 0.1, 1e-7]), 1)).toBeNull(); // arrived
    expect(adviceOnWay(course([1, 0.5, 0.499, 0.498, 0.497]), 1)).toBeNull(); // stands still
    const still = falling.map(() => 0.5);
    expect(adviceOnWay(course(still, { loss: falling }), 1)?.change?.steps).toBe(50);
    expect(adviceOnWay(course(still, { loss: falling, violation: still }), 1)).toBeNull();
    expect(adviceOnWay(course(falling, { steps: [0, 10, 20, 30, 40, 100] }), 1)?.change?.steps).toBe(1000);
  });

  it('asks for no more steps than a run may have', () => {
    const steps = along(101, (k) => 100_000 * k);
    const falling = along(101, (k) => 1 / (1 + k));
    const advice = adviceOnWay(course(falling, { steps }), 1);
    expect(advice?.change).toBeUndefined();
    expect(advice?.message).toContain('still on its way');
  });
});
