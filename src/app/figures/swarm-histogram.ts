/** How many steps the starts of a swarm took to arrive: bars, in words and as a figure. */
import type { Data, Layout } from 'plotly.js';
import { at } from '../../core/diagnostic.ts';
import type { Figure } from './figure.ts';
import { baseLayout, quietAxis } from './look.ts';
import { BASINS } from './map-classes.ts';
import type { SwarmMap } from './swarm-map.ts';

const BINS = 50;

/** Starts that arrived after so many steps, both ends included. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly starts: number;
}

/** Of equal widths from 0 on, at most 51; empty ones between others among them. */
export function histogramBars({ outcome, stepsToTolerance, done }: SwarmMap): Bar[] {
  const steps = stepsToTolerance.subarray(0, done).filter((_, k) => at(outcome, k) === 1);
  const most = steps.reduce((largest, value) => Math.max(largest, value), 1);
  const width = Math.max(1, Math.ceil((most + 1) / BINS));
  const counts = new Array<number>(Math.ceil((most + 1) / width)).fill(0);
  for (const value of steps) {
    const bin = Math.floor(value / width);
    counts[bin] = at(counts, bin) + 1;
  }
  return counts.map((starts, bin) => ({ from: bin * width, to: (bin + 1) * width - 1, starts }));
}

export const stepsInWords = ({ from, to }: Pick<Bar, 'from' | 'to'>): string =>
  from === to ? `${from}` : `${from} to ${to}`;

/** How many starts arrived, by the steps they took, as a filled staircase. */
export function swarmHistogram(map: SwarmMap): Figure {
  const { theme } = map;
  const bars = histogramBars(map);
  const end = (bars.at(-1)?.to ?? 0) + 1;
  const trace: Data = {
    type: 'scatter',
    mode: 'lines',
    x: [...bars.map(({ from }) => from), end],
    y: [...bars.map(({ starts }) => starts), 0],
    text: [
      ...bars.map((bar) => `${bar.starts} ${bar.starts === 1 ? 'start' : 'starts'} after ${stepsInWords(bar)} steps`),
      `none after ${end} steps or more`,
    ],
    line: { shape: 'hv', color: at(BASINS, 0), width: 1.5 },
    fill: 'tozeroy',
    hovertemplate: '%{text}<extra></extra>',
  };
  const layout: Partial<Layout> = {
    ...baseLayout(theme),
    margin: { l: 64, r: 16, t: 12, b: 48 },
    xaxis: quietAxis(theme, 'steps until within 0.001 of the end'),
    yaxis: { ...quietAxis(theme, 'starts'), rangemode: 'tozero' },
  };
  return { data: [trace], layout };
}
