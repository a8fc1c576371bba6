/** Newton–Schulz as pictures: what is left to do, and the singular values of A X on their way to 1. */
import type { Data } from 'plotly.js';
import type { NewtonSchulzTrace } from '../../core/tensor/newton-schulz-trace.ts';
import type { Figure } from './figure.ts';
import { logarithmicAxis } from './log-ticks.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import type { Theme } from './scene.ts';

export interface NewtonSchulzTraces {
  readonly float64: NewtonSchulzTrace;
  readonly float32: NewtonSchulzTrace;
}

/** Values below this are drawn here: a logarithm of 0 has no place. */
const FLOOR = 1e-17;

const names = { float64: 'Float64 (host)', float32: 'float32 (GPU)' } as const;

function layoutOf(theme: Theme, what: string, values: readonly number[], iterations: number): Figure['layout'] {
  const positive = values.filter((value) => value > FLOOR);
  return {
    ...baseLayout(theme),
    margin: { l: 66, r: 14, t: 8, b: 40 },
    hovermode: 'closest',
    dragmode: false,
    xaxis: { ...quietAxis(theme, 'iteration'), range: [-0.3, iterations - 0.7], nticks: 8 },
    yaxis: {
      ...logarithmicAxis(theme, {
        value: positive.length < values.length ? FLOOR : null,
        label: values.some((value) => value > 0 && value <= FLOOR) ? '≈ 0' : '0',
        from: Math.min(1, ...positive),
        to: Math.max(1, ...values),
      }),
      title: { text: what, standoff: 4, font: { size: 13 } },
    },
  };
}

const drawn = (value: number): number => Math.max(FLOOR, value);

/** For the legend of a picture that stands alone: a trace without points. */
const stopInWords = (color: string): Data => ({
  type: 'scatter',
  mode: 'markers',
  name: 'where the iteration stops',
  x: [null],
  y: [null],
  marker: { symbol: 'diamond', size: 12, color },
});

/** ‖I − A Xₖ‖_F: falls slowly while the least singular value doubles, then squares itself until rounding is all that is left. */
export function residualFigure({ float64, float32 }: NewtonSchulzTraces, theme: Theme): Figure {
  const look = lookOf(theme);
  const curve = ({ precision, residuals, stopsAt }: NewtonSchulzTrace): Data => {
    const color = precision === 'float64' ? look.accent : look.ink;
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: names[precision],
      x: residuals.map((_, k) => k),
      y: residuals.map(drawn),
      customdata: [...residuals],
      line: { color, width: 1.75, dash: precision === 'float64' ? 'solid' : 'dash' },
      marker: {
        symbol: residuals.map((_, k) => (k === stopsAt ? 'diamond' : precision === 'float64' ? 'circle' : 'square')),
        size: residuals.map((_, k) => (k === stopsAt ? 12 : 6)),
        opacity: 1,
        color,
      },
      text: residuals.map((_, k) => (k === stopsAt ? '<br>here the iteration stops' : '')),
      hovertemplate: `<b>${names[precision]}</b><br>iteration %{x}<br>‖I − A X‖ %{customdata:.4~g}%{text}<extra></extra>`,
    };
  };
  const values = [...float64.residuals, ...float32.residuals];
  return {
    data: [curve(float64), curve(float32), stopInWords(look.ink)],
    layout: layoutOf(theme, '‖I − A X‖', values, float64.residuals.length),
  };
}

/** Each value s becomes s (2 − s): small ones double, and all end at 1. */
export function singularValueFigure({ float64, float32 }: NewtonSchulzTraces, theme: Theme): Figure {
  const look = lookOf(theme);
  const curves = ({ precision, singularValues }: NewtonSchulzTrace): Data[] => {
    const count = singularValues[0]?.length ?? 0;
    return Array.from({ length: count }, (_, i): Data => {
      const values = singularValues.map((all) => all[i] ?? Number.NaN);
      const color = precision === 'float64' ? look.accent : look.ink;
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: names[precision],
        x: values.map((_, k) => k),
        y: values.map(drawn),
        customdata: values,
        line: { color, width: precision === 'float64' ? 1.75 : 1.25, dash: precision === 'float64' ? 'solid' : 'dash' },
        marker: { symbol: precision === 'float64' ? 'circle' : 'square-open', size: 5, color },
        hovertemplate: `<b>${names[precision]}</b><br>iteration %{x}<br>singular value ${i + 1} of A X: %{customdata:.5~g}<extra></extra>`,
      };
    });
  };
  const values = [...float64.singularValues, ...float32.singularValues].flat();
  return {
    data: [...curves(float64), ...curves(float32)],
    layout: layoutOf(theme, 'singular values of A X', values, float64.singularValues.length),
  };
}
