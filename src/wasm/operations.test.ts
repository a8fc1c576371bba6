/** Every operation, as entries and as arrays, alone and in loops, against the interpreter: the same numbers to the last bit. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { Program } from '../core/program/program.ts';
import { lsmr } from '../core/tensor/lsmr.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import { sparseTransposed, toSparse } from '../core/tensor/sparse.ts';
import { type PaddedRows, paddedRows, sparseMap } from '../core/tensor/sparse-products.ts';
import type { OpName } from '../core/tensor/value.ts';
import { jobOf, programOf } from '../gpu/fused/programs.fixture.ts';
import { differences } from './compare.fixture.ts';

type Build = (ops: Ops, x: Tensor, t: Tensor) => Tensor;

/** Leaves and the parts of loops have tests of their own, below. */
type Leaf = 'constant' | 'input' | 'repeat' | 'pick' | 'carry' | 'turn';

const n = (x: Tensor): number => sizeOf(x.shape);
const square = (ops: Ops, x: Tensor): Tensor => ops.outer(x, ops.sin(x));
const source = (ops: Ops, t: Tensor) => ({ seed: ops.constant([7, 3]), start: ops.constant(2), t, stream: 5 });

/** Functions of x[n]. Their arguments leave the domain, and meet 0, −0, infinities and NaN on the way. */
const OPERATIONS: Readonly<Record<Exclude<OpName, Leaf>, Build>> = {
  identity: (ops, x) => ops.identity(x),
  negate: (ops, x) => ops.negate(x),
  abs: (ops, x) => ops.abs(x),
  sign: (ops, x) => ops.add(ops.sign(ops.log(x)), ops.multiply(10, ops.sign(ops.floor(x)))),
  exp: (ops, x) => ops.exp(ops.multiply(300, x)),
  log: (ops, x) => ops.log(x),
  sqrt: (ops, x) => ops.sqrt(x),
  sin: (ops, x) => ops.sin(ops.multiply(1e4, x)),
  cos: (ops, x) => ops.cos(ops.multiply(1e4, x)),
  tan: (ops, x) => ops.tan(x),
  tanh: (ops, x) => ops.tanh(x),
  floor: (ops, x) => ops.floor(ops.multiply(3, x)),
  add: (ops, x) => ops.add(x, ops.row(x, 1)),
  subtract: (ops, x) => ops.subtract(ops.row(x, 0), x),
  multiply: (ops, x) => ops.multiply(x, ops.sin(x)),
  divide: (ops, x) => ops.divide(x, ops.floor(x)),
  power: (ops, x) => ops.power(x, ops.multiply(3, ops.cos(x))),
  maximum: (ops, x) => ops.maximum(ops.log(x), ops.floor(x)),
  minimum: (ops, x) => ops.minimum(ops.floor(x), ops.sqrt(x)),
  less: (ops, x) => ops.multiply(3, ops.less(x, ops.row(x, 1))),
  lessEqual: (ops, x) => ops.lessEqual(ops.floor(x), ops.log(x)),
  equal: (ops, x) => ops.subtract(1, ops.equal(ops.floor(x), 0)),
  where: (ops, x) => ops.where(ops.where(ops.less(x, 0), ops.log(x), ops.floor(x)), ops.exp(x), ops.sin(x)),
  broadcast: (ops, x) => ops.add(ops.broadcast(x, [3, n(x)]), ops.broadcast(ops.sum(x), [3, n(x)])),
  reshape: (ops, x) => ops.matmul(ops.reshape(ops.concat([x, ops.sin(x)]), [2, n(x)]), x),
  transpose: (ops, x) => ops.transpose(ops.outer(ops.exp(x), ops.slice(x, { offset: 1, strides: [1], shape: [2] }))),
  slice: (ops, x) =>
    ops.add(
      ops.slice(square(ops, x), { offset: n(x) - 1, strides: [n(x), -1], shape: [n(x), n(x)] }),
      ops.broadcast(ops.slice(x, { offset: 1, strides: [1], shape: [n(x) - 1] }).shape.length, [n(x), n(x)]),
    ),
  assemble: (ops, x) =>
    ops.concat([ops.slice(ops.exp(x), { offset: 1, strides: [1], shape: [n(x) - 1] }), x, ops.row(x, 2)]),
  sum: (ops, x) => ops.add(ops.sum(square(ops, x), 0), ops.multiply(ops.sum(square(ops, x), 1), ops.sum(ops.exp(x)))),
  max: (ops, x) => ops.add(ops.max(square(ops, x), 0), ops.multiply(ops.max(square(ops, x), 1), ops.max(ops.exp(x)))),
  matmul: (ops, x) => {
    const A = square(ops, x);
    const wide = ops.slice(A, { offset: 0, strides: [n(x), 1], shape: [n(x), 3] });
    const products = [
      ops.matmul(A, ops.transpose(A)),
      ops.matmul(A, x),
      ops.matmul(x, A),
      ops.matmul(ops.transpose(wide), A),
      ops.matmul(A, wide),
      ops.matmul(x, x),
    ];
    return ops.concat(products.map((product) => ops.reshape(product, [sizeOf(product.shape)])));
  },
  pinv: (ops, x) => ops.pinv(ops.reshape(ops.concat([x, ops.sin(x)]), [2, n(x)])),
  nullSpace: (ops, x) => ops.nullSpace(ops.reshape(x, [1, n(x)]), 1),
  rowSpace: (ops, x) => ops.rowSpace(ops.reshape(x, [1, n(x)]), 1),
  gather: (ops, x) => {
    const table = ops.constant(
      Float64Array.from({ length: 5 * n(x) }, (_, i) => Math.sin(i)),
      [5, n(x)],
    );
    const fixed = ops.gather(table, ops.floor(ops.add(2, ops.multiply(4, x)))); // some rows are none of the table's
    const few = ops.gather(ops.exp(x), ops.constant([2, 0, 1, 1]));
    const many = ops.gather(ops.sin(x), ops.constant(Array.from({ length: 50 }, (_, i) => (7 * i) % n(x))));
    const rows = ops.gather(square(ops, x), ops.constant([1, 0, 2]));
    return ops.concat([fixed, few, many, rows]);
  },
  random: (ops, x, t) =>
    ops.add(ops.random('uniform', [n(x)], source(ops, t)), ops.randomIndex(n(x), 11, source(ops, t))),
};

/** x moves, and the operation's result is what is compared. */
const programFor = (build: Build, size: number): Program =>
  programOf(size, ({ ops, x, t }) => {
    const y = build(ops, x, t);
    const isNumber = ops.lessEqual(ops.abs(y), 1e3);
    const pulled = ops.multiply(0.01, ops.sum(ops.where(isNumber, y, 0)));
    return {
      next: ops.sin(ops.add(ops.multiply(1.5, x), ops.add(pulled, ops.multiply(0.1, t)))),
      outputs: { y, atStart: build(ops, ops.input('start', 'x0', [size]), ops.constant(0)) },
    };
  });

const startOf = (size: number) => Array.from({ length: size }, (_, i) => (i % 5 === 2 ? 0 : Math.cos(3 * i + 1)));
const every = (steps: number) => Array.from({ length: steps + 1 }, (_, step) => step);

describe('every operation', () => {
  it.each(Object.entries(OPERATIONS))('%s', (_, build) => {
    for (const size of [3, 16, 17, 36])
      expect(differences(jobOf(programFor(build, size), startOf(size), {}, 4, every(4)))).toEqual([]);
  });
});

const first = (carried: readonly Tensor[]): Tensor => at(carried, 0);

describe('loops', () => {
  it.each([3, 16, 17, 36])('swap, end by themselves, and nest: n = %i', (size) => {
    const program = programOf(size, ({ ops, x, t }) => {
      const swapped = ops.repeat(5, [x, ops.sin(x)], ([a, b], turn) => [
        b as Tensor,
        ops.add(a as Tensor, ops.multiply(turn, ops.cos(b as Tensor))),
      ]);
      const halved = ops.repeat(
        50,
        [x],
        (carried) => [ops.multiply(0.7, first(carried))],
        (carried) => ops.less(ops.norm(first(carried)), 0.2),
      );
      const nested = ops.repeat(3, [ops.zeros(size)], (outer, i) =>
        ops.repeat(4, [first(outer)], (inner, j) => [
          ops.add(first(inner), ops.multiply(ops.add(i, j), ops.tanh(ops.add(x, first(outer))))),
        ]),
      );
      const never = ops.repeat(0, [ops.exp(x)], (carried) => [ops.negate(first(carried))]);
      return {
        next: ops.sin(ops.add(ops.add(x, first(swapped)), ops.multiply(0.1, ops.add(t, first(nested))))),
        outputs: { second: at(swapped, 1), halved: first(halved), never: first(never) },
      };
    });
    expect(differences(jobOf(program, startOf(size), {}, 6, every(6)))).toEqual([]);
  });

  it('take products with a matrix by its entries that are not 0: n = 40', () => {
    const A = toSparse(
      19,
      40,
      Float64Array.from({ length: 19 * 40 }, (_, k) => (Math.abs((k % 40) - 2 * Math.floor(k / 40)) < 2 ? 1 : 0)),
    );
    const padded = [A, sparseTransposed(A)].map(paddedRows) as [PaddedRows, PaddedRows];
    const program = programOf(40, ({ ops, x }) => {
      const [entries, weights, rows, factors] = padded
        .flatMap((each) => [each.entries, each.weights])
        .map((list) => ops.constant(list.flat(), [list.length, at(list, 0).length])) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const map = sparseMap(ops, { entries, weights, rows, factors });
      return { next: ops.subtract(ops.sin(x), lsmr(ops, map, ops.subtract(map.times(ops.sin(x)), 1))) };
    });
    expect(differences(jobOf(program, startOf(40), {}, 3, every(3)))).toEqual([]);
  });

  it('see the number of the turn, settings and the start from the outside', () => {
    const program = programOf(20, ({ ops, x, start, setting }) => {
      const table = ops.multiply(setting('scale'), ops.constant(startOf(20)));
      const loops = ops.repeat(4, [start], ([a], turn) => [
        ops.add(ops.multiply(a as Tensor, ops.cos(turn)), ops.add(table, ops.multiply(setting('scale'), turn))),
      ]);
      return { next: ops.add(ops.multiply(0.5, x), first(loops)), initial: ops.add(first(loops), start) };
    });
    expect(differences(jobOf(program, startOf(20), { scale: 0.3 }, 5, every(5)))).toEqual([]);
  });
});

/** Slots that take each other's values, one of an optimizer, and one that nothing moves. */
function exchanging(size: number, growth: number): Program {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [size]);
  const [a, b, c] = ['x', 'y', 'optimizer.z'].map((name) => ops.input('state', name, [size])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const slot = (name: string, current: Tensor, initial: Tensor, next: Tensor) => ({
    name,
    shape: [size],
    initial: initial.id,
    current: current.id,
    next: next.id,
  });
  return {
    values: ops.values,
    regions: ops.regions,
    size,
    start: start.id,
    time: null,
    settings: [],
    state: [
      slot('x', a, start, b),
      slot('y', b, ops.sin(start), ops.multiply(growth, a)),
      slot('optimizer.z', c, ops.exp(start), ops.multiply(c, ops.add(100, ops.multiply(0, a)))),
    ],
    outputs: [
      { name: 'x', value: a.id },
      { name: 'y', value: b.id },
      { name: 'z', value: c.id },
    ],
  };
}

describe('state', () => {
  it.each([2, 17])('moves all at once, and ends where a number is too large or none: n = %i', (size) => {
    for (const growth of [1, 3, 1e5, 1e200, Number.POSITIVE_INFINITY, Number.NaN]) {
      const program = exchanging(size, growth);
      expect(differences(jobOf(program, startOf(size), {}, 300, every(300)))).toEqual([]);
    }
  });
});

describe('random programs', () => {
  it.each([3, 21])('give the same numbers: n = %i', (size) => {
    const count = import.meta.env.FEASIBLE_FUZZ ? 2000 : 25;
    for (let seed = 1; seed <= count; seed++) {
      const found = differences(jobOf(randomProgram(seed, size), startOf(size), { rate: 0.1 }, 6, every(6)));
      expect(found, `seed ${seed}`).toEqual([]);
    }
  });
});

/** x ← tanh of a random expression of x, t, a setting and the start, some of it in loops. */
function randomProgram(seed: number, size: number): Program {
  let state = Math.imul(seed, 2654435761) >>> 0;
  const random = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return programOf(size, ({ ops, x, t, start, setting }) => {
    const known: Tensor[] = [
      x,
      start,
      ops.constant(startOf(size)),
      ops.broadcast(setting('rate'), [size]),
      ops.broadcast(ops.cos(t), [size]),
    ];
    const pick = () => at(known, random(known.length));
    const M = ops.constant(
      Float64Array.from({ length: size * size }, (_, i) => Math.sin(i * i)),
      [size, size],
    );
    const builders: (() => Tensor)[] = [
      () => ops.add(pick(), pick()),
      () => ops.multiply(pick(), pick()),
      () => ops.divide(pick(), pick()),
      () => ops.sqrt(ops.abs(pick())),
      () => ops.exp(ops.tanh(pick())),
      () => ops.maximum(pick(), ops.row(pick(), random(size))),
      () => ops.matmul(M, pick()),
      () => ops.matmul(ops.outer(pick(), pick()), pick()),
      () => ops.where(ops.less(pick(), ops.row(pick(), 1)), pick(), pick()),
      () => ops.multiply(ops.sum(pick()), pick()),
      () => ops.concat([ops.row(pick(), 2), ops.slice(pick(), { offset: 0, strides: [1], shape: [size - 1] })]),
      () => ops.slice(pick(), { offset: size - 1, strides: [-1], shape: [size] }),
      () => ops.sum(ops.transpose(ops.outer(pick(), ops.cos(pick()))), random(2)),
      () => {
        const outside = pick();
        const loop = ops.repeat(
          1 + random(4),
          [pick(), pick()],
          ([a, b], turn) => [ops.sin(ops.add(b as Tensor, turn)), ops.multiply(a as Tensor, outside)],
          random(2) === 0 ? undefined : ([a]) => ops.less(1, ops.row(a as Tensor, 0)),
        );
        return at(loop, random(2));
      },
    ];
    for (let k = 0; k < 14; k++) known.push(at(builders, random(builders.length))());
    const last = at(known, known.length - 1);
    const isNumber = ops.lessEqual(ops.abs(last), 1e6);
    return { next: ops.tanh(ops.where(isNumber, last, x)), outputs: { y: pick(), z: pick() } };
  });
}
