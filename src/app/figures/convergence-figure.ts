/** Loss and violation of every run against the step. */
import type { Data, LayoutAxis } from 'plotly.js';
import { extent, readable } from './drawable.ts';
import type { Figure } from './figure.ts';
import { logarithmicAxis, stepTicks, zeroFloor } from './log-ticks.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import type { RunView, Scene, Theme } from './scene.ts';
import { thinCurve } from './thin.ts';

export interface ConvergenceOptions {
  /** Steps as log(1 + step), as the transport counts them. */
  readonly logTime?: boolean;
  /** Side by side, or one above the other where the panel is narrow. */
  readonly arrangement?: 'row' | 'column';
}

/** Intervals of the step axis of which each curve keeps first, least, greatest and last value. */
const BUCKETS = 250;

export function convergenceFigure(
  scene: Scene,
  { logTime = false, arrangement = 'row' }: ConvergenceOptions = {},
): Figure {
  const { theme } = scene;
  const runs = scene.runs.filter((run) => run.visible);
  const lastStep = Math.max(1, ...runs.map(({ steps }) => steps.at(-1) ?? 0));
  const floor = zeroFloor(runs);
  const loss = lossAxis(runs, theme);
  const isRow = arrangement === 'row';
  const [first, second]: [Domain, Domain] = isRow
    ? [
        [0, 0.46],
        [0.54, 1],
      ]
    : [
        [0.56, 1],
        [0, 0.44],
      ];
  const time = stepAxis(theme, lastStep, logTime);
  const steps = isRow ? [time, time] : [{ ...time, showticklabels: false, title: { text: '' } }, time];
  return {
    data: runs.flatMap((run) => [
      curve(run, run.loss, 'loss', '', { logTime, floor: null }),
      curve(run, run.violation, 'violation', '2', { logTime, floor: floor.value }),
    ]),
    layout: {
      ...baseLayout(theme),
      margin: { l: 58, r: 14, t: 26, b: isRow ? 36 : 34 },
      hovermode: 'closest',
      dragmode: false,
      xaxis: { ...steps[0], domain: isRow ? first : [0, 1], anchor: 'y' },
      xaxis2: { ...steps[1], domain: isRow ? second : [0, 1], anchor: 'y2' },
      yaxis: { ...loss, uirevision: loss.type ?? 'linear', domain: isRow ? [0, 1] : first, anchor: 'x' },
      yaxis2: { ...logarithmicAxis(theme, floor), domain: isRow ? [0, 1] : second, anchor: 'x2' },
      annotations: [caption('Loss', 'x', 'y', theme), caption('Violation', 'x2', 'y2', theme)],
    },
  };
}

type Domain = [from: number, to: number];

interface CurveOptions {
  readonly logTime: boolean;
  /** What is 0 up to rounding is drawn here; null where values are drawn as they are. */
  readonly floor: number | null;
}

function curve(
  run: RunView,
  values: Float64Array,
  name: string,
  axis: '' | '2',
  { logTime, floor }: CurveOptions,
): Data {
  const place = (record: number): number => (run.steps[record] ?? 0) + (logTime ? 1 : 0);
  const kept = thinCurve(values, (record) => (logTime ? Math.log(place(record)) : place(record)), BUCKETS);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plain(run.label),
    xaxis: `x${axis}`,
    yaxis: `y${axis}`,
    x: kept.map(place),
    y: kept.map((record) => {
      const value = readable(values[record]);
      return value !== null && floor !== null && value < run.rounding ? floor : value;
    }),
    customdata: kept.map((record) => [run.steps[record] ?? 0, readable(values[record]) ?? Number.NaN]),
    connectgaps: false,
    line: { color: run.color, dash: run.dash, width: 1.75 },
    marker: { symbol: run.symbol, size: 5.5, color: run.color, maxdisplayed: 7 },
    hovertemplate: `<b>${plain(run.label)}</b><br>step %{customdata[0]}<br>${name} %{customdata[1]:.6~g}<extra></extra>`,
  };
}

function stepAxis(theme: Theme, lastStep: number, logTime: boolean): Partial<LayoutAxis> {
  const axis = { ...quietAxis(theme, 'step'), title: { text: 'step', standoff: 4, font: { size: 11 } } };
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

/** Logarithmic where the loss stays positive and spans two decades or more. Either range is said: none is left from before. */
function lossAxis(runs: readonly RunView[], theme: Theme): Partial<LayoutAxis> {
  const extents = runs.map(({ loss }) => extent(loss)).filter((range) => range !== null);
  const least = Math.min(...extents.map(([from]) => from));
  const greatest = Math.max(...extents.map(([, to]) => to));
  if (least > 0 && greatest >= 100 * least)
    return { ...logarithmicAxis(theme, { value: null, label: '', from: least, to: greatest }), uirevision: 'log' };
  const axis = { ...quietAxis(theme, ''), type: 'linear' as const, nticks: 5 };
  if (extents.length === 0) return { ...axis, autorange: true };
  const air = 0.06 * (greatest - least) || 0.5 * Math.max(1e-9, Math.abs(least));
  return { ...axis, range: [least - air, greatest + air] };
}

const caption = (text: string, x: 'x' | 'x2', y: 'y' | 'y2', theme: Theme) => ({
  text,
  xref: `${x} domain` as const,
  yref: `${y} domain` as const,
  x: 0,
  y: 1,
  xanchor: 'left' as const,
  yanchor: 'bottom' as const,
  yshift: 4,
  showarrow: false,
  font: { size: 12, color: lookOf(theme).ink },
});
