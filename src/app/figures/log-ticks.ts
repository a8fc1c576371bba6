/** Logarithmic axes with few ticks, and a floor for zeros that says that it is one. */
import type { LayoutAxis } from 'plotly.js';
import { readable } from './drawable.ts';
import { quietAxis } from './look.ts';
import type { Theme } from './scene.ts';

export interface LogSpan {
  /** Where zeros are drawn; null where there are none. */
  readonly value: number | null;
  /** What the axis says there: '0', or '≈ 0' where rounding errors are drawn there too. */
  readonly label: string;
  /** Least and greatest positive value. */
  readonly from: number;
  readonly to: number;
}

/** A violation of one run, and what of it is rounding: a curve of that is noise. The read-out still has the number. */
export interface Rounded {
  readonly violation: Float64Array;
  readonly rounding: number;
}

/** The span of what is larger than rounding; with anything smaller, a floor at a clear distance below it. */
export function zeroFloor(runs: readonly Rounded[]): LogSpan {
  let from = Infinity;
  let to = 0;
  let hasZero = false;
  let label = '0';
  for (const { violation, rounding } of runs) {
    for (const value of violation) {
      if (readable(value) === null) continue;
      if (value < rounding) {
        hasZero = true;
        if (value > 0) label = '≈ 0';
      } else {
        if (value < from) from = value;
        if (value > to) to = value;
      }
    }
  }
  const least = Math.min(1, ...runs.map(({ rounding }) => rounding));
  if (from > to) return { value: hasZero ? least / 10 : null, label, from: least, to: 1 };
  const low = Math.floor(Math.log10(from));
  const gap = Math.max(1, Math.round(0.12 * (Math.log10(to) - low)));
  return { value: hasZero ? 10 ** (low - gap) : null, label, from, to };
}

/** Whole decades, at most six of them, and the floor. */
export function logarithmicAxis(theme: Theme, { value, label, from, to }: LogSpan): Partial<LayoutAxis> {
  const low = Math.floor(Math.log10(from) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(to) - 1e-9));
  const stride = Math.max(1, Math.ceil((high - low) / 5));
  const decades = Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => high - i * stride).reverse();
  const bottom = value === null ? low : Math.log10(value);
  const air = 0.04 * (high - bottom);
  const shown = decades.filter((exponent) => value === null || exponent - bottom > 0.12 * (high - bottom));
  return {
    ...quietAxis(theme, ''),
    type: 'log',
    range: [bottom - air, high + air],
    tickvals: [...(value === null ? [] : [value]), ...shown.map((exponent) => 10 ** exponent)],
    ticktext: [...(value === null ? [] : [label]), ...shown.map(powerOfTen)],
  };
}

/** 10^−3 as a superscript; the numbers near 1 as they are. */
function powerOfTen(exponent: number): string {
  if (exponent >= -2 && exponent <= 3) return String(10 ** exponent);
  return `10<sup>${exponent < 0 ? '−' : ''}${Math.abs(exponent)}</sup>`;
}

/** 0, 1, 10, 100, … up to the last step. */
export function stepTicks(lastStep: number): number[] {
  const ticks = [0];
  for (let step = 1; step <= lastStep; step *= 10) ticks.push(step);
  return ticks;
}
