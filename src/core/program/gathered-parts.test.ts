import { describe, expect, it } from 'vitest';
import { lower } from '../../gpu/dispatched/lower.ts';
import { dispatchCount } from '../../gpu/dispatched/plan.ts';
import { programOf } from '../../gpu/fused/programs.fixture.ts';
import { lsmr } from '../tensor/lsmr.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { upperEntries } from '../tensor/patterns.ts';
import { gatherParts } from './gathered-parts.ts';
import { interpret } from './interpret.ts';
import type { Program } from './program.ts';

const SIDE = 6;
const SIZE = SIDE * SIDE;

const step = (build: (ops: Ops, x: Tensor) => Tensor): Program =>
  programOf(SIZE, ({ ops, x }) => ({ next: build(ops, x) }));

const iterated = (program: Program) => {
  const start = Array.from({ length: SIZE }, (_, i) => Math.sin(3 * i + 1));
  const run = interpret(program, start, {});
  for (let t = 0; t < 3; t++) run.step(1e9);
  return [...(run.outputs()[0] ?? [])];
};

const count = (op: string, { values }: Program) => values.filter((value) => value.op === op).length;

const entry = (ops: Ops, x: Tensor, offset: number) => ops.slice(x, { offset, strides: [1], shape: [1] });
const square = (ops: Ops, x: Tensor) => ops.reshape(x, [SIDE, SIDE]);

/** Six parts of one vector, from its end to its start. */
const turned = (ops: Ops, x: Tensor) =>
  ops.concat([5, 4, 3, 2, 1, 0].map((k) => ops.slice(x, { offset: SIDE * k, strides: [1], shape: [SIDE] })));

describe('parts of few values, put together', () => {
  const assemblies: readonly (readonly [string, (ops: Ops, x: Tensor) => Tensor])[] = [
    ['all entries, in another order', (ops, x) => turned(ops, ops.cos(x))],
    [
      'entries of two values by turns',
      (ops, x) => {
        const [a, b] = [ops.cos(x), ops.sin(x)];
        return ops.concat(Array.from({ length: SIZE }, (_, k) => entry(ops, k % 2 ? a : b, (5 * k) % SIZE)));
      },
    ],
    [
      'a diagonal among zeros, from a transposed matrix',
      (ops, x) => {
        const X = ops.reshape(ops.transpose(square(ops, ops.cos(x))), [SIZE]);
        const parts = Array.from({ length: SIDE }, (_, k) => ({
          part: entry(ops, X, k * SIDE + 1),
          view: { offset: k * (SIDE + 1), strides: [1] },
        }));
        return ops.add(ops.assemble(parts, [SIZE]), x);
      },
    ],
  ];
  it.each(assemblies)('are gathered: %s', (_, build) => {
    const program = step(build);
    const gathered = gatherParts(program);
    expect([count('assemble', program), count('assemble', gathered)]).toEqual([1, 0]);
    expect(iterated(gathered)).toEqual(iterated(program));
  });

  it('are copied where they meet, where they are few, and where as many values are read', () => {
    const programs = [
      step((ops, x) => {
        const part = ops.slice(ops.cos(x), { offset: 0, strides: [1], shape: [SIZE - 3] });
        return ops.assemble(
          [0, 1, 2, 3].map((offset) => ({ part, view: { offset, strides: [1] } })),
          [SIZE],
        );
      }),
      step((ops, x) => ops.concat([18, 0].map((offset) => ops.slice(x, { offset, strides: [1], shape: [18] })))),
      step((ops, x) =>
        ops.concat([0, 1, 2, 3].map((k) => ops.slice(ops.cos(ops.add(x, k)), { offset: 0, strides: [1], shape: [9] }))),
      ),
    ];
    expect(programs.map((program) => gatherParts(program) === program)).toEqual([true, true, true]);
  });

  it('make a loop of least squares over the upper triangle of a matrix one dispatch, with what is beside it fewer than ten', () => {
    const program = programOf(256, ({ ops, x }) => {
      const W = ops.reshape(x, [16, 16]);
      const products = {
        times: (v: Tensor) => {
          const V = ops.reshape(v, [16, 16]);
          const gram = ops.add(ops.matmul(ops.transpose(W), V), ops.matmul(ops.transpose(V), W));
          return upperEntries(ops, gram, true);
        },
        transposedTimes: (u: Tensor) => {
          const parts = Array.from({ length: 16 }, (_, row) => ({
            part: ops.slice(u, { offset: (row * (33 - row)) / 2, strides: [1], shape: [16 - row] }),
            view: { offset: 17 * row, strides: [1] },
          }));
          const U = ops.reshape(ops.assemble(parts, [256]), [16, 16]);
          return ops.reshape(ops.matmul(W, ops.add(U, ops.transpose(U))), [256]);
        },
      };
      const along = lsmr(ops, { rows: 136, columns: 256, ...products }, products.times(x));
      return { next: ops.subtract(x, ops.multiply(0.1, along)) };
    });
    expect(dispatchCount(lower(gatherParts(program)).step)).toBeLessThan(10);
  });
});
