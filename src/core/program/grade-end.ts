/** The end of a run graded by plain operations, so that a device can grade a million of them. */
import type { Problem } from '../problem/problem.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import { compact } from './compact.ts';
import { gradedBy } from './measure.ts';
import type { Program } from './program.ts';

/** Largest scaled KKT residual of an end that counts as feasible and stationary, and relative width of active inequalities. */
export const SWARM_TOLERANCE = 1e-4;

/** Sweeps over the rows; few are needed where the rows are far from parallel. */
const SWEEPS = 200;
/** A sweep that changes ∇L by less than this · (1 + ‖∇f‖) is the last. */
const SWEEP_TOLERANCE = 1e-6;

/** Entries of the graded slot. */
export const GRADED = { loss: 0, violation: 1, kktResidual: 2 } as const;

/**
 * x[n] → [f, largest violation, max(‖∇f + Jᵀm‖ / (1 + ‖∇f‖), violation / (1 + |x|∞))] at step T, as the initial state of
 * the slot `graded`. m minimises ‖∇f + Jᵀm‖ with m ≥ 0 on inequalities, over the equalities and the inequalities with
 * g ≥ −1e-4·(1 + |x|∞): one multiplier after the other is set to its best value, for a counted number of sweeps. So the
 * stationarity is never too small; nearly parallel rows may leave it too large.
 * Source: Franc, Hlaváč & Navara 2005, Sequential Coordinate-Wise Algorithm for the Non-negative Least Squares Problem.
 */
export function recordEndGrade(problem: Problem): Program {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const t = ops.input('time', 't', []);
  const T = ops.input('setting', 'T', []);
  const { loss, gradient: slope, residual: values, jacobianOf, relations } = gradedBy(ops, problem, x, t, T);
  const J = jacobianOf(problem.constraints);
  const largest = problem.size > 0 ? ops.max(ops.abs(x)) : ops.constant(0);
  const isEquality = relations.map((relation) => relation === 'equality');
  const rows = isEquality.length;
  const violations = isEquality.map((equality, i) => {
    const value = ops.row(values, i);
    return equality ? ops.abs(value) : ops.maximum(value, 0);
  });
  const violation = violations.length > 0 ? ops.max(ops.concat(violations)) : ops.constant(0);
  const scale = ops.add(1, ops.norm(slope));
  const bound = ops.multiply(-SWARM_TOLERANCE, ops.add(1, largest));
  const remainder =
    rows === 0
      ? slope
      : stationaryRemainder(ops, slope, J, scale, isEquality, (i) => ops.lessEqual(bound, ops.row(values, i)));
  const kktResidual = ops.maximum(ops.divide(ops.norm(remainder), scale), ops.divide(violation, ops.add(1, largest)));
  const graded = ops.concat([loss, violation, kktResidual].map((part) => ops.reshape(part, [1])));
  const current = ops.input('state', 'graded', [3]);
  return compact(ops, {
    size: problem.size,
    start: x.id,
    time: t.id,
    settings: [{ name: 'T', shape: [], id: T.id }],
    state: [{ name: 'graded', shape: [3], initial: graded.id, current: current.id, next: current.id }],
    outputs: [{ name: 'graded', value: current.id }],
  });
}

/** ∇f + Jᵀm. */
function stationaryRemainder(
  ops: Ops,
  slope: Tensor,
  J: Tensor,
  scale: Tensor,
  isEquality: readonly boolean[],
  isActive: (row: number) => Tensor,
): Tensor {
  const rowOf = isEquality.map((_, i) => ops.row(J, i));
  // A row that is not active, or vanishes, keeps the multiplier 0.
  const weights = rowOf.map((row, i) => {
    const squares = ops.dot(row, row);
    const weight = ops.where(ops.less(0, squares), ops.divide(1, ops.where(ops.less(0, squares), squares, 1)), 0);
    return isEquality[i] ? weight : ops.where(isActive(i), weight, 0);
  });
  const limit = ops.multiply(SWEEP_TOLERANCE, scale);
  const initial = [ops.zeros(isEquality.length), slope, ops.multiply(2, limit)];
  const body = ([multipliers, before]: readonly Tensor[]) => {
    let remainder = before as Tensor;
    const next = rowOf.map((row, i) => {
      const multiplier = ops.row(multipliers as Tensor, i);
      const wanted = ops.subtract(multiplier, ops.multiply(ops.dot(row, remainder), weights[i] as Tensor));
      const taken = isEquality[i] ? wanted : ops.maximum(wanted, 0);
      remainder = ops.add(remainder, ops.multiply(ops.subtract(taken, multiplier), row));
      return ops.reshape(taken, [1]);
    });
    const change = ops.norm(ops.subtract(remainder, before as Tensor));
    return [ops.concat(next), remainder, change];
  };
  const [, remainder] = ops.repeat(SWEEPS, initial, body, ([, , change]) => ops.lessEqual(change as Tensor, limit));
  return remainder as Tensor;
}
