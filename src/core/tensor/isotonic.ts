/** The nearest vector that never falls, for vectors of any length: rising halves are merged, pairs, fours, eights … of entries at once. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Halvings of the bracket of a level: past this it is below the rounding of Float64. */
const HALVINGS = 60;

/**
 * argmin Σ wᵢ (zᵢ − yᵢ)² with z₀ ≤ z₁ ≤ …; shapes: y, w [n], w > 0. Of two halves that rise, what is above a level m on the left
 * and below it on the right becomes m: their mean, where Σ w max(left − m, 0) = Σ w max(m − right, 0). So z = min(left, m) and
 * max(right, m), which never falls, however m is rounded. About n log n operations for each turn of the search for m, of which a few do.
 * Source: Robertson, Wright & Dykstra 1988, Order Restricted Statistical Inference, §1.4 (pooling goes in any order); the level
 * by Newton's method, kept in a bracket that is halved.
 */
export function nearestRisingByHalves(ops: Ops, y: Tensor, weights: Tensor): Tensor {
  const n = at(y.shape, 0);
  const length = 2 ** Math.ceil(Math.log2(n));
  const highest = ops.max(y); // behind the end: nothing is above it, and it weighs nothing
  const rest = length - n;
  let rising = rest > 0 ? ops.concat([y, ops.broadcast(highest, [rest])]) : y;
  const weight = rest > 0 ? ops.concat([weights, ops.zeros(rest)]) : weights;
  for (let half = 1; half < length; half *= 2) rising = merged(ops, rising, weight, half);
  return rest > 0 ? ops.slice(rising, { offset: 0, strides: [1], shape: [n] }) : rising;
}

/** Neighbouring pieces of `half` rising entries as one each. */
function merged(ops: Ops, y: Tensor, weights: Tensor, half: number): Tensor {
  const count = at(y.shape, 0) / (2 * half);
  const part = (of: Tensor, offset: number, width: number) =>
    ops.slice(of, { offset, strides: [2 * half, 1], shape: [count, width] });
  const sides = [0, half].map((offset) => ({ entries: part(y, offset, half), weights: part(weights, offset, half) }));
  const [left, right] = [at(sides, 0), at(sides, 1)];
  const [last, first] = [part(y, half - 1, 1), part(y, half, 1)];
  const rowSum = (matrix: Tensor) => ops.reshape(ops.sum(matrix, 1), [count, 1]);
  /** Σ w max(left − m, 0) − Σ w max(m − right, 0), and the sum of the weights that count. */
  const excess = (m: Tensor) => {
    const mass = [
      ops.where(ops.less(m, left.entries), left.weights, 0),
      ops.where(ops.less(right.entries, m), right.weights, 0),
    ];
    const off = sides.map(({ entries }, k) => rowSum(ops.multiply(at(mass, k), ops.subtract(entries, m))));
    return { excess: ops.add(at(off, 0), at(off, 1)), mass: ops.add(rowSum(at(mass, 0)), rowSum(at(mass, 1))) };
  };
  /** The bracket with m in place of an end, and Newton's next m in it. */
  const looked = (m: Tensor, low: Tensor, high: Tensor) => {
    const found = excess(m);
    const isSome = ops.less(0, found.mass);
    const step = ops.where(isSome, ops.divide(found.excess, ops.where(isSome, found.mass, 1)), 0);
    const [above, below] = [
      ops.where(ops.less(found.excess, 0), low, m),
      ops.where(ops.less(0, found.excess), high, m),
    ];
    const next = ops.minimum(ops.maximum(ops.add(m, step), above), below);
    return { low: above, high: below, next };
  };
  const bracket = [ops.minimum(first, last), ops.maximum(first, last)];
  const [level = first] = ops.repeat(
    HALVINGS,
    [at(bracket, 0), ...bracket, ops.constant(1)],
    ([, low = first, high = last]) => {
      const middle = looked(ops.add(low, ops.multiply(0.5, ops.subtract(high, low))), low, high);
      const newton = looked(middle.next, middle.low, middle.high);
      const moved = ops.max(ops.abs(ops.subtract(newton.next, middle.next)));
      return [newton.next, newton.low, newton.high, moved];
    },
    ([, , , moved = first]) => ops.lessEqual(moved, 0),
  );
  return ops.reshape(
    ops.assemble(
      [
        { part: ops.minimum(left.entries, level), view: { offset: 0, strides: [2 * half, 1] } },
        { part: ops.maximum(right.entries, level), view: { offset: half, strides: [2 * half, 1] } },
      ],
      [count, 2 * half],
    ),
    y.shape,
  );
}
