/** The nearest point of a polyhedron, exactly: a dual active-set method whose every turn is a few products of small matrices. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

export interface Polyhedron {
  /** [m, n], no row 0. */
  readonly A: Tensor;
  /** [m]. */
  readonly b: Tensor;
  /** [m]: 1 for a row a·x = b, 0 for a·x ≤ b. */
  readonly equal: Tensor;
}

/** A row of length 1 this near to the span of others, by its squared distance, counts as one of them: float32 cannot tell. */
export const DEPENDENT = 1e-6;

/** So many times the rounding of rows that hold is rounding still. */
const NOISE = 16;

/** Longer than any step. */
const ENDLESS = 1e30;

/** Most polyhedra take about as many turns as rows hold at the end, and some for rows that are met and left again. */
const turnsFor = (rows: number): number => 4 * rows + 6;

/** Rounding of the turns, which is that of a point far away, is taken back by so many corrections on the rows that hold. */
const CORRECTIONS = 3;

/**
 * argmin Σ (zᵢ − xᵢ)²/sᵢ with A z ≤ b, or = b where `equal`; of an empty set, a point without meaning. The rows that hold are
 * found one by one: the row that is off most is moved to; on the way, a row whose multiplier falls to 0 is let go. T is
 * G = A S Aᵀ, for rows of length 1, with the rows that hold exchanged (swept): −G⁻¹ among them, and what is left of the others
 * beside it. Source: Goldfarb & Idnani 1983, Mathematical Programming 27, 1–33; Goodnight 1979 on the sweep operator.
 */
export function nearestInPolyhedron(ops: Ops, x: Tensor, { A, b, equal }: Polyhedron, scale?: Tensor): Tensor {
  const m = at(A.shape, 0);
  const column = (v: Tensor) => ops.reshape(v, [m, 1]);
  const scaled = scale ? ops.multiply(A, scale) : A;
  const lengths = ops.sqrt(ops.sum(ops.multiply(scaled, A), 1));
  const rows = ops.divide(A, column(lengths));
  const ways = ops.divide(scaled, column(lengths)); // z = x − waysᵀ λ
  const limits = ops.divide(b, lengths);
  const G = ops.matmul(ways, ops.transpose(rows));
  const excess = ops.subtract(ops.matmul(rows, x), limits);
  const isFree = ops.subtract(1, equal); // may be let go
  const none = ops.zeros(m);
  const index = ops.constant(Float64Array.from({ length: m }, (_, i) => i));
  /** The unit vector of the largest entry, the first of several. */
  const largest = (v: Tensor) => {
    const first = ops.negate(ops.max(ops.where(ops.equal(v, ops.max(v)), ops.negate(index), -m)));
    return ops.equal(index, first);
  };
  const [swept = G, found = none, active = none] = ops.repeat(
    turnsFor(m),
    [G, none, none, none, ops.constant(0)],
    ([T = G, multipliers = none, holds = none, under = none]) => {
      const off = ops.subtract(excess, ops.matmul(G, multipliers));
      const beside = ops.multiply(ops.where(equal, ops.abs(off), ops.maximum(off, 0)), ops.subtract(1, holds));
      // Rows that hold are off by rounding alone: a row in their span that is off no more is met, or it would take turns with them.
      const noise = ops.multiply(NOISE, ops.max(ops.multiply(holds, ops.abs(off))));
      const own = ops.slice(T, { offset: 0, strides: [m + 1], shape: [m] });
      const size = ops.where(ops.maximum(ops.less(DEPENDENT, own), ops.less(noise, beside)), beside, 0);
      const isUnder = ops.less(0, ops.sum(under));
      const isNeeded = ops.maximum(isUnder, ops.less(0, ops.max(size)));
      const entering = ops.where(isUnder, under, largest(size));
      const beyond = ops.dot(entering, off);
      const isEqual = ops.dot(entering, equal);
      const side = ops.where(isEqual, ops.sign(beyond), 1); // rounding may end a row's way before it is met
      const pull = ops.matmul(T, entering);
      const rest = ops.dot(pull, entering);
      const falls = ops.multiply(side, pull);
      const canFall = ops.multiply(ops.multiply(holds, isFree), ops.less(DEPENDENT, falls));
      const ratios = ops.where(canFall, ops.divide(multipliers, ops.where(canFall, falls, 1)), ENDLESS);
      const toFall = ops.negate(ops.max(ops.negate(ratios)));
      const isReachable = ops.less(DEPENDENT, rest);
      const way = ops.where(isEqual, ops.abs(beyond), ops.maximum(beyond, 0));
      const toRow = ops.where(isReachable, ops.divide(way, ops.where(isReachable, rest, 1)), ENDLESS);
      const step = ops.minimum(toFall, toRow);
      const goes = ops.multiply(isNeeded, ops.less(step, ENDLESS));
      const arrives = ops.lessEqual(toRow, toFall);
      const leaving = largest(ops.negate(ratios));
      const exchanged = ops.where(arrives, entering, leaving);
      const sign = ops.where(arrives, 1, -1);
      const moved = ops.add(
        multipliers,
        ops.multiply(ops.multiply(step, side), ops.subtract(entering, ops.multiply(pull, holds))),
      );
      const kept = ops.where(arrives, moved, ops.multiply(moved, ops.subtract(1, leaving)));
      const line = ops.matmul(T, exchanged);
      const pivot = ops.dot(line, exchanged);
      const along = ops.subtract(line, ops.multiply(sign, exchanged));
      const change = ops.add(
        ops.divide(ops.outer(along, along), ops.where(ops.equal(pivot, 0), 1, pivot)),
        ops.multiply(ops.multiply(2, sign), ops.outer(exchanged, exchanged)),
      );
      return [
        ops.where(goes, ops.subtract(T, change), T),
        ops.where(goes, kept, multipliers),
        ops.where(goes, ops.add(holds, ops.multiply(sign, exchanged)), holds),
        ops.where(arrives, none, entering),
        ops.subtract(1, goes),
      ];
    },
    ([, , , , isDone = none]) => isDone,
  );
  const multipliers = ops.multiply(ops.where(equal, found, ops.maximum(found, 0)), active);
  const columns = ops.transpose(ways);
  let z = ops.subtract(x, ops.matmul(columns, multipliers));
  for (let k = 0; k < CORRECTIONS; k++) {
    const off = ops.multiply(active, ops.subtract(ops.matmul(rows, z), limits));
    z = ops.add(z, ops.matmul(columns, ops.multiply(active, ops.matmul(swept, off))));
  }
  return z;
}
