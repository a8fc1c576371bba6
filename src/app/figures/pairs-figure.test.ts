import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '../../core/diagnostic.ts';
import { parallelFigure } from './entries-figure.ts';
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

  it('shows each of the runs that agree, the earlier around the later; those apart are alike', () => {
    const [here, there] = [[1, 2, 3, 4, 5, 6], new Array<number>(SIZE).fill(-9)];
    const named = (label: string, end: number[]): RunView => ({ ...run([there, end]), label });
    const shown = scene([named('first', here), named('second', there), named('third', here)]);
    const sizesOf = (figure: { data: readonly object[] }, label: string) =>
      (figure.data as { name?: string; mode?: string; marker?: { size: number | number[] } }[])
        .filter(({ name, mode }) => name === label && mode?.includes('markers'))
        .flatMap(({ marker }) => marker?.size ?? []);
    for (const figure of [pairsFigure(shown, [0, 1, 2, 3], 10), parallelFigure(shown, 10)]) {
      const [first, second, third] = ['first', 'second', 'third'].map((label) => sizesOf(figure, label));
      invariant(first && second && third, 'each run is drawn');
      expect(first.length).toBeGreaterThanOrEqual(SIZE);
      expect(third).toEqual(second);
      first.forEach((size, i) => {
        expect(size).toBeGreaterThan(1.2 * (third[i] ?? 0));
      });
      const optimum = sizesOf({ data: parallelFigure({ ...shown, optimum: here }, 10).data }, 'optimum');
      expect(optimum[0]).toBeGreaterThan(Math.max(...first)); // the ring goes around both
    }
  });

  it('of very many has lines without marks, and few names on the axis', () => {
    const many = { ...scene([{ ...run([new Array<number>(300).fill(1)]) }]), size: 300, start: new Array(300).fill(0) };
    const { data, layout } = parallelFigure({ ...many, parameterNames: many.start.map((_, i) => `w[${i}]`) }, 0);
    expect(data.filter((trace) => 'mode' in trace && trace.mode === 'lines')).toHaveLength(2);
    expect(layout.xaxis?.ticktext?.length).toBeLessThanOrEqual(8);
  });
});
