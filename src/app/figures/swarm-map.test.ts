import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '../../core/diagnostic.ts';
import { drawn } from './drawn.fixture.ts';
import { histogramBars, swarmHistogram } from './swarm-histogram.ts';
import { cellsAlong, type MapQuantity, type SwarmMap, swarmMap, withMapLegend } from './swarm-map.ts';

const axis = (name: string) => ({ name, from: 0, to: 1, scale: 'linear' }) as const;

const map: SwarmMap = {
  axes: [axis('x'), axis('<b>y')],
  width: 3,
  height: 2,
  done: 5,
  outcome: Uint8Array.of(1, 1, 0, 2, 3, 1),
  basin: Uint16Array.of(0, 1, 0xffff, 0xffff, 0xffff, 0),
  stepsToTolerance: Uint32Array.of(4, 9, 0xffffffff, 0xffffffff, 0xffffffff, 1),
  loss: Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY, Number.NaN, 0),
  violation: Float32Array.of(0, 1e-3, 0.1, Number.POSITIVE_INFINITY, Number.NaN, 0),
  optima: [
    [1, 0.4],
    [0, 0],
  ],
  theme: 'light',
};

const z = (quantity: MapQuantity) => drawn<{ z: (number | null)[][] }>(swarmMap(map, quantity).data)[0]?.z;

describe('the map of a swarm', () => {
  it('has a cell a start, row by row, and none where nothing is computed yet', () => {
    expect(z('basin')).toEqual([
      [0, 1, 9],
      [10, 11, null],
    ]);
  });

  it('shows steps only of starts that arrived, and losses only of those that did not go off', () => {
    expect(z('steps')).toEqual([
      [4, 9, null],
      [null, null, null],
    ]);
    expect(z('loss')).toEqual([
      [1, 2, 3],
      [null, null, null],
    ]);
  });

  it('shows violations by powers of ten, from rounding up', () => {
    const [[exact, small, large] = []] = z('violation') ?? [];
    expect([exact, small, large]).toEqual([-8, expect.closeTo(-3, 5), expect.closeTo(-1, 5)]);
    const [trace] = drawn<{ text: string[][] }>(swarmMap(map, 'violation').data);
    expect(trace?.text[0]).toEqual(['0', '0.001', '0.1']);
  });

  it('leaves the colours to the losses of the many, where a few are far away', () => {
    const far = (loss: readonly number[]) => {
      const many = { ...map, width: loss.length, height: 1, done: loss.length, outcome: new Uint8Array(loss.length) };
      return drawn<{ zmax?: number }>(swarmMap({ ...many, loss: Float32Array.from(loss) }, 'loss').data)[0]?.zmax;
    };
    const usual = Array.from({ length: 99 }, (_, k) => k);
    expect(far([...usual, 1e9])).toBeLessThan(99);
    expect(far([...usual, 100])).toBeUndefined();
    expect(far([...usual.map(() => 1), 1e9])).toBeUndefined();
  });

  it('says what became of a start, and takes names as text', () => {
    const { data, layout } = swarmMap(map, 'basin');
    expect(drawn<{ text: string[][] }>(data)[0]?.text[0]).toEqual([
      'arrives at (1, 0.4)',
      'arrives at (0, 0)',
      'does not arrive',
    ]);
    expect(layout.yaxis?.title).toMatchObject({ text: '&lt;b&gt;y' });
  });

  it('frames all cells before any is computed, and what is beside them', () => {
    const over = { ...axis('rate'), from: 0.01, to: 1, scale: 'log' } as const;
    const begun = { ...map, done: 0, axes: [{ ...axis('x'), from: -2, to: 4 }, over] } as const;
    expect(swarmMap(begun, 'basin').layout).toMatchObject({ xaxis: { range: [-3.5, 5.5] }, yaxis: { range: [-3, 1] } });
    const mark = { label: 'a', color: '#000000', symbol: 'circle', place: [10, 0.1] } as const;
    const [low, high] = swarmMap({ ...begun, marks: [mark] }, 'loss').layout.xaxis?.range ?? [];
    expect(low).toBe(-3.5);
    expect(high).toBeGreaterThan(10);
  });

  it('words negative numbers with a minus sign, and rounding as 0', () => {
    const wordsOf = (end: readonly number[]) =>
      drawn<{ text: string[][] }>(swarmMap({ ...map, optima: [end] }, 'basin').data)[0]?.text[0]?.[0];
    expect(wordsOf([-1, -0.00002])).toBe('arrives at (−1, −2e−5)');
    expect(wordsOf([0.5])).toBe('arrives at 0.5');
    expect(wordsOf([0.65, -1.6e-9])).toBe('arrives at (0.65, 0)');
    expect(wordsOf([3e4, 0.01])).toBe('arrives at (30000, 0)');
  });

  it('names its axes, and its colours where the picture stands alone', () => {
    const over = { ...map, axes: [axis('learning rate'), axis('x')] } as const;
    const figure = swarmMap(over, 'basin');
    expect(figure.layout.xaxis?.title).toMatchObject({ text: 'learning rate' });
    expect(drawn<{ hovertemplate: string }>(figure.data)[0]?.hovertemplate).toContain('learning rate = %{x');
    const [, , ...legend] = drawn<{ name: string }>(withMapLegend(figure, over).data);
    expect(legend.map(({ name }) => name).slice(0, 3)).toEqual([
      'A  arrives at (1, 0.4) · 1',
      'B  arrives at (0, 0) · 1',
      '?  does not arrive · 1',
    ]);
  });

  it('places cells evenly, or by equal ratios', () => {
    expect(cellsAlong(axis('x'), 3)).toEqual([0, 0.5, 1]);
    const ratios = cellsAlong({ name: 'η', from: 0.01, to: 1, scale: 'log' }, 3);
    [0.01, 0.1, 1].forEach((value, k) => expect(ratios[k]).toBeCloseTo(value, 12));
  });

  it('counts arrivals by steps', () => {
    const [trace] = drawn<{ x: number[]; y: number[] }>(swarmHistogram(map).data);
    invariant(trace, 'a trace');
    expect(trace.y.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(trace.y[4]).toBe(1);
    expect(trace.y[9]).toBe(1);
  });

  it('has one bar for each number of steps while they fit, then bars of one width, which hold every start that arrived', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ steps: fc.nat(2000), outcome: fc.constantFrom(0, 1, 2, 3) })), (starts) => {
        const bars = histogramBars({
          ...map,
          done: starts.length,
          outcome: Uint8Array.from(starts, ({ outcome }) => outcome),
          stepsToTolerance: Uint32Array.from(starts, ({ steps }) => steps),
        });
        const arrived = starts.filter(({ outcome }) => outcome === 1).map(({ steps }) => steps);
        const most = Math.max(1, ...arrived);
        expect(bars.length).toBeLessThanOrEqual(51);
        if (most < 50) expect(bars.every(({ from, to }) => from === to)).toBe(true);
        bars.forEach(({ from, to, starts: count }, i) => {
          expect(from).toBe(i === 0 ? 0 : (bars[i - 1]?.to ?? 0) + 1);
          expect(count).toBe(arrived.filter((steps) => steps >= from && steps <= to).length);
        });
        expect(bars.reduce((sum, bar) => sum + bar.starts, 0)).toBe(arrived.length);
      }),
    );
  });
});
