/** Two entries of the iterate: level lines of the loss, the feasible set, trajectories, and the optimum. */
import type { Data, ScatterData } from 'plotly.js';
import type { Camera } from './camera.ts';
import { laterAtPlace } from './coincidence.ts';
import { feasiblePlane } from './feasible2d.ts';
import type { Figure, Range } from './figure.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import { optimumHover, recordHover, recordValues } from './read-out.ts';
import { hasRelief, LEVELS, relief } from './relief.ts';
import { type Field, lossName, type RunView, type Scene } from './scene.ts';
import { apart } from './set-traces.ts';
import { lastDrawable, type Trajectory, trajectoryOf } from './trajectory.ts';
import { hasEqualAspect, PLANE_MARGIN, viewBox } from './view-box.ts';

export interface FigureOptions {
  /** Faint and plain where moving paths with dashes are drawn above them; full for a still picture. */
  readonly trajectories?: 'faint' | 'full';
  /** The view so far, kept while a problem is being changed. */
  readonly view?: readonly Range[];
  /** Width over height of the panel: where it is narrow, in space, the eye steps back. */
  readonly aspect?: number;
  /** In space: where the eye stood when the view was kept. */
  readonly camera?: Camera | null;
}

export function figure2d(scene: Scene, { trajectories = 'full', view = viewBox(scene) }: FigureOptions = {}): Figure {
  const { axes, theme, parameterNames } = scene;
  const [x = [-1, 1], y = [-1, 1]] = view;
  const title = (axis: number | undefined) => plain(parameterNames[axis ?? -1] ?? '');
  const equal = hasEqualAspect([x, y]);
  const feasible = feasiblePlane(scene, [x, y]);
  return {
    data: [
      ...(scene.field && hasRelief(scene.field) && isInSight(scene.field, [x, y])
        ? fieldTraces(scene.field, scene)
        : []),
      ...feasible.data,
      ...runTraces(scene, trajectories, [x, y]),
      ...optimumTrace(scene),
    ],
    setLabel: feasible.label,
    layout: {
      ...baseLayout(theme),
      uirevision: axes.join(' '),
      margin: PLANE_MARGIN,
      dragmode: 'pan',
      hovermode: 'closest',
      hoverdistance: 12,
      xaxis: { ...quietAxis(theme, title(axes[0])), range: [...x] },
      yaxis: { ...quietAxis(theme, title(axes[1])), range: [...y], ...(equal && { scaleanchor: 'x', scaleratio: 1 }) },
    },
  };
}

/** Of the view. Plotly fails on an image without pixels, as the field of before has it when a run leaves the view. */
const LEAST_SHARE = 1 / 400;

const isInSight = ({ xs, ys }: Field, [x, y]: readonly [Range, Range]): boolean => {
  const share = (places: ArrayLike<number>, [from, to]: Range) =>
    ((places[places.length - 1] ?? 0) - (places[0] ?? 0)) / (to - from);
  return share(xs, x) > LEAST_SHARE && share(ys, y) > LEAST_SHARE;
};

/**
 * Shading with thin level lines. The lines have no numbers: heights are bent, the read-out has the loss. The shading is an image of a
 * pixel a sample, which the browser smooths; a contour shades each pixel of the screen by itself, which took a third of a drawing.
 */
function fieldTraces(field: Field, scene: Scene): Data[] {
  const { heights, values, isWhole, fine } = relief(field, scene.sense);
  const look = lookOf(scene.theme);
  const { xs, ys } = fine ?? field;
  const line = { color: look.fieldLine, width: 1 };
  return [
    {
      x: Array.from(xs),
      y: Array.from(ys),
      z: (fine?.heights ?? heights) as number[][],
      type: 'heatmap',
      zsmooth: 'fast',
      zmin: 0,
      zmax: 1,
      colorscale: look.field.map(([at, color]): [number, string] => [at, color]),
      showscale: false,
      hoverinfo: 'skip',
    },
    {
      x: Array.from(field.xs),
      y: Array.from(field.ys),
      z: heights as number[][],
      type: 'contour',
      customdata: values as number[][],
      autocontour: false,
      contours: { coloring: 'none', ...LEVELS },
      connectgaps: isWhole, // else what lies around gaps is searched for, too
      line: { ...line, smoothing: 1, ...(fine && { width: 0 }) },
      hovertemplate: `${lossName(scene)} %{customdata:.5~g}<extra></extra>`,
    },
    ...(fine
      ? [
          {
            ...apart(fine.lines),
            type: 'scatter' as const,
            mode: 'lines' as const,
            line,
            hoverinfo: 'skip' as const,
          },
        ]
      : []),
  ];
}

function runTraces(scene: Scene, emphasis: 'faint' | 'full', view: readonly Range[]): Data[] {
  const { runs, size, axes, theme } = scene;
  const drawn = runs.map((run) => ({ run, path: trajectoryOf(run, size, axes) }));
  const lines = drawn.map(({ run, path }) => lineTrace(run, path, scene, emphasis));
  const visible = drawn.filter(({ run, path }) => run.visible && path.records.length > 0);
  return [...lines, startTrace(visible, theme), lastTrace(visible, theme, emphasis, view)];
}

function lineTrace(run: RunView, path: Trajectory, scene: Scene, emphasis: 'faint' | 'full'): Data {
  const [x = [], y = []] = path.coordinates;
  return {
    type: 'scatter',
    mode: emphasis === 'full' ? 'lines+markers' : 'lines',
    name: plain(run.label),
    visible: run.visible,
    x: [...x],
    y: [...y],
    customdata: path.records.map((record) => recordValues(run, record)),
    connectgaps: false,
    opacity: emphasis === 'full' ? 1 : 0.35,
    line: emphasis === 'full' ? { color: run.color, dash: run.dash, width: 2 } : { color: run.color, width: 1.25 },
    marker: { symbol: run.symbol, size: 6, color: run.color, maxdisplayed: 14 },
    hovertemplate: recordHover(run, scene),
  };
}

interface Drawn {
  readonly run: RunView;
  readonly path: Trajectory;
}

interface Placed {
  readonly run: RunView;
  readonly x: number;
  readonly y: number;
}

function placed(drawn: readonly Drawn[], indexOf: (path: Trajectory) => number | null): Placed[] {
  return drawn.flatMap(({ run, path }) => {
    const index = indexOf(path);
    const [x, y] = path.coordinates.map((values) => (index === null ? null : (values[index] ?? null)));
    return typeof x === 'number' && typeof y === 'number' ? [{ run, x, y }] : [];
  });
}

const markers = (name: string, points: readonly Placed[], marker: NonNullable<ScatterData['marker']>): Data => ({
  type: 'scatter',
  mode: 'markers',
  name,
  x: points.map(({ x }) => x),
  y: points.map(({ y }) => y),
  marker,
  hoverinfo: 'skip',
});

/** Open rings. */
function startTrace(drawn: readonly Drawn[], theme: Scene['theme']): Data {
  const { surface, ink } = lookOf(theme);
  const starts = placed(drawn, () => 0);
  return markers('start', starts, { symbol: 'circle', size: 8, color: surface, line: { color: ink, width: 1.5 } });
}

const [LAST_SIZE, RING] = [10, 7];

/** Filled, with a rim of the surface's colour; where runs end at one place, the earlier are seen around the later. */
function lastTrace(
  drawn: readonly Drawn[],
  theme: Scene['theme'],
  emphasis: 'faint' | 'full',
  view: readonly Range[],
): Data {
  const ends = placed(drawn, lastDrawable);
  const over = laterAtPlace(
    ends.map(({ x, y }) => [x, y]),
    view,
  );
  return markers('last', ends, {
    symbol: ends.map(({ run }) => run.symbol),
    size: over.map((count) => LAST_SIZE + RING * count),
    color: ends.map(({ run }) => run.color),
    opacity: emphasis === 'full' ? 1 : 0.45,
    line: { color: lookOf(theme).surface, width: 1.5 },
  });
}

/** A ring, so that what ends there stays visible inside it. */
function optimumTrace(scene: Scene): Data[] {
  const { optimum, axes, theme } = scene;
  if (!optimum) return [];
  const [x, y] = axes.map((axis) => optimum[axis]);
  if (!Number.isFinite(x) || !Number.isFinite(y) || x === undefined || y === undefined) return [];
  const look = lookOf(theme);
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'optimum',
      x: [x],
      y: [y],
      marker: { symbol: 'circle-open', size: 17, color: look.ink, line: { width: 2, color: look.ink } },
      hovertemplate: optimumHover(scene),
    },
  ];
}
