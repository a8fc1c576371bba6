/** Three entries of the iterate in space: the feasible set, trajectories, and the optimum. */
import type { Data, Layout, Scatter3dData } from 'plotly.js';
import { laterAtPlace } from './coincidence.ts';
import { eyeFor } from './eye.ts';
import { coordinates, feasibleSpace, viewWithSet } from './feasible3d.ts';
import type { Figure, Range } from './figure.ts';
import type { FigureOptions } from './figure2d.ts';
import { baseLayout, FONT_FAMILY, lookOf, UI_REVISION } from './look.ts';
import { plain } from './plain.ts';
import { optimumHover, recordHover, recordValues } from './read-out.ts';
import type { MarkerSymbol, RunView, Scene, Theme } from './scene.ts';
import { lastDrawable, type Trajectory, trajectoryOf } from './trajectory.ts';
import { hasEqualAspect, viewBox } from './view-box.ts';

export function figure3d(
  scene: Scene,
  { trajectories = 'full', view = viewBox(scene), aspect = 2, camera = null }: FigureOptions = {},
): Figure {
  const wide = viewWithSet(scene, view);
  const box = roomy(wide);
  const { axes, theme, parameterNames } = scene;
  const feasible = feasibleSpace(scene, box);
  const isEqual = hasEqualAspect(wide);
  const lengths = box.map(([from, to]) => (isEqual ? 1 : 1 / (to - from)));
  const [x, y, z] = axes.map((axis, k) => spaceAxis(theme, plain(parameterNames[axis] ?? ''), box[k] ?? [-1, 1]));
  return {
    data: [...feasible.data, ...runTraces(scene, trajectories, box), ...optimumTrace(scene)],
    setLabel: feasible.label,
    layout: {
      ...baseLayout(theme),
      margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        ...(x && { xaxis: x }),
        ...(y && { yaxis: y }),
        ...(z && { zaxis: z }),
        uirevision: UI_REVISION,
        dragmode: 'orbit',
        ...(isEqual ? { aspectmode: 'manual', aspectratio: equalUnits(box) } : { aspectmode: 'cube' }),
        camera: camera ?? { center, eye: eyeFor(aspect, feasible.equalities, lengths) },
      },
    },
  };
}

const center = { x: 0, y: 0, z: -0.14 };

/** One unit is equally long on all axes. Plotly's own `data` goes by the points, not by the ranges: a flat path is no scale. */
function equalUnits(box: readonly Range[]): { readonly x: number; readonly y: number; readonly z: number } {
  const [x = 1, y = 1, z = 1] = box.map(([from, to]) => to - from);
  const mean = Math.cbrt(x * y * z);
  return { x: x / mean, y: y / mean, z: z / mean };
}

/** A flat box shows little: each side is at least six tenths of the longest, where units are equal. */
function roomy(view: readonly Range[]): readonly Range[] {
  if (!hasEqualAspect(view)) return view;
  const longest = Math.max(...view.map(([from, to]) => to - from));
  return view.map(([from, to]) => {
    const more = Math.max(0, 0.6 * longest - (to - from)) / 2;
    return [from - more, to + more];
  });
}

type SpaceAxis = NonNullable<NonNullable<Layout['scene']>['xaxis']>;

function spaceAxis(theme: Theme, title: string, [from, to]: Range): SpaceAxis {
  const look = lookOf(theme);
  return {
    title: { text: title, font: { family: FONT_FAMILY, size: 13, color: look.ink } },
    range: [from, to],
    nticks: 5,
    tickfont: { size: 12, color: look.muted },
    gridcolor: look.spaceGrid,
    gridwidth: 1,
    zeroline: false,
    showbackground: false,
    showspikes: false,
    linecolor: look.spaceGrid,
    showline: true,
  };
}

type Marker = NonNullable<Scatter3dData['marker']>;

function runTraces(scene: Scene, emphasis: 'faint' | 'full', box: readonly Range[]): Data[] {
  const paths = scene.runs.map((run) => trajectoryOf(run, scene.size, scene.axes));
  const ends = paths.map((path, i) => (scene.runs[i]?.visible ? pointAt(path, lastDrawable(path)) : []));
  const over = laterAtPlace(
    ends.map((point) => point.map((value) => value ?? Number.NaN)),
    box,
  );
  const drawn = scene.runs.flatMap((run, i) => {
    const path = paths[i];
    return path ? [tracesOf(run, path, scene, emphasis, over[i] ?? 0)] : [];
  });
  return [...drawn.map(({ line }) => line), ...drawn.flatMap(({ ends }) => ends)]; // a legend names the runs side by side
}

const [LAST_SIZE, RING] = [5, 5];

/** `over`: how many later runs end at its place. It is drawn around them. */
function tracesOf(
  run: RunView,
  path: Trajectory,
  scene: Scene,
  emphasis: 'faint' | 'full',
  over: number,
): { line: Data; ends: Data[] } {
  const { theme } = scene;
  const [x = [], y = [], z = []] = path.coordinates;
  const look = lookOf(theme);
  const line: Data = {
    type: 'scatter3d',
    mode: 'lines',
    name: plain(run.label),
    visible: run.visible,
    x: [...x],
    y: [...y],
    z: [...z],
    customdata: path.records.map((record) => recordValues(run, record)),
    connectgaps: false,
    opacity: emphasis === 'full' ? 1 : 0.4,
    line: emphasis === 'full' ? { color: run.color, dash: run.dash, width: 5 } : { color: run.color, width: 2.5 },
    hovertemplate: recordHover(run, scene),
  };
  const start: Marker = { symbol: 'circle-open', size: 6, color: look.ink, line: { width: 2, color: look.ink } };
  const opacity = emphasis === 'full' ? 1 : 0.5;
  const last: Marker = { symbol: spaceSymbols[run.symbol], size: LAST_SIZE + RING * over, color: run.color, opacity };
  const ends = [markerTrace('start', run, path, 0, start), markerTrace('last', run, path, lastDrawable(path), last)];
  return { line, ends };
}

/** Markers in space know fewer shapes. */
const spaceSymbols: Readonly<Record<MarkerSymbol, 'circle' | 'square' | 'diamond' | 'cross' | 'x' | 'diamond-open'>> = {
  circle: 'circle',
  square: 'square',
  diamond: 'diamond',
  cross: 'cross',
  x: 'x',
  'triangle-up': 'diamond-open',
};

const pointAt = ({ coordinates }: Trajectory, index: number | null): (number | null)[] =>
  coordinates.map((values) => (index === null ? null : (values[index] ?? null)));

function markerTrace(name: string, run: RunView, path: Trajectory, index: number | null, marker: Marker): Data {
  const [x = null, y = null, z = null] = pointAt(path, index);
  return {
    type: 'scatter3d',
    mode: 'markers',
    name,
    visible: run.visible,
    x: [x],
    y: [y],
    z: [z],
    marker,
    hoverinfo: 'skip',
  };
}

function optimumTrace(scene: Scene): Data[] {
  const { optimum, axes, theme } = scene;
  const point = optimum ? axes.map((axis) => optimum[axis] ?? Number.NaN) : [];
  if (point.length !== 3 || !point.every(Number.isFinite)) return [];
  return [
    {
      type: 'scatter3d',
      mode: 'markers',
      name: 'optimum',
      ...coordinates([point]),
      marker: {
        symbol: 'circle-open',
        size: 11,
        color: lookOf(theme).ink,
        line: { width: 2, color: lookOf(theme).ink },
      },
      hovertemplate: optimumHover(scene),
    },
  ];
}
