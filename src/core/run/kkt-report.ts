/** What the conditions of Karush, Kuhn and Tucker say of one point: the parts of the gradient, multipliers, and a sentence. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { MultiplierSolver } from '../analysis/optimum/kkt.ts';
import { type Local, type Model, modelOf } from '../analysis/optimum/model.ts';
import { haveRowsCorners, rowsAtCorner, type Turn, turnsOfRows } from '../analysis/optimum/rows-at-corner.ts';
import { type CornerSlope, slopesAtCorner } from '../analysis/optimum/slopes-at-corner.ts';
import { at } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import {
  decompose,
  type Matrix,
  matrixVector,
  nullSpaceBasis,
  rowSpaceBasis,
  selectRows,
  transposed,
} from '../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../tensor/norms.ts';
import { firstOrder } from './first-order.ts';

/** How far multipliers are from the conditions of a minimum; feasibility does not depend on them. */
export interface Multiplied {
  /** One a row in the order typed. */
  readonly multipliers: readonly number[];
  /** ‖∇f + Jᵀm‖₂. */
  readonly stationarity: number;
  /** The least μ, or 0 where there is none below: how far μ ≥ 0 is broken, as it is read. */
  readonly leastMultiplier: number;
  /** Largest |μ·g|. */
  readonly complementarity: number;
}

export interface KktReport extends Multiplied {
  /** Positions of the equalities and of the inequalities without room. */
  readonly active: readonly number[];
  /** Length of ∇f, of its part along the active rows' common tangent space, and of its part across. */
  readonly gradient: number;
  readonly tangent: number;
  readonly normal: number;
  /** h or g of each row, and which it is. */
  readonly residual: readonly number[];
  readonly relations: readonly ('equality' | 'inequality')[];
  /** Largest |h| or max(g, 0). */
  readonly violation: number;
  /** With the method's own multipliers in place of those that fit best; null where it keeps none. */
  readonly own: Multiplied | null;
  /** What counts as 0: of a constraint, and of ∇L. */
  readonly room: number;
  readonly still: number;
  /** Whether the active rows' gradients are independent (LICQ): then the multipliers are the only ones. */
  readonly areIndependent: boolean;
  /** Whether no other multipliers with μ ≥ 0 balance the loss as well; null where that was not decided. */
  readonly areUnique: boolean | null;
  /** Rows of which other multipliers do as well, as far as that was decided; none where they are the only ones. */
  readonly shared: readonly number[];
  /** Whether an optimum here has multipliers for certain: the gradients are independent, of straight rows, or of constant rank. */
  readonly isRegular: boolean;
  /** Least eigenvalue of ∇²L on the directions that the rows with a multiplier leave; null where they leave none. */
  readonly curvature: number | null;
  readonly verdict: string;
}

/** Second derivatives are formed entry by entry: for small problems only. */
const KKT_REPORT_LIMIT = 40;
/** Where the slopes that corners of rows have by default leave less than this, relative to 1 + ‖∇f‖, no others are looked for. */
const OFF = 1e-9;
/** A multiplier below this, relative to 1 + ‖∇f‖, may be 0. */
const WEAK = 1e-6;
/** Curvature below this, relative to the largest, is none; */
const FLAT = 1e-8;
/** and one is not believed where a Newton step along it would be longer than this, relative to 1 + |x|∞. */
const REACH = 0.1;

/**
 * The conditions at x and t = 0; `tolerance` is what counts as zero, relative to 1 + ‖∇f‖ and 1 + |x|∞. Null where a value there
 * is not finite, and for more than 40 parameters. The multipliers are those with μ ≥ 0 of least ‖∇f + Jᵀm‖₂; `own` are a method's, a
 * row each. Soft constraints count as part of the loss.
 * Source: Nocedal & Wright 2006, Theorems 12.1, 12.5 and 12.6, Definition 12.4 (LICQ).
 */
export function kktReporter(problem: Problem): KktReporter | null {
  if (problem.size === 0 || problem.size > KKT_REPORT_LIMIT) return null;
  const model = modelOf(problem);
  const first = firstOrder(problem);
  const slopes = slopesAtCorner(problem);
  const [rowsAt, turns] = haveRowsCorners(problem)
    ? [rowsAtCorner(problem), turnsOfRows(problem)]
    : [() => null, () => null];
  const words = WORDS[problem.sense];
  return (x, tolerance, own) => report(model, first(x), { slopes, rowsAt, turns }, x, tolerance, words, own);
}

export type KktReporter = (x: Float64Array, tolerance: number, own?: readonly number[]) => KktReport | null;

interface Corners {
  readonly slopes: ReturnType<typeof slopesAtCorner>;
  readonly rowsAt: ReturnType<typeof rowsAtCorner>;
  readonly turns: ReturnType<typeof turnsOfRows>;
}

function report(
  model: Model,
  measured: Local,
  corners: Corners,
  x: Float64Array,
  tolerance: number,
  words: Words,
  own?: readonly number[],
): KktReport | null {
  const { loss, residual } = measured;
  const values = [[loss], measured.gradient, residual, measured.jacobian.data];
  if (!values.every((some) => some.every((value: number) => Number.isFinite(value)))) return null;
  const { relations } = model;
  const room = tolerance * (1 + maximumNorm(x));
  const active = relations.flatMap((relation, row) =>
    relation === 'equality' || at(residual, row) >= -room ? [row] : [],
  );
  // Rows that are met within the tolerance count as met exactly, so that they are active for the multipliers, too.
  const snapped = residual.map((value, row) => (active.includes(row) ? Math.max(value, 0) : value));
  const balanced = (local: Local) => {
    const rows = { relations, jacobian: local.jacobian.data, residual: snapped };
    const corner = corners.slopes(x, rows, tolerance);
    const here = corner ? { ...local, gradient: corner.gradient } : local;
    const { multipliers, stationarity } = new MultiplierSolver().solve(here.gradient, rows, maximumNorm(x));
    return { corner, here, multipliers, stationarity: Math.hypot(stationarity, corner?.rest ?? 0) };
  };
  const first = balanced(measured);
  const isOff = first.stationarity > OFF * (1 + euclideanNorm(first.here.gradient));
  const rows = { relations, jacobian: measured.jacobian.data, residual: snapped };
  const answer = isOff ? corners.rowsAt(x, rows, tolerance) : null;
  const other = answer
    ? balanced({ ...measured, gradient: answer.gradient, jacobian: { ...measured.jacobian, data: answer.jacobian } })
    : first;
  const { corner, here, multipliers, stationarity } = other.stationarity < first.stationarity ? other : first;
  const { gradient, jacobian } = here;
  const normals = selectRows(jacobian, active);
  const across = active.length === 0 ? 0 : euclideanNorm(matrixVector(rowSpaceBasis(normals), gradient));
  const size = euclideanNorm(gradient);
  const strong = active.filter((row) => at(relations, row) === 'equality' || at(multipliers, row) > WEAK * (1 + size));
  const curvature = corner
    ? curvatureAtCorner(corner, multipliers, strong, WEAK * (1 + size))
    : curvatureOn(model, x, multipliers, selectRows(jacobian, strong));
  const areIndependent = active.length === 0 || decompose(normals).rank === active.length;
  const shared = areIndependent ? [] : sharedRows(normals, relations, active, strong);
  const facts = {
    active,
    gradient: size,
    tangent: Math.sqrt(Math.max(0, size ** 2 - across ** 2)),
    normal: across,
    ...multiplied(multipliers, here, relations),
    stationarity,
    own: own?.length === relations.length && own.every(Number.isFinite) ? multiplied(own, here, relations) : null,
    residual: [...residual],
    relations,
    room,
    still: tolerance * (1 + size),
    violation: relations.reduce(
      (most, relation, row) =>
        Math.max(most, relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)),
      0,
    ),
    areIndependent,
    areUnique: shared && shared.length === 0,
    shared: shared ?? [],
    isRegular: areIndependent || !areBent(model, x, active) || isRankConstant(model, x, active, normals),
    curvature: curvature?.least ?? null,
  };
  const isWeakCorner = corner?.forces.some((force) => force <= WEAK * (1 + size)) ?? false;
  const areWeak = strong.length < active.length || isWeakCorner;
  const flat = Math.max(FLAT * (curvature?.scale ?? 0), facts.stationarity / (REACH * (1 + maximumNorm(x))));
  const turn = corners.turns(x, active, multipliers, room);
  return { ...facts, verdict: inWords(facts, curvature?.least ?? null, flat, areWeak, turn, room, words) };
}

/**
 * Of gradients that depend on each other: the rows in which some w ≠ 0 with Jᵀw = 0 can be added to the multipliers, with w ≥ 0 on
 * inequalities whose multiplier is 0; none where these are the only multipliers. Decided where the rows that press depend on each other,
 * and where there is one such w; else null.
 * Source: Kyparisis 1985, Mathematical Programming 32, 242–246 (the strict Mangasarian–Fromovitz condition).
 */
function sharedRows(
  normals: Matrix,
  relations: KktReport['relations'],
  active: readonly number[],
  strong: readonly number[],
): readonly number[] | null {
  const isStrong = active.map((row) => at(relations, row) === 'equality' || strong.includes(row));
  const pressing = isStrong.flatMap((is, i) => (is ? [i] : []));
  const free = pressing.length > 0 ? nullSpaceBasis(transposed(selectRows(normals, pressing))) : null;
  if (free && free.columns > 0) return rowsIn(free).map((i) => at(active, at(pressing, i)));
  const all = nullSpaceBasis(transposed(normals));
  if (all.columns !== 1) return null;
  const weak = isStrong.flatMap((is, i) => (is ? [] : [at(all.data, i)]));
  const isOneSided = weak.every((entry) => entry >= -WEAK) || weak.every((entry) => entry <= WEAK);
  return isOneSided ? rowsIn(all).map((i) => at(active, i)) : [];
}

/** The rows of a matrix that are not 0. */
const rowsIn = ({ rows, columns, data }: Matrix): number[] =>
  Array.from({ length: rows }, (_, i) => i).filter((i) =>
    data.subarray(i * columns, (i + 1) * columns).some((entry) => Math.abs(entry) > WEAK),
  );

function multiplied(
  multipliers: ArrayLike<number>,
  { gradient, residual, jacobian }: Local,
  relations: KktReport['relations'],
): Multiplied {
  const slope = gradient.slice();
  let [leastMultiplier, complementarity] = [0, 0];
  relations.forEach((relation, row) => {
    const m = at(multipliers, row);
    for (let j = 0; j < slope.length; j++) slope[j] = at(slope, j) + m * at(jacobian.data, row * slope.length + j);
    if (relation === 'equality') return;
    leastMultiplier = Math.min(leastMultiplier, m);
    complementarity = Math.max(complementarity, Math.abs(m * at(residual, row)));
  });
  return { multipliers: Array.from(multipliers), stationarity: euclideanNorm(slope), leastMultiplier, complementarity };
}

/** A point off x in no direction of note. */
const besideOf = (x: Float64Array): Float64Array =>
  x.map((entry, i) => entry + REACH * (1 + Math.abs(entry)) * Math.sin(1 + 2.3 * i));

/**
 * Whether the equalities' gradients have about x the rank that they have at x, as where a row stands twice, and those of the
 * inequalities add one each: then these keep every rank, too, and an optimum has multipliers.
 * Source: Janin 1984, Mathematical Programming Study 21, 110–126 (the constant rank condition).
 */
function isRankConstant(model: Model, x: Float64Array, active: readonly number[], normals: Matrix): boolean {
  const equalities = active.flatMap((row, i) => (at(model.relations, row) === 'equality' ? [i] : []));
  const beside = model.at(besideOf(x)).jacobian;
  if (!beside.data.every((entry) => Number.isFinite(entry))) return false;
  const rank = decompose(selectRows(normals, equalities)).rank;
  const rankBeside = decompose(
    selectRows(
      beside,
      equalities.map((i) => at(active, i)),
    ),
  ).rank;
  return rankBeside === rank && decompose(normals).rank === rank + active.length - equalities.length;
}

/** Whether one of these rows has second derivatives, at x or beside it: x³ has none at 0. */
function areBent(model: Model, x: Float64Array, rows: readonly number[]): boolean {
  const beside = besideOf(x);
  const bends = (point: Float64Array, row: number) =>
    model.curvature(point, unit(model.relations.length, row)).data.some((entry) => !(Math.abs(entry) <= FLAT));
  return rows.some((row) => bends(x, row) || bends(beside, row));
}

const unit = (size: number, position: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => (i === position ? 1 : 0));

interface Curvature {
  readonly least: number;
  /** Of ∇²L as a whole. */
  readonly scale: number;
}

function curvatureOn(model: Model, x: Float64Array, multipliers: Float64Array, normals: Matrix): Curvature | null {
  const Z = nullSpaceBasis(normals);
  if (Z.columns === 0) return null;
  const W = model.hessian(x, multipliers);
  if (!W.data.every((value) => Number.isFinite(value))) return { least: Number.NaN, scale: 1 };
  const [basis, whole] = [Z, W].map(({ rows, columns, data }) => Dense.from1DArray(rows, columns, data)) as [
    Dense,
    Dense,
  ];
  const reduced = basis.transpose().mmul(whole).mmul(basis);
  const { realEigenvalues } = new EigenvalueDecomposition(reduced, { assumeSymmetric: true });
  return { least: Math.min(...realEigenvalues), scale: 1 + maximumNorm(W.data) };
}

/** With the corners' variables: those whose pieces all press leave no direction. */
function curvatureAtCorner(
  { model, point, forces }: CornerSlope,
  multipliers: Float64Array,
  strong: readonly number[],
  weak: number,
): Curvature | null {
  const all = Float64Array.from([...multipliers, ...forces]);
  const pressing = model.definitions.filter((_, k) => at(forces, k) > weak);
  return curvatureOn(model, point, all, selectRows(model.at(point).jacobian, [...strong, ...pressing]));
}

type Facts = Omit<KktReport, 'verdict'>;

/** An optimum, in the sense in which the objective was typed. */
const WORDS = {
  minimize: { optimum: 'minimum', optima: 'minima', better: 'lowers', worse: 'downwards' },
  maximize: { optimum: 'maximum', optima: 'maxima', better: 'raises', worse: 'upwards' },
} as const;
type Words = (typeof WORDS)[keyof typeof WORDS];

function inWords(
  { violation, stationarity, still, active, relations, isRegular }: Facts,
  curvature: number | null,
  flat: number,
  areWeak: boolean,
  turn: Turn | null,
  room: number,
  { optimum, optima, better, worse }: Words,
): string {
  const [isFree, isInside] = [relations.length === 0, active.length === 0];
  if (violation > room) return 'Not feasible: a constraint is broken here.';
  if (stationarity > still && !isRegular)
    return 'Feasible, and no multipliers balance the loss here. That need not tell against it: the constraints’ slopes vanish or depend on each other at this point, where even an optimum may have none.';
  if (stationarity > still && turn?.isAnswered === false)
    return 'Feasible, and no multipliers balance the loss here. That need not tell against it: a constraint has a corner at this point, where it has more slopes than the one that is taken.';
  if (stationarity > still) {
    const way = isInside ? 'a step along the slope' : 'a direction that the constraints allow';
    return `${isFree ? 'Not stationary' : 'Feasible but not stationary'}: ${way} ${better} the objective.`;
  }
  const here = isFree ? 'Stationary' : 'Feasible and stationary';
  const isUpwards = curvature === null || curvature > flat;
  if (turn && !(turn.isUpwards && isUpwards))
    return `${here}; whether it is a ${optimum} cannot be told, as a constraint has a corner at this point.`;
  if (isUpwards) return `${here}: a strict local ${optimum}.`;
  if (curvature < -flat)
    return areWeak
      ? `${here}; whether it is a ${optimum} cannot be told, as a constraint that is met exactly has no force.`
      : `${here}, but not a ${optimum}: the objective curves ${worse} ${isInside ? 'in some direction' : 'along the constraints'}.`;
  return `${here}. In some direction the objective is flat here: it may be one of many ${optima}, or none.`;
}
