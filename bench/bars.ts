/** The columns of a contest as bars: the longest fills the width, times a thousand apart still show. */
import type { ContestResult } from './contest.ts';
import { digits } from './statistics.ts';

/** Decades below the longest time at which a bar ends. */
const LEAST_DECADES = 1;

/** Share of the width, on a scale of powers of ten that begins a decade below the shortest time. */
function widthsOf(times: readonly number[]): number[] {
  const logs = times.map(Math.log10);
  const [least, most] = [Math.min(...logs) - LEAST_DECADES, Math.max(...logs)];
  return logs.map((log) => (log - least) / Math.max(most - least, LEAST_DECADES));
}

export function barsOf({ name, columns }: ContestResult): HTMLElement {
  const chart = document.createElement('div');
  chart.className = 'bars';
  chart.setAttribute('role', 'img');
  const said = columns.map((column) => `${column.name} ${digits(column.ms.median)} ms`).join(', ');
  chart.setAttribute('aria-label', `${name}: ${said}`);
  const widths = widthsOf(columns.map(({ ms }) => ms.median));
  columns.forEach((column, i) => {
    const [label, track, bar, time] = ['span', 'div', 'div', 'span'].map((kind) => document.createElement(kind));
    if (!label || !track || !bar || !time) return;
    label.textContent = column.name;
    track.className = 'track';
    bar.className = i === 0 ? 'bar own' : 'bar';
    bar.style.width = `${(100 * (widths[i] ?? 0)).toFixed(1)}%`;
    time.className = 'time';
    time.textContent = `${digits(column.ms.median)} ms`;
    track.append(bar);
    chart.append(label, track, time);
  });
  return chart;
}
