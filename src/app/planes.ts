/** Planes on which iterates of many entries are seen, with orthonormal directions: lengths on them are true. Runs in the worker. */
import { at } from '../core/diagnostic.ts';
import {
  decompose,
  type Matrix,
  matrixVector,
  nullSpaceBasis,
  pseudoinverse,
  transposed,
} from '../core/tensor/matrix.ts';
import { shortNumber } from './number-text.ts';
import { type NamedDirection, sliceDirections } from './slice-directions.ts';
import type { PlaneRequest, SeenPlane, Study } from './study.ts';

/** Null where the problem has no such plane. */
export function placePlane(
  study: Pick<Study, 'problem' | 'structure' | 'optimum'>,
  request: PlaneRequest,
): SeenPlane | null {
  switch (request.kind) {
    case 'ternary':
      return ternary(study, request);
    case 'feasible-coordinates':
      return feasibleCoordinates(study, request);
    case 'components':
      return components(study, request);
    case 'slice':
      return slice(study, request);
  }
}

/** The plane Σ = s of the three weights of a simplex; other entries stay where the runs end. */
function ternary(
  { problem, structure }: Pick<Study, 'problem' | 'structure'>,
  { points }: PlaneRequest,
): SeenPlane | null {
  const simplex = structure.parts.find(
    ({ kind, coordinates, isMoving }) => kind === 'simplex' && coordinates.length === 3 && !isMoving,
  );
  if (!simplex) return null;
  const { totals } = simplex.data;
  const total = Array.isArray(totals) && totals.length === 1 ? Number(totals[0]) : null;
  if (total === null) return null;
  const origin = [...points.subarray(points.length - problem.size)];
  for (const entry of simplex.coordinates) origin[entry] = total / 3;
  const direction = (...weights: number[]) => {
    const vector = new Array<number>(problem.size).fill(0);
    simplex.coordinates.forEach((entry, k) => {
      vector[entry] = at(weights, k) / Math.hypot(...weights);
    });
    return vector;
  };
  return {
    kind: 'ternary',
    origin,
    directions: [direction(-1, 1, 0), direction(-1, -1, 2)],
    names: ['', ''],
    corners: { entries: [...simplex.coordinates], total },
    isWhole: problem.size === 3,
  };
}

/**
 * x = x₀ + N z. Of two free directions, x₀ = A⁺b and N is a basis of the null space. Of more, the plane goes through the optimum (else
 * through where the last run ends) and through where the first run starts, each as its nearest point of A x = b, and otherwise along the
 * direction in which the runs move most: what it cuts of a convex set is then seen with both on it.
 */
function feasibleCoordinates(
  { structure, optimum }: Pick<Study, 'structure' | 'optimum'>,
  { points }: PlaneRequest,
): SeenPlane | null {
  const { affine, size } = structure;
  if (!affine?.isConsistent || size - affine.rank < 2) return null;
  const least = [...matrixVector(pseudoinverse(affine.A), affine.b)];
  const basis = transposed(nullSpaceBasis(affine.A)); // rows
  const names = ['z₁', 'z₂'] as const;
  if (basis.rows === 2)
    return { kind: 'feasible-coordinates', origin: least, directions: rowsOf(basis), names, isWhole: true };
  const columns = transposed(basis);
  const inBasis = (x: ArrayLike<number>) =>
    matrixVector(
      basis,
      Float64Array.from(least, (value, i) => at(x, i) - value),
    );
  const count = points.length / size;
  const path = Array.from({ length: count }, (_, p) => inBasis(points.subarray(p * size, (p + 1) * size)));
  const end = optimum ? inBasis(optimum.x) : at(path, count - 1);
  const toEnd = [...end].map((value, k) => value - at(at(path, 0), k));
  const length = Math.hypot(...toEnd);
  const isMoving = length > PARALLEL * (1 + Math.hypot(...end));
  const first = isMoving ? [toEnd.map((value) => value / length)] : [];
  const rest = path.map((z) => first.reduce((left, unit) => without(left, unit), [...z]));
  const most = principal(Float64Array.from(rest.flat()), basis.rows).directions;
  const directions = completed(
    orthonormal([...first, ...most].map((vector) => ({ vector }))).map(({ vector }) => vector),
    basis.rows,
  );
  const lift = (z: readonly number[]) => [...matrixVector(columns, Float64Array.from(z))];
  return {
    kind: 'feasible-coordinates',
    origin: lift([...end]).map((value, i) => value + at(least, i)),
    directions: directions.map(lift),
    names,
    isWhole: false,
  };
}

function components({ problem }: Pick<Study, 'problem'>, { points }: PlaneRequest): SeenPlane | null {
  if (problem.size < 2) return null;
  const { mean, directions, shares } = principal(points, problem.size);
  const percent = (share = 0) => `${shortNumber(100 * share, 3)} %`;
  const names = directions.map((_, k) => `component ${k + 1} (${percent(shares[k])})`);
  return { kind: 'components', origin: mean, directions, names, shares, isWhole: problem.size === 2 };
}

/**
 * Through an iterate x along two directions, made orthonormal in their order. Where one has no length, or lies along the other, a
 * direction in which the shown paths move most takes its place, or any where none moved.
 */
function slice({ problem }: Pick<Study, 'problem'>, { points, through }: PlaneRequest): SeenPlane | null {
  if (!through || problem.size < 2 || through.x.length !== problem.size) return null;
  const { x } = through;
  const wanted = sliceDirections(problem, through, () => principal(points, problem.size));
  const found = orthonormal(wanted);
  if (found.length < 2) return null;
  return {
    kind: 'slice',
    origin: [...x],
    directions: found.map(({ vector }) => vector),
    names: found.map(({ name }, k) => name ?? (k === 0 ? 'any direction' : 'at right angles to it')),
    isWhole: problem.size === 2,
  };
}

/** Gram–Schmidt, in their order: the first two that have a length of their own. */
function orthonormal(wanted: readonly NamedDirection[]) {
  const found: { name?: string; vector: number[] }[] = [];
  for (const { vector, ...named } of wanted) {
    const size = Math.hypot(...vector);
    if (found.length === 2 || !Number.isFinite(size) || size === 0) continue;
    const across = found.reduce((rest, other) => without(rest, other.vector), [...vector]);
    const length = Math.hypot(...across);
    if (length < PARALLEL * size) continue;
    found.push({ ...named, vector: across.map((entry) => entry / length) });
  }
  return found;
}

/** Below this, relative to its length, nothing is left of a direction across another. */
const PARALLEL = 1e-6;

/** v − (v·u) u, twice against rounding; ‖u‖ = 1. */
const without = (vector: readonly number[], unit: readonly number[]): number[] => {
  const once = (v: readonly number[]) => {
    const share = v.reduce((sum, value, i) => sum + value * at(unit, i), 0);
    return v.map((value, i) => value - share * at(unit, i));
  };
  return once(once(vector));
};

/**
 * Mean, the two orthonormal directions of largest variance, and the share of the variance that each explains; of points that lie
 * on a line the second direction is any across it. The largest entry of a direction is positive.
 */
function principal(points: Float64Array, size: number) {
  const count = Math.max(1, points.length / size);
  const mean = Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < count; p++) sum += points[p * size + i] ?? 0;
    return sum / count;
  });
  const centred: Matrix = { rows: count, columns: size, data: points.map((value, i) => value - at(mean, i % size)) };
  const { right, rank, singularValues } = decompose(centred);
  const found = Array.from({ length: Math.min(2, rank) }, (_, k) =>
    upright(Array.from({ length: size }, (_, i) => at(right.data, i * rank + k))),
  );
  const total = singularValues.reduce((sum, value) => sum + value ** 2, 0);
  const shares = [0, 1].map((k) => (total > 0 ? (singularValues[k] ?? 0) ** 2 / total : 0));
  return { mean, directions: completed(found, size), moved: found.length, shares };
}

const upright = (vector: readonly number[]): number[] => {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return vector.map((value) => (largest < 0 ? -value : value));
};

function completed(found: readonly number[][], size: number): number[][] {
  if (found.length >= 2) return [...found];
  const rows: Matrix = {
    rows: Math.max(1, found.length),
    columns: size,
    data: Float64Array.from(found.length > 0 ? found.flat() : new Array<number>(size).fill(0)),
  };
  return [...found, ...rowsOf(transposed(nullSpaceBasis(rows)))].slice(0, 2);
}

const rowsOf = ({ rows, columns, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, (row + 1) * columns)]);
