/** The feasible set in the space of three entries: planes, lines, points, faces of polyhedra, disks and spheres. */
import type { Data } from 'plotly.js';
import type { Row } from './affine-shadow.ts';
import { clipPolygon, diskOf, lineInBox, lineOfPlanes, type Point, planeInBox, pointOfPlanes, slack } from './clip.ts';
import { extent } from './drawable.ts';
import { feasibleShape, isEverything, isWithin } from './feasible-shape.ts';
import type { Range } from './figure.ts';
import { type Look, lookOf } from './look.ts';
import type { FeasibleSet, Scene } from './scene.ts';
import { setLabel } from './set-label.ts';
import { SET_NAME } from './set-traces.ts';
import { insideOf, isosurface, type Round, volumesOf } from './volume.ts';

type Box = readonly Range[];

interface FeasibleSpace {
  readonly data: Data[];
  /** What the key says of them. */
  readonly label: string | null;
  /** The planes in which all of it lies. */
  readonly equalities: readonly Row[];
}

export function feasibleSpace(scene: Scene, view: Box): FeasibleSpace {
  const { sets, axes, theme, size, time = 0 } = scene;
  const shape = feasibleShape(sets, axes);
  const look = lookOf(theme);
  const rounds = sets.flatMap((set) => roundOf(set, axes));
  const [round, ...more] = rounds;
  const { equalities } = shape;
  const rows = slack(shape.halfSpaces, view);
  const label = (data: Data[], isExact: boolean) => ({
    data,
    equalities: equalities ?? [],
    label: setLabel(sets, { isSeen: data.length > 0, isExact: isExact && shape.isExact, time }),
  });
  // The shadow of a ball is a ball; that of its part in other sets is not drawn.
  const isWhole = size === axes.length || (rounds.length === 1 && isEverything(shape));
  if (equalities === null) return label([], true);
  if (equalities.length > 0)
    return label(
      flatTraces(equalities, rows, rounds, view, look),
      isWhole && more.length === 0 && !sets.some(({ kind }) => kind === 'region' || kind === 'curve'),
    );
  const solids = volumesOf(scene, 'region');
  const shells = volumesOf(scene, 'curve');
  if (solids.length + shells.length > 0) {
    const inside = insideOf(solids, rows, rounds);
    const drawn = [...(inside ? isosurface(inside, look) : []), ...shells.flatMap((shell) => isosurface(shell, look))];
    return label(
      drawn,
      shells.length === 0 ? rounds.every(({ kind }) => kind === 'ball') : shells.length === 1 && !inside,
    );
  }
  const data = [...faces(rows, view, look), ...rounds.flatMap((each) => sphereTrace(each, look))];
  return label(data, isWhole && (round === undefined || (more.length === 0 && rows.length === 0)));
}

/** A bounded set that is not much larger than the view is seen as a whole; any other is cut. */
export function viewWithSet(scene: Scene, view: Box): Box {
  const far = view.map(([from, to]): Range => [2 * from - to, 2 * to - from]);
  const drawn = feasibleSpace(scene, far).data as readonly Partial<ReturnType<typeof coordinates>>[];
  const ranges = (['x', 'y', 'z'] as const).map((axis) => extent(drawn.flatMap((trace) => trace[axis] ?? [])));
  const wide = view.map(([from, to], k): Range | null => {
    const [least, greatest] = ranges[k] ?? [from, to];
    const [low, high] = far[k] ?? [from, to];
    const air = 0.02 * (to - from);
    if (least - air <= low || greatest + air >= high) return null;
    return [Math.min(from, least - air), Math.max(to, greatest + air)];
  });
  const known = wide.filter((range) => range !== null);
  return known.length === view.length ? known : view;
}

function roundOf(set: FeasibleSet, axes: readonly number[]): Round[] {
  if (set.kind !== 'ball' && set.kind !== 'sphere') return [];
  // Hidden entries of a sphere are free to fill the ball.
  const kind = axes.length < set.center.length ? 'ball' : set.kind;
  return [{ kind, center: axes.map((axis) => set.center[axis] ?? 0), radius: set.radius }];
}

/** One row is a plane, two are a line, three a point: cut by the half-spaces and by the first ball. */
function flatTraces(
  equal: readonly Row[],
  rows: readonly Row[],
  rounds: readonly Round[],
  box: Box,
  look: Look,
): Data[] {
  const [first, second, third] = equal;
  const [round] = rounds;
  if (!first) return [];
  if (!second) {
    const whole = planeInBox(first, box.map(inset));
    if (!round) return sheetTraces(cut(whole, rows), look);
    const disk = diskOf(first, round.center, round.radius);
    if (round.kind === 'sphere') return rows.length === 0 ? rimTrace(disk, look) : [];
    return sheetTraces(cut(disk, [...rows, ...walls(box.map(inset))]), look);
  }
  const line = lineOfPlanes(first, second);
  if (!line) return [];
  if (!third) {
    const reach = round && reachOf(line, round);
    if (reach === null) return [];
    if (reach && round.kind === 'sphere')
      return pointTrace(
        reach.filter((point) => isWithin(point, rows)),
        look,
      );
    const ends = reach
      ? lineInBox(line.point, line.direction, box, [...rows, ...between(line.direction, reach)])
      : lineInBox(line.point, line.direction, box, rows);
    return ends ? [pathTrace(ends, look.accent, 6)] : [];
  }
  const point = pointOfPlanes(first, second, third);
  return point && isWithin(point, [...rows, ...walls(box)]) ? pointTrace([point], look) : [];
}

const cut = (polygon: readonly Point[], rows: readonly Row[]): readonly Point[] =>
  rows.reduce<readonly Point[]>((rest, row) => clipPolygon(rest, row), polygon);

/** The box as rows. */
const walls = (box: Box): Row[] =>
  box.flatMap(([from, to], k) => [
    { coefficients: [0, 1, 2].map((i) => (i === k ? 1 : 0)), offset: to },
    { coefficients: [0, 1, 2].map((i) => (i === k ? -1 : 0)), offset: -from },
  ]);

const dot = (a: Point, b: Point): number => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);

/** Where a line enters and leaves a ball; null where it misses. */
function reachOf(line: { point: Point; direction: Point }, { center, radius }: Round): [Point, Point] | null {
  const length = Math.hypot(...line.direction);
  const unit = line.direction.map((value) => value / length);
  const away = line.point.map((value, k) => value - (center[k] ?? 0));
  const middle = -dot(unit, away);
  const square = radius ** 2 - (dot(away, away) - middle ** 2);
  if (square < 0) return null;
  const at = (t: number): Point => line.point.map((value, k) => value + t * (unit[k] ?? 0));
  return [at(middle - Math.sqrt(square)), at(middle + Math.sqrt(square))];
}

const between = (direction: Point, [from, to]: readonly [Point, Point]): Row[] => [
  { coefficients: direction, offset: dot(direction, to) },
  { coefficients: direction.map((value) => -value), offset: -dot(direction, from) },
];

/** Each plane of a polyhedron, cut by the others. */
function faces(rows: readonly Row[], box: Box, look: Look): Data[] {
  const distinct = rows.filter(
    (row, i) =>
      !rows
        .slice(0, i)
        .some(({ coefficients, offset }) => dot(coefficients, row.coefficients) > 1 - 1e-12 && offset === row.offset),
  );
  return distinct.flatMap((row) =>
    sheetTraces(
      planeInBox(
        row,
        box.map(inset),
        distinct.filter((other) => other !== row),
      ),
      look,
    ),
  );
}

/** A convex polygon as a fan of triangles, with its rim. */
function sheetTraces(polygon: readonly Point[], look: Look): Data[] {
  if (polygon.length < 3) return [];
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
    ...rimTrace(polygon, look),
  ];
}

function rimTrace(polygon: readonly Point[], look: Look): Data[] {
  const [first] = polygon;
  return first ? [pathTrace(outset([...polygon, first]), look.accent, 3)] : [];
}

/** Beyond the box WebGL cuts: the rim needs a little room. */
const inset = ([from, to]: Range): Range => [from + 0.006 * (to - from), to - 0.006 * (to - from)];

/** A rim a hair outside the sheet: where the two coincide, WebGL draws now one and now the other. */
function outset(rim: readonly Point[]): Point[] {
  const centre = [0, 1, 2].map((k) => rim.slice(1).reduce((sum, point) => sum + (point[k] ?? 0), 0) / (rim.length - 1));
  return rim.map((point) => point.map((value, k) => value + 0.004 * (value - (centre[k] ?? 0))));
}

/** Parallels and meridians of a sphere's mesh. */
const PARALLELS = 24;
const MERIDIANS = 48;

function sphereTrace({ center, radius }: Round, look: Look): Data[] {
  if (!(radius > 0)) return radius === 0 ? pointTrace([center], look) : [];
  const points: Point[] = [];
  for (let p = 0; p <= PARALLELS; p++) {
    const polar = (Math.PI * p) / PARALLELS;
    for (let m = 0; m < MERIDIANS; m++) {
      const around = (2 * Math.PI * m) / MERIDIANS;
      const out = [Math.sin(polar) * Math.cos(around), Math.sin(polar) * Math.sin(around), Math.cos(polar)];
      points.push(out.map((value, k) => (center[k] ?? 0) + radius * value));
    }
  }
  const triangles = Array.from({ length: PARALLELS * MERIDIANS }, (_, i) => {
    const next = i % MERIDIANS === MERIDIANS - 1 ? i + 1 - MERIDIANS : i + 1;
    const [below, belowNext] = [i + MERIDIANS, next + MERIDIANS];
    return [[i, next, below] as const, [next, belowNext, below] as const];
  }).flat();
  return [
    {
      type: 'mesh3d',
      name: SET_NAME,
      ...coordinates(points),
      i: triangles.map(([i]) => i),
      j: triangles.map(([, j]) => j),
      k: triangles.map(([, , k]) => k),
      color: look.accent,
      opacity: 0.18,
      lighting: { ambient: 0.75, diffuse: 0.4, specular: 0, fresnel: 0.2 },
      hoverinfo: 'skip',
    },
  ];
}

export const coordinates = (points: readonly Point[]): { x: number[]; y: number[]; z: number[] } => ({
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

const pointTrace = (points: readonly Point[], look: Look): Data[] =>
  points.length === 0
    ? []
    : [
        {
          type: 'scatter3d',
          mode: 'markers',
          name: SET_NAME,
          ...coordinates(points),
          marker: { symbol: 'diamond', size: 6, color: look.accent },
          hoverinfo: 'skip',
        },
      ];
