/** The outlines of Plotly's markers, for canvases and drawings. */
import type { MarkerSymbol } from '../../figures/scene.ts';

/** Corners around the origin, for radius 1. */
const corners: Readonly<Record<Exclude<MarkerSymbol, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.86, -0.86],
    [0.86, -0.86],
    [0.86, 0.86],
    [-0.86, 0.86],
  ],
  diamond: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  'triangle-up': [
    [0, -1.15],
    [1.05, 0.75],
    [-1.05, 0.75],
  ],
  cross: plus(0),
  x: plus(Math.PI / 4),
};

function plus(angle: number): [number, number][] {
  const arm = 1.15;
  const half = 0.42;
  const outline: [number, number][] = [
    [-half, -arm],
    [half, -arm],
    [half, -half],
    [arm, -half],
    [arm, half],
    [half, half],
    [half, arm],
    [-half, arm],
    [-half, half],
    [-arm, half],
    [-arm, -half],
    [-half, -half],
  ];
  return outline.map(([x, y]) => [
    x * Math.cos(angle) - y * Math.sin(angle),
    x * Math.sin(angle) + y * Math.cos(angle),
  ]);
}

/** Corners around the origin, for radius 1; null of the circle. */
export const markerOutline = (symbol: MarkerSymbol): readonly (readonly [number, number])[] | null =>
  symbol === 'circle' ? null : corners[symbol];

/** Adds the outline to the current path. */
export function traceSymbol(
  context: CanvasRenderingContext2D,
  symbol: MarkerSymbol,
  x: number,
  y: number,
  radius: number,
): void {
  const outline = markerOutline(symbol);
  if (outline === null) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (let i = 0; i < outline.length; i++) {
    const corner = outline[i];
    if (!corner) continue;
    if (i === 0) context.moveTo(x + radius * corner[0], y + radius * corner[1]);
    else context.lineTo(x + radius * corner[0], y + radius * corner[1]);
  }
  context.closePath();
}
