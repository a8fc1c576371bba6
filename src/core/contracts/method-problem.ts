/** The problem as a method sees it: evidence, and functions that record. */
import type { Structure } from '../analysis/structure.ts';
import type { Tensor } from '../tensor/ops.ts';
import type { DataTensors } from './constraint-kind.ts';
import type { SetData } from './evidence.ts';

/** J at one point, by what methods ask of it. */
export interface Linearization {
  /** J v, [rows]. */
  times(v: Tensor): Tensor;
  /** J⁺ b, [n]: the shortest v with J v nearest to b. */
  leastSquares(b: Tensor): Tensor;
}

/** Constraints of one relation, stacked in the order typed. */
export interface ConstraintBlock {
  readonly rows: number;
  /** h(x, t) or g(x, t), [rows]. */
  residual(x: Tensor, t: Tensor): Tensor;
  /** J(x, t) d, [rows]. */
  jvp(x: Tensor, t: Tensor, direction: Tensor): Tensor;
  /** J(x, t)ᵀ w, [n]; w is not differentiated. */
  vjp(x: Tensor, t: Tensor, weights: Tensor): Tensor;
  /** J(x, t), [rows, n]: only where the program is small. */
  jacobian(x: Tensor, t: Tensor): Tensor;
  /** J(x, t) with few rows as a matrix with its pseudoinverse; with many, by products alone. */
  linearization(x: Tensor, t: Tensor): Linearization;
  /** Entries of a vector over all typed rows that are of this relation, [rows]; a shorter one holds the equalities, and the rest is 0. */
  ofTyped(rows: Tensor): Tensor;
}

/** A x = b(t): all affine equalities of the problem. */
export interface AffineEqualities extends StraightSet {
  readonly A: Tensor;
  b(t: Tensor): Tensor;
  /** A⁺, hoisted out of the loop by the recorder. */
  readonly pinv: Tensor;
  readonly rank: number;
  /** Columns that span {v : A v = 0}, each led by a free entry of x: what ties share. [n, n − rank] */
  sharedColumns(): Tensor;
}

/** An affine set. */
export interface StraightSet {
  /** The nearest point of it at step t. */
  project(x: Tensor, t: Tensor): Tensor;
  /** The part of a direction that stays in it. */
  tangent(v: Tensor): Tensor;
}

/** A recognised set. Points are whole iterates; entries that the set does not restrict stay as they are. */
export interface FeasibleSet {
  readonly kind: string;
  readonly coordinates: readonly number[];
  /** The set's numbers at step t, in its own entries. */
  data(t: Tensor): DataTensors<SetData>;
  /** The nearest point of this set alone, if its kind knows one: `hasProjection` in `Structure`. */
  project(x: Tensor, t: Tensor): Tensor;
  /** The part of a direction along this set at its point x, if it is smooth: (I − J⁺J) v. */
  tangent(x: Tensor, t: Tensor, direction: Tensor): Tensor;
  /** argmin Σ (yᵢ − xᵢ)²/scaleᵢ, scale[n]: `hasScaledProjection`. */
  projectScaled(x: Tensor, t: Tensor, scale: Tensor): Tensor;
  /** argmin gradient·s, gradient[n]: `isBounded`. */
  lowest(x: Tensor, t: Tensor, gradient: Tensor): Tensor;
}

/** The problem as a method sees it: evidence, and functions that record. */
export interface MethodProblem {
  /** n. */
  readonly size: number;
  readonly structure: Structure;
  /** x₀[n]. */
  readonly start: Tensor;
  /** T, the number of steps of the run. */
  readonly steps: Tensor;
  loss(x: Tensor, t: Tensor): Tensor;
  gradient(x: Tensor, t: Tensor): Tensor;
  /** ∇ₓL = ∇f + Jₕᵀ λ + J_gᵀ μ; λ and μ are not differentiated. */
  lagrangianGradient(x: Tensor, t: Tensor, lambda: Tensor, mu: Tensor): Tensor;
  /** ∇²ₓₓL = ∇²f + Σ λᵢ∇²hᵢ + Σ μⱼ∇²gⱼ, [n, n]: only where the program is small. */
  lagrangianHessian(x: Tensor, t: Tensor, lambda: Tensor, mu: Tensor): Tensor;
  readonly equality: ConstraintBlock;
  readonly inequality: ConstraintBlock;
  /** Nearest point of the feasible set; null where no exact projection is known. */
  readonly project: ((x: Tensor, t: Tensor) => Tensor) | null;
  /** (I − J⁺J) v at a feasible point x, where the constraints are smooth sets with known nearest points, by formulas of these. */
  tangent(x: Tensor, t: Tensor, direction: Tensor): Tensor;
  /** What the constraints are together, and each recognised line alone: as in `Structure`. */
  readonly sets: readonly FeasibleSet[];
  readonly parts: readonly FeasibleSet[];
  readonly lines: readonly FeasibleSet[];
  readonly affine: AffineEqualities | null;
  /** The set of all equalities where they are affine, by their matrix, or by formulas of the sets that they are. */
  readonly straight: StraightSet | null;
  /** Numbers in (0, 1), new at every step, and the same again in a run with the same seeds; `seed` is added to the experiment's. */
  uniform(shape: readonly number[], t: Tensor, seed: Tensor): Tensor;
}
