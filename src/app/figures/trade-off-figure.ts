/** Curves of the optimum against one number of the text: the loss, the entries, the multipliers. */
import type { Data } from 'plotly.js';
import { extent, readable } from './drawable.ts';
import type { Figure } from './figure.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import { runStyle } from './run-style.ts';
import type { Theme } from './scene.ts';

export interface TradeOffCurves {
  /** Ascending: what the number is at each point. */
  readonly across: readonly number[];
  /** NaN where there is no optimum. */
  readonly curves: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What the number is called. */
  readonly number: string;
  /** The number as the text has it. */
  readonly current: number;
  /** By equal ratios: a logarithmic axis. */
  readonly isByRatios: boolean;
}

/** More curves are told apart by nobody. */
const MOST_CURVES = 12;
/** Of the largest value: less is 0. */
const ROUNDING = 1e-9;
/** Of each of several curves, so that its dashes are seen between them. */
const MARKERS = 10;

/** The curves that are not 0 throughout; of many those that move most, in their order. */
export function shownCurves<Curve extends { readonly values: readonly number[] }>(
  curves: readonly Curve[],
): readonly Curve[] {
  const largest = Math.max(0, ...curves.flatMap(({ values }) => values.map((value) => Math.abs(readable(value) ?? 0))));
  const felt = curves.filter(({ values }) => values.some((value) => Math.abs(value) > ROUNDING * largest));
  if (felt.length <= MOST_CURVES) return felt.length > 0 ? felt : curves.slice(0, MOST_CURVES);
  const reach = ({ values }: Curve): number => {
    const range = extent(values);
    return range ? range[1] - range[0] : 0;
  };
  const widest = new Set([...felt].sort((one, other) => reach(other) - reach(one)).slice(0, MOST_CURVES));
  return felt.filter((curve) => widest.has(curve));
}

/** How the i-th of so many curves is drawn: one alone has the accent. */
export const curveStyle = (i: number, count: number, theme: Theme): ReturnType<typeof runStyle> =>
  count === 1 ? { color: lookOf(theme).accent, dash: 'solid', symbol: 'circle' } : runStyle(i, theme);

export function tradeOffFigure({ across, curves, number, current, isByRatios }: TradeOffCurves, theme: Theme): Figure {
  const look = lookOf(theme);
  return {
    data: curves.map(({ name, values }, i): Data => {
      const { color, dash, symbol } = curveStyle(i, curves.length, theme);
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: plain(name),
        x: [...across],
        y: values.map(readable),
        connectgaps: false,
        line: { color, width: 1.75, dash },
        marker: { symbol, size: 6, color, maxdisplayed: curves.length === 1 ? 0 : MARKERS },
        hovertemplate: `<b>${plain(name)}</b> %{y:.6~g}<br>at %{x:.6~g}<extra></extra>`,
      };
    }),
    layout: {
      ...baseLayout(theme),
      margin: { l: 52, r: 14, t: 8, b: 40 },
      hovermode: 'closest',
      dragmode: false,
      xaxis: { ...quietAxis(theme, plain(number)), type: isByRatios ? 'log' : 'linear' },
      yaxis: { ...quietAxis(theme, ''), automargin: true },
      shapes: [
        {
          type: 'line',
          xref: 'x',
          yref: 'paper',
          x0: current,
          x1: current,
          y0: 0,
          y1: 1,
          line: { color: look.muted, width: 1, dash: 'dot' },
        },
      ],
    },
  };
}

/** A picture that stands alone, without the card that names it. */
export const withVerticalTitle = ({ data, layout }: Figure, title: string): Figure => ({
  data,
  layout: { ...layout, yaxis: { ...layout.yaxis, title: { text: plain(title), standoff: 8, font: { size: 12 } } } },
});
