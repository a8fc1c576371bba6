import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostMoving, PAIRED, pairsFigure, pairsOf } from './pairs-figure.ts';
import { runStyle } from './run-style.ts';
import type { RunView, Scene } from './scene.ts';

const SIZE = 6;
const run = (iterates: readonly (readonly number[])[]): RunView => ({
  ...runStyle(0, 'light'),
  id: '0',
  label: 'a run',
  visible: true,
  status: 'finished',
  steps: iterates.map((_, k) => 10 * k),
  iterates: Float64Array.from(iterates.flat()),
  loss: Float64Array.from(iterates, () => 0),
  violation: Float64Array.from(iterates, () => 0),
  rounding: 0,
});
const scene = (runs: readonly RunView[]): Scene => ({
  parameterNames: Array.from({ length: SIZE }, (_, i) => `w[${i}]`),
  size: SIZE,
  axes: [0, 1],
  runs,
  sets: [],
  start: new Array<number>(SIZE).fill(0),
  theme: 'light',
});
const iterate = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: SIZE, maxLength: SIZE });

describe('entries each against each', () => {
  it('has each pair once, and shows a run where it is at the step', () => {
    fc.assert(
      fc.property(fc.array(iterate, { minLength: 2, maxLength: 5 }), fc.nat(45), (iterates, step) => {
        const shown = scene([run(iterates)]);
        const entries = mostMoving(shown);
        expect(entries).toHaveLength(PAIRED);
        const pairs = pairsOf(entries);
        expect(new Set(pairs.map(({ x, y }) => [x, y].sort().join())).size).toBe((PAIRED * (PAIRED - 1)) / 2);
        const heads = pairsFigure(shown, entries, step).data.filter(
          (trace) => 'mode' in trace && trace.mode === 'markers' && trace.name === 'a run',
        ) as { x?: unknown; y?: unknown }[];
        const at = iterates[Math.min(iterates.length - 1, Math.floor(step / 10))] ?? [];
        expect(heads.map(({ x, y }) => [x, y])).toEqual(pairs.map(({ x, y }) => [[at[x]], [at[y]]]));
      }),
      { numRuns: 30 },
    );
  });

  it('begins with the entries that move most', () => {
    const still = new Array<number>(SIZE).fill(0);
    const moved = [0, 3, 0, -1, 2, 4];
    expect(mostMoving(scene([run([still, moved])]))).toEqual([1, 3, 4, 5]);
  });
});
