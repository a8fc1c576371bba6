import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '../../core/diagnostic.ts';
import { chartFigure, withAxisTitle } from './chart-figure.ts';
import { against, chartOf, charts, chartsFor, chosenCharts, fullTitle, stepLengths } from './charts.ts';
import { drawn } from './drawn.fixture.ts';
import { parallelFigure } from './entries-figure.ts';
import type { Figure } from './figure.ts';
import { figure1d } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import { figure3d } from './figure3d.ts';
import { zeroFloor } from './log-ticks.ts';
import { lastStepOf, MOTION_POINTS, motionPaths } from './motion-path.ts';
import type { RunView, Scene } from './scene.ts';
import { describeScene } from './scene-figure.ts';
import { viewBox } from './view-box.ts';

const run = (iterates: number[][], patch: Partial<RunView> = {}): RunView => ({
  id: '0',
  label: 'projected <gradient>',
  color: '#c2410c',
  dash: 'dash',
  symbol: 'square',
  visible: true,
  status: 'finished',
  steps: iterates.map((_, step) => step),
  iterates: Float64Array.from(iterates.flat()),
  loss: Float64Array.from(iterates, (_, step) => 1 / (1 + step)),
  violation: Float64Array.from(iterates, (_, step) => (step === 0 ? 0.5 : 0)),
  rounding: 1e-14,
  ...patch,
});

const line = { kind: 'affine', A: { rows: 1, columns: 2, data: Float64Array.of(1, 1) }, b: [1] } as const;
const plane = { kind: 'affine', A: { rows: 1, columns: 3, data: Float64Array.of(1, 1, 1) }, b: [1] } as const;

const scene2: Scene = {
  parameterNames: ['w<0>', 'w[1]'],
  size: 2,
  axes: [0, 1],
  runs: [
    run([
      [0, 0],
      [0.5, 0.25],
      [0.5, 0.5],
    ]),
  ],
  sets: [line],
  start: [0, 0],
  optimum: [0.5, 0.5],
  theme: 'light',
};
const scene3: Scene = {
  ...scene2,
  parameterNames: ['a', 'b', 'c'],
  size: 3,
  axes: [0, 1, 2],
  runs: [
    run([
      [0, 0, 0],
      [0.3, 0.3, 0.4],
    ]),
  ],
  sets: [plane],
  optimum: [0.3, 0.3, 0.4],
};

/** Traces as plain records: what Plotly gets. */
const traces = ({ data }: Figure) => data as readonly Record<string, unknown>[];
const lines = (figure: Figure) => traces(figure).filter(({ mode }) => mode === 'lines');
const named = (figure: Figure, name: string) => traces(figure).find((trace) => trace.name === name);

describe('figure2d', () => {
  it('draws set, trajectory, start, last and optimum', () => {
    const figure = figure2d(scene2);
    expect(named(figure, 'projected &lt;gradient&gt;')).toMatchObject({
      x: [0, 0.5, 0.5],
      y: [0, 0.25, 0.5],
      line: { dash: 'dash' },
    });
    expect(named(figure, 'start')).toMatchObject({ x: [0], y: [0] });
    expect(named(figure, 'last')).toMatchObject({ x: [0.5], y: [0.5] });
    expect(named(figure, 'optimum')).toMatchObject({ x: [0.5], y: [0.5] });
    const { x, y } = named(figure, 'feasible set') as { x: number[]; y: number[] };
    expect((x[0] ?? 0) + (y[0] ?? 0)).toBeCloseTo(1, 12);
    expect((x[1] ?? 0) + (y[1] ?? 0)).toBeCloseTo(1, 12);
  });
  it('has the view of the iterates with air, and equal units', () => {
    const { xaxis, yaxis } = figure2d(scene2).layout;
    expect(xaxis?.range).toEqual([-0.09, 0.59]);
    expect(yaxis?.scaleanchor).toBe('x');
    expect(xaxis?.title).toMatchObject({ text: 'w&lt;0&gt;' });
  });
  it('shows gaps, not zeros, where a run is not finite, and ends at the last finite record', () => {
    const broken = {
      ...scene2,
      runs: [
        run([
          [0, 0],
          [1, 1],
          [Number.NaN, 2],
          [Infinity, 1e300],
        ]),
      ],
    };
    const figure = figure2d(broken);
    expect(named(figure, 'projected &lt;gradient&gt;')).toMatchObject({ x: [0, 1, null, null], y: [0, 1, 2, 1e12] });
    expect(named(figure, 'last')).toMatchObject({ x: [1], y: [1] });
  });
  it('draws at most 1,000 points a run', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => [Math.cos(i / 90), Math.sin(i / 70)]);
    const { x } = named(figure2d({ ...scene2, runs: [run(many)] }), 'projected &lt;gradient&gt;') as { x: unknown[] };
    expect(x.length).toBeLessThanOrEqual(1000);
  });
  it('is an empty plane around the origin without runs', () => {
    const { sets: _, optimum: __, ...rest } = scene2;
    const figure = figure2d({ ...rest, sets: [], runs: [] });
    expect(figure.layout.xaxis?.range).toEqual([-1, 1]);
    expect(traces(figure).every(({ type }) => type === 'scatter')).toBe(true);
  });
  it('has no level lines of a loss that is flat or nowhere a number', () => {
    for (const value of [3, Number.NaN, Infinity, 1e305]) {
      const field = { xs: [0, 1], ys: [0, 1], values: [value, value, value, value] };
      expect(traces(figure2d({ ...scene2, field })).some(({ type }) => type === 'contour')).toBe(false);
    }
  });
  it('has no level lines where the field of before is less than a pixel of the view', () => {
    const field = { xs: [0, 1], ys: [0, 1], values: [1, 2, 3, 4] };
    const wide: [number, number][] = [
      [-1e9, 1e9],
      [-1e9, 1e9],
    ];
    expect(traces(figure2d({ ...scene2, field }, { view: wide })).some(({ type }) => type === 'contour')).toBe(false);
  });
  it('has level lines only for a field that holds what it says', () => {
    const field = { xs: [0, 1], ys: [0, 1], values: [1, 2, 3, Number.NaN] };
    const [shading, lines] = traces(figure2d({ ...scene2, field }));
    const values = [
      [1, 2],
      [3, null],
    ];
    expect(shading).toMatchObject({ type: 'heatmap', hoverinfo: 'skip' });
    expect(lines).toMatchObject({ type: 'contour', customdata: values, connectgaps: false });
    expect(
      traces(figure2d({ ...scene2, field: { ...field, values: [1] } })).some(({ type }) => type === 'contour'),
    ).toBe(false);
  });
});

describe('figure3d', () => {
  it('draws a plane as a mesh whose corners lie on it', () => {
    const mesh = traces(figure3d(scene3)).find(({ type }) => type === 'mesh3d') as {
      x: number[];
      y: number[];
      z: number[];
    };
    mesh.x.forEach((x, i) => expect(x + (mesh.y[i] ?? 0) + (mesh.z[i] ?? 0)).toBeCloseTo(1, 12));
  });
  it('draws two rows as a line, three as a point', () => {
    const rows = (...list: number[][]) => ({
      kind: 'affine' as const,
      A: { rows: list.length, columns: 3, data: Float64Array.from(list.flat()) },
      b: list.map(() => 0.2),
    });
    const two = traces(figure3d({ ...scene3, sets: [rows([1, 0, 0], [0, 1, 0])] }));
    expect(two.find(({ name }) => name === 'feasible set')).toMatchObject({
      type: 'scatter3d',
      x: [0.2, 0.2],
      y: [0.2, 0.2],
    });
    const three = traces(figure3d({ ...scene3, sets: [rows([1, 0, 0], [0, 1, 0], [0, 0, 1])] }));
    expect(three.find(({ name }) => name === 'feasible set')).toMatchObject({
      mode: 'markers',
      x: [0.2],
      y: [0.2],
      z: [0.2],
    });
  });
  it('draws the runs side by side, then their ends: so a legend names them', () => {
    const names = traces(figure3d({ ...scene3, sets: [], runs: [...scene3.runs, ...scene3.runs] })).map(
      ({ name }) => name,
    );
    const label = names[0];
    expect(names).toEqual([label, label, 'start', 'last', 'start', 'last', 'optimum']);
  });
  it('keeps what the reader turned', () => {
    expect(figure3d(scene3).layout.scene?.uirevision).toBe(figure3d({ ...scene3, runs: [] }).layout.scene?.uirevision);
  });
});

describe('figure1d', () => {
  it('puts the iterates on the loss and a line at the feasible value', () => {
    const curve = { xs: [0, 1, 2], values: [4, 1, 0] };
    const set = { kind: 'affine', A: { rows: 1, columns: 1, data: Float64Array.of(2) }, b: [2] } as const;
    const { optimum: _, ...rest } = scene2;
    const figure = figure1d({ ...rest, size: 1, axes: [0], runs: [run([[0], [1]])], curve, sets: [set] });
    expect(named(figure, 'projected &lt;gradient&gt;')).toMatchObject({ x: [0, 1], y: [1, 0.5] });
    expect(figure.layout.shapes).toMatchObject([{ x0: 1, x1: 1 }]);
  });
});

describe('viewBox', () => {
  it('shows every run that did not go off, however calm another one is', () => {
    const calm = run([
      [1e-6, 0.5],
      [1e-7, 0.5],
    ]);
    const [first] = viewBox({
      runs: [
        calm,
        run([
          [-0.4, 0.5],
          [0, 0.5],
        ]),
      ],
      axes: [0, 1],
      size: 2,
    });
    expect(first?.[0]).toBeLessThan(-0.4);
  });

  it('shows a bounded set whole, unless it dwarfs the path, and holds the path in any case', () => {
    const path = run([
      [0.2, 0.9],
      [1, 0.4],
    ]);
    const over = (lower: number, upper: number) => {
      const bounds = { lower: [lower, lower], upper: [upper, upper] };
      return viewBox({ runs: [path], axes: [0, 1], size: 2, bounds });
    };
    for (const [from, to] of over(0, 1)) expect([from < 0, to > 1]).toEqual([true, true]);
    const alone = viewBox({ runs: [path], axes: [0, 1], size: 2 });
    expect(over(-50, 50)).toEqual(alone);
    expect(over(0, Number.POSITIVE_INFINITY)).toEqual(alone);
  });

  it('shows a ball in space whole, of which the path crosses a part', () => {
    const path = run([
      [0.2, 0.2, 0.7],
      [0.58, 0.58, 0.58],
    ]);
    const bounds = { lower: [-1, -1, -1], upper: [1, 1, 1] };
    for (const [from, to] of viewBox({ runs: [path], axes: [0, 1, 2], size: 3, bounds }))
      expect([from < -1, to > 1]).toEqual([true, true]);
    const [across] = viewBox({ runs: [path], axes: [0, 1], size: 3, bounds });
    expect(across?.[0]).toBeGreaterThan(0); // in the plane its edge alone
  });

  it('gives an entry that moves by rounding alone a part of the room of the others', () => {
    const point = run([
      [1, 0],
      [0.5, -1.2e-7],
    ]);
    const [wide, flat] = viewBox({ runs: [point], axes: [0, 1], size: 2 });
    expect((flat?.[1] ?? 0) - (flat?.[0] ?? 0)).toBeGreaterThan(0.2 * ((wide?.[1] ?? 0) - (wide?.[0] ?? 0)));
    const small = run([
      [1e-6, 0],
      [0, 1e-7],
    ]);
    for (const [from, to] of viewBox({ runs: [small], axes: [0, 1], size: 2 })) expect(to - from).toBeLessThan(1e-5);
  });

  it('sees entries of a hundred thousand that stand still, or have no run yet, at their own size', () => {
    const [size, start] = [100_000, new Array<number>(100_000).fill(1e-5)];
    const still = run([start, start]);
    for (const runs of [[still], []])
      for (const [from, to] of viewBox({ runs, axes: [0, 1], size, start })) {
        expect([from <= 1e-5, to >= 1e-5]).toEqual([true, true]);
        expect(to - from).toBeLessThan(4e-5);
      }
    const [wide, flat] = viewBox({ runs: [run([start, [0, 1e-5 + 1e-10]])], axes: [0, 1], size, start });
    expect((flat?.[1] ?? 0) - (flat?.[0] ?? 0)).toBeGreaterThan(0.2 * ((wide?.[1] ?? 0) - (wide?.[0] ?? 0)));
  });

  it('has the origin, the start, the optimum and a set of few units well inside before there is a run', () => {
    const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
    const set = fc.tuple(coordinate, fc.double({ min: 0, max: 3, noNaN: true }));
    fc.assert(
      fc.property(coordinate, fc.option(coordinate), fc.option(set), (start, best, bounded) => {
        const [lower, upper] = bounded ? [bounded[0], bounded[0] + bounded[1]] : [-Infinity, Infinity];
        const [range] = viewBox({
          runs: [],
          axes: [0],
          size: 1,
          start: [start],
          ...(best !== null && { optimum: [best] }),
          bounds: { lower: [lower], upper: [upper] },
        });
        invariant(range, 'a range');
        const points = [0, start, ...(best === null ? [] : [best])];
        const reach = Math.max(...points) - Math.min(...points);
        const ends = [...points, lower, upper];
        const isShown = Math.max(...ends) - Math.min(...ends) <= 3 * Math.max(1, reach);
        for (const point of isShown ? ends : points) {
          expect(point).toBeGreaterThanOrEqual(range[0] + 0.99);
          expect(point).toBeLessThanOrEqual(range[1] - 0.99);
        }
      }),
    );
  });

  it('stays with the start and the optimum where a run diverges', () => {
    const diverging = run(
      Array.from({ length: 9 }, (_, k) => [(-10) ** k, 10 ** k]),
      { status: 'diverged' },
    );
    for (const [from, to] of viewBox({ runs: [diverging], axes: [0, 1], size: 2, optimum: [0.5, 0.5] })) {
      expect(from).toBeGreaterThan(-100);
      expect(to).toBeLessThan(100);
    }
  });
});

describe('charts', () => {
  const chart = (id: string, scene: Scene, logTime = false) => {
    const kind = chartOf(id);
    invariant(kind, 'the chart exists');
    return chartFigure(scene, kind, { logTime });
  };

  const floorOf = (...violation: number[]) => zeroFloor([{ violation: Float64Array.from(violation), rounding: 1e-14 }]);

  it('draws zeros of the violation at a floor that the axis calls 0, and reads out 0', () => {
    const figure = chart('violation', scene2);
    const [violation] = drawn<{ y: number[]; customdata: number[][] }>(figure.data);
    invariant(violation, 'a trace');
    const { tickvals, ticktext } = figure.layout.yaxis ?? {};
    expect(ticktext?.[0]).toBe('0');
    expect(violation.y.slice(1)).toEqual([tickvals?.[0], tickvals?.[0]]);
    expect(violation.customdata[1]).toEqual([1, 0]);
  });
  it('has no floor without zeros, and one for nothing but zeros', () => {
    expect(floorOf(0.5, 2).value).toBeNull();
    expect(floorOf(0, 0).value).toBeLessThan(1e-14);
  });
  it('draws rounding errors at the floor, and says so', () => {
    expect(floorOf(0, 4e-16, 0.5).label).toBe('≈ 0');
    expect(floorOf(0, 0.5).label).toBe('0');
  });
  it.each([false, true])(
    'marks runs evenly along the axis as it is drawn, each beside the others; log time: %s',
    (logTime) => {
      const long = Array.from({ length: 3 }, () => run(Array.from({ length: 201 }, (_, k) => [k, 1])));
      const figure = chart('loss', { ...scene2, runs: long }, logTime);
      const marks = drawn<{ mode: string; x: number[] }>(figure.data).filter(({ mode }) => mode === 'markers');
      const way = logTime ? Math.log : (x: number) => x;
      const shares = marks.map(({ x }) =>
        x.map((each) => (way(each) - way(logTime ? 1 : 0)) / way(logTime ? 201 : 200)),
      );
      expect(marks).toHaveLength(3);
      shares.forEach((places, k) => {
        expect(places).toHaveLength(6);
        places.forEach((share, i) => expect(Math.abs(share - (i + (k + 0.5) / 3) / 6)).toBeLessThan(0.05));
      });
    },
  );
  it('counts log time as the transport does: log(1 + step)', () => {
    const figure = chart('loss', scene2, true);
    expect(traces(figure)[0]).toMatchObject({ x: [1, 2, 3] });
    expect(figure.layout.xaxis).toMatchObject({ type: 'log', tickvals: [1, 2], ticktext: ['0', '1'] });
  });
  it('says the range of a linear loss, so that none is left from a logarithmic one', () => {
    const lossAxis = (...loss: number[]) =>
      chart('loss', {
        ...scene2,
        runs: [
          run(
            [
              [0, 0],
              [1, 1],
              [2, 2],
            ],
            { loss: Float64Array.from(loss) },
          ),
        ],
      }).layout.yaxis;
    const [log, linear] = [lossAxis(1e4, 1, 0.1), lossAxis(-5, 20, 10)];
    expect(log).toMatchObject({ type: 'log', uirevision: 'log' });
    expect(linear).toMatchObject({ type: 'linear', uirevision: 'linear', range: [-6.5, 21.5] });
    expect(lossAxis(2, 2, 2)?.range).toEqual([1, 3]);
  });
  it('has room for numbers that differ in their last digits only', () => {
    const roomOf = (...loss: number[]) => {
      const points = loss.map((_, i) => [i, i] as [number, number]);
      const runs = [run(points, { loss: Float64Array.from(loss) })];
      return chart('loss', { ...scene2, runs }).layout.margin?.l ?? 0;
    };
    expect(roomOf(2, 1, 0.5)).toBe(58);
    expect(roomOf(120, 0)).toBe(58);
    expect(roomOf(1e30, 1)).toBe(58);
    expect(roomOf(0.00840998, 0.00841)).toBeGreaterThan('0.008409985'.length * 7);
    expect(roomOf(1, 1 + 1e-15)).toBeLessThan(140);
  });
  it('draws the loss of a diverging run as it is, and a gap where no axis reaches', () => {
    const diverging = run(
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      { loss: Float64Array.of(1, 1e30, 1e200, 1e305) },
    );
    const figure = chart('loss', { ...scene2, runs: [diverging] });
    expect(traces(figure)[0]).toMatchObject({ y: [1, 1e30, 1e200, null] });
    expect(figure.layout.yaxis?.range?.[1]).toBeGreaterThanOrEqual(200);
  });
  it('has the gap to the optimum, and each row of the constraints by name', () => {
    const rows = run(
      [
        [0, 0],
        [3, 4],
      ],
      { violations: Float64Array.of(1, 2, 0.5, 0), loss: Float64Array.of(5, 2) },
    );
    const scene: Scene = {
      ...scene2,
      runs: [rows],
      optimumLoss: 1.5,
      rowName: (row) => ['budget', 'floor'][row] ?? '',
    };
    expect(traces(chart('gap', scene))[0]).toMatchObject({ y: [3.5, 0.5] });
    const named = lines(chart('violations', scene)) as { name?: string; line?: { dash?: string } }[];
    expect(named.map(({ name }) => name?.split(', ')[1])).toEqual(['budget', 'floor']);
    expect(new Set(named.map(({ line }) => line?.dash)).size).toBe(2);
    expect([...stepLengths(rows, 2)]).toEqual([Number.NaN, 5]);
    expect(chartsFor(scene).map(({ id }) => id)).not.toContain('penalty');
    for (const { explanation } of charts) expect(explanation.length).toBeGreaterThan(40);
  });
  it('gives a row of the constraints the same dash in every run, whichever rows a run keeps', () => {
    const ends = [
      [7, 6, 5, 4, 3, 2, 1],
      [1, 2, 3, 4, 5, 6, 7],
    ];
    const runs = ends.map((violations) => run([[0, 0]], { violations: Float64Array.from(violations) }));
    const drawn = lines(chart('violations', { ...scene2, runs })) as { name?: string; line?: { dash?: string } }[];
    expect(drawn).toHaveLength(12);
    const dashesOf = (row: string) =>
      drawn.flatMap(({ name, line }) => (name?.endsWith(`, ${row}`) ? [line?.dash] : []));
    for (const row of [2, 3, 4, 5, 6]) {
      const [first, second, ...others] = dashesOf(`row ${row}`);
      expect([second, others]).toEqual([first, []]);
    }
  });
  it('names rows at their ends, those that end together in one label, each once, however many runs have it', () => {
    const ends = [
      [4, 0, 0.1],
      [3, 0, 0],
    ];
    const runs = ends.map((multipliers) => run([[0, 0]], { multipliers: Float64Array.from(multipliers) }));
    const rowName = (row: number) => `w in simplex, row ${row + 1}`;
    const { layout } = chart('multipliers', { ...scene2, runs, rowName });
    expect(layout.annotations?.map(({ text, y }) => [text, y])).toEqual([
      ['row 1', 4],
      ['row 2, 3', 0.1],
    ]);
    expect(layout.margin?.r).toBeGreaterThan(5 * 'row 2, 3'.length);
    expect(chart('loss', { ...scene2, runs }).layout.annotations).toEqual([]);
    const far = chart('violations', {
      ...scene2,
      runs: runs.map((each) => ({ ...each, violations: Float64Array.of(1e-3, 0, 0) })),
      rowName,
    });
    const heights = far.layout.annotations?.map(({ y }) => Number(y)) ?? [];
    expect(heights[0]).toBeCloseTo(-3, 9); // in powers of ten, as the axis
    expect(heights[1]).toBeLessThan(-3); // 0 where it is drawn
  });
  it('keeps the names at the ends apart by a line of text in the lowest chart, of 75 pixels', () => {
    const multipliers = Float64Array.of(0.53, 0.35, 0.09, 0.02, -0.05, 0);
    const rowName = (row: number) => `w in simplex, row ${row + 1}`;
    const { layout } = chart('multipliers', { ...scene2, runs: [run([[0, 0]], { multipliers })], rowName });
    const [from = 0, to = 0] = (layout.yaxis?.range ?? []).map(Number);
    const pixels = layout.annotations?.map(({ y }) => (75 * Number(y)) / (to - from)) ?? [];
    expect(pixels.length).toBeGreaterThan(1);
    pixels.slice(1).forEach((pixel, i) => expect((pixels[i] ?? 0) - pixel).toBeGreaterThanOrEqual(12));
  });
  it('draws the two parts of the gradient, whose squares add up to its own', () => {
    const parts = run(
      [
        [0, 0],
        [3, 4],
      ],
      { gradient: Float64Array.of(5, 2), stationarity: Float64Array.of(3, 2) },
    );
    const drawn = lines(chart('gradient', { ...scene2, runs: [parts] })) as {
      name?: string;
      customdata: number[][];
    }[];
    expect(drawn.map(({ name }) => name?.split(', ')[1])).toEqual(['allowed', 'held back']);
    expect(drawn.map(({ customdata }) => customdata.map((row) => row[1]))).toEqual([
      [3, 2],
      [4, 0],
    ]);
    expect(chartsFor(scene2).map(({ id }) => id)).not.toContain('gradient');
  });
  it('draws a number that the text names against the step, and one number against another', () => {
    const named = run(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      { named: { accuracy: Float64Array.of(0.9, 0.8, 0.6), parity: Float64Array.of(0.3, 0.1, Number.NaN) } },
    );
    const scene: Scene = { ...scene2, runs: [named] };
    const possible = chartsFor(scene);
    expect(possible.map(({ id }) => id).slice(-2)).toEqual(['let:accuracy', 'let:parity']);
    expect(traces(chart('let:accuracy', scene))[0]).toMatchObject({ x: [0, 1, 2], y: [0.9, 0.8, 0.6] });
    const id = against('let:accuracy', 'let:parity');
    const figure = chart(id, scene);
    expect(traces(figure)[0]).toMatchObject({ x: [0.3, 0.1, null], y: [0.9, 0.8, 0.6] });
    expect(figure.layout.xaxis).toMatchObject({ title: { text: 'parity' }, type: 'linear' });
    const loss = chartOf('loss');
    invariant(loss, 'there is one');
    expect(withAxisTitle(figure, loss, scene).layout.yaxis?.title).toMatchObject({ text: 'loss  f(x)' });
    expect(against(id, null)).toBe('let:accuracy');
    const chosen = chosenCharts([id, 'let:accuracy', 'let:gone', 'let:parity~let:gone', 'loss'], possible);
    expect(chosen.map((each) => fullTitle(each, scene))).toEqual(['Loss', 'accuracy against parity']);
  });
  it('leaves hidden runs out', () => {
    expect(chart('loss', { ...scene2, runs: [run([[0, 0]], { visible: false })] }).data).toEqual([]);
  });
});

describe('runs at the same cost', () => {
  const iterates = [
    [0, 0],
    [1, 1],
    [2, 2],
  ];
  const dear = run(iterates, { id: '0', cost: 4, pace: 4 });
  const cheap = run(iterates, { id: '1', cost: 0.5, pace: 0.5 });
  const scene: Scene = { ...scene2, runs: [dear, cheap] };

  it('stand where they have evaluated as many gradients, and the clock ends with the dearest', () => {
    const [first, second] = motionPaths(scene);
    expect([...(first?.steps ?? [])]).toEqual([0, 4, 8]);
    expect([...(second?.steps ?? [])]).toEqual([0, 0.5, 1]);
    expect(lastStepOf(scene.runs)).toBe(8);
    const lines = traces(parallelFigure(scene, 4)).filter(({ name }) => name === 'projected &lt;gradient&gt;');
    expect(lines.map(({ y }) => (y as number[])[0])).toEqual([1, 2]);
  });

  it('are charted against gradients, and read out with their own steps', () => {
    const loss = chartOf('loss');
    invariant(loss, 'the chart exists');
    const figure = chartFigure(scene, loss);
    const { layout } = figure;
    const data = figure.data.filter((trace) => 'mode' in trace && trace.mode === 'lines');
    expect(layout.xaxis).toMatchObject({ title: { text: 'gradient evaluations' }, range: [0, 8] });
    expect(drawn<{ x: number[] }>(data).map(({ x }) => x)).toEqual([
      [0, 4, 8],
      [0, 0.5, 1],
    ]);
    expect(drawn<{ customdata: number[][] }>(data)[0]?.customdata.map(([step]) => step)).toEqual([0, 1, 2]);
  });
});

describe('motion', () => {
  it('has at most 2,000 points a run, with their steps', () => {
    const many = Array.from({ length: 9000 }, (_, i) => [Math.cos(i / 9), Math.sin(i / 7)]);
    const [path] = motionPaths({ ...scene2, runs: [run(many)] });
    expect(path?.steps.length).toBeLessThanOrEqual(MOTION_POINTS);
    expect(path?.points.length).toBe(2 * (path?.steps.length ?? 0));
    expect(path?.steps.at(-1)).toBe(8999);
  });
  it('shows the loss as the second coordinate of a single parameter', () => {
    const [path] = motionPaths({ size: 1, axes: [0], runs: [run([[3], [4]])] });
    expect([...(path?.points ?? [])]).toEqual([3, 1, 4, 0.5]);
  });
  it('ends with the longest visible run', () => {
    expect(
      lastStepOf([
        run([
          [0, 0],
          [1, 1],
        ]),
        run(
          [
            [0, 0],
            [1, 1],
            [2, 2],
          ],
          { visible: false },
        ),
      ]),
    ).toBe(1);
    expect(lastStepOf([])).toBe(0);
  });
});

it('describes the picture in words, and gives no verdict away that is hidden', () => {
  const hidden = { ...scene2, runs: scene2.runs.map(({ status: _, ...run }) => run) };
  expect(describeScene(hidden)).toContain('projected <gradient>: 2 steps. ');
  expect(describeScene(scene2)).toBe(
    'Trajectories over w<0>, w[1]. projected <gradient>: 2 steps, finished. A ring marks the optimum.',
  );
  const ternary = { corners: [], lines: [], names: ['a', 'b', 'c'], total: 1 }; // its axes have no names of their own
  expect(describeScene({ ...scene2, ternary })).toContain('Trajectories over a, b, c. ');
});
