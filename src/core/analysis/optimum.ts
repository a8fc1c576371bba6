/** A local minimum of a small constrained problem, in Float64, with the KKT residual as its evidence. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { lossOf, residualOf } from '../problem/elaborate.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import { gradient, jacobian, vjp } from '../tensor/derivatives.ts';
import { Machine } from '../tensor/evaluate.ts';
import {
  euclideanNorm,
  type Matrix,
  matrixVector,
  maximumNorm,
  nullSpaceBasis,
  pseudoinverse,
  transposed,
} from '../tensor/matrix.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';

export interface Optimum {
  readonly x: readonly number[];
  readonly loss: number;
  /** One a row in the order typed: λ, and μ ≥ 0, which is 0 where inactive; of least norm where rows depend on each other. */
  readonly multipliers: readonly number[];
  /** max(‖∇f + Jᵀm‖ / (1 + ‖∇f‖), largest violation / (1 + |x|∞)). */
  readonly kktResidual: number;
}

/** The Hessian is formed entry by entry: for small problems only. */
const SIZE_LIMIT = 32;
const ITERATIONS = 100;
/** Points from which a problem that is not quadratic is tried. */
const STARTS = 12;
const HALVINGS = 40;
/** Below it the point counts as stationary and feasible. */
const TOLERANCE = 1e-9;
/** Curvature of the model is at least this, relative to its largest. */
const CURVATURE = 1e-8;

/** Every set of active inequalities is tried: 2ᵐ of them. */
const INEQUALITY_LIMIT = 6;
/** Solves in all; a problem with many active sets is tried from fewer starts. */
const SOLVES = 96;
/** Larger multipliers, next to the gradient, are those of a point without any: there no claim is made. */
const LARGEST_MULTIPLIER = 1e4;
/** An active inequality has a multiplier above this; one at 0 is found with the row left out. */
const POSITIVE = 1e-8;

/**
 * The lowest local minimum that Newton's method on the KKT system reaches from x₀ and from some seeded points around it, over
 * all sets of active inequalities; null with more than 6 inequality rows or 32 parameters, or where no minimum with positive
 * curvature and positive multipliers was reached. Of a convex problem it is the optimum; of any other the best one found.
 * Source: Nocedal & Wright 2006, §12.5 (conditions), §18.1–18.3 (Newton), exercise 16.13 (enumeration of active sets).
 */
export function findOptimum(problem: Problem, isQuadratic: boolean): Optimum | null {
  const relations = problem.constraints.flatMap(({ relation, rows }) =>
    new Array<typeof relation>(rows).fill(relation),
  );
  const rowsOf = (wanted: 'equality' | 'inequality') =>
    relations.flatMap((relation, i) => (relation === wanted ? [i] : []));
  const [equalities, inequalities] = [rowsOf('equality'), rowsOf('inequality')];
  if (problem.size === 0 || problem.size > SIZE_LIMIT || inequalities.length > INEQUALITY_LIMIT) return null;
  const model = quadraticModel(problem);
  const activeSets = subsets(inequalities).filter((active) => active.length <= problem.size);
  const starts = startsAround(
    startOf(problem),
    isQuadratic ? 1 : Math.min(STARTS, Math.max(1, Math.floor(SOLVES / activeSets.length))),
  );
  let best: Optimum | null = null;
  for (const active of activeSets) {
    const rows = [...equalities, ...active];
    for (const start of starts) {
      const found = descendFrom(restricted(model, rows), start);
      if (found === null || !keeps(model, found, inequalities, active, equalities.length)) continue;
      const multipliers = relations.map((_, row) => found.multipliers[rows.indexOf(row)] ?? 0);
      if (best === null || found.loss < best.loss - 1e-12) best = { ...found, multipliers };
    }
  }
  return best;
}

/** All subsets, the smallest first. */
function subsets(rows: readonly number[]): number[][] {
  const all: number[][] = [[]];
  for (const row of rows) all.push(...all.map((set) => [...set, row]));
  return all.sort((a, b) => a.length - b.length);
}

/** Whether the other inequalities hold at a point that was found, and the active ones push outwards. */
function keeps(
  model: Model,
  { x, multipliers }: Optimum,
  inequalities: readonly number[],
  active: readonly number[],
  offset: number,
): boolean {
  const { residual } = model.at(Float64Array.from(x));
  const bound = TOLERANCE * (1 + maximumNorm(x));
  return (
    inequalities.every((row) => active.includes(row) || at(residual, row) <= bound) &&
    active.every((_, k) => at(multipliers, offset + k) > POSITIVE)
  );
}

/** The model with some of the rows only, as equalities. */
function restricted(model: Model, rows: readonly number[]): Model {
  let all = 0;
  return {
    at(x) {
      const { residual, jacobian: J, ...rest } = model.at(x);
      all = residual.length;
      const data = Float64Array.from(
        rows.flatMap((row) => [...J.data.subarray(row * J.columns, (row + 1) * J.columns)]),
      );
      return {
        ...rest,
        residual: Float64Array.from(rows, (row) => at(residual, row)),
        jacobian: { rows: rows.length, columns: J.columns, data },
      };
    },
    hessian(x, multipliers) {
      const full = new Float64Array(all);
      rows.forEach((row, k) => {
        full[row] = at(multipliers, k);
      });
      return model.hessian(x, full);
    },
  };
}

/** x₀, then points around it at growing distance: a fixed sequence, so that the same text has the same optimum. */
function startsAround(start: Float64Array, count: number): Float64Array[] {
  const random = draws(1);
  return Array.from({ length: count }, (_, k) =>
    start.map((entry) => (k === 0 ? entry : entry + k * (random.uniform() - 0.5))),
  );
}

/** p = −J⁺h + Z w with w = −|ZᵀHZ|⁻¹ Zᵀ(∇f − H J⁺h), the step halved until the merit f + ν‖h‖₁ falls. */
function descendFrom(model: Model, start: Float64Array): Optimum | null {
  let x = start;
  for (let k = 0; k < ITERATIONS; k++) {
    const here = model.at(x);
    if (!Number.isFinite(here.loss) || !here.gradient.every(Number.isFinite)) return null;
    const kkt = kktOf(here, x);
    const newton = newtonStep(model, here, x, kkt.multipliers);
    if (!newton) return null;
    const { step, isConvex } = newton;
    if (kkt.residual <= TOLERANCE) {
      const isBounded = kkt.multipliers.every(
        (entry) => Math.abs(entry) <= LARGEST_MULTIPLIER * (1 + euclideanNorm(here.gradient)),
      );
      return isConvex && isBounded
        ? { x: [...x], loss: here.loss, multipliers: [...kkt.multipliers], kktResidual: kkt.residual }
        : null;
    }
    const next = descend(model, here, x, step, kkt.multipliers);
    if (!next) return null;
    x = next;
  }
  return null;
}

interface Local {
  readonly loss: number;
  readonly gradient: Float64Array;
  /** h and its Jacobian J[rows, n]. */
  readonly residual: Float64Array;
  readonly jacobian: Matrix;
}

interface Model {
  at(x: Float64Array): Local;
  /** ∇²(f + λᵀh)[n, n]. */
  hessian(x: Float64Array, multipliers: Float64Array): Matrix;
}

function quadraticModel(problem: Problem): Model {
  const ops = new Ops();
  const n = problem.size;
  const rows = problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  const [x, t, T] = [ops.input('start', 'x', [n]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const weights = ops.input('setting', 'multipliers', [rows]);
  const loss = (point: Tensor) => lossOf(ops, problem, point, t, T);
  const residual = (point: Tensor) =>
    rows === 0
      ? ops.zeros(0)
      : ops.concat(problem.constraints.map((constraint) => residualOf(ops, problem, constraint, point, t, T)));
  const lagrangianGradient = (point: Tensor) => ops.add(gradient(ops, loss, point), vjp(ops, residual, point, weights));
  const values = {
    loss: loss(x),
    gradient: gradient(ops, loss, x),
    residual: residual(x),
    jacobian: jacobian(ops, residual, x),
  };
  const second = jacobian(ops, lagrangianGradient, x);
  const machine = new Machine(ops);
  machine.numbers(T.id)[0] = 1;
  const first = machine.procedure(Object.values(values).map(({ id }) => id));
  const curvature = machine.procedure([second.id]);
  const numbers = ({ id }: Tensor) => machine.numbers(id).slice();
  return {
    at(point) {
      machine.numbers(x.id).set(point);
      first();
      return {
        loss: at(numbers(values.loss), 0),
        gradient: numbers(values.gradient),
        residual: numbers(values.residual),
        jacobian: { rows, columns: n, data: numbers(values.jacobian) },
      };
    },
    hessian(point, multipliers) {
      machine.numbers(x.id).set(point);
      machine.numbers(weights.id).set(multipliers);
      curvature();
      return { rows: n, columns: n, data: numbers(second) };
    },
  };
}

/** Least-squares multipliers λ = −(Jᵀ)⁺∇f and the scaled residual. */
function kktOf(
  { gradient: g, residual, jacobian: J }: Local,
  x: Float64Array,
): { multipliers: Float64Array; residual: number } {
  const multipliers = matrixVector(transposed(pseudoinverse(J)), g).map((entry) => -entry);
  const pulled = matrixVector(transposed(J), multipliers);
  const stationarity = euclideanNorm(g.map((entry, i) => entry + at(pulled, i)));
  return {
    multipliers,
    residual: Math.max(stationarity / (1 + euclideanNorm(g)), maximumNorm(residual) / (1 + maximumNorm(x))),
  };
}

/** Null where the Hessian is not finite, as that of a length is at 0. */
function newtonStep(
  model: Model,
  { gradient: g, residual, jacobian: J }: Local,
  x: Float64Array,
  multipliers: Float64Array,
) {
  const H = model.hessian(x, multipliers);
  if (!H.data.every(Number.isFinite)) return null;
  const normal = matrixVector(pseudoinverse(J), residual).map((entry) => -entry);
  const Z = nullSpaceBasis(J.rows === 0 ? { rows: 0, columns: x.length, data: new Float64Array(0) } : J);
  const bent = matrixVector(H, normal);
  const reducedGradient = matrixVector(
    transposed(Z),
    g.map((entry, i) => entry + at(bent, i)),
  );
  const { along, isConvex } = reducedStep(Z, H, reducedGradient);
  const tangent = matrixVector(Z, along);
  return { step: normal.map((entry, i) => entry + at(tangent, i)), isConvex };
}

/** w = −|R|⁻¹ r with R = ZᵀHZ: negative curvature is turned round. */
function reducedStep(Z: Matrix, H: Matrix, r: Float64Array): { along: Float64Array; isConvex: boolean } {
  if (Z.columns === 0) return { along: new Float64Array(0), isConvex: true };
  const basis = Dense.from1DArray(Z.rows, Z.columns, Z.data);
  const reduced = basis
    .transpose()
    .mmul(Dense.from1DArray(H.rows, H.columns, H.data))
    .mmul(basis);
  const { realEigenvalues, eigenvectorMatrix: V } = new EigenvalueDecomposition(reduced, { assumeSymmetric: true });
  const scale = Math.max(...realEigenvalues.map(Math.abs), Number.MIN_VALUE);
  const along = new Float64Array(r.length);
  realEigenvalues.forEach((eigenvalue, k) => {
    const product = r.reduce((sum, entry, i) => sum + entry * V.get(i, k), 0);
    const step = -product / Math.max(Math.abs(eigenvalue), CURVATURE * scale);
    for (let i = 0; i < r.length; i++) along[i] = at(along, i) + step * V.get(i, k);
  });
  return { along, isConvex: realEigenvalues.every((eigenvalue) => eigenvalue > CURVATURE * scale) };
}

/** The first of x + p, x + p/2, … whose merit is less than that of x; null where none is. */
function descend(
  model: Model,
  here: Local,
  x: Float64Array,
  step: Float64Array,
  multipliers: Float64Array,
): Float64Array | null {
  const weight = 1 + 2 * multipliers.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  const merit = ({ loss, residual }: Local) =>
    loss + weight * residual.reduce((sum, entry) => sum + Math.abs(entry), 0);
  const bound = merit(here) + 1e-14 * (1 + Math.abs(merit(here))); // near the end the fall is below rounding
  for (let k = 0; k < HALVINGS; k++) {
    const trial = x.map((entry, i) => entry + at(step, i) / 2 ** k);
    if (merit(model.at(trial)) <= bound) return trial;
  }
  return null;
}
