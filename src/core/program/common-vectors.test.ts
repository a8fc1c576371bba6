import { describe, expect, it } from 'vitest';
import { programOf } from '../../gpu/fused/programs.fixture.ts';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { mergeProducts } from './common-vectors.ts';
import { interpret } from './interpret.ts';
import type { Program } from './program.ts';

const SIZE = 5;
const matrix = (ops: Ops, seed: number, rows = SIZE) =>
  ops.constant(
    Float64Array.from({ length: rows * SIZE }, (_, i) => Math.sin(seed * i + seed)),
    [rows, SIZE],
  );

const step = (build: (ops: Ops, x: Tensor) => Tensor): Program =>
  programOf(SIZE, ({ ops, x }) => ({ next: build(ops, x) }));

const products = ({ values }: Program) => values.filter(({ op }) => op === 'matmul').length;

const iterated = (program: Program) => {
  const run = interpret(program, [0.3, -0.2, 0.1, 0.5, -0.4], {});
  for (let t = 0; t < 4; t++) run.step(1e9);
  return [...(run.outputs()[0] ?? [])];
};

describe('products of one vector, added up', () => {
  const sums: readonly (readonly [string, number, (ops: Ops, x: Tensor) => Tensor])[] = [
    [
      'the gradient of a quadratic, ½ Qᵀx + ½ Qx − c',
      1,
      (ops, x) => {
        const Q = matrix(ops, 1);
        const half = ops.matmul(ops.multiply(0.5, x), Q);
        return ops.subtract(ops.add(half, ops.multiply(ops.matmul(Q, x), 0.5)), ops.constant([1, 2, 3, 4, 5]));
      },
    ],
    [
      'with others between them, and signs',
      1,
      (ops, x) => {
        const [A, B, C] = [matrix(ops, 1), matrix(ops, 2), matrix(ops, 3)];
        const first = ops.subtract(ops.tanh(x), ops.matmul(A, x));
        const rest = ops.subtract(ops.matmul(B, x), ops.negate(ops.matmul(ops.multiply(-0.1, x), C)));
        return ops.multiply(0.2, ops.subtract(first, rest));
      },
    ],
    [
      'beside one of a vector with a factor, which stays as it is',
      2,
      (ops, x) => {
        const [A, B, C] = [matrix(ops, 1), matrix(ops, 2), matrix(ops, 3)];
        const alone = ops.multiply(0.2, ops.matmul(C, ops.multiply(0.5, ops.sin(x))));
        return ops.add(ops.multiply(0.1, ops.matmul(A, x)), ops.subtract(alone, ops.multiply(0.1, ops.matmul(B, x))));
      },
    ],
    [
      'of two vectors, each for itself',
      2,
      (ops, x) => {
        const [A, B] = [matrix(ops, 1), matrix(ops, 2)];
        const y = ops.sin(x);
        const both = (v: Tensor) => ops.add(ops.matmul(A, v), ops.matmul(v, B));
        return ops.multiply(0.1, ops.subtract(both(x), both(y)));
      },
    ],
  ];

  it.each(sums)('are one product: %s', (_, count, build) => {
    const program = step(build);
    const merged = mergeProducts(program);
    expect(products(merged)).toBe(count);
    const before = iterated(program);
    iterated(merged).forEach((entry, i) => {
      expect(entry).toBeCloseTo(before[i] ?? Number.NaN, 13); // added in another order
    });
  });

  it('compute what they computed, in sums of any products', () => {
    const anySum = (seed: number) => {
      const { uniform } = draws(seed);
      const pick = <Choice>(choices: readonly Choice[]): Choice => at(choices, Math.floor(uniform() * choices.length));
      return step((ops, x) => {
        const factor = () => pick([0.5, -0.25, 1]);
        const product = (): Tensor => {
          const v = ops.multiply(factor(), pick([x, ops.sin(x), ops.add(x, 1)]));
          const A = matrix(ops, 1 + Math.floor(4 * uniform()));
          return pick([
            () => ops.multiply(factor(), ops.matmul(A, v)),
            () => ops.multiply(ops.matmul(v, A), factor()),
            () => ops.negate(ops.matmul(ops.transpose(A), v)),
            () => ops.add(v, ops.dot(v, x)),
            () => ops.broadcast(ops.matmul(matrix(ops, 5, 1), v), [SIZE]),
          ])();
        };
        const sum = (depth: number): Tensor => {
          if (depth === 0) return product();
          const [a, b] = [sum(depth - 1), sum(depth - 1)];
          return uniform() < 0.5 ? ops.add(a, b) : ops.subtract(a, b);
        };
        return ops.multiply(0.05, sum(pick([1, 2, 3])));
      });
    };
    const programs = Array.from({ length: 100 }, (_, seed) => anySum(seed + 1));
    expect(programs.filter((program) => mergeProducts(program) !== program).length).toBeGreaterThan(30);
    for (const [seed, program] of programs.entries()) {
      const before = iterated(program);
      iterated(mergeProducts(program)).forEach((entry, i) => {
        expect(Math.abs(entry - (before[i] ?? Number.NaN)), `program ${seed}`).toBeLessThan(1e-12);
      });
    }
  });

  it('stay where the matrices move, the vectors differ or the sum is one of matrices', () => {
    const kept = [
      step((ops, x) => ops.add(ops.matmul(matrix(ops, 1), x), ops.matmul(matrix(ops, 1), ops.sin(x)))),
      step((ops, x) => {
        const moving = ops.multiply(ops.sum(x), matrix(ops, 1));
        return ops.add(ops.matmul(moving, x), ops.matmul(ops.transpose(moving), x));
      }),
      step((ops, x) => {
        const column = ops.reshape(x, [SIZE, 1]);
        return ops.reshape(ops.add(ops.matmul(matrix(ops, 1), column), ops.matmul(matrix(ops, 2), column)), [SIZE]);
      }),
    ];
    for (const program of kept) expect(mergeProducts(program)).toBe(program);
  });

  it('are found where few terms lie between them, not at any distance: a long chain is not looked at again at each of its links', () => {
    const apart = (links: number) =>
      step((ops, x) => {
        let sum = ops.matmul(matrix(ops, 1), x);
        for (let k = 0; k < links; k++) sum = ops.add(sum, ops.sin(ops.multiply(k + 2, x)));
        return ops.add(sum, ops.matmul(matrix(ops, 2), x));
      });
    expect([0, 3, 100].map((links) => products(mergeProducts(apart(links))))).toEqual([1, 1, 2]);
  });
});
