/** What the figures draw of the constraints, and what the key says of it. */
import { describe, expect, it } from 'vitest';
import { seamsOf } from '../seams.ts';
import { drawn } from './drawn.fixture.ts';
import type { Figure } from './figure.ts';
import { figure1d } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import { figure3d } from './figure3d.ts';
import type { Axes, FeasibleSet, Scene } from './scene.ts';

const matrix = (rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});
const affine = (A: number[][], ...b: number[]): FeasibleSet => ({ kind: 'affine', A: matrix(A), b });
const below = (A: number[][], ...b: number[]): FeasibleSet => ({ kind: 'half-spaces', A: matrix(A), b });
const unit = (n: number, k: number, value = 1) => Array.from({ length: n }, (_, i) => (i === k ? value : 0));
const positive = (n: number): FeasibleSet =>
  below(
    Array.from({ length: n }, (_, k) => unit(n, k, -1)),
    ...Array.from({ length: n }, () => 0),
  );
const ones = (n: number) => Array.from({ length: n }, () => 1);

const sceneOf = (size: number, axes: Axes, ...sets: FeasibleSet[]): Scene => ({
  parameterNames: Array.from({ length: size }, (_, i) => `w[${i}]`),
  size,
  axes,
  runs: [],
  sets,
  start: ones(size),
  theme: 'light',
});

interface Trace {
  readonly type: string;
  readonly name?: string;
  readonly x: number[];
  readonly y: number[];
  readonly z: number[];
  readonly i: number[];
  readonly j: number[];
  readonly k: number[];
}
const setTraces = ({ data }: Figure) => drawn<Trace>(data).filter(({ name }) => name === 'feasible set');
const tracesAlone = ({ data }: Figure) => drawn<Trace>(data).filter(({ name }) => name === 'each constraint by itself');
const meshes = (figure: Figure) => setTraces(figure).filter(({ type }) => type === 'mesh3d');
const corners = ({ x, y, z }: Trace) =>
  x.map((value, i) => [value, y[i], z[i]].map((entry) => Math.round(1e6 * (entry ?? 0)) / 1e6 + 0)).sort();

const cube: [number, number][] = [
  [-2, 2],
  [-2, 2],
  [-2, 2],
];

describe('in space', () => {
  it('is a triangle for w ≥ 0 and a sum', () => {
    const figure = figure3d(sceneOf(3, [0, 1, 2], affine([ones(3)], 1), positive(3)), { view: cube });
    const [mesh] = meshes(figure);
    expect(mesh && corners(mesh)).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(figure.setLabel).toBe('feasible set');
  });

  it('is seen from farther away, in the same direction, the narrower the picture is', () => {
    const eyes = [2, 1.2, 0.8, 0.5].map((aspect) => {
      const { layout } = figure3d(sceneOf(3, [0, 1, 2], affine([ones(3)], 1)), { view: cube, aspect });
      const { x, y, z } = (layout.scene as { camera: { eye: Record<'x' | 'y' | 'z', number> } }).camera.eye;
      return { far: Math.hypot(x, y, z), direction: [x, y].map((entry) => entry / z) };
    });
    eyes.slice(1).forEach(({ far, direction }, k) => {
      expect(far).toBeGreaterThan(eyes[k]?.far ?? 0);
      direction.forEach((entry, axis) => {
        expect(entry).toBeCloseTo(eyes[0]?.direction[axis] ?? Number.NaN, 12);
      });
    });
  });

  it('is seen as a whole where it is bounded and near', () => {
    const near: [number, number][] = [
      [0.4, 1],
      [0.4, 1],
      [-0.2, 1],
    ];
    const view = (...sets: FeasibleSet[]) => figure3d(sceneOf(3, [0, 1, 2], ...sets), { view: near }).layout.scene;
    expect(view(affine([ones(3)], 1), positive(3))?.xaxis?.range?.[0]).toBeLessThan(0);
    expect(view(affine([ones(3)], 1))?.zaxis?.range).toEqual([-0.2, 1]);
  });

  it('is a segment where two planes and a bound meet, and nothing where a point is outside', () => {
    const line = figure3d(sceneOf(3, [0, 1, 2], affine([unit(3, 0), unit(3, 1)], 1, 1), positive(3)), { view: cube });
    expect(
      setTraces(line)[0]
        ?.z.map((z) => Math.abs(Math.round(z * 1e6) / 1e6))
        .sort(),
    ).toEqual([0, 2]);
    const point = affine([unit(3, 0), unit(3, 1), unit(3, 2)], 1, 1, -1);
    expect(figure3d(sceneOf(3, [0, 1, 2], point, positive(3)), { view: cube })).toMatchObject({ setLabel: null });
  });

  it('has the six faces of a box', () => {
    const box = below(
      [...[0, 1, 2].map((k) => unit(3, k)), ...[0, 1, 2].map((k) => unit(3, k, -1))],
      ...ones(3),
      0,
      0,
      0,
    );
    const faces = meshes(figure3d(sceneOf(3, [0, 1, 2], box), { view: cube }));
    expect(faces).toHaveLength(6);
    for (const face of faces) {
      for (const point of corners(face)) expect(point.every((entry) => entry === 0 || entry === 1)).toBe(true);
    }
  });

  it('draws a ball as a closed mesh on its sphere, and its part in a plane as a disk', () => {
    const ball: FeasibleSet = { kind: 'ball', center: [1, 0, 0], radius: 0.5 };
    const [sphere] = meshes(figure3d(sceneOf(3, [0, 1, 2], ball), { view: cube }));
    sphere?.x.forEach((x, i) => {
      expect(Math.hypot(x - 1, sphere.y[i] ?? 0, sphere.z[i] ?? 0)).toBeCloseTo(0.5, 12);
    });
    expect(Math.max(...(sphere?.k ?? []))).toBeLessThan(sphere?.x.length ?? 0);
    const [disk] = meshes(figure3d(sceneOf(3, [0, 1, 2], ball, affine([unit(3, 2)], 0.3)), { view: cube }));
    disk?.x.forEach((x, i) => {
      expect(Math.hypot(x - 1, disk.y[i] ?? 0)).toBeCloseTo(0.4, 12);
      expect(disk.z[i]).toBeCloseTo(0.3, 12);
    });
  });

  it('says what is not drawn', () => {
    const axes = [0, 1, 2] as const;
    expect(figure3d(sceneOf(3, axes, { kind: 'undrawn' })).setLabel).toBe('feasible set not drawn');
    expect(figure3d(sceneOf(3, axes, affine([ones(3)], 1), { kind: 'undrawn' })).setLabel).toBe(
      'feasible set, bounds only',
    );
    expect(figure3d(sceneOf(3, axes)).setLabel).toBeNull();
  });
});

describe('in the plane', () => {
  it('shows lines that contradict each other as lines, and no set', () => {
    const figure = figure2d(sceneOf(2, [0, 1], affine([ones(2), ones(2)], 0, 1)), { view: cube.slice(0, 2) });
    const [trace] = tracesAlone(figure);
    expect(setTraces(figure)).toEqual([]);
    const sums = trace?.x.map((x, i) => (x === null ? null : x + (trace.y[i] ?? 0)));
    expect(sums?.map((sum) => sum && Math.round(1e9 * sum) / 1e9)).toEqual([0, 0, null, 1, 1]);
    expect(figure.setLabel).toBeNull();
  });

  const view: [number, number][] = [
    [-2, 2],
    [-2, 2],
  ];

  it('shows the limits that leave no point, each by itself', () => {
    const figure = figure2d(
      sceneOf(
        2,
        [0, 1],
        below(
          [
            [1, 0],
            [-1, 0],
            [0, 1],
          ],
          0,
          -1,
          2,
        ),
      ),
      { view },
    );
    const [limits, ...more] = tracesAlone(figure);
    expect([...more, ...setTraces(figure)]).toEqual([]);
    const places = limits?.x.flatMap((x, i) => (x === null ? [] : [[x, limits.y[i] ?? 0]])) ?? [];
    expect(places).toHaveLength(6);
    expect(places.every(([x = 0, y = 0]) => [x, x - 1, y - 2].some((gap) => Math.abs(gap) < 1e-9))).toBe(true);
    expect(figure.setLabel).toBeNull();
  });

  it('shows the lines that leave one point, and the point', () => {
    const figure = figure2d(
      sceneOf(
        2,
        [0, 1],
        affine(
          [
            [1, 1],
            [1, -1],
          ],
          1,
          0,
        ),
      ),
      { view },
    );
    const [lines] = tracesAlone(figure);
    const [point] = setTraces(figure);
    expect(lines?.x.filter((x) => x !== null)).toHaveLength(4);
    expect([point?.x[0], point?.y[0]].map((entry) => Math.round(1e9 * Number(entry)) / 1e9)).toEqual([0.5, 0.5]);
    expect(figure.setLabel).toBe('feasible set');
  });

  it('is the shadow of a simplex of five entries: a triangle', () => {
    const figure = figure2d(sceneOf(5, [0, 1], affine([ones(5)], 1), positive(5)), { view });
    const [region, ...more] = setTraces(figure);
    expect(more).toEqual([]);
    const points = region?.x.map((x, i) => [x, region.y[i] ?? 0].map((entry) => Math.round(1e6 * entry) / 1e6 + 0));
    expect(new Set(points?.map(String))).toEqual(new Set(['0,0', '1,0', '0,1']));
    expect(figure.setLabel).toBe('feasible set');
  });

  it('says so where rows share hidden entries and the shadow is smaller than what is drawn', () => {
    const rows = affine([ones(5), [0, 0, 1, -1, 1]], 1, 0.5);
    expect(figure2d(sceneOf(5, [0, 1], rows, positive(5)), { view }).setLabel).toBe('feasible set, bounds only');
  });

  it('cuts a line by half-planes, also by one in whose rim it lies', () => {
    const line = affine([[1, 1]], 1);
    for (const set of [
      positive(2),
      below(
        [
          [-1, 0],
          [0, -1],
          [1, 1],
          [-3, -3],
        ],
        0,
        0,
        1,
        -3,
      ),
    ]) {
      const [segment, ...more] = setTraces(figure2d(sceneOf(2, [0, 1], line, set), { view }));
      expect(more).toEqual([]);
      expect(segment?.x.map((x) => Math.abs(Math.round(1e6 * x) / 1e6)).sort()).toEqual([0, 1]);
    }
  });

  it('says that a moving set is drawn at step 0, and that a slice is one', () => {
    const moving: FeasibleSet = { kind: 'affine', A: matrix([[1, 1]]), b: [1], isMoving: true };
    expect(figure2d(sceneOf(2, [0, 1], moving), { view }).setLabel).toBe('feasible set at step 0');
    const residual = { xs: [0, 1], ys: [0, 1], values: [-1, 1, 1, 1] };
    expect(figure2d(sceneOf(3, [0, 1], { kind: 'region', residual, isSlice: true }), { view }).setLabel).toBe(
      'feasible set, a slice',
    );
  });
});

describe('curved sets in the plane', () => {
  const view: [number, number][] = [
    [-2, 2],
    [-2, 2],
  ];
  const places = Array.from({ length: 81 }, (_, i) => -2.4 + 0.06 * i);
  const on = (kind: 'curve' | 'region', value: (x: number, y: number) => number): FeasibleSet => ({
    kind,
    residual: { xs: places, ys: places, values: places.flatMap((y) => places.map((x) => value(x, y))) },
  });
  const drawn = (...sets: FeasibleSet[]) => figure2d(sceneOf(2, [0, 1], ...sets), { view });
  const pointsOf = (figure: ReturnType<typeof drawn>): [number, number][] =>
    setTraces(figure).flatMap(({ x, y }) =>
      x.flatMap((a, i) => (a === null ? [] : [[a, y[i] ?? 0] as [number, number]])),
    );
  const disk = on('region', (x, y) => x * x + y * y - 1);

  it('are intersected with each other and with half-planes, not drawn over each other', () => {
    const figure = drawn(
      disk,
      on('region', (x, y) => (x - 1) ** 2 + y * y - 1),
      below([[0, 1]], 0),
    );
    expect(figure.setLabel).toBe('feasible set');
    const points = pointsOf(figure);
    expect(points.length).toBeGreaterThan(10);
    for (const [x, y] of points) {
      expect(Math.max(Math.hypot(x, y), Math.hypot(x - 1, y))).toBeLessThan(1.002);
      expect(y).toBeLessThan(1e-6);
    }
    expect(Math.max(...points.map(([, y]) => y))).toBeGreaterThan(-1e-6);
  });

  it('are as round where they are small, and end in a tip where two rims meet', () => {
    const small = pointsOf(drawn(on('region', (x, y) => (x - 0.02) ** 2 + y * y - 0.01)));
    expect(small.length).toBeGreaterThan(60);
    for (const [x, y] of small) expect(Math.abs(Math.hypot(x - 0.02, y) - 0.1)).toBeLessThan(1e-3); // a cell is 0.06
    const [ring] = setTraces(drawn(on('curve', (x, y) => (x - 0.02) ** 2 + y * y - 0.01)));
    for (const [i, x] of (ring?.x ?? []).entries())
      expect(Math.abs(Math.hypot(x - 0.02, ring?.y[i] ?? 0) - 0.1)).toBeLessThan(1e-3);
    const lens = pointsOf(
      drawn(
        disk,
        on('region', (x, y) => (x - 1.6) ** 2 + y * y - 1),
      ),
    );
    const ends = [Math.min, Math.max].map((most) => most(...lens.map(([, y]) => y)));
    for (const end of ends) expect(Math.abs(Math.abs(end) - 0.6)).toBeLessThan(0.01);
  });

  it('are a curve where they leave less than a cell of the grid, and nothing where they leave nothing', () => {
    const beyond = (square: number) => on('region', (x, y) => square - x * x - y * y);
    const ring = pointsOf(drawn(disk, beyond(0.9999)));
    for (const [x, y] of ring) expect(Math.hypot(x, y)).toBeCloseTo(1, 2);
    const directions = new Set(ring.map(([x, y]) => Math.floor((18 * (Math.atan2(y, x) + Math.PI)) / (2 * Math.PI))));
    expect(directions.size).toBeGreaterThanOrEqual(18); // all around
    expect(pointsOf(drawn(disk, beyond(1.0001)))).toEqual([]);
    const half = pointsOf(drawn(disk, beyond(0.9999), below([[0, 1]], 0)));
    expect(half.length).toBeGreaterThan(20);
    for (const [, y] of half) expect(y).toBeLessThan(1e-6);
  });

  it('are a curve where one of them holds between the points of its grid alone, cut by the others', () => {
    const value = (x: number, y: number) => Math.abs(x * x + y * y - 1.1) - 1e-3;
    const values = Float64Array.from(places.flatMap((y) => places.map((x) => value(x, y))));
    const seams = seamsOf({ xs: places, ys: places, values }, value);
    const thin: FeasibleSet = { kind: 'region', residual: { xs: places, ys: places, values, seams } };
    const ring = pointsOf(drawn(thin));
    expect(ring.length).toBeGreaterThan(50);
    for (const [x, y] of ring) expect(value(x, y)).toBeLessThanOrEqual(0);
    const half = pointsOf(drawn(thin, below([[0, 1]], 0)));
    expect(half.length).toBeGreaterThan(20);
    for (const [, y] of half) expect(y).toBeLessThan(1e-6);
    expect(pointsOf(drawn(thin, disk))).toEqual([]);
  });

  it('cut lines and curves to their feasible part', () => {
    const chord = pointsOf(drawn(affine([[1, 1]], 0), disk));
    for (const [x, y] of chord) expect(Math.abs(x + y)).toBeLessThan(1e-9);
    expect(Math.max(...chord.map(([x]) => x))).toBeCloseTo(Math.SQRT1_2, 2);
    const arc = pointsOf(
      drawn(
        on('curve', (x, y) => x * x + y * y - 1),
        below([[0, -1]], -0.5),
      ),
    );
    for (const [x, y] of arc) expect(Math.abs(Math.hypot(x, y) - 1)).toBeLessThan(2e-3);
    expect(Math.min(...arc.map(([, y]) => y))).toBeCloseTo(0.5, 2);
  });

  it('meet in points', () => {
    const points = pointsOf(
      drawn(
        on('curve', (x, y) => x * x + y * y - 1),
        affine([[1, -1]], 0),
      ),
    );
    expect(points).toHaveLength(2);
    for (const [x, y] of points)
      expect([Math.abs(x - y), Math.abs(Math.hypot(x, y) - 1)].every((gap) => gap < 2e-3)).toBe(true);
  });

  it('leave what is infeasible hatched; beside a line or a point, what breaks an inequality, and it is called so', () => {
    const hatched = (...sets: FeasibleSet[]) => hatchedAs('infeasible', ...sets);
    const hatchedAs = (hatch: string, ...sets: FeasibleSet[]) =>
      drawn(...sets).data.some((trace) => 'name' in trace && trace.name === hatch);
    for (const flat of [[affine([[1, 1]], 0)], [on('curve', (x, y) => x * x + y * y - 1)]]) {
      expect(hatched(...flat, below([[1, 0]], 0))).toBe(false);
      expect(hatchedAs('breaks an inequality', ...flat, below([[1, 0]], 0))).toBe(true);
    }
    expect(hatched(disk)).toBe(true);
    expect(hatched(below([[1, 0]], 0))).toBe(true);
    expect(hatched(affine([[1, 1]], 0))).toBe(false); // all but a line: nothing would be seen
    expect(hatched()).toBe(false);
  });
});

describe('on a line', () => {
  const view: [number, number][] = [[-2, 2]];
  const spans = (...sets: FeasibleSet[]) =>
    (figure1d(sceneOf(1, [0], ...sets), { view }).layout.shapes ?? [])
      .filter(({ type, y1 }) => type === 'rect' || y1 === 1)
      .map(({ x0, x1 }) => [Number(x0), Number(x1)]);
  const sampledAs = (kind: 'curve' | 'region', residual: (x: number) => number): FeasibleSet => {
    const ys = Array.from({ length: 401 }, (_, i) => -4 + i / 50);
    return { kind, residual: { xs: [0], ys, values: ys.map(residual) } };
  };

  it('is an interval of bounds, and a point of an equality', () => {
    expect(spans(below([[1], [-2]], 1, 1))).toEqual([[-0.5, 1]]);
    expect(spans(affine([[2]], 2), positive(1))).toEqual([[1, 1]]);
    expect(spans(affine([[2]], -2), positive(1))).toEqual([]);
    expect(spans()).toEqual([]);
  });

  it('is what sampled sets leave: intervals and points', () => {
    const [[from = 0, to = 0] = []] = spans(sampledAs('region', (x) => x * x - 0.25));
    expect(from).toBeCloseTo(-0.5, 3);
    expect(to).toBeCloseTo(0.5, 3);
    const points = spans(sampledAs('curve', (x) => x * x - 2));
    expect(points.map(([x = 0]) => x ** 2)).toEqual([expect.closeTo(2, 3), expect.closeTo(2, 3)]);
    expect(
      spans(
        sampledAs('curve', (x) => x * x - 2),
        positive(1),
      ),
    ).toHaveLength(1);
  });

  it('names the set, and marks the start', () => {
    const figure = figure1d(sceneOf(1, [0], positive(1)), { view });
    expect(figure.setLabel).toBe('feasible set');
    expect(figure.data.some((trace) => 'name' in trace && trace.name === 'start')).toBe(true);
  });
});
