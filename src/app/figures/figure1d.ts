/** One parameter: the loss as a curve, with the iterates as points on it. */
import type { Data } from 'plotly.js';
import { depthsInView } from './coincidence.ts';
import { drawable } from './drawable.ts';
import { feasibleLine } from './feasible1d.ts';
import type { Figure, Range } from './figure.ts';
import type { FigureOptions } from './figure2d.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import { recordValues } from './read-out.ts';
import { type Curve, lossName, type RunView, type Scene, type Theme } from './scene.ts';
import { type Trajectory, trajectoryOf } from './trajectory.ts';
import { viewBox } from './view-box.ts';

export function figure1d(scene: Scene, { trajectories = 'full', view = viewBox(scene) }: FigureOptions = {}): Figure {
  const { axes, theme, parameterNames, curve } = scene;
  const [axis] = axes;
  const shown = view[0] ?? [-1, 1];
  const feasible = feasibleLine(scene, shown);
  const name = plain(parameterNames[axis] ?? '');
  const losses = lossRange(scene, shown);
  return {
    data: [
      ...(curve ? [curveTrace(curve, theme, lossName(scene))] : []),
      ...runTraces(scene, name, trajectories, [shown, losses ?? [0, 1]]),
      startTrace(scene),
      ...optimumTrace(scene, name),
    ],
    setLabel: feasible.label,
    layout: {
      ...baseLayout(theme),
      uirevision: axes.join(' '),
      margin: { l: 58, r: 16, t: 12, b: 44 },
      dragmode: 'pan',
      hovermode: 'closest',
      xaxis: { ...quietAxis(theme, name), range: [...shown] },
      yaxis: { ...quietAxis(theme, lossName(scene)), ...(losses && { range: [...losses] }) },
      shapes: feasible.shapes,
    },
  };
}

const curveTrace = ({ xs, values }: Curve, theme: Theme, name: string): Data => ({
  type: 'scatter',
  mode: 'lines',
  name,
  x: Array.from(xs),
  y: Array.from(values, drawable),
  line: { color: lookOf(theme).muted, width: 1.75, shape: 'spline' },
  hoverinfo: 'skip',
});

interface Drawn {
  readonly path: Trajectory;
  readonly points: readonly (readonly [number | null, number | null])[];
}

/** Marks on the curve. Of runs that come to one place, the earlier are seen around the later. */
function runTraces(scene: Scene, name: string, emphasis: 'faint' | 'full', view: readonly [Range, Range]): Data[] {
  const drawn = scene.runs.map((run): Drawn => {
    const path = trajectoryOf(run, scene.size, scene.axes);
    const [xs = []] = path.coordinates;
    return { path, points: path.records.map((record, i) => [xs[i] ?? null, drawable(run.loss[record])]) };
  });
  const depths = depthsInView(
    drawn.map(({ points }, i) => (scene.runs[i]?.visible ? points : [])),
    view,
  );
  return scene.runs.map((run, i) => runTrace(run, scene, name, emphasis, drawn[i], depths[i]));
}

const [MARK_SIZE, RING] = [7, 5];

function runTrace(
  run: RunView,
  scene: Scene,
  name: string,
  emphasis: 'faint' | 'full',
  { path: { records }, points }: Drawn = { path: { records: [], coordinates: [] }, points: [] },
  depths: Uint8Array = new Uint8Array(0),
): Data {
  return {
    type: 'scatter',
    mode: 'markers',
    name: plain(run.label),
    visible: run.visible,
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
    customdata: records.map((record) => recordValues(run, record)),
    opacity: emphasis === 'full' ? 1 : 0.45,
    marker: {
      symbol: run.symbol,
      size: records.map((_, i) => MARK_SIZE + RING * (depths[i] ?? 0)),
      color: run.color,
      opacity: 1, // of marks of several sizes Plotly would make it less
      line: { width: 0.75, color: lookOf(scene.theme).surface },
    },
    hovertemplate: `<b>${plain(run.label)}</b><br>step %{customdata[0]}<br>${name} = %{x:.6~g}<br>${lossName(scene)} %{y:.6~g}<extra></extra>`,
  };
}

/** Open rings where the visible runs start. */
function startTrace({ runs, axes, theme }: Scene): Data {
  const look = lookOf(theme);
  const started = runs.filter((run) => run.visible && run.steps.length > 0);
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'start',
    x: started.map((run) => drawable(run.iterates[axes[0]])),
    y: started.map((run) => drawable(run.loss[0])),
    marker: { symbol: 'circle', size: 8, color: look.surface, line: { color: look.ink, width: 1.5 } },
    hoverinfo: 'skip',
  };
}

function optimumTrace({ optimum, optimumLoss, axes, theme, sense = 'minimize' }: Scene, name: string): Data[] {
  const x = drawable(optimum?.[axes[0]]);
  const y = drawable(optimumLoss);
  if (x === null || y === null) return [];
  const { ink } = lookOf(theme);
  const marker = { symbol: 'circle-open', size: 17, color: ink, line: { width: 2, color: ink } } as const;
  const hovertemplate = `<b>optimum</b><br>${name} = %{x:.6~g}<br>${lossName({ sense })} %{y:.6~g}<extra></extra>`;
  return [{ type: 'scatter', mode: 'markers', name: 'optimum', x: [x], y: [y], marker, hovertemplate }];
}

/** The loss where it is seen: of the curve and of the records within the view. */
function lossRange({ curve, runs, size, axes }: Scene, [from, to]: Range): Range | null {
  const inside = (x: number | undefined): boolean => x !== undefined && x >= from && x <= to;
  const seen = [
    ...(curve ? Array.from(curve.values).filter((_, i) => inside(curve.xs[i])) : []),
    ...runs
      .filter((run) => run.visible)
      .flatMap((run) => Array.from(run.loss).filter((_, i) => inside(run.iterates[i * size + axes[0]]))),
  ].filter((value) => drawable(value) === value);
  if (seen.length === 0) return null;
  const low = seen.reduce((a, b) => Math.min(a, b));
  const high = seen.reduce((a, b) => Math.max(a, b));
  const air = 0.08 * (high - low || 1);
  return [low - air, high + air];
}
