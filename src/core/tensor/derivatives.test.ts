import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { gradient, jacobian, jvp, vjp } from './derivatives.ts';
import { evaluator } from './evaluate.ts';
import { OPERATIONS } from './operations.fixture.ts';
import type { Ops, Tensor } from './ops.ts';

type Build = (ops: Ops, x: Tensor) => Tensor;

/** Functions of x[4], away from kinks, that use every differentiable operation. */
const FUNCTIONS: Record<string, Build> = {
  'elementwise functions': (ops, x) =>
    ops.sum(
      [ops.exp, ops.sin, ops.cos, ops.tan, ops.tanh, ops.abs, ops.negate]
        .map((f) => f(x))
        .reduce((a, b) => ops.add(a, b)),
    ),
  'log and sqrt of positive values': (ops, x) =>
    ops.sum(ops.add(ops.log(ops.add(3, x)), ops.sqrt(ops.add(2, ops.multiply(x, x))))),
  'products, quotients and differences': (ops, x) =>
    ops.sum(ops.divide(ops.subtract(ops.multiply(x, x), 0.5), ops.add(3, x))),
  'integer powers, negative ones too': (ops, x) => ops.sum(ops.add(ops.power(x, 3), ops.power(ops.add(x, 4), -2))),
  'real powers of both arguments': (ops, x) => ops.sum(ops.power(ops.add(3, x), ops.multiply(0.3, x))),
  'maximum, minimum and where': (ops, x) =>
    ops.sum(ops.add(ops.maximum(x, 0.01), ops.where(ops.less(x, 0), ops.minimum(x, -0.02), ops.multiply(x, x)))),
  'matrix products of all ranks': (ops, x) => {
    const X = ops.reshape(x, [2, 2]);
    const row = ops.row(X, 1);
    return ops.add(
      ops.sum(ops.matmul(X, ops.matmul(X, ops.transpose(X)))),
      ops.add(ops.matmul(row, ops.matmul(X, row)), ops.matmul(row, ops.matmul(row, X))),
    );
  },
  'slices, concatenation and broadcasting': (ops, x) => {
    const tail = ops.slice(x, { offset: 1, strides: [2], shape: [2] });
    const grid = ops.multiply(ops.reshape(tail, [2, 1]), ops.reshape(x, [1, 4]));
    return ops.sum(ops.multiply(ops.concat([tail, x]), ops.concat([x, ops.sum(grid, 1)])));
  },
  'reductions over one axis': (ops, x) => {
    const X = ops.reshape(x, [2, 2]);
    return ops.add(ops.norm(ops.sum(X, 0)), ops.add(ops.max(x), ops.sum(ops.max(X, 1))));
  },
  'outer products and norms': (ops, x) => ops.norm(ops.outer(x, ops.sin(x))),
};
const POINTS = [
  [0.3, -0.7, 1.1, 0.45],
  [-0.2, 0.8, -1.3, 0.6],
];

function centralDifferences(f: (x: ArrayLike<number>) => Float64Array, x: readonly number[]): number[][] {
  const h = Math.cbrt(Number.EPSILON);
  return x.map((_, j) => {
    const moved = (sign: number) => f(x.map((entry, i) => (i === j ? entry + sign * h : entry)));
    const [above, below] = [moved(1), moved(-1)];
    return Array.from(above, (entry, i) => (entry - at(below, i)) / (2 * h));
  });
}

const cases = [
  ...Object.entries(FUNCTIONS).flatMap(([name, f]) => POINTS.map((x) => ({ name, f, x }))),
  ...Object.entries(OPERATIONS).flatMap(([name, f]) => POINTS.map((x) => ({ name, f, x: x.slice(0, 3) }))),
];

describe('derivatives', () => {
  it.each(cases)('gradient agrees with central differences: $name at $x', ({ f, x }) => {
    const derived = evaluator(x.length, (ops, p) => gradient(ops, (q) => f(ops, q), p))(x);
    const differences = centralDifferences(evaluator(x.length, f), x).map((column) => at(column, 0));
    derived.forEach((entry, i) =>
      expect(Math.abs(entry - at(differences, i))).toBeLessThan(1e-7 * (1 + Math.abs(entry))),
    );
  });

  it.each(cases)('forward mode agrees with reverse mode: $name at $x', ({ f, x }) => {
    const direction = [0.4, -1.1, 0.2, 0.9].slice(0, x.length);
    const forward = at(evaluator(x.length, (ops, p) => jvp(ops, (q) => f(ops, q), p, ops.constant(direction)))(x), 0);
    const reverse = evaluator(x.length, (ops, p) => gradient(ops, (q) => f(ops, q), p))(x).reduce(
      (sum, entry, i) => sum + entry * at(direction, i),
      0,
    );
    expect(forward).toBeCloseTo(reverse, 11);
  });

  it.each(cases)('second derivatives are the derivative of the first: $name at $x', ({ f, x }) => {
    const first: Build = (ops, p) => gradient(ops, (q) => f(ops, q), p);
    const hessian = evaluator(x.length, (ops, p) => jacobian(ops, (q) => first(ops, q), p))(x);
    const differences = centralDifferences(evaluator(x.length, first), x);
    hessian.forEach((entry, k) =>
      expect(Math.abs(entry - at(at(differences, k % x.length), Math.floor(k / x.length)))).toBeLessThan(
        1e-5 * (1 + Math.abs(entry)),
      ),
    );
  });

  it('does not differentiate the seed of a vjp', () => {
    // Jᵀ(x) w with w = x and y = x²: 2 x · x, not the gradient of Σ x · x².
    const product = evaluator(2, (ops, x) => vjp(ops, (q) => ops.multiply(q, q), x, x))([1, 3]);
    expect([...product]).toEqual([2, 18]);
  });

  it('stops at a computed point, even where simplification could look through it', () => {
    const slope = evaluator(1, (ops, x) => gradient(ops, (q) => ops.sum(ops.multiply(q, q)), ops.negate(x)))([3]);
    expect([...slope]).toEqual([-6]);
  });

  it('takes the slopes of PyTorch at kinks', () => {
    const slopeAt = (f: Build, x: number) =>
      at(evaluator(1, (ops, p) => gradient(ops, (q) => ops.sum(f(ops, q)), p))([x]), 0);
    expect(slopeAt((ops, x) => ops.abs(x), 0)).toBe(0);
    expect(slopeAt((ops, x) => ops.maximum(x, 0), 0)).toBe(0.5);
    expect(slopeAt((ops, x) => ops.norm(x), 0)).toBe(0);
    expect(slopeAt((ops, x) => ops.power(x, 2), 0)).toBe(0);
  });
});
