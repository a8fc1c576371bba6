/** Rays of the feasible set along which what is minimised falls for ever: why a problem has no optimum. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Structure } from '../structure.ts';
import { type Cone, isInCone, levelIn, nearestDirection } from './cone.ts';
import { flatteningDirection } from './flattening.ts';
import { type Arrival, interiorPointStages } from './interior-point.ts';
import { restored } from './look-around.ts';
import { type Model, modelOf } from './model.ts';
import { polished } from './polish.ts';

export interface Ray {
  /** A feasible point, */
  readonly from: readonly number[];
  /** and a direction, max |entry| = 1: all points from + s·along with s ≥ 0 are feasible. */
  readonly along: readonly number[];
}

export type Descent =
  | {
      readonly ray: Ray;
      /** How it falls: `linear` and `quadratic` are proofs that it has no bound; else it was followed to s = 1e9. */
      readonly kind: 'linear' | 'quadratic' | 'followed';
      /** Whether the loss falls below every bound, or only on and on, towards a value that it never takes. */
      readonly isUnbounded: boolean;
      /** Of the loss in s, at s = 0. */
      readonly slope: number;
      /** Towards which it falls, as far as it was followed. */
      readonly limit: number;
    }
  /** A feasible point far out, to which a search came, and the loss there. */
  | { readonly kind: 'reached'; readonly point: readonly number[]; readonly loss: number; readonly isUnbounded: true };

/** Entries below this, relative to the largest, are rounding. */
const ROUNDING = 1e-9;
/** Rounds of the power method. */
const ROUNDS = 60;
/** s = 1, √10, 10, …, 1e9, */
const SAMPLES = 19;
/** and the last of them, between which the fall may not lessen. */
const WATCHED = 9;
/** Points from which a search sets out. */
const STARTS = 3;
/** Entries that are computed in all to follow rays. */
const WORK = 1e8;
/** A violation far out below this, relative to the point, is rounding. */
const FAR_ROUNDING = 1e-11;
/** What counts as far out. */
const FAR = 1e6;

/**
 * How f falls for ever from the feasible point `from`, with pauses; null where nothing of the kind was found. Where f is linear, or
 * quadratic and convex, and all rows are affine, it does not then. Other constraints keep their entries where they are. `isMinimum`:
 * no search is to go down from there.
 * Source: Rockafellar 1970, Convex Analysis, §8 (recession cones), theorem 27.1; Moreau 1962 (the steepest ray is the projection of
 * −∇f onto the cone of rays).
 */
export function* descentStages(
  problem: Problem,
  structure: Structure,
  from: ArrayLike<number>,
  isMinimum = false,
): Stages<Descent | null> {
  const model = modelOf(problem);
  const cone = coneOf(problem, structure);
  const start = Float64Array.from(from);
  const isQuadratic = structure.lossDegree <= 2;
  const first = isQuadratic ? quadraticDescent(model, cone, start) : yield* followedDescent(model, cone, start);
  if (first || isMinimum) return first;
  for (let k = 0; k < STARTS; k++) {
    yield;
    const begin = start.map((entry, i) => entry + k * Math.sin(1 + 2.3 * i + 7.1 * k));
    const beside = restored(model, begin);
    const along = beside && (yield* followedDescent(model, cone, beside));
    if (along) return along;
    const ends: Float64Array[] = [];
    const arrival = yield* interiorPointStages(model, begin, undefined, (x) => ends.push(x));
    const [end] = ends;
    const found = arrival ? yield* flattened(model, cone, start, arrival) : end && outwards(model, cone, start, end);
    if (found) return found;
  }
  return null;
}

/** Where a search went far out: a ray in that direction from where it left, or else the point itself. */
function outwards(model: Model, cone: Cone, start: Float64Array, far: Float64Array): Descent | null {
  const way = far.map((entry, i) => entry - at(start, i));
  const along = onto(cone, way);
  if (along) {
    const share = dot(way, along) / dot(along, along);
    const base = far.map((entry, i) => roundedOff(entry - share * at(along, i), maximumNorm(far)));
    const slope = dot(model.at(base).gradient, along);
    const fall = isFeasible(model, base) && slope < 0 ? followed(model, base, along) : null;
    const ray = { from: [...base], along };
    if (fall?.isUnbounded) return { ray, kind: 'followed', slope, ...fall };
  }
  const point = restored(model, far);
  if (!point || !isFeasible(model, point)) return null;
  const { loss } = model.values(point);
  const isLow = maximumNorm(point) > FAR && loss < model.values(start).loss - Math.sqrt(maximumNorm(point));
  return isLow ? { kind: 'reached', point: [...point], loss, isUnbounded: true } : null;
}

/** Where a search came to rest, though the loss only flattens out there: from beside where it set out, if that is feasible. */
function* flattened(model: Model, cone: Cone, start: Float64Array, arrival: Arrival): Stages<Descent | null> {
  const found = polished(model, arrival) ?? arrival;
  const x = Float64Array.from(found.x);
  const nearest = yield* flatteningDirection(model, found, start);
  if (!nearest) return null;
  const simple = Array.from(nearest, tidy);
  const along = isInCone(cone, simple) ? simple : [...nearest];
  const share =
    dot(
      x.map((entry, i) => entry - at(start, i)),
      along,
    ) / dot(along, along);
  const beside = x.map((entry, i) => roundedOff(entry - share * at(along, i), maximumNorm(x)));
  const base = isFeasible(model, beside) ? beside : x;
  const slope = dot(model.at(base).gradient, along);
  const limit = model.values(x).loss;
  return { ray: { from: [...base], along }, kind: 'followed', isUnbounded: false, slope, limit };
}

/** A difference of two numbers of this size, without what is only their rounding. */
const roundedOff = (entry: number, size: number): number => {
  const unit = 10 ** Math.ceil(Math.log10(1e-15 * size));
  return Math.round(entry / unit) * unit;
};

function isFeasible(model: Model, x: Float64Array): boolean {
  const room = FAR_ROUNDING * (1 + maximumNorm(x));
  const { residual } = model.values(x);
  return model.relations.every(
    (relation, row) => (relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)) <= room,
  );
}

function* followedDescent(model: Model, cone: Cone, from: Float64Array): Stages<Descent | null> {
  const slope = (along: readonly number[]) => dot(model.at(from).gradient, along);
  let unattained: Descent | null = null;
  let rays = Math.floor(WORK / (SAMPLES * model.cost));
  for (const along of directions(model, cone, from)) {
    if (rays-- <= 0) break;
    yield;
    const fall = followed(model, from, along);
    if (!fall) continue;
    const descent = { ray: { from: [...from], along }, kind: 'followed' as const, slope: slope(along), ...fall };
    if (descent.isUnbounded) return descent;
    unattained ??= descent;
  }
  return unattained;
}

/** {d : J d = 0, or ≤ 0}: the directions in which every feasible point may go for ever. */
function coneOf({ size, constraints: typed }: Problem, { constraints }: Structure): Cone {
  const rows = constraints.flatMap(({ affine, bounds, halfSpaces, relation, coordinates }, k) => {
    if (affine) return affine.A.map((row) => ({ relation, row }));
    const unit = (entry: number, scale: number) => Array.from({ length: size }, (_, j) => (j === entry ? scale : 0));
    if (bounds) return bounds.entries.map((entry, i) => ({ relation, row: unit(entry, at(bounds.scales, i)) }));
    if (halfSpaces) return halfSpaces.A.map((row) => ({ relation: at(typed, k).relation, row }));
    return coordinates.map((entry) => ({ relation: 'equality' as const, row: unit(entry, 1) }));
  });
  return {
    relations: rows.map(({ relation }) => relation),
    jacobian: Float64Array.from(rows.flatMap(({ row }) => row)),
  };
}

/** The nearest direction of the cone, in simple numbers where those are meant. */
function onto(cone: Cone, direction: ArrayLike<number>): number[] | null {
  const nearest = nearestDirection(cone, direction);
  const along = nearest && Array.from(nearest, tidy);
  return along && isInCone(cone, along) ? along : null;
}

/** Without the rounding of numbers that are simple: a ray must stay in the set however far one goes. */
const tidy = (entry: number): number => {
  const rounded = Math.round(entry * 720_720) / 720_720; // fractions with a denominator up to 16
  return Math.abs(rounded - entry) <= ROUNDING ? rounded : entry;
};

/** f = ½xᵀHx + q·x + c. */
function quadraticDescent(model: Model, cone: Cone, from: Float64Array): Descent | null {
  const n = model.size;
  const { data: H } = model.hessian(new Float64Array(n), new Float64Array(model.relations.length));
  const { gradient } = model.at(from);
  if (![...H, ...gradient].every(Number.isFinite)) return null;
  const curved = maximumNorm(H) > 0;
  const rayOf = (along: readonly number[]): Ray => ({ from: [...from], along });
  const level = onto(
    curved ? levelIn(cone, H, n) : cone,
    gradient.map((entry) => -entry),
  );
  const slope = level ? dot(gradient, level) : 0;
  if (level && slope < -ROUNDING * maximumNorm(gradient))
    return { ray: rayOf(level), isUnbounded: true, kind: 'linear', slope, limit: Number.NEGATIVE_INFINITY };
  const scale = maximumNorm(H);
  for (const along of curved ? downwards(H, cone, n) : []) {
    if (dot(product(H, along), along) < -ROUNDING * scale)
      return { ray: rayOf(along), isUnbounded: true, kind: 'quadratic', slope: 0, limit: Number.NEGATIVE_INFINITY };
  }
  return null;
}

/** Directions of the cone in which xᵀHx may be below 0: power iterations of −H from its eigenvectors and from the entries. */
function* downwards(H: Float64Array, cone: Cone, n: number): Generator<number[]> {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Dense.from1DArray(n, n, H), {
    assumeSymmetric: true,
  });
  const shift = Math.max(...realEigenvalues.map(Math.abs));
  if (Math.min(...realEigenvalues) >= -ROUNDING * shift) return;
  const own = realEigenvalues.flatMap((value, k) => (value < 0 ? [eigenvectorMatrix.getColumn(k)] : []));
  const entries = Array.from({ length: n }, (_, j) => Array.from({ length: n }, (_unused, i) => (i === j ? 1 : 0)));
  for (const first of [...own, ...entries].flatMap((vector) => [vector, vector.map((entry) => -entry)])) {
    let along = onto(cone, first);
    for (let k = 0; along && k < ROUNDS; k++) {
      yield along;
      const pull = product(H, along);
      along = onto(
        cone,
        along.map((entry, i) => shift * entry - at(pull, i)),
      );
    }
  }
}

/** Where the gradient points, at the point and far out in that direction; and along the entries. */
function* directions(model: Model, cone: Cone, from: Float64Array): Generator<number[]> {
  const descent = (x: Float64Array) =>
    onto(
      cone,
      model.at(x).gradient.map((entry) => -entry),
    );
  for (let distance = 0, along: number[] | null = null; distance <= 1e6; distance = Math.max(1, 100 * distance)) {
    const ahead: readonly number[] = along ?? [];
    along = descent(from.map((entry, i) => entry + distance * (ahead[i] ?? 0)));
    if (!along) break;
    yield along;
  }
  for (let j = 0; j < model.size; j++)
    for (const sign of [1, -1]) {
      const along = onto(
        cone,
        Array.from(from, (_, i) => (i === j ? sign : 0)),
      );
      if (along) yield along;
    }
}

interface Fall {
  readonly isUnbounded: boolean;
  readonly limit: number;
}

/**
 * Whether f falls at the end, and no less between the last samples than between the ones before; or ever less, but from the first to
 * the last and still at s = 10.
 */
function followed(model: Model, from: Float64Array, along: readonly number[]): Fall | null {
  const pointAt = (s: number) => from.map((entry, i) => entry + s * at(along, i));
  const losses = Array.from({ length: SAMPLES }, (_, k) => model.values(pointAt(10 ** (k / 2))).loss);
  const first = model.values(from).loss;
  const limit = at(losses, SAMPLES - 1);
  if (![first, ...losses].every(Number.isFinite) || !(limit < first)) return null;
  const falls = losses.slice(1).map((loss, k) => at(losses, k) - loss);
  const last = falls.slice(-WATCHED);
  if (last.every((fall, k) => fall > 0 && (k === 0 || fall >= 0.99 * at(last, k - 1))))
    return { isUnbounded: true, limit };
  const isFalling = at(losses, 0) < first && falls.every((fall) => fall >= 0);
  return isFalling && dot(model.at(pointAt(10)).gradient, along) < 0 ? { isUnbounded: false, limit } : null;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, entry, i) => sum + entry * at(b, i), 0);

const product = (H: Float64Array, x: readonly number[]): number[] =>
  x.map((_, i) => dot(H.subarray(i * x.length, (i + 1) * x.length), x));
