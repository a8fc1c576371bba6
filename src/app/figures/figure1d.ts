/** One parameter: the loss as a curve, with the iterates as points on it. */
import type { Data } from 'plotly.js';
import { affineShadow } from './affine-shadow.ts';
import { drawable } from './drawable.ts';
import type { Figure, Range } from './figure.ts';
import type { FigureOptions } from './figure2d.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import { recordValues } from './read-out.ts';
import type { Curve, RunView, Scene, Theme } from './scene.ts';
import { trajectoryOf } from './trajectory.ts';
import { viewBox } from './view-box.ts';

export function figure1d(scene: Scene, { trajectories = 'full', view = viewBox(scene) }: FigureOptions = {}): Figure {
  const { axes, theme, parameterNames, curve } = scene;
  const [axis] = axes;
  const name = plain(parameterNames[axis] ?? '');
  return {
    data: [
      ...(curve ? [curveTrace(curve, theme)] : []),
      ...scene.runs.map((run) => runTrace(run, scene, name, trajectories)),
      ...optimumTrace(scene, name),
    ],
    layout: {
      ...baseLayout(theme),
      uirevision: axes.join(' '),
      margin: { l: 58, r: 12, t: 12, b: 44 },
      dragmode: 'pan',
      hovermode: 'closest',
      xaxis: { ...quietAxis(theme, name), range: [...(view[0] ?? [-1, 1])] },
      yaxis: { ...quietAxis(theme, 'loss'), ...lossRange(scene, view[0] ?? [-1, 1]) },
      shapes: scene.sets.flatMap((set) =>
        set.kind === 'affine' ? pointLine(affineShadow(set.A, set.b, axes), theme) : [],
      ),
    },
  };
}

const curveTrace = ({ xs, values }: Curve, theme: Theme): Data => ({
  type: 'scatter',
  mode: 'lines',
  name: 'loss',
  x: Array.from(xs),
  y: Array.from(values, drawable),
  line: { color: lookOf(theme).muted, width: 1.75, shape: 'spline' },
  hoverinfo: 'skip',
});

function runTrace(run: RunView, { size, axes }: Scene, name: string, emphasis: 'faint' | 'full'): Data {
  const { records, coordinates } = trajectoryOf(run, size, axes);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plain(run.label),
    visible: run.visible,
    x: [...(coordinates[0] ?? [])],
    y: records.map((record) => drawable(run.loss[record])),
    customdata: records.map((record) => recordValues(run, record)),
    opacity: emphasis === 'full' ? 1 : 0.45,
    marker: { symbol: run.symbol, size: 6, color: run.color },
    hovertemplate: `<b>${plain(run.label)}</b><br>step %{customdata[0]}<br>${name} = %{x:.6~g}<br>loss %{y:.6~g}<extra></extra>`,
  };
}

function optimumTrace({ optimum, optimumLoss, axes, theme }: Scene, name: string): Data[] {
  const x = drawable(optimum?.[axes[0]]);
  const y = drawable(optimumLoss);
  if (x === null || y === null) return [];
  const { ink } = lookOf(theme);
  const marker = { symbol: 'circle-open', size: 17, color: ink, line: { width: 2, color: ink } } as const;
  const hovertemplate = `<b>optimum</b><br>${name} = %{x:.6~g}<br>loss %{y:.6~g}<extra></extra>`;
  return [{ type: 'scatter', mode: 'markers', name: 'optimum', x: [x], y: [y], marker, hovertemplate }];
}

/** The loss where it is seen: of the curve and of the records within the view. */
function lossRange({ curve, runs, size, axes }: Scene, [from, to]: Range): { range?: [number, number] } {
  const inside = (x: number | undefined): boolean => x !== undefined && x >= from && x <= to;
  const seen = [
    ...(curve ? Array.from(curve.values).filter((_, i) => inside(curve.xs[i])) : []),
    ...runs
      .filter((run) => run.visible)
      .flatMap((run) => Array.from(run.loss).filter((_, i) => inside(run.iterates[i * size + axes[0]]))),
  ].filter((value) => drawable(value) === value);
  if (seen.length === 0) return {};
  const low = seen.reduce((a, b) => Math.min(a, b));
  const high = seen.reduce((a, b) => Math.max(a, b));
  const air = 0.08 * (high - low || 1);
  return { range: [low - air, high + air] };
}

/** With one shown entry, an equality leaves one value. */
function pointLine(rows: ReturnType<typeof affineShadow>, theme: Theme) {
  const [row] = rows ?? [];
  const [coefficient = 0] = row?.coefficients ?? [];
  if (!row || coefficient === 0) return [];
  const x = row.offset / coefficient;
  const line = { color: lookOf(theme).accent, width: 2 };
  return [{ type: 'line' as const, xref: 'x' as const, yref: 'paper' as const, x0: x, x1: x, y0: 0, y1: 1, line }];
}
