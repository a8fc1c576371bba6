/** Which inequalities a step would leave: the multipliers of the nearest step that keeps them, as a program. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Accelerated steps at most; the few rows that are near take about thirty. */
export const TURNS = 300;
/** Relative change at which multipliers are at rest. */
const AT_REST = 1e-7;
/** A multiplier below this part of the largest is none: rounding. */
const LEAST_SHARE = 1e-6;

/**
 * For each row j of J[m, n] 1 where νⱼ > 0, else 0, in the dual of argmin ½‖p + step‖² over p[n] with J p ≤ −residual[m] (= where
 * `isEquality`[m] is 1; none where `isNear`[m] is 0): ν = argmin ½‖step + Jᵀν‖² − νᵀ residual, νⱼ ≥ 0, free for equalities. Where
 * the residuals are 0 the rows are those that the descent −step would leave without them. However many ν there are, as where more
 * rows meet than there are directions, all rows with νⱼ > 0 hold with equality at the one p, so that J p = −residual can be solved for
 * them together; where no p keeps all near rows, they are those that contradict each other. Equalities come out as 1 where they are near.
 * By accelerated projected gradient on rows of length one. Source: Beck & Teboulle 2009, SIAM J. Imaging Sci. 2(1), §4 (FISTA);
 * O'Donoghue & Candès 2015, Found. Comput. Math. 15, §3.2 (restarts).
 */
export function opposingRows(
  ops: Ops,
  J: Tensor,
  { step, residual }: { step: Tensor; residual: Tensor },
  isEquality: Tensor,
  isNear: Tensor,
): Tensor {
  const rows = at(J.shape, 0);
  const lengths = ops.sqrt(ops.sum(ops.multiply(J, J), 1));
  const isUsed = ops.multiply(isNear, ops.less(0, lengths));
  const scale = ops.divide(isUsed, ops.where(isUsed, lengths, 1));
  const unit = ops.multiply(ops.reshape(scale, [rows, 1]), J);
  const gram = ops.matmul(unit, ops.transpose(unit));
  const pull = ops.subtract(ops.matmul(unit, step), ops.multiply(scale, residual));
  const steepest = ops.maximum(1, ops.max(ops.sum(ops.abs(gram), 1)));
  const none = ops.zeros([rows]);
  const [multipliers = none] = ops.repeat(
    TURNS,
    [none, none, ops.constant(1), ops.constant(1)],
    ([mu = none, ahead = none, age = ops.constant(1)]) => {
      const falls = ops.add(ops.matmul(gram, ahead), pull);
      const free = ops.subtract(ahead, ops.divide(falls, steepest));
      const next = ops.where(isEquality, free, ops.maximum(0, free));
      const change = ops.subtract(next, mu);
      const older = ops.multiply(0.5, ops.add(1, ops.sqrt(ops.add(1, ops.multiply(4, ops.multiply(age, age))))));
      // Momentum that points uphill is dropped.
      const isUphill = ops.less(0, ops.dot(ops.subtract(ahead, next), change));
      const weight = ops.where(isUphill, 0, ops.divide(ops.subtract(age, 1), older));
      const size = ops.max(ops.abs(next));
      const rests = ops.lessEqual(ops.max(ops.abs(change)), ops.multiply(AT_REST, size));
      return [next, ops.add(next, ops.multiply(weight, change)), ops.where(isUphill, 1, older), ops.subtract(1, rests)];
    },
    ([, , , moves = ops.constant(1)]) => ops.equal(moves, 0),
  );
  const isPushing = ops.less(ops.multiply(LEAST_SHARE, ops.max(ops.abs(multipliers))), multipliers);
  return ops.multiply(isUsed, ops.maximum(isEquality, isPushing));
}
