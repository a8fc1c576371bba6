/** What pulls at an iterate: the direction of descent, what the constraints hold back of it, and what they leave. */
import { MultiplierSolver } from '../analysis/optimum/kkt.ts';
import { type AnsweringSlopes, haveRowsCorners, rowsAtCorner } from '../analysis/optimum/rows-at-corner.ts';
import { at } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { euclideanNorm, maximumNorm } from '../tensor/norms.ts';
import { firstOrder } from './first-order.ts';

export interface Forces {
  /** −∇f[n] of what methods minimise: the soft constraints are in it. */
  readonly descent: Float64Array;
  /** Jᵀm[n]: what presses against the constraints; m ≥ 0 on inequalities, of least ‖∇f + Jᵀm‖₂. */
  readonly normal: Float64Array;
  /** −∇f − Jᵀm[n]: the projection of −∇f onto the directions that the constraints allow to first order. Null where there are none. */
  readonly tangent: Float64Array | null;
  /** ∇h/‖∇h‖ or ∇g/‖∇g‖ of each equality, and of each inequality that is met or broken; outwards of g ≤ 0. */
  readonly normals: readonly { readonly row: number; readonly direction: Float64Array }[];
}

/** More parameters or rows are not followed from frame to frame. */
export const FORCES_LIMIT = { parameters: 100, rows: 60 } as const;

export type ForcesReporter = (x: Float64Array, t: number, tolerance: number) => Forces | null;

/**
 * −∇f = tangent + normal, orthogonal to each other, at x and step t of `steps`; an inequality with g ≥ −tolerance·(1 + |x|∞) is met.
 * Null where a value is not finite, and for problems beyond the limit.
 * Source: Moreau 1962; Rockafellar & Wets 1998, Variational Analysis, theorem 6.28 with the cones of §6.B.
 */
export function forcesReporter(problem: Problem, steps: number): ForcesReporter | null {
  const rows = problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  if (problem.size === 0 || problem.size > FORCES_LIMIT.parameters || rows > FORCES_LIMIT.rows) return null;
  const first = firstOrder(problem, Math.max(1, steps));
  const { relations } = first;
  const solver = new MultiplierSolver();
  const rowsAt = haveRowsCorners(problem) ? rowsAtCorner(problem) : () => null;
  return (x, t, tolerance) => {
    const local = first(x, t);
    const { loss, residual } = local;
    if (
      ![[loss], local.gradient, residual, local.jacobian.data].every((some) =>
        some.every((value: number) => Number.isFinite(value)),
      )
    )
      return null;
    const room = tolerance * (1 + maximumNorm(x));
    const isMet = (row: number) => at(relations, row) === 'equality' || at(residual, row) >= -room;
    const snapped = residual.map((value, row) => (isMet(row) ? Math.max(value, 0) : value));
    const balanced = (slopes: AnsweringSlopes) => {
      const rows = { relations, jacobian: slopes.jacobian, residual: snapped };
      return { ...slopes, ...solver.solve(slopes.gradient, rows, maximumNorm(x)) };
    };
    const own = balanced({ gradient: local.gradient, jacobian: local.jacobian.data });
    const answer = rowsAt(x, { relations, jacobian: own.jacobian, residual: snapped }, tolerance);
    const other = answer ? balanced(answer) : own;
    const { gradient, jacobian, multipliers } = other.stationarity < own.stationarity ? other : own;
    const rowOf = (row: number) => jacobian.subarray(row * problem.size, (row + 1) * problem.size);
    const normal = new Float64Array(problem.size);
    multipliers.forEach((multiplier, row) => {
      rowOf(row).forEach((entry, i) => {
        normal[i] = at(normal, i) + multiplier * entry;
      });
    });
    if (!normal.every((value) => Number.isFinite(value))) return null; // the inverse of next to nothing
    return {
      descent: gradient.map((slope) => -slope),
      normal,
      tangent: relations.length > 0 ? gradient.map((slope, i) => -slope - at(normal, i)) : null,
      normals: relations.flatMap((_, row) => {
        const length = euclideanNorm(rowOf(row));
        return isMet(row) && length > 0 ? [{ row, direction: rowOf(row).map((entry) => entry / length) }] : [];
      }),
    };
  };
}
