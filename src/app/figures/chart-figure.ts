/** One number of every run against the step, or against another of its numbers. */
import type { Data, LayoutAxis } from 'plotly.js';
import { type Chart, type ChartCurve, wordFor } from './charts.ts';
import { curveLabels } from './curve-labels.ts';
import { extent, readable } from './drawable.ts';
import type { Figure } from './figure.ts';
import { logarithmicAxis, stepTicks, zeroFloor } from './log-ticks.ts';
import { baseLayout, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import { clockUnit, type Dash, paceOf, type RunView, type Scene, type Theme } from './scene.ts';
import { evenlyApart, thinCurve, thinPath } from './thin.ts';
import { STILL_POINTS } from './trajectory.ts';

export interface ChartOptions {
  /** Steps as log(1 + step), as the transport counts them. */
  readonly logTime?: boolean;
}

/** Intervals of the step axis of which each curve keeps first, least, greatest and last value. */
const BUCKETS = 250;

/** Pixels, at most: the last step stands below the end of its axis, half of it beyond. */
const HALF_DIGIT = 4;

/** Markers in a chart, of a curve at most, and at least. */
const [MARKS, MOST_MARKS, LEAST_MARKS] = [30, 6, 2] as const;

const dashes: readonly Dash[] = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];

interface Drawn extends ChartCurve {
  readonly run: RunView;
  readonly dash: Dash;
  /** What stands across in place of the step. */
  readonly across: Float64Array | null;
}

/** What stands across in place of the step, of one run: of several curves the first. */
export const acrossOf = ({ against }: Chart, run: RunView, scene: Scene): Float64Array | null =>
  against?.curves(run, scene)[0]?.values ?? null;

export function chartFigure(scene: Scene, chart: Chart, { logTime = false }: ChartOptions = {}): Figure {
  const { theme } = scene;
  const runs = scene.runs.filter((run) => run.visible);
  const lastStep = Math.max(1, ...runs.map((run) => (run.steps.at(-1) ?? 0) * paceOf(run)));
  const curvesOf = runs.map((run) => ({ run, own: chart.curves(run, scene) }));
  // Each run keeps its own largest rows: a row has the same dash in all of them.
  const names = [...new Set(curvesOf.flatMap(({ own }) => own.map(({ name }) => name)))];
  const curves = curvesOf.flatMap(({ run, own }): Drawn[] =>
    // Of several curves of one run the dash tells which; of one, the dash is the run's.
    own.map((each) => ({
      ...each,
      run,
      across: acrossOf(chart, run, scene),
      dash: own.length > 1 ? (dashes[names.indexOf(each.name) % dashes.length] ?? 'solid') : run.dash,
    })),
  );
  const floor =
    chart.scale === 'log'
      ? zeroFloor(curves.map(({ run, values }) => ({ violation: values, rounding: run.rounding })))
      : null;
  const vertical = floor ? logarithmicAxis(theme, floor) : valueAxis(curves, theme, chart.scale === 'auto');
  const labels = chart.against ? null : curveLabels(curves, vertical, floor?.value ?? null, theme);
  const right = Math.max(16, HALF_DIGIT * String(lastStep).length, labels?.room ?? 0);
  const options: CurveOptions = {
    logTime,
    floor: floor?.value ?? null,
    against: chart.against && wordFor(chart.against, scene),
    marks: Math.min(MOST_MARKS, Math.max(LEAST_MARKS, Math.floor(MARKS / curves.length))),
    phaseOf: (run) => (runs.indexOf(run) + 0.5) / runs.length,
  };
  const pairs = curves.map((drawn) => curve(drawn, wordFor(chart, scene), options));
  return {
    data: [...pairs.map(([line]) => line), ...pairs.map(([, marks]) => marks)],
    layout: {
      ...baseLayout(theme),
      margin: { l: roomFor(vertical), r: right, t: 8, b: 36 },
      annotations: [...(labels?.annotations ?? [])],
      hovermode: 'closest',
      dragmode: false,
      xaxis: chart.against
        ? acrossAxis(curves, chart.against, scene)
        : stepAxis(theme, clockUnit(runs), lastStep, logTime),
      yaxis: { ...vertical, ticklabelstandoff: 4, uirevision: vertical.type ?? 'linear' }, // beside the first marker
    },
  };
}

/** Pixels: of a digit of an axis, of the room that most numbers have, and of what a number takes from the curves at most. */
const [DIGIT, USUAL, MOST] = [7, 58, 132] as const;

/** Pixels left of an axis: its numbers have as many digits as tell five ticks apart, and zeros before them from 0.001 on, else an exponent. */
function roomFor({ type, range }: Partial<LayoutAxis>): number {
  const [from, to] = [Number(range?.[0]), Number(range?.[1])];
  if (type !== 'linear' || !(to > from)) return USUAL;
  const largest = Math.max(Math.abs(from), Math.abs(to));
  const digits = Math.ceil(Math.log10((5 * largest) / (to - from))) + 1;
  const exponent = Math.floor(Math.log10(largest));
  const zeros = exponent >= 0 ? 0 : exponent >= -3 ? -exponent : 3; // or e-5 behind them
  const signs = from < 0 ? 2 : 1; // and the point
  return Math.min(MOST, Math.max(USUAL, DIGIT * (digits + zeros + signs) + 10));
}

/** A picture that stands alone, without the card that names it: the vertical axis says what it counts. */
export const withAxisTitle = ({ data, layout }: Figure, chart: Chart, scene: Scene): Figure => ({
  data,
  layout: {
    ...layout,
    yaxis: {
      ...layout.yaxis,
      automargin: true,
      title: {
        text: plain([wordFor(chart, scene), chart.symbol].filter(Boolean).join('  ')),
        standoff: 8,
        font: { size: 11 },
      },
    },
  },
});

interface CurveOptions {
  readonly logTime: boolean;
  /** What is 0 up to rounding is drawn here; null where values are drawn as they are. */
  readonly floor: number | null;
  /** What the number across is called, where it is not the step. */
  readonly against?: string | undefined;
  /** Markers of a curve: they tell the runs apart, beside the colour. */
  readonly marks: number;
  /** Where between two marks those of a run stand, in [0, 1): curves that lie over each other show the marks of both. */
  readonly phaseOf: (run: RunView) => number;
}

/** A curve, and the markers on it: evenly apart along the axis as it is drawn, which on a logarithmic one no count of records is. */
function curve(
  { run, name, values, across, dash }: Drawn,
  what: string,
  options: CurveOptions,
): [line: Data, marks: Data] {
  const { logTime, floor, against } = options;
  const place = (record: number): number => (run.steps[record] ?? 0) * paceOf(run) + (logTime ? 1 : 0);
  const along = (record: number): number => (logTime ? Math.log(place(record)) : place(record));
  const kept = across
    ? thinPath(
        Float64Array.from({ length: 2 * values.length }, (_, i) => (i % 2 ? values : across)[i >> 1] ?? Number.NaN),
        2,
        STILL_POINTS,
      )
    : thinCurve(values, along, BUCKETS);
  const label = name === undefined ? plain(run.label) : `${plain(run.label)}, ${plain(name)}`;
  const xOf = (record: number) => (across ? readable(across[record]) : place(record));
  const yOf = (record: number) => {
    const value = readable(values[record]);
    return value !== null && floor !== null && value < run.rounding ? floor : value;
  };
  const marked = evenlyApart(kept, across ? null : along, options.marks, options.phaseOf(run));
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: label,
      x: kept.map(xOf),
      y: kept.map(yOf),
      customdata: kept.map((record) => [run.steps[record] ?? 0, readable(values[record]) ?? Number.NaN]),
      connectgaps: false,
      cliponaxis: false, // a line that starts on the axis: whole
      line: { color: run.color, dash, width: 1.75 },
      hovertemplate: `<b>${label}</b><br>step %{customdata[0]}<br>${what} %{customdata[1]:.6~g}${against === undefined ? '' : `<br>${against} %{x:.6~g}`}<extra></extra>`,
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: label,
      x: marked.map(xOf),
      y: marked.map(yOf),
      cliponaxis: false,
      marker: { symbol: run.symbol, size: 5.5, color: run.color },
      hoverinfo: 'skip',
    },
  ];
}

/** Of what stands across: its values, logarithmic where its own chart may be. */
function acrossAxis(curves: readonly Drawn[], against: Chart, scene: Scene): Partial<LayoutAxis> {
  const { theme } = scene;
  const values = curves.flatMap(({ across }) => (across ? [{ values: across }] : []));
  const axis = valueAxis(values, theme, against.scale !== 'linear');
  return { ...axis, title: { text: wordFor(against, scene), standoff: 4, font: { size: 11 } }, uirevision: against.id };
}

function stepAxis(theme: Theme, unit: string, lastStep: number, logTime: boolean): Partial<LayoutAxis> {
  const axis = { ...quietAxis(theme, unit), title: { text: unit, standoff: 4, font: { size: 11 } } };
  if (!logTime) return { ...axis, range: [0, lastStep], nticks: 6 };
  const ticks = stepTicks(lastStep);
  return {
    ...axis,
    type: 'log',
    range: [0, Math.log10(lastStep + 1)],
    tickvals: ticks.map((step) => step + 1),
    ticktext: ticks.map(String),
  };
}

/** Logarithmic where the values stay positive and spans two decades or more. Either range is said: none is left from before. */
function valueAxis(curves: readonly ChartCurve[], theme: Theme, mayBeLogarithmic: boolean): Partial<LayoutAxis> {
  const extents = curves.map(({ values }) => extent(values)).filter((range) => range !== null);
  const least = Math.min(...extents.map(([from]) => from));
  const greatest = Math.max(...extents.map(([, to]) => to));
  if (mayBeLogarithmic && least > 0 && greatest >= 100 * least)
    return logarithmicAxis(theme, { value: null, label: '', from: least, to: greatest });
  const axis = { ...quietAxis(theme, ''), type: 'linear' as const, nticks: 5 };
  if (extents.length === 0) return { ...axis, autorange: true };
  const air = 0.06 * (greatest - least) || 0.5 * Math.max(1e-9, Math.abs(least));
  return { ...axis, range: [least - air, greatest + air] };
}
