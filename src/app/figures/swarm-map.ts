/** What became of many starts: a map over two axes, as a figure and as rows. */
import type { Data, HeatmapData, Layout } from 'plotly.js';
import { at } from '../../core/diagnostic.ts';
import { shortNumber } from '../../core/number-text.ts';
import type { Figure } from './figure.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { classOf, colorsOf, inWords, mapLegend } from './map-classes.ts';
import { mapLetters } from './map-letters.ts';
import { plain } from './plain.ts';
import type { RunView, Theme } from './scene.ts';

export type MapQuantity = 'basin' | 'steps' | 'loss' | 'violation';

/** One start a cell, row-major with the first axis across; cells from `done` on are empty. */
export interface SwarmMap {
  readonly axes: readonly [MapAxis, MapAxis];
  readonly width: number;
  readonly height: number;
  readonly done: number;
  /** 0 undecided, 1 feasible and stationary, 2 diverged, 3 not a number. */
  readonly outcome: Uint8Array;
  readonly basin: Uint16Array;
  readonly stepsToTolerance: Uint32Array;
  readonly loss: Float32Array;
  readonly violation: Float32Array;
  readonly optima: readonly (readonly number[])[];
  readonly theme: Theme;
  /** Runs that are in the experiment, at their places on the axes. */
  readonly marks?: readonly MapMark[];
}

export interface MapMark extends Pick<RunView, 'label' | 'color' | 'symbol'> {
  readonly place: readonly [number, number];
}

export interface MapAxis {
  /** As a reader knows it. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
}

const isLog = ({ from, to, scale }: MapAxis): boolean => scale === 'log' && from > 0 && to > 0;

/** Positions of the cells along an axis. */
export function cellsAlong(axis: MapAxis, count: number): number[] {
  const { from, to } = axis;
  return Array.from({ length: count }, (_, k) => {
    const share = count === 1 ? 0.5 : k / (count - 1);
    return isLog(axis) ? from * (to / from) ** share : from + share * (to - from);
  });
}

/** Room around a mark that is beside the cells, as a share of their extent. */
const MARK_ROOM = 0.05;

/** The range of an axis, in Plotly's terms: all cells whole, from before they are computed, and the marks. */
function frameOf(axis: MapAxis, count: number, marks: readonly number[]): [number, number] {
  const onAxis = isLog(axis) ? Math.log10 : (value: number) => value;
  const [from, to] = [onAxis(axis.from), onAxis(axis.to)];
  const half = count > 1 ? (to - from) / (count - 1) / 2 : Math.abs(to - from) / 2 || 0.5;
  const [low, high] = [Math.min(from - half, to + half), Math.max(from - half, to + half)];
  const seen = marks.map(onAxis).filter(Number.isFinite);
  const room = MARK_ROOM * (high - low);
  return [
    Math.min(low, ...seen.filter((place) => place < low).map((place) => place - room)),
    Math.max(high, ...seen.filter((place) => place > high).map((place) => place + room)),
  ];
}

function rowsOf<T>({ width, height, done }: SwarmMap, value: (k: number) => T): (T | null)[][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const k = row * width + column;
      return k < done ? value(k) : null;
    }),
  );
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const placeHover = ({ axes: [across, up] }: SwarmMap): string =>
  `${plain(across.name)} = %{x:.4~g}<br>${plain(up.name)} = %{y:.4~g}`;

/** The map as a picture that stands alone: its legend says what the colours are. */
export const withMapLegend = ({ data, layout }: Figure, map: SwarmMap): Figure => ({
  data: [
    ...data,
    ...mapLegend(map).map(
      ({ color, mark, words, count }): Data => ({
        type: 'scatter',
        mode: 'markers',
        name: `${mark}  ${words} · ${count}`,
        x: [null],
        y: [null],
        marker: { symbol: 'square', size: 11, color },
      }),
    ),
  ],
  layout,
});

function cells(map: SwarmMap, quantity: MapQuantity): Partial<HeatmapData> {
  if (quantity === 'basin') {
    const colors = colorsOf(map.theme);
    const steps = colors.flatMap((color, i): [number, string][] => [
      [i / colors.length, color],
      [(i + 1) / colors.length, color],
    ]);
    return {
      z: rowsOf(map, (k) => classOf(map, k)),
      text: rowsOf(map, (k) => inWords(map, classOf(map, k))),
      zmin: -0.5,
      zmax: colors.length - 0.5,
      colorscale: steps,
      showscale: false,
      hovertemplate: `%{text}<br>${placeHover(map)}<extra></extra>`,
    };
  }
  const { title, values, ...colors } =
    quantity === 'steps' ? stepColors(map) : quantity === 'loss' ? lossColors(map) : violationColors(map);
  return {
    z: values,
    colorscale: 'Viridis',
    hovertemplate: `${title} %{z:.5~g}<br>${placeHover(map)}<extra></extra>`,
    ...colors,
    colorbar: {
      title: { text: title, side: 'right', font: { size: 13 } },
      thickness: 12,
      outlinewidth: 0,
      ...colors.colorbar,
    },
  };
}

interface CellColors extends Partial<Omit<HeatmapData, 'z'>> {
  readonly title: string;
  readonly values: (number | null)[][];
}

const stepColors = (map: SwarmMap): CellColors => ({
  title: 'steps',
  values: rowsOf(map, (k) => (at(map.outcome, k) === 1 ? at(map.stepsToTolerance, k) : null)),
  reversescale: true,
});

/** Null of runs that diverged: their last numbers say nothing. */
const lastOf = (map: SwarmMap, numbers: Float32Array) =>
  rowsOf(map, (k) => (at(map.outcome, k) >= 2 ? null : finite(at(numbers, k))));

/** Share of the cells whose losses have colours of their own where the others are far away. */
const USUAL = 0.95;

/** The few runs that are about to diverge leave the colours to the others. */
function lossColors(map: SwarmMap): CellColors {
  const values = lastOf(map, map.loss);
  const sorted = values
    .flat()
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const [least = 0, most = 0, usual = 0] = [sorted[0], sorted.at(-1), sorted[Math.floor(USUAL * (sorted.length - 1))]];
  const isCut = usual > least && most - least > 4 * (usual - least);
  return { title: 'loss', values, ...(isCut && { zmin: least, zmax: usual }) };
}

/** A power of ten; smaller violations are rounding. */
const LEAST_VIOLATION = -8;

/** By powers of ten. */
function violationColors(map: SwarmMap): CellColors {
  const last = lastOf(map, map.violation);
  const values = last.map((row) =>
    row.map((value) => (value === null ? null : Math.max(LEAST_VIOLATION, Math.log10(value)))),
  );
  const powers = Array.from({ length: 40 }, (_, k) => LEAST_VIOLATION + 2 * k);
  return {
    title: 'violation',
    values,
    text: last.map((row) => row.map((value) => (value === null ? '' : shortNumber(value, 3)))),
    hovertemplate: `violation %{text}<br>${placeHover(map)}<extra></extra>`,
    colorbar: {
      tickmode: 'array',
      tickvals: powers,
      ticktext: powers.map((power) =>
        power === LEAST_VIOLATION ? '≈ 0' : `10<sup>${`${power}`.replace('-', '−')}</sup>`,
      ),
    },
  };
}

export function swarmMap(map: SwarmMap, quantity: MapQuantity): Figure {
  const [across, up] = map.axes;
  const trace: Data = {
    type: 'heatmap',
    x: cellsAlong(across, map.width),
    y: cellsAlong(up, map.height),
    hoverongaps: false,
    ...cells(map, quantity),
  };
  const axis = (shown: MapAxis, cells: number, along: 0 | 1) => ({
    ...quietAxis(map.theme, plain(shown.name)),
    type: isLog(shown) ? ('log' as const) : ('linear' as const),
    exponentformat: 'power' as const,
    range: frameOf(
      shown,
      cells,
      (map.marks ?? []).map(({ place }) => place[along]),
    ),
  });
  const layout: Partial<Layout> = {
    ...baseLayout(map.theme),
    margin: { l: 64, r: 16, t: 12, b: 48 },
    xaxis: axis(across, map.width, 0),
    yaxis: axis(up, map.height, 1),
  };
  const letters = quantity === 'basin' ? letterTrace(map) : [];
  return { data: [trace, ...letters, ...(map.marks ?? []).map((mark) => markOf(mark, map))], layout };
}

/** Letters on plates, legible on each colour. */
function letterTrace(map: SwarmMap): Data[] {
  const letters = mapLetters(map);
  if (letters.length === 0) return [];
  const [xs, ys] = [cellsAlong(map.axes[0], map.width), cellsAlong(map.axes[1], map.height)];
  const look = lookOf(map.theme);
  return [
    {
      type: 'scatter',
      mode: 'text+markers',
      x: letters.map(({ column }) => at(xs, column)),
      y: letters.map(({ row }) => at(ys, row)),
      text: letters.map(({ mark }) => `<b>${mark}</b>`),
      textposition: 'middle center',
      textfont: { size: 12, color: look.ink },
      marker: { symbol: 'circle', size: 20, color: look.surface, opacity: 1 },
      hoverinfo: 'skip',
      showlegend: false,
    },
  ];
}

const markOf = ({ place: [x, y], label, color, symbol }: MapMark, map: SwarmMap): Data => ({
  type: 'scatter',
  mode: 'markers',
  name: plain(label),
  x: [x],
  y: [y],
  marker: { color, symbol, size: 11, line: { color: lookOf(map.theme).surface, width: 2 } },
  hovertemplate: `<b>${plain(label)}</b><br>${placeHover(map)}<extra></extra>`,
});

/** Cells of a table along each axis: more are nobody's to read. */
const ROWS_ALONG = 20;

export interface MapRow {
  readonly place: readonly [number, number];
  readonly outcome: string;
  /** Null where it did not arrive. */
  readonly steps: number | null;
  readonly loss: number;
  readonly violation: number;
}

/** Cells in rows, evenly spread where there are many. */
export function mapRows(map: SwarmMap): MapRow[] {
  const [xs, ys] = [cellsAlong(map.axes[0], map.width), cellsAlong(map.axes[1], map.height)];
  const chosen = (count: number) =>
    count <= ROWS_ALONG
      ? Array.from({ length: count }, (_, i) => i)
      : Array.from({ length: ROWS_ALONG }, (_, i) => Math.round((i * (count - 1)) / (ROWS_ALONG - 1)));
  return chosen(map.height).flatMap((row) =>
    chosen(map.width).flatMap((column) => {
      const k = row * map.width + column;
      if (k >= map.done) return [];
      return {
        place: [at(xs, column), at(ys, row)] as const,
        outcome: inWords(map, classOf(map, k)),
        steps: at(map.outcome, k) === 1 ? at(map.stepsToTolerance, k) : null,
        loss: at(map.loss, k),
        violation: at(map.violation, k),
      };
    }),
  );
}
