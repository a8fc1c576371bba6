/** Whether a loss only flattens out where a search for a minimum ended: in a direction of next to no curvature it falls for ever. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import { matrixVector, nullSpaceBasis, selectRows } from '../../tensor/matrix.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { type Cone, levelIn, nearestDirection } from './cone.ts';
import { MultiplierSolver } from './kkt.ts';
import type { Local, Model } from './model.ts';
import { WEAK } from './polish.ts';

/** Curvature below this, relative to the largest, is next to none. */
const FLAT = 1e-6;
/** Of larger problems, the way that the search came is followed alone. */
const MOST_ENTRIES = 40;
/** s = 1, 2, 4, … times the first length, which is this part of 1 + |x|. */
const [FIRST, DOUBLINGS] = [1e-3, 30];
/** Of the stretch in which a place is sought. */
const HALVINGS = 40;
/** Doublings after which a loss without a number says nothing against what it was until then. */
const FEWEST_DOUBLINGS = 15;
/** A rise of the loss below this, relative to 1 + |f|, is rounding; and far out, where large terms cancel, below this times how far. */
const [RISE, FAR_RISE] = [1e-12, 1e-14];
/** What is left of a slope beside the terms that cancel in it. */
const SLOPE_ROUNDING = 4e-16;
/** A slope this much above its rounding tells how it goes on, or, where it never is so steep, this part of the steepest. */
const [CLEAR, PART, LEAST_CLEAR] = [1e9, 0.03, 1e5];
/** Newton's steps, in one, after which a slope with a zero of order four or less is past it, or next to nothing; and how often. */
const [STEPS_AT_ONCE, TIMES] = [5, 3];
/** Of the slope before. */
const NEXT_TO_NOTHING = 1e-3;
/** Entries that are computed in all. */
const WORK = 2e7;

/** Where a search ended: x and a multiplier a row. */
interface Ended {
  readonly x: ArrayLike<number>;
  readonly multipliers: ArrayLike<number>;
}

/**
 * A direction of the feasible set, max |entry| = 1, in which f falls from x on and on, towards a value that it never takes; null where
 * none was found. On a line x + s·d of no curvature at x it does if it rises nowhere ahead, and if from a place behind x, where its slope is
 * clearly more than rounding, Newton's method on the slope comes to no zero: e⁻ˢ against max(0, 1 − s)². A valley of minima has no slope
 * anywhere, and of rows only affine ones are followed far. `from` is where the search set out.
 * Source: Rockafellar 1970, Convex Analysis, theorem 27.1 (directions of recession in which f is not constant).
 */
export function* flatteningDirection(model: Model, found: Ended, from: Float64Array): Stages<Float64Array | null> {
  const x = Float64Array.from(found.x);
  const flat = flatCone(model, found);
  if (!flat) return null;
  const { cone, W } = flat;
  const solver = new MultiplierSolver();
  let looks = Math.floor(WORK / model.cost);
  for (const wanted of wantedFrom(x, from)) {
    if (looks < 0) break;
    yield;
    const along = nearestDirection(cone, wanted, solver);
    if (!along) continue;
    const line = new Line(model, x, along, W);
    if (line.keepsFalling()) return along;
    looks -= line.looks;
  }
  return null;
}

/** Parts of 1 + |x| at which a neighbour is looked at; the first must be feasible, the others need not be. */
const NEIGHBOURS = [1e-2, 1e-3, 0.1];

/** A way that changes each typed entry by less than this, of max |entry| = 1, leads to no other point. */
const MOVES = 1e-3;

/**
 * Whether f is the same on a straight piece of the feasible set from x on, as the minima of (x + y)² are. The first `typed` entries are
 * the point; those behind stand for corners, and where a row has room they may move by themselves.
 */
export function isOneOfMany(model: Model, found: Ended, typed: number): boolean {
  const x = Float64Array.from(found.x);
  const flat = flatCone(model, found);
  if (!flat) return false;
  const { loss, residual } = model.values(x);
  const solver = new MultiplierSolver();
  const cone = bindingIn(flat.cone, residual, x);
  for (const wanted of x.length > MOST_ENTRIES ? [] : entriesOf(x, typed)) {
    const along = nearestDirection(cone, wanted, solver);
    if (!along || maximumNorm(along.subarray(0, typed)) < MOVES) continue;
    const isLevel = (part: number, k: number) => {
      const values = model.values(x.map((entry, i) => entry + part * (1 + maximumNorm(x)) * at(along, i)));
      return isKept(model, values, x) ? Math.abs(values.loss - loss) <= RISE * (1 + Math.abs(loss)) : k > 0;
    };
    if (NEIGHBOURS.every(isLevel)) return true;
  }
  return false;
}

/** Without the inequalities that have room at x: they end a piece, and begin none. */
function bindingIn({ relations, jacobian }: Cone, residual: Float64Array, x: Float64Array): Cone {
  const n = x.length;
  const hasRoom = (row: number) => (residual[row] ?? 0) < -WEAK * (1 + maximumNorm(x)); // behind the rows: level directions
  const rows = relations.flatMap((relation, row) => (relation === 'inequality' && hasRoom(row) ? [] : [row]));
  return {
    relations: rows.map((row) => at(relations, row)),
    jacobian: Float64Array.from(rows.flatMap((row) => [...jacobian.subarray(row * n, (row + 1) * n)])),
  };
}

/** Whether rows hold up to rounding at a point about as far out as this one. */
function isKept({ relations }: Model, { residual }: Pick<Local, 'residual'>, point: Float64Array): boolean {
  const allowed = 1e-11 * (1 + maximumNorm(point));
  return relations.every(
    (relation, row) => (relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)) <= allowed,
  );
}

/** The way that the search came, and both ways along each entry. */
function* wantedFrom(x: Float64Array, from: Float64Array): Generator<Float64Array> {
  yield x.map((entry, i) => entry - at(from, i));
  if (x.length <= MOST_ENTRIES) yield* entriesOf(x);
}

function* entriesOf(x: Float64Array, count = x.length): Generator<Float64Array> {
  for (let j = 0; j < count; j++) for (const sign of [1, -1]) yield x.map((_, i) => (i === j ? sign : 0));
}

/** Of the rows as they are at x, without directions in which the Lagrangian is curved; null where that is all of them. */
function flatCone(model: Model, { x, multipliers }: Ended): { readonly cone: Cone; readonly W: Float64Array } | null {
  const { relations } = model;
  const point = Float64Array.from(x);
  const { jacobian } = model.at(point);
  const W = model.hessian(point, Float64Array.from(multipliers)).data;
  if (!W.every(Number.isFinite)) return null;
  const n = jacobian.columns;
  const isHeld = (row: number) => at(relations, row) === 'equality' || at(multipliers, row) > WEAK;
  const held = relations.flatMap((_, row) => (isHeld(row) ? [row] : []));
  const Z = nullSpaceBasis(
    held.length === 0 ? { rows: 0, columns: n, data: new Float64Array(0) } : selectRows(jacobian, held),
  );
  if (Z.columns === 0) return null;
  const basis = Dense.from1DArray(n, Z.columns, Z.data);
  const reduced = basis
    .transpose()
    .mmul(Dense.from1DArray(n, n, W))
    .mmul(basis);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(reduced, { assumeSymmetric: true });
  const bound = FLAT * Math.max(1, ...realEigenvalues.map(Math.abs));
  const steep = realEigenvalues.flatMap((value, k) =>
    value > bound ? [...matrixVector(Z, eigenvectorMatrix.getColumn(k))] : [],
  );
  if (steep.length === n * Z.columns) return null;
  const kept = relations.map((relation, row) => (isHeld(row) ? ('equality' as const) : relation));
  return { cone: levelIn({ relations: kept, jacobian: jacobian.data }, Float64Array.from(steep), n), W };
}

/** f on x + s·d. */
class Line {
  /** Points that were looked at. */
  looks = 0;
  private readonly first: number;
  /** Of ∇f·d, where ∇f is a sum of terms of the size of W x. */
  private readonly rounding: number;

  constructor(
    private readonly model: Model,
    private readonly x: Float64Array,
    private readonly along: Float64Array,
    W: Float64Array,
  ) {
    this.first = FIRST * (1 + maximumNorm(x));
    const n = x.length;
    const sizes = x.map((_, i) =>
      W.subarray(i * n, (i + 1) * n).reduce((sum, entry, j) => sum + Math.abs(entry) * (1 + Math.abs(at(x, j))), 0),
    );
    this.rounding = SLOPE_ROUNDING * (1e-3 + dot(sizes, along.map(Math.abs)));
  }

  keepsFalling(): boolean {
    if (!this.staysLow()) return false;
    const begin = this.clearPlace();
    if (begin === null) return false;
    let [s, slope] = [begin, this.slope(begin)];
    const isSeen = Math.log(-slope / (100 * this.rounding)); // for so many factors of e
    const times = Math.min(TIMES, Math.max(1, Math.floor(isSeen / STEPS_AT_ONCE)));
    for (let k = 0; k < times; k++) {
      const bend = this.bend(s);
      if (!(bend > 0)) return false;
      s -= STEPS_AT_ONCE * (slope / bend);
      const next = this.slope(s);
      if (!(-next > 10 * this.rounding && -next > NEXT_TO_NOTHING * -slope)) return false;
      slope = next;
    }
    return true;
  }

  /** Whether all points ahead are feasible and none is higher. */
  private staysLow(): boolean {
    const highest = this.model.values(this.x).loss;
    for (let k = 0; k < DOUBLINGS; k++) {
      const s = this.first * 2 ** k;
      const point = this.pointAt(s);
      const room = (RISE + FAR_RISE * (maximumNorm(this.x) + s)) * (1 + Math.abs(highest));
      const values = this.model.values(point);
      this.looks += 1;
      if (!Number.isFinite(values.loss)) return k > FEWEST_DOUBLINGS;
      if (!isKept(this.model, values, point) || values.loss > highest + room) return false;
    }
    return true;
  }

  /** s ≤ 0 where f falls clearly, though as little as can be. */
  private clearPlace(): number | null {
    let [steepest, before] = [0, 0];
    const lowest = this.model.values(this.x).loss;
    const rise = (s: number) => this.model.values(this.pointAt(s)).loss - lowest;
    // Where the slope is no number, it was large before.
    const isClear = (s: number, times = CLEAR) => !(-this.slope(s) < times * this.rounding);
    for (let k = 0; k < DOUBLINGS; k++) {
      const s = -this.first * 2 ** k;
      const slope = this.slope(s);
      if (slope > 10 * this.rounding) break;
      if (Number.isFinite(slope)) steepest = Math.max(steepest, -slope);
      if (isClear(s)) return this.between(before, s, (place) => isClear(place));
      const most = rise(s);
      if (most > LEAST_CLEAR * this.rounding * -s && -slope < most / -s)
        // a cliff was passed
        return this.between(before, s, (place) => isClear(place) || !(rise(place) < most / 2));
      before = s;
    }
    const isPart = (s: number) => -this.slope(s) >= PART * steepest;
    for (let k = 0; steepest > 0 && k < DOUBLINGS; k++) {
      const s = -this.first * 2 ** k;
      if (!isPart(s)) continue;
      const place = this.between(k === 0 ? 0 : s / 2, s, isPart);
      return isClear(place, LEAST_CLEAR) ? place : null;
    }
    return null;
  }

  /** The nearer end of where something holds, between one where it does not and one where it does. */
  private between(not: number, does: number, holds: (s: number) => boolean): number {
    let [near, far] = [not, does];
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (near + far) / 2;
      if (holds(middle)) far = middle;
      else near = middle;
    }
    return far;
  }

  private pointAt(s: number): Float64Array {
    return this.x.map((entry, i) => entry + s * at(this.along, i));
  }

  /** ∇f·d. */
  private slope(s: number): number {
    this.looks += 1;
    const { gradient } = this.model.at(this.pointAt(s));
    return dot(gradient, this.along);
  }

  /** dᵀ∇²f d. */
  private bend(s: number): number {
    this.looks += this.x.length;
    const n = this.x.length;
    const { data } = this.model.hessian(this.pointAt(s), new Float64Array(this.model.relations.length));
    return this.along.reduce((sum, entry, i) => sum + entry * dot(data.subarray(i * n, (i + 1) * n), this.along), 0);
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);
