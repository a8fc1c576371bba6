/** Inverses and small quadratic programs, recorded: what defines a solution holds, also where rows repeat or contradict. */
import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { invertPositive } from './elimination.ts';
import { evaluator } from './evaluate.ts';
import type { Ops } from './ops.ts';
import { solveQuadraticProgram } from './quadratic-program.ts';

describe('the inverse of a positive definite matrix', () => {
  it.each([1, 2, 5, 9])('of size %i, with entries of very different size, is its inverse', (n) => {
    const random = symmetric(n);
    for (let trial = 0; trial < 10; trial++) {
      const scales = Array.from({ length: n }, () => 10 ** (4 * random()));
      const B = Array.from({ length: n * n }, random);
      const M = gram(B, n).map((entry, k) => entry * at(scales, Math.floor(k / n)) * at(scales, k % n));
      const inverse = evaluator(n * n, (ops, flat) => invertPositive(ops, ops.reshape(flat, [n, n])).inverse)(M);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const product = M.slice(i * n, (i + 1) * n).reduce(
            (sum, entry, k) => sum + entry * at(inverse, k * n + j),
            0,
          );
          const size = at(scales, i) / at(scales, j);
          expect(Math.abs(product - Number(i === j)) / size).toBeLessThan(1e-8);
        }
    }
  });

  it('tells a matrix that is not positive definite', () => {
    const least = evaluator(4, (ops, flat) => invertPositive(ops, ops.reshape(flat, [2, 2])).leastPivot);
    expect(at(least([1, 2, 2, 1]), 0)).toBeLessThan(0);
    expect(at(least([2, 1, 1, 2]), 0)).toBeGreaterThan(0.5);
  });
});

interface Numbers {
  readonly H: readonly number[];
  readonly q: readonly number[];
  readonly J: readonly number[];
  readonly c: readonly number[];
  readonly isEquality: readonly number[];
  readonly weight: number;
}

function solved({ H, q, J, c, isEquality, weight }: Numbers) {
  const [n, m] = [q.length, c.length];
  const solve = evaluator(1, (ops: Ops) => {
    const { d, multipliers } = solveQuadraticProgram(ops, {
      H: ops.constant(H, [n, n]),
      q: ops.constant(q),
      J: ops.constant(J, [m, n]),
      c: ops.constant(c),
      isEquality: ops.constant(isEquality),
      weight: ops.constant(weight),
    });
    return ops.concat([d, multipliers]);
  });
  const both = [...solve([0])];
  return { d: both.slice(0, n), multipliers: both.slice(n) };
}

/** The largest of ∇, what is violated although it could be paid for, and multipliers outside their bounds or on slack rows. */
function kktError(numbers: Numbers): number {
  const { H, q, J, c, isEquality, weight } = numbers;
  const { d, multipliers } = solved(numbers);
  const n = q.length;
  const row = (matrix: readonly number[], i: number) => matrix.slice(i * n, (i + 1) * n);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);
  const slope = q.map(
    (entry, i) => entry + dot(row(H, i), d) + multipliers.reduce((s, m, k) => s + m * at(row(J, k), i), 0),
  );
  const rows = c.map((entry, k) => {
    const residual = entry + dot(row(J, k), d);
    const m = at(multipliers, k);
    const lower = at(isEquality, k) ? -weight : 0;
    const outside = Math.max(lower - m, m - weight, 0);
    // m = weight where the row is above 0, m = lower where it is below.
    const above = Math.max(residual, 0) * (weight - m);
    const below = Math.max(-residual, 0) * (m - lower);
    return Math.max(outside, (above + below) / weight);
  });
  return Math.max(...slope.map(Math.abs), ...rows);
}

describe('a quadratic program', () => {
  it.each([
    [2, 3, 0],
    [3, 2, 1],
    [5, 8, 2],
    [6, 3, 3],
  ])(
    'of %i unknowns, %i inequalities and %i equalities meets its optimality conditions',
    (n, inequalities, equalities) => {
      const random = symmetric(7 * n + inequalities);
      for (let trial = 0; trial < 12; trial++) {
        const m = inequalities + equalities;
        const numbers = {
          H: gram(Array.from({ length: n * n }, random), n),
          q: Array.from({ length: n }, () => 3 * random()),
          J: Array.from({ length: m * n }, random),
          c: Array.from({ length: m }, random),
          isEquality: Array.from({ length: m }, (_, k) => Number(k < equalities)),
          weight: 1e3,
        };
        expect(kktError(numbers)).toBeLessThan(1e-4);
      }
    },
  );

  it('takes rows that repeat each other', () => {
    const numbers = { H: [2, 0, 0, 2], q: [0, 0], J: [1, 1, 2, 2], c: [-1, -2], isEquality: [1, 1], weight: 100 };
    const { d } = solved(numbers);
    expect(Math.hypot(at(d, 0) - 0.5, at(d, 1) - 0.5)).toBeLessThan(1e-9);
  });

  it('settles between rows that contradict each other, at the least price', () => {
    const numbers = { H: [2], q: [0], J: [1, -1], c: [1, 1], isEquality: [0, 0], weight: 100 }; // d ≤ −1 and d ≥ 1
    expect(kktError(numbers)).toBeLessThan(1e-4);
  });
});

/** Uniform in [−1, 1), the same for the same seed: Lehmer's generator with Park and Miller's constants. */
function symmetric(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  };
}

/** BᵀB + I/10. */
const gram = (B: readonly number[], n: number): number[] =>
  Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    let sum = i === j ? 0.1 : 0;
    for (let r = 0; r < n; r++) sum += at(B, r * n + i) * at(B, r * n + j);
    return sum;
  });
