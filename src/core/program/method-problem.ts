/** The problem as a method sees it: functions that record losses, residuals, derivatives and projections. */
import { areAllHeld } from '../analysis/straight.ts';
import type { RecognizedSet, Structure } from '../analysis/structure.ts';
import type {
  AffineEqualities,
  ConstraintBlock,
  ConstraintKind,
  DataTensors,
  FeasibleSet,
  Following,
  Linearization,
  MethodProblem,
  SetData,
  StraightSet,
} from '../contracts.ts';
import { at, invariant } from '../diagnostic.ts';
import { objectiveOf, residualOf } from '../problem/elaborate.ts';
import type { Constraint, Problem } from '../problem/problem.ts';
import { gather, within } from '../tensor/coordinates.ts';
import { gradient, jacobian, jvp, vjp } from '../tensor/derivatives.ts';
import { echelonNullSpace } from '../tensor/echelon.ts';
import { isShortInverse } from '../tensor/jacobi.ts';
import { lsmr } from '../tensor/lsmr.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { randomSource, STREAMS } from './random-source.ts';

/** Inputs that every run has. */
export interface RunSymbols {
  readonly start: Tensor;
  /** T, the number of steps of the run. */
  readonly steps: Tensor;
}

/**
 * What a method sees of a problem: f and its gradient, h and g with their products with Jacobians, the sets that are recognised
 * with their projections, and A x = b of the affine equalities; all recorded where the method asks for it.
 */
export function methodProblem(
  ops: Ops,
  problem: Problem,
  structure: Structure,
  kinds: readonly ConstraintKind[],
  { start, steps }: RunSymbols,
): MethodProblem {
  const objective = (x: Tensor, t: Tensor) => objectiveOf(ops, problem, x, t, steps);
  const residualsOf = (constraints: readonly Constraint[]) => (x: Tensor, t: Tensor) =>
    stacked(
      ops,
      constraints.map((constraint) => residualOf(ops, problem, constraint, x, t, steps)),
    );
  const affine = affineEqualities(ops, problem, structure, residualsOf);
  const isAffine = areAllHeld(structure);
  const block = (relation: Constraint['relation']) => {
    const matrix = isAffine && relation === 'equality' ? affine : null;
    return constraintBlock(ops, problem, relation, residualsOf, matrix);
  };
  const [equality, inequality] = [block('equality'), block('inequality')];
  const setsOf = (recognized: readonly RecognizedSet[]) =>
    recognized.map((set) => feasibleSet(ops, problem, set, kinds, residualsOf));
  const [sets, parts, lines] = [setsOf(structure.sets), setsOf(structure.parts), setsOf(structure.lines)];
  return {
    structure,
    size: problem.size,
    start,
    steps,
    ...ofLoss(ops, objective, equality, inequality),
    equality,
    inequality,
    project: structure.hasExactProjection
      ? (x, t) => sets.reduce((point, set) => set.project(point, t), x) // disjoint sets are a product: one after the other projects on all
      : null,
    tangent: (x, t, direction) => sets.reduce((along, set) => set.tangent(x, t, along), direction), // likewise
    sets,
    parts,
    lines,
    affine,
    straight: isAffine ? affine : structure.straight && straightSet(ops, problem, setsOf(structure.straight)),
    uniform: (shape, t, seed) => ops.random('uniform', shape, randomSource(ops, seed, t, STREAMS.methods)),
  };
}

type Loss = MethodProblem['loss'];

/** f, ∇f and those of the Lagrangian. */
function ofLoss(
  ops: Ops,
  loss: Loss,
  equality: ConstraintBlock,
  inequality: ConstraintBlock,
): Pick<MethodProblem, 'loss' | 'gradient' | 'lagrangianGradient' | 'lagrangianHessian'> {
  const slope = (x: Tensor, t: Tensor) => gradient(ops, (point) => loss(point, t), x);
  const lagrangianGradient = (x: Tensor, t: Tensor, lambda: Tensor, mu: Tensor) =>
    ops.add(ops.add(slope(x, t), equality.vjp(x, t, lambda)), inequality.vjp(x, t, mu));
  return {
    loss,
    gradient: slope,
    lagrangianGradient,
    lagrangianHessian: (x, t, lambda, mu) => jacobian(ops, (point) => lagrangianGradient(point, t, lambda, mu), x),
  };
}

/** The same problem, of which a method sees another loss. */
export const withLoss = (ops: Ops, view: MethodProblem, loss: Loss): MethodProblem => ({
  ...view,
  ...ofLoss(ops, loss, view.equality, view.inequality),
});

type Residuals = (constraints: readonly Constraint[]) => (x: Tensor, t: Tensor) => Tensor;

/** Residuals one after the other as one vector. */
function stacked(ops: Ops, residuals: readonly Tensor[]): Tensor {
  return residuals.length === 0 ? ops.zeros(0) : ops.concat(residuals);
}

/** d ↦ J d and b ↦ J⁺ b for J[m, n], d[n], b[m]. */
export function linearizationOf(ops: Ops, J: Tensor, inverse = ops.pinv(J)): Linearization {
  return { times: (v) => ops.matmul(J, v), leastSquares: (b) => ops.matmul(inverse, b) };
}

function constraintBlock(
  ops: Ops,
  problem: Problem,
  relation: Constraint['relation'],
  residualsOf: Residuals,
  /** A x = b where that is all of the block. */
  affine: AffineEqualities | null,
): ConstraintBlock {
  const constraints = problem.constraints.filter((constraint) => constraint.relation === relation);
  const residual = residualsOf(constraints);
  let typedRows = 0;
  const firstRows = new Map(
    problem.constraints.map(({ index, rows: own }) => {
      typedRows += own;
      return [index, typedRows - own];
    }),
  );
  const rows = constraints.reduce((sum, own) => sum + own.rows, 0);
  const derivatives = {
    jvp: (x: Tensor, t: Tensor, direction: Tensor) => jvp(ops, (point) => residual(point, t), x, direction),
    vjp: (x: Tensor, t: Tensor, weights: Tensor) => vjp(ops, (point) => residual(point, t), x, weights),
    jacobian: (x: Tensor, t: Tensor) => jacobian(ops, (point) => residual(point, t), x),
  };
  return {
    rows,
    residual,
    ...derivatives,
    linearization: (x, t) => {
      // A⁺ of full rank is found once a run. Rows that depend on one another are mostly short, and few turns do.
      if (affine && affine.rank === rows) return linearizationOf(ops, affine.A, affine.pinv);
      if (isShortInverse(rows, problem.size)) return linearizationOf(ops, derivatives.jacobian(x, t));
      const times = (v: Tensor) => derivatives.jvp(x, t, v);
      const transposedTimes = (u: Tensor) => derivatives.vjp(x, t, u);
      const J = { rows, columns: problem.size, times, transposedTimes };
      return { times, leastSquares: (b) => lsmr(ops, J, b) };
    },
    ofTyped: (typed) => {
      if (at(typed.shape, 0) < typedRows) return relation === 'equality' ? typed : ops.zeros(rows);
      const parts = constraints.map((own) =>
        ops.slice(typed, { offset: firstRows.get(own.index) ?? 0, strides: [1], shape: [own.rows] }),
      );
      return stacked(ops, parts);
    },
  };
}

function feasibleSet(
  ops: Ops,
  problem: Problem,
  set: RecognizedSet,
  kinds: readonly ConstraintKind[],
  residualsOf: Residuals,
): FeasibleSet {
  const { coordinates } = set;
  const kind = kinds.find(({ id }) => id === set.kind);
  invariant(kind, `there is a kind ${set.kind}`);
  const own = set.constraints.map((index) => at(problem.constraints, index));
  const data = (t: Tensor) => {
    const tensors = dataTensors(ops, set.data);
    if (set.moving === null) return tensors;
    const side = ops.negate(residualsOf(own)(ops.zeros(problem.size), t));
    const moved = Object.entries(set.moving).map(
      ([name, following]) => [name, followed(ops, side, following, tensors[name])] as const,
    );
    return { ...tensors, ...Object.fromEntries(moved) };
  };
  return {
    kind: set.kind,
    coordinates,
    data,
    project: (x, t) =>
      within(ops, x, coordinates, (entries) => {
        invariant(kind.project, `kind ${kind.id} has a projection`);
        return kind.project(ops, entries, data(t));
      }),
    tangent: (x, t, direction) =>
      within(ops, direction, coordinates, (own) => {
        const [point, tensors] = [gather(ops, x, coordinates), data(t)];
        if (kind.tangent) return kind.tangent(ops, point, own, tensors);
        return jvp(ops, (place) => kind.project?.(ops, place, tensors) ?? place, point, own);
      }),
    projectScaled: (x, t, scale) =>
      within(ops, x, coordinates, (entries) => {
        invariant(kind.projectScaled, `kind ${kind.id} has a projection with scales`);
        return kind.projectScaled(ops, entries, data(t), gather(ops, scale, coordinates));
      }),
    lowest: (x, t, direction) =>
      within(ops, x, coordinates, () => {
        invariant(kind.lowest, `kind ${kind.id} has lowest points`);
        return kind.lowest(ops, gather(ops, direction, coordinates), data(t));
      }),
  };
}

/** fixed + factors·side[rows], or its root, in the shape that it has before. */
function followed(
  ops: Ops,
  side: Tensor,
  { rows, factors, fixed, areSquares }: Following,
  before: Tensor | undefined,
): Tensor {
  const own = gather(ops, side, rows);
  const scaled = factors.every((factor) => factor === 1) ? own : ops.multiply(ops.constant(factors), own);
  const moved = fixed.every((number) => number === 0) ? scaled : ops.add(ops.constant(fixed), scaled);
  return ops.reshape(areSquares ? ops.sqrt(ops.maximum(moved, 0)) : moved, before?.shape ?? moved.shape);
}

/** P(x) on each set of equalities, which share no entry; what P adds to 0 is no part of a tangent. */
export function straightSet(
  ops: Ops,
  { size }: Pick<Problem, 'size'>,
  sets: readonly Pick<FeasibleSet, 'project'>[],
): StraightSet {
  const project = (x: Tensor, t: Tensor) => sets.reduce((point, set) => set.project(point, t), x);
  const still = ops.constant(0);
  return { project, tangent: (v) => ops.subtract(project(v, still), project(ops.zeros(size), still)) };
}

/** The numbers of a recognised set as constants. */
export function dataTensors<Data extends SetData>(ops: Ops, data: Data): DataTensors<Data> {
  const tensors = Object.entries(data).map(([name, entry]) => [name, constantOf(ops, entry)] as const);
  return Object.fromEntries(tensors) as DataTensors<Data>;
}

function constantOf(ops: Ops, entry: SetData[string]): Tensor {
  if (typeof entry === 'number') return ops.constant(entry);
  const rows = entry.filter((row) => typeof row !== 'number');
  if (rows.length === 0) return ops.constant(entry as readonly number[]);
  return ops.constant(rows.flat(), [rows.length, rows[0]?.length ?? 0]);
}

function affineEqualities(
  ops: Ops,
  problem: Problem,
  { affine }: Structure,
  residualsOf: Residuals,
): AffineEqualities | null {
  if (!affine) return null;
  const A = ops.constant(affine.A.data, [affine.A.rows, affine.A.columns]);
  const involved = [...new Set(affine.constraintOfRow)].map((index) => at(problem.constraints, index));
  const pinv = ops.pinv(A);
  const b = (t: Tensor) =>
    affine.isMoving ? ops.negate(residualsOf(involved)(ops.zeros(problem.size), t)) : ops.constant(affine.b);
  return {
    A,
    b,
    pinv,
    rank: affine.rank,
    project: (x, t) => ops.subtract(x, ops.matmul(pinv, ops.subtract(ops.matmul(A, x), b(t)))),
    sharedColumns: () => {
      const { rows, columns, data } = echelonNullSpace(affine.A);
      return ops.constant(data, [rows, columns]);
    },
    // Where one point is left, what the subtraction leaves is rounding, which an adaptive step would blow up.
    tangent: (v) =>
      affine.rank === problem.size ? ops.zeros([problem.size]) : ops.subtract(v, ops.matmul(pinv, ops.matmul(A, v))),
  };
}
