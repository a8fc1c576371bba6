/** Curved sets in space, by their residuals on a grid of at most 30 points along each axis: the surface where they are 0. */
import type { Data } from 'plotly.js';
import type { Row } from './affine-shadow.ts';
import type { Look } from './look.ts';
import type { Field, Scene } from './scene.ts';
import { SET_NAME } from './set-traces.ts';

/** A ball or a sphere on the shown axes. */
export interface Round {
  readonly kind: 'ball' | 'sphere';
  readonly center: readonly number[];
  readonly radius: number;
}

type Volume = Field & { readonly zs: ArrayLike<number> };

const isVolume = (field: Field): field is Volume =>
  field.zs !== undefined &&
  field.zs.length > 1 &&
  field.values.length === field.xs.length * field.ys.length * field.zs.length;

export const volumesOf = ({ sets }: Scene, kind: 'region' | 'curve'): Volume[] =>
  sets.flatMap((set) => (set.kind === kind && isVolume(set.residual) ? [set.residual] : []));

/** The largest residual of all inequalities at each point of the grid: at most 0 where all hold; null where there is no grid. */
export function insideOf(solids: readonly Volume[], rows: readonly Row[], rounds: readonly Round[]): Volume | null {
  const [first] = solids;
  if (!first) return null;
  const { xs, ys, zs } = first;
  const values = Array.from(first.values, (_, i) => {
    const point = [
      xs[i % xs.length],
      ys[Math.floor(i / xs.length) % ys.length],
      zs[Math.floor(i / (xs.length * ys.length))],
    ];
    const linear = rows.map(({ coefficients, offset }) =>
      coefficients.reduce((sum, c, k) => sum + c * (point[k] ?? 0), -offset),
    );
    const round = rounds.map(
      ({ center, radius }) => Math.hypot(...point.map((value, k) => (value ?? 0) - (center[k] ?? 0))) - radius,
    );
    return Math.max(...solids.map((solid) => solid.values[i] ?? Number.NaN), ...linear, ...round);
  });
  return { xs, ys, zs, values };
}

export function isosurface({ xs, ys, zs, values }: Volume, look: Look): Data[] {
  const count = values.length;
  const layer = xs.length * ys.length;
  const color: [number, string][] = [
    [0, look.accent],
    [1, look.accent],
  ];
  return [
    {
      type: 'isosurface',
      name: SET_NAME,
      x: Array.from({ length: count }, (_, i) => xs[i % xs.length] ?? 0),
      y: Array.from({ length: count }, (_, i) => ys[Math.floor(i / xs.length) % ys.length] ?? 0),
      z: Array.from({ length: count }, (_, i) => zs[Math.floor(i / layer)] ?? 0),
      value: Array.from(values),
      isomin: 0,
      isomax: 0,
      surface: { count: 1 },
      caps: { x: { show: false }, y: { show: false }, z: { show: false } },
      colorscale: color,
      showscale: false,
      opacity: 0.25,
      lighting: { ambient: 0.75, diffuse: 0.4, specular: 0, fresnel: 0.2 },
      hoverinfo: 'skip',
    },
  ];
}
