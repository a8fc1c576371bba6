/** A scene seen on a plane x = origin + y₁·d₁ + y₂·d₂ with orthonormal d: paths are projected onto it, sets are cut by it. */
import { invariant } from '../../core/diagnostic.ts';
import type { FeasibleSet, RunView, SceneRecords } from './scene.ts';

export interface PlaneView {
  readonly origin: readonly number[];
  readonly directions: readonly (readonly number[])[];
  readonly names: readonly string[];
  readonly corners?: { readonly entries: readonly number[]; readonly total: number };
  readonly isWhole: boolean;
}

/** Entries that a hover reads out. */
const MOST_READ = 5;
/** Below this, relative to the row, a plane is parallel to it. */
const PARALLEL = 1e-9;

/** What of a scene follows from runs and problem, in the plane's coordinates. */
export function recordsInPlane(records: SceneRecords, plane: PlaneView): SceneRecords {
  const { optimum: best, bounds: _ofEntries, ...rest } = records;
  const entries = plane.corners?.entries ?? records.parameterNames.map((_, i) => i).slice(0, MOST_READ);
  return {
    ...rest,
    parameterNames: plane.names,
    size: 2,
    axes: [0, 1],
    start: ontoPlane(records.start, plane),
    runs: records.runs.map((run) => runInPlane(run, records, plane, entries)),
    ...(best && { optimum: ontoPlane(best, plane) }),
    ...(plane.corners && { ternary: ternaryOf(records, plane, plane.corners) }),
  };
}

/** y = D (x − origin). */
export const ontoPlane = (x: ArrayLike<number>, { origin, directions }: PlaneView): number[] =>
  directions.map((direction) =>
    direction.reduce((sum, d, i) => sum + d * ((x[i] ?? Number.NaN) - (origin[i] ?? 0)), 0),
  );

/** The point that differs from x only along the plane, and is seen at y. */
export function movedInPlane(x: readonly number[], y: readonly number[], plane: PlaneView): number[] {
  const before = ontoPlane(x, plane);
  return x.map((value, i) =>
    plane.directions.reduce((sum, d, k) => sum + (d[i] ?? 0) * ((y[k] ?? 0) - (before[k] ?? 0)), value),
  );
}

function runInPlane(
  run: RunView,
  { size, parameterNames }: SceneRecords,
  plane: PlaneView,
  entries: readonly number[],
): RunView {
  const count = size > 0 ? Math.floor(run.iterates.length / size) : 0;
  const values = new Float64Array(entries.length * count);
  entries.forEach((entry, k) => {
    for (let record = 0; record < count; record++)
      values[record * entries.length + k] = run.iterates[record * size + entry] ?? Number.NaN;
  });
  return {
    ...run,
    iterates: pathInPlane(run.iterates, size, plane),
    readOut: { names: entries.map((entry) => parameterNames[entry] ?? ''), values },
  };
}

/** `ontoPlane` of each record, row-major [records, 2]. */
function pathInPlane(iterates: Float64Array, size: number, { origin, directions }: PlaneView): Float64Array {
  const count = size > 0 ? Math.floor(iterates.length / size) : 0;
  const path = new Float64Array(2 * count);
  directions.forEach((direction, k) => {
    for (let record = 0; record < count; record++) {
      let sum = 0;
      for (let i = 0; i < size; i++)
        sum += (direction[i] ?? 0) * ((iterates[record * size + i] ?? Number.NaN) - (origin[i] ?? 0));
      path[2 * record + k] = sum;
    }
  });
  return path;
}

/** Nothing where the plane does not see it. */
export function setInPlane(set: FeasibleSet, plane: PlaneView): FeasibleSet[] {
  switch (set.kind) {
    case 'affine':
    case 'half-spaces':
      return linearInPlane(set, plane);
    case 'region':
    case 'curve':
      return [{ ...set, isSlice: !plane.isWhole }];
    default:
      return [set];
  }
}

/** A (origin + D y) ~ b, as rows in y. Rows parallel to the plane hold everywhere on it, or nowhere: then nothing is drawn of them. */
function linearInPlane(
  set: Extract<FeasibleSet, { kind: 'affine' | 'half-spaces' }>,
  { origin, directions, isWhole }: PlaneView,
): FeasibleSet[] {
  const { columns } = set.A;
  const rows: number[][] = [];
  const b: number[] = [];
  let holds = true;
  set.b.forEach((offset, row) => {
    const coefficients = set.A.data.subarray(row * columns, (row + 1) * columns);
    const dot = (vector: readonly number[]) => coefficients.reduce((sum, a, i) => sum + a * (vector[i] ?? 0), 0);
    const across = directions.map(dot);
    const rest = offset - dot(origin);
    const scale = coefficients.reduce((most, a) => Math.max(most, Math.abs(a)), 0);
    if (Math.max(...across.map(Math.abs)) > PARALLEL * scale) {
      rows.push(across);
      b.push(rest);
      return;
    }
    const room = 1e-7 * Math.max(scale, Math.abs(offset));
    if (set.kind === 'affine' ? Math.abs(rest) > room : rest < -room) holds = false;
  });
  const undrawn: FeasibleSet[] = holds ? [] : [{ kind: 'undrawn' }];
  if (rows.length === 0) return undrawn;
  invariant(
    rows.every(({ length }) => length === 2),
    'a plane has two directions',
  );
  return [
    { ...set, A: { rows: rows.length, columns: 2, data: Float64Array.from(rows.flat()) }, b, isSlice: !isWhole },
    ...undrawn,
  ];
}

function ternaryOf(
  { parameterNames }: SceneRecords,
  plane: PlaneView,
  { entries, total }: NonNullable<PlaneView['corners']>,
): NonNullable<SceneRecords['ternary']> {
  const at = (weights: readonly number[]) => {
    const x = [...plane.origin];
    entries.forEach((entry, k) => {
      x[entry] = total * (weights[k] ?? 0);
    });
    return ontoPlane(x, plane);
  };
  const corners = [at([1, 0, 0]), at([0, 1, 0]), at([0, 0, 1])];
  const shares = [0.2, 0.4, 0.6, 0.8];
  const lines = shares.flatMap((s) => [
    [at([s, 1 - s, 0]), at([s, 0, 1 - s])],
    [at([1 - s, s, 0]), at([0, s, 1 - s])],
    [at([1 - s, 0, s]), at([0, 1 - s, s])],
  ]);
  return { corners, lines, names: entries.map((entry) => parameterNames[entry] ?? ''), total };
}
