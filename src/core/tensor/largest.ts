/** Which entries of a vector are its k largest in magnitude. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** Vectors up to this length compare all pairs of entries. */
const PAIRS = 256;

/** 1 for the k entries of largest magnitude, else 0; of equal ones those that come first. Shape: x [n]. Compares only. */
export function largestEntries(ops: Ops, x: Tensor, k: number): Tensor {
  const n = at(x.shape, 0);
  if (k >= n) return ops.ones(n);
  const sizes = ops.abs(x);
  return n <= PAIRS ? byPairs(ops, sizes, k) : byThreshold(ops, sizes, k);
}

const numbered = (ops: Ops, n: number): Tensor => ops.constant(Float64Array.from({ length: n }, (_, i) => i));

function byPairs(ops: Ops, sizes: Tensor, k: number): Tensor {
  const n = at(sizes.shape, 0);
  const [own, other] = [ops.reshape(sizes, [n, 1]), ops.reshape(sizes, [1, n])];
  const index = numbered(ops, n);
  const isEarlier = ops.less(ops.reshape(index, [1, n]), ops.reshape(index, [n, 1]));
  const beats = ops.add(ops.less(own, other), ops.multiply(ops.equal(own, other), isEarlier));
  return ops.less(ops.sum(beats, 1), k);
}

/** The k-th largest size by halving what it can be between, then the first of those that have it. */
function byThreshold(ops: Ops, sizes: Tensor, k: number): Tensor {
  const n = at(sizes.shape, 0);
  const halved = (turns: number, left: Tensor, right: Tensor, isBelow: (middle: Tensor) => Tensor) => {
    const found = ops.repeat(turns, [left, right], ([low, high]) => {
      const middle = ops.multiply(0.5, ops.add(low as Tensor, high as Tensor));
      const rises = isBelow(middle);
      return [ops.where(rises, middle, low as Tensor), ops.where(rises, high as Tensor, middle)];
    });
    return found as readonly [Tensor, Tensor];
  };
  const count = (truths: Tensor) => ops.sum(truths);
  // More than k − 1 sizes are above `low`, at most k − 1 above `high`.
  const [, high] = halved(80, ops.constant(-1), ops.max(sizes), (middle) =>
    ops.lessEqual(k, count(ops.less(middle, sizes))),
  );
  const threshold = ops.max(ops.where(ops.lessEqual(sizes, high), sizes, -1));
  const isAbove = ops.less(threshold, sizes);
  const isTied = ops.equal(sizes, threshold);
  const missing = ops.subtract(k, count(isAbove));
  const index = numbered(ops, n);
  const turns = Math.ceil(Math.log2(n)) + 2;
  const [last] = halved(turns, ops.constant(-0.5), ops.constant(n), (middle) =>
    ops.lessEqual(count(ops.multiply(isTied, ops.less(index, middle))), missing),
  );
  return ops.maximum(isAbove, ops.multiply(isTied, ops.less(index, last)));
}
