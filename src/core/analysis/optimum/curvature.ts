/** Which rows are convex in x, proved by how they are put together or by their second derivatives; and the system of these alone. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import type { Problem } from '../../problem/problem.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { curvatureIn } from '../recorded/composition.ts';
import { symbolsOf } from '../recorded/symbols.ts';
import type { Structure } from '../structure.ts';
import { bentOf } from './corners.ts';
import { type Model, modelOf, type SmoothModel } from './model.ts';

/** Null where neither is known. */
export type Curvature = 'affine' | 'convex' | 'concave' | null;

/** Eigenvalues below this part of the largest are rounding. */
const ROUNDING = 1e-10;
/** Larger problems are not looked at. */
export const CONVEX_SIZE = 120;

/** The curvature of each typed row, in the order typed, corners and all. */
export function curvaturesOf(problem: Problem, { constraints, lines, parts }: Structure): Curvature[] {
  // What is typed as one membership, such as all eigenvalues of a matrix: the largest of its rows is convex.
  const memberships = parts.filter(
    (set) => set.isConvex && set.constraints.every((index) => at(constraints, index).member?.set === set.kind),
  );
  let plain: SmoothModel | null = null;
  let first = 0;
  return problem.constraints.flatMap((constraint, k): Curvature[] => {
    const own = Array.from({ length: constraint.rows }, (_, i) => first + i);
    first += constraint.rows;
    const { affine, degree } = at(constraints, k);
    if (affine) return own.map(() => 'affine');
    const isSet = [...lines, ...memberships].some((set) => set.isConvex && set.constraints.includes(constraint.index));
    const symbols = symbolsOf(problem);
    const { ops, x, t, T } = symbols;
    const whole = isSet ? 'convex' : curvatureIn(symbols, residualOf(ops, problem, constraint, x, t, T).id);
    if (whole !== null || degree !== 2) return own.map(() => whole);
    plain ??= modelOf(problem);
    const model = plain;
    return own.map((row) => quadraticCurvature(model, row));
  });
}

/**
 * Whether what is minimised and all that constrains it are convex, by composition, by second derivatives, or as rows that only together
 * are a convex set: every local minimum is global.
 */
export function isConvexProblem(problem: Problem, structure: Structure): boolean {
  if (problem.size > CONVEX_SIZE) return false;
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const loss = curvatureIn(symbols, objectiveOf(ops, problem, x, t, T).id);
  const isConvexLoss =
    loss === 'affine' || loss === 'convex' || (structure.lossDegree === 2 && isConvexQuadratic(problem));
  if (!isConvexLoss) return false;
  const typed = curvaturesOf(problem, structure);
  const convexSets = structure.parts.filter((set) => set.isConvex);
  const rows = problem.constraints.flatMap(({ index, relation, rows: count }) => {
    const isPart = convexSets.some(({ constraints }) => constraints.includes(index));
    return new Array<{ relation: typeof relation; isPart: boolean }>(count).fill({ relation, isPart });
  });
  const alone = rows.flatMap(({ isPart }, row) => (isPart ? [] : [row]));
  return isConvexSystem(
    { relations: alone.map((row) => at(rows, row).relation) },
    alone.map((row) => at(typed, row)),
  );
}

/** For each row of the model, of which the first are the typed ones: rows that stand for corners are as their pieces are. */
export function modelCurvatures(problem: Problem, model: SmoothModel, typed: readonly Curvature[]): Curvature[] {
  if (model.definitions.length === 0) return [...typed];
  const { symbols, corners } = bentOf(problem);
  const bends = [...model.lifted.keys()]
    .sort((a, b) => a - b)
    .map((k): Curvature => {
      const { node, side } = at(corners, k);
      const { op, args } = at(symbols.ops.values, node);
      const pieces = args.map((id) => curvatureIn(symbols, id));
      if (pieces.every((bend) => bend === 'affine')) return 'affine';
      const wanted = side === 1 ? 'convex' : 'concave';
      const isConvex = op !== 'abs' && op !== 'where' && pieces.every((bend) => bend === 'affine' || bend === wanted);
      return isConvex ? 'convex' : null;
    });
  const worst = bends.includes(null) ? null : bends.includes('convex') ? 'convex' : 'affine';
  return [...typed, ...model.definitions.map(() => worst)];
}

/** Whether what is minimised, of degree 2, is convex. */
function isConvexQuadratic(problem: Problem): boolean {
  const model = modelOf(problem);
  const { data } = model.hessian(new Float64Array(model.size), new Float64Array(model.relations.length));
  return curvatureOf(data, model.size) === 'convex';
}

function quadraticCurvature(model: Model, row: number): Curvature {
  const n = model.size;
  const weights = new Float64Array(model.relations.length);
  weights[row] = 1;
  return curvatureOf(model.curvature(new Float64Array(n), weights).data, n);
}

/** By the eigenvalues of second derivatives that are the same everywhere. */
function curvatureOf(data: Float64Array, n: number): Curvature {
  if (!data.every(Number.isFinite)) return null;
  const { realEigenvalues } = new EigenvalueDecomposition(Dense.from1DArray(n, n, data), { assumeSymmetric: true });
  const rounding = ROUNDING * maximumNorm(data);
  if (realEigenvalues.every((value) => value >= -rounding)) return 'convex';
  return realEigenvalues.every((value) => value <= rounding) ? 'concave' : null;
}

/** Affine equalities and convex inequalities: local minima are global. */
export const isConvexSystem = ({ relations }: Pick<Model, 'relations'>, curvatures: readonly Curvature[]): boolean =>
  relations.every((relation, row) => {
    const curvature = at(curvatures, row);
    return curvature === 'affine' || (curvature === 'convex' && relation === 'inequality');
  });

/**
 * What is convex of the rows, a larger set: h = 0 with h convex becomes h ≤ 0, with h concave −h ≤ 0, and rows of unknown curvature
 * always hold. Where this has no point, neither has the whole.
 */
export function convexPart(model: SmoothModel, curvatures: readonly Curvature[]): SmoothModel {
  const n = model.size;
  const signs = model.relations.map((relation, row) => {
    const curvature = at(curvatures, row);
    if (curvature === 'affine' || curvature === 'convex') return 1;
    return curvature === 'concave' && relation === 'equality' ? -1 : 0;
  });
  const relations = model.relations.map((relation, row) =>
    at(curvatures, row) === 'affine' ? relation : ('inequality' as const),
  );
  const signed = (residual: Float64Array) =>
    residual.map((entry, row) => (at(signs, row) === 0 ? -1 : at(signs, row) * entry));
  const weighted = (multipliers: Float64Array) => multipliers.map((entry, row) => at(signs, row) * entry);
  return {
    ...model,
    relations,
    values(x) {
      const values = model.values(x);
      return { ...values, residual: signed(values.residual) };
    },
    at(x) {
      const local = model.at(x);
      const data = local.jacobian.data.map((entry, k) => (at(signs, Math.floor(k / n)) || 0) * entry);
      return { ...local, residual: signed(local.residual), jacobian: { ...local.jacobian, data } };
    },
    hessian: (x, multipliers) => model.hessian(x, weighted(multipliers)),
    curvature: (x, multipliers) => model.curvature(x, weighted(multipliers)),
  };
}
