/** Several entries, each against each: a triangle of small planes that share their axes, with the whole paths and where they are at a step. */
import type { Data, LayoutAxis } from 'plotly.js';
import { laterAtPlace } from './coincidence.ts';
import { drawable } from './drawable.ts';
import { axisSuffix } from './entries-figure.ts';
import { type EntriesPath, entriesPaths } from './entries-motion.ts';
import type { Figure, Range } from './figure.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import type { RunView, Scene } from './scene.ts';
import { trajectoryOf } from './trajectory.ts';
import { viewBox } from './view-box.ts';

/** Entries that are shown at once. */
export const PAIRED = 4;
/** Points of one path in one of the planes. */
const PATH_POINTS = 300;
/** Pixels of the mark of a run; by the ring larger for each later run at its place. The optimum is around both. */
export const PAIR_MARK = { size: 8, ring: 6, optimum: 18 } as const;
/** Between two planes, as a share of the figure. */
const GAP = 0.03;

export interface Pair {
  /** Entries of the iterate. */
  readonly x: number;
  readonly y: number;
  /** What Plotly appends to the names of their axes. */
  readonly xAxis: string;
  readonly yAxis: string;
}

/** Below the diagonal: each entry but the first up, each but the last across. */
export const pairsOf = (entries: readonly number[]): Pair[] =>
  entries.flatMap((y, row) =>
    entries.slice(0, row).map((x, column) => ({ x, y, xAxis: axisSuffix(column), yAxis: axisSuffix(row - 1) })),
  );

/** The entries that move most over the records of the visible runs, in the order of the iterate. */
export function mostMoving({ runs, size }: Pick<Scene, 'runs' | 'size'>): number[] {
  const extents = Array.from({ length: size }, (_, entry) => {
    let [from, to] = [Infinity, -Infinity];
    for (const { iterates, visible } of runs) {
      for (let i = entry; visible && i < iterates.length; i += size) {
        const value = iterates[i] ?? Number.NaN;
        if (!Number.isFinite(value)) continue;
        from = Math.min(from, value);
        to = Math.max(to, value);
      }
    }
    return { entry, extent: to > from ? to - from : 0 };
  });
  const most = extents.sort((a, b) => b.extent - a.extent || a.entry - b.entry).slice(0, PAIRED);
  return most.map(({ entry }) => entry).sort((a, b) => a - b);
}

/** At a count of the clock; null: without the runs' places there. */
export function pairsFigure(scene: Scene, entries: readonly number[], step: number | null): Figure {
  const { theme, parameterNames, start, optimum, size } = scene;
  const look = lookOf(theme);
  const ring = (at: ArrayLike<number>, pair: Pair, name: string, side: number, width: number): Data => ({
    ...axesOf(pair),
    type: 'scatter',
    mode: 'markers',
    name,
    x: [at[pair.x] ?? null],
    y: [at[pair.y] ?? null],
    marker: { symbol: 'circle-open', size: side, color: look.ink, line: { width, color: look.ink } },
    hoverinfo: 'skip',
  });
  const paths = entriesPaths(scene);
  const data = pairsOf(entries).flatMap((pair): Data[] => [
    ...paths.map(({ run }) => pathTrace(run, size, pair, scene)),
    ring(start, pair, 'start', 7, 1.25),
    ...(optimum ? [ring(optimum, pair, 'optimum', PAIR_MARK.optimum, 1.75)] : []),
    ...(step === null ? [] : headTraces(paths, step, pair, scene)),
  ]);
  const axis = (entry: number): Partial<LayoutAxis> => {
    return { ...quietAxis(theme, plain(parameterNames[entry] ?? '')), range: [...rangeOf(scene, entry)], nticks: 4 };
  };
  const count = entries.length - 1;
  const columns = entries
    .slice(0, -1)
    .map((entry, column) => [
      `xaxis${axisSuffix(column)}`,
      { ...axis(entry), domain: part(column, count), anchor: `y${axisSuffix(count - 1)}` },
    ]);
  const rows = entries
    .slice(1)
    .map((entry, row) => [
      `yaxis${axisSuffix(row)}`,
      { ...axis(entry), domain: part(count - 1 - row, count), anchor: 'x' },
    ]);
  return {
    data,
    layout: {
      ...baseLayout(theme),
      margin: { l: 60, r: 16, t: 12, b: 48 },
      hovermode: 'closest',
      dragmode: 'pan',
      ...Object.fromEntries([...columns, ...rows]),
    },
  };
}

const part = (k: number, count: number): [number, number] => {
  const width = (1 - GAP * (count - 1)) / count;
  return [k * (width + GAP), k * (width + GAP) + width];
};

const axesOf = ({ xAxis, yAxis }: Pair) => ({ xaxis: `x${xAxis}`, yaxis: `y${yAxis}` }) as { xaxis: 'x'; yaxis: 'y' };

function pathTrace(run: RunView, size: number, pair: Pair, { parameterNames }: Scene): Data {
  const { records, coordinates } = trajectoryOf(run, size, [pair.x, pair.y], PATH_POINTS);
  const [x = [], y = []] = coordinates;
  const name = (entry: number) => plain(parameterNames[entry] ?? '');
  return {
    ...axesOf(pair),
    type: 'scatter',
    mode: 'lines',
    name: plain(run.label),
    x: [...x],
    y: [...y],
    customdata: records.map((record) => run.steps[record] ?? 0),
    line: { color: run.color, dash: run.dash, width: 1.5 },
    opacity: 0.7,
    hovertemplate: `${name(pair.x)} = %{x:.6~g}<br>${name(pair.y)} = %{y:.6~g}<br>step %{customdata}`,
  };
}

/** What the axis of an entry shows. */
const rangeOf = (scene: Scene, entry: number): Range => viewBox({ ...scene, axes: [entry] })[0] ?? [-1, 1];

function headTraces(paths: readonly EntriesPath[], step: number, pair: Pair, scene: Scene): Data[] {
  const places = paths.map(({ run: { iterates }, steps }) => {
    const record = Math.max(
      0,
      steps.findLastIndex((recorded) => recorded <= step),
    );
    return [pair.x, pair.y].map((entry) => drawable(iterates[record * scene.size + entry]));
  });
  const over = laterAtPlace(
    places.map((place) => place.map((value) => value ?? Number.NaN)),
    [rangeOf(scene, pair.x), rangeOf(scene, pair.y)],
  );
  return paths.map(({ run: { label, symbol, color } }, k) => ({
    ...axesOf(pair),
    type: 'scatter',
    mode: 'markers',
    name: plain(label),
    x: [places[k]?.[0] ?? null],
    y: [places[k]?.[1] ?? null],
    marker: {
      symbol,
      size: PAIR_MARK.size + PAIR_MARK.ring * (over[k] ?? 0),
      color,
      line: { width: 1.5, color: lookOf(scene.theme).surface },
    },
    hoverinfo: 'skip',
  }));
}
