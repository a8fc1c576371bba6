/** Three weights with a fixed sum: a triangle whose corners are the weights, with lines of equal share in place of axes. */
import type { Data, Layout } from 'plotly.js';
import { shortNumber } from '../../core/number-text.ts';
import type { Figure } from './figure.ts';
import { type FigureOptions, figure2d } from './figure2d.ts';
import { lookOf } from './look.ts';
import { plain } from './plain.ts';
import type { Scene } from './scene.ts';

export function figureTernary(scene: Scene, options?: FigureOptions): Figure {
  const { ternary, theme } = scene;
  const figure = figure2d(scene, options);
  if (!ternary) return figure;
  const look = lookOf(theme);
  const grid: Data = {
    type: 'scatter',
    mode: 'lines',
    name: 'equal shares',
    x: ternary.lines.flatMap((line) => [...line.map(([x]) => x ?? null), null]),
    y: ternary.lines.flatMap((line) => [...line.map(([, y]) => y ?? null), null]),
    connectgaps: false,
    line: { color: look.line, width: 1 },
    hoverinfo: 'skip',
  };
  const corners: NonNullable<Layout['annotations']> = ternary.corners.map(([x = 0, y = 0], k) => {
    const text = `${plain(ternary.names[k] ?? '')} = ${shortNumber(ternary.total)}`;
    return { x, y, text, showarrow: false, font: { size: 13, color: look.ink }, ...besideCorner(k, text.length) };
  });
  const hidden = { visible: false } as const;
  return {
    ...figure,
    data: [grid, ...figure.data],
    layout: {
      ...figure.layout,
      margin: { l: 12, r: 12, t: 12, b: 12 },
      xaxis: { ...figure.layout.xaxis, ...hidden },
      yaxis: { ...figure.layout.yaxis, ...hidden, scaleanchor: 'x', scaleratio: 1 },
      annotations: corners,
    },
  };
}

/** Longer ones would be cut by the border of a phone's picture. */
const SHORT = 8;

/** The third corner is above, the first two below: where their names are short, outside of the triangle, where fewer paths and arrows pass. */
function besideCorner(
  k: number,
  letters: number,
): Pick<NonNullable<Layout['annotations']>[number], 'xanchor' | 'xshift' | 'yshift'> {
  if (k === 2) return { yshift: 16 };
  if (letters > SHORT) return { yshift: -16 };
  return k === 0 ? { xanchor: 'right', xshift: -4, yshift: -14 } : { xanchor: 'left', xshift: 4, yshift: -14 };
}
