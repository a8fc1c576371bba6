/** Three entries of the iterate in space: the feasible line or plane, trajectories, and the optimum. */
import type { Data, Layout, Scatter3dData } from 'plotly.js';
import { affineShadow, type Row } from './affine-shadow.ts';
import { lineInBox, lineOfPlanes, type Point, planeInBox } from './clip.ts';
import { SET_NAME } from './feasible2d.ts';
import type { Figure, Range } from './figure.ts';
import type { FigureOptions } from './figure2d.ts';
import { baseLayout, FONT_FAMILY, type Look, lookOf, UI_REVISION } from './look.ts';
import { plain } from './plain.ts';
import { optimumHover, recordHover, recordValues } from './read-out.ts';
import type { MarkerSymbol, RunView, Scene, Theme } from './scene.ts';
import { lastDrawable, type Trajectory, trajectoryOf } from './trajectory.ts';
import { hasEqualAspect, viewBox } from './view-box.ts';

export function figure3d(
  scene: Scene,
  { trajectories = 'full', view = viewBox(scene), isNarrow = false }: FigureOptions = {},
): Figure {
  const box = roomy(view);
  const { axes, theme, parameterNames } = scene;
  const look = lookOf(theme);
  const [x, y, z] = axes.map((axis, k) => spaceAxis(theme, plain(parameterNames[axis] ?? ''), box[k] ?? [-1, 1]));
  return {
    data: [
      ...scene.sets.flatMap((set) =>
        set.kind === 'affine' ? setTraces(affineShadow(set.A, set.b, axes), box, look) : [],
      ),
      ...scene.runs.flatMap((run) => runTraces(run, scene, trajectories)),
      ...optimumTrace(scene),
    ],
    layout: {
      ...baseLayout(theme),
      margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        ...(x && { xaxis: x }),
        ...(y && { yaxis: y }),
        ...(z && { zaxis: z }),
        uirevision: UI_REVISION,
        dragmode: 'orbit',
        aspectmode: hasEqualAspect(view) ? 'data' : 'cube',
        camera: isNarrow ? farCamera : nearCamera,
      },
    },
  };
}

const center = { x: 0, y: 0, z: -0.14 };
const nearCamera = { center, eye: { x: 1.2, y: -1.35, z: 0.62 } };
/** In a narrow panel the sides are cut off first. */
const farCamera = { center, eye: { x: 1.75, y: -1.95, z: 0.95 } };

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
    tickfont: { size: 10, color: look.muted },
    gridcolor: look.spaceGrid,
    gridwidth: 1,
    zeroline: false,
    showbackground: false,
    showspikes: false,
    linecolor: look.spaceGrid,
    showline: true,
  };
}

/** One row is a plane, two are a line, three a point. */
function setTraces(rows: readonly Row[] | null, box: readonly Range[], look: Look): Data[] {
  const [first, second, third] = rows ?? [];
  if (!first || third) return [];
  if (!second) return planeTraces(planeInBox(first, box.map(inset)), look);
  const line = lineOfPlanes(first, second);
  const ends = line && lineInBox(line.point, line.direction, box);
  return ends ? [pathTrace(ends, look.accent, 6)] : [];
}

/** A convex polygon as a fan of triangles, with its rim. */
function planeTraces(polygon: readonly Point[], look: Look): Data[] {
  const [first] = polygon;
  if (!first || polygon.length < 3) return [];
  const fan = polygon.slice(2).map((_, i) => i + 1);
  return [
    {
      type: 'mesh3d',
      name: SET_NAME,
      ...coordinates(polygon),
      i: fan.map(() => 0),
      j: fan,
      k: fan.map((corner) => corner + 1),
      color: look.accent,
      opacity: 0.16,
      flatshading: true,
      lighting: { ambient: 1, diffuse: 0, specular: 0, fresnel: 0 },
      hoverinfo: 'skip',
    },
    pathTrace(outset([...polygon, first]), look.accent, 3),
  ];
}

/** Beyond the box WebGL cuts: the rim needs a little room. */
const inset = ([from, to]: Range): Range => [from + 0.006 * (to - from), to - 0.006 * (to - from)];

/** A rim a hair outside the sheet: where the two coincide, WebGL draws now one and now the other. */
function outset(rim: readonly Point[]): Point[] {
  const centre = [0, 1, 2].map((k) => rim.slice(1).reduce((sum, point) => sum + (point[k] ?? 0), 0) / (rim.length - 1));
  return rim.map((point) => point.map((value, k) => value + 0.004 * (value - (centre[k] ?? 0))));
}

const coordinates = (points: readonly Point[]): { x: number[]; y: number[]; z: number[] } => ({
  x: points.map(([x]) => x ?? Number.NaN),
  y: points.map(([, y]) => y ?? Number.NaN),
  z: points.map(([, , z]) => z ?? Number.NaN),
});

const pathTrace = (points: readonly Point[], color: string, width: number): Data => ({
  type: 'scatter3d',
  mode: 'lines',
  name: SET_NAME,
  ...coordinates(points),
  line: { color, width },
  hoverinfo: 'skip',
});

type Marker = NonNullable<Scatter3dData['marker']>;

function runTraces(run: RunView, { size, axes, theme, parameterNames }: Scene, emphasis: 'faint' | 'full'): Data[] {
  const path = trajectoryOf(run, size, axes);
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
    hovertemplate: recordHover(run.label, axes, parameterNames),
  };
  const start: Marker = { symbol: 'circle-open', size: 6, color: look.ink, line: { width: 2, color: look.ink } };
  const opacity = emphasis === 'full' ? 1 : 0.5;
  const last: Marker = { symbol: spaceSymbols[run.symbol], size: 5, color: run.color, opacity };
  return [line, markerTrace(run, path, 0, start), markerTrace(run, path, lastDrawable(path), last)];
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

function markerTrace(run: RunView, path: Trajectory, index: number | null, marker: Marker): Data {
  const point = path.coordinates.map((values) => (index === null ? null : (values[index] ?? null)));
  const [x = null, y = null, z = null] = point;
  return {
    type: 'scatter3d',
    mode: 'markers',
    visible: run.visible,
    x: [x],
    y: [y],
    z: [z],
    marker,
    hoverinfo: 'skip',
  };
}

function optimumTrace({ optimum, axes, theme, parameterNames }: Scene): Data[] {
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
      hovertemplate: optimumHover(axes, parameterNames),
    },
  ];
}
