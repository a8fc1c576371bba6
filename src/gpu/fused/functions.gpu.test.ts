/** Every elementwise operation in float32 on the device against Float64, at edges and seeded points. */
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { evaluator } from '../../core/tensor/evaluate.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';
import { InverseCache } from '../inverses.ts';
import { withTestGpu } from '../test-executor.fixture.ts';
import { jobOf, programOf } from './programs.fixture.ts';
import { createFusedRunner } from './runner.ts';

type Build = (ops: Ops, a: Tensor, b: Tensor) => Tensor;

/** Allowed error: relative, or absolute where the result is below 1 in size and `floor` says so. */
interface Operation {
  readonly build: Build;
  readonly within: number;
  /** Points outside are not compared. */
  readonly domain?: (a: number, b: number) => boolean;
  /** Errors are measured relative to max(|result|, this). */
  readonly floor?: number;
}

const EPSILON = 2 ** -23;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  negate: { build: (ops, a) => ops.negate(a), within: 0 },
  abs: { build: (ops, a) => ops.abs(a), within: 0 },
  sign: { build: (ops, a) => ops.sign(a), within: 0 },
  exp: { build: (ops, a) => ops.exp(a), within: 4 * EPSILON, domain: (a) => !(a <= -87) },
  log: { build: (ops, a) => ops.log(a), within: 4 * EPSILON },
  sqrt: { build: (ops, a) => ops.sqrt(a), within: 2 * EPSILON },
  sin: { build: (ops, a) => ops.sin(a), within: 2e-6, floor: 0.05, domain: (a) => Math.abs(a) < 5000 },
  cos: { build: (ops, a) => ops.cos(a), within: 2e-6, floor: 0.05, domain: (a) => Math.abs(a) < 5000 },
  'sin, which no number takes beyond 1': {
    build: (ops, a) => ops.lessEqual(ops.abs(ops.sin(a)), 1 + EPSILON),
    within: 0,
  },
  'cos, which no number takes beyond 1': {
    build: (ops, a) => ops.lessEqual(ops.abs(ops.cos(a)), 1 + EPSILON),
    within: 0,
  },
  tan: {
    build: (ops, a) => ops.tan(a),
    within: 1e-5,
    floor: 0.1,
    domain: (a) => Math.abs(a) < 100 && Math.abs(Math.cos(a)) > 0.05,
  },
  tanh: { build: (ops, a) => ops.tanh(a), within: 4 * EPSILON },
  floor: { build: (ops, a) => ops.floor(a), within: 0 },
  add: { build: (ops, a, b) => ops.add(a, b), within: EPSILON },
  subtract: { build: (ops, a, b) => ops.subtract(a, b), within: EPSILON },
  multiply: { build: (ops, a, b) => ops.multiply(a, b), within: EPSILON },
  divide: { build: (ops, a, b) => ops.divide(a, b), within: 4 * EPSILON, domain: (_, b) => b !== 0 },
  power: {
    build: (ops, a, b) => ops.power(a, b),
    within: 2e-5,
    domain: (a, b) => Math.abs(b) <= 8 && Math.abs(a) <= 1000 && (a !== 0 || b >= 0),
  },
  maximum: { build: (ops, a, b) => ops.maximum(a, b), within: 0 },
  minimum: { build: (ops, a, b) => ops.minimum(a, b), within: 0 },
  'maximum with 0': { build: (ops, a) => ops.maximum(a, 0), within: 0 },
  'minimum with 0': { build: (ops, a) => ops.minimum(0, a), within: 0 },
  'maximum with a number': { build: (ops, a) => ops.maximum(a, 0.25), within: 0 },
  'minimum with a number': { build: (ops, a) => ops.minimum(0.25, a), within: 0 },
  less: { build: (ops, a, b) => ops.less(a, b), within: 0 },
  lessEqual: { build: (ops, a, b) => ops.lessEqual(a, b), within: 0 },
  equal: { build: (ops, a, b) => ops.equal(a, b), within: 0 },
  where: { build: (ops, a, b) => ops.where(ops.less(a, 0), b, ops.multiply(2, a)), within: 0 },
};

const EDGES = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  -3,
  1e-30,
  -1e-30,
  1e-7,
  0.999999,
  1.000001,
  0.625,
  14.9,
  15.1,
  -40,
  80,
  88.7,
  89,
  200,
  -200,
  1e6,
  -1e6,
  1e30,
  -1e30,
  3e38,
  Math.PI,
  Math.PI / 2,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Numerical Recipes' quick generator: seeded, so that every run checks the same points. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function points(): Float64Array {
  const random = seeded(7);
  const pairs = EDGES.flatMap((a) => [a, 1, 0.5, -2].map((b) => [a, b] as const));
  for (let k = 0; k < 2000; k++)
    pairs.push([(random() * 2 - 1) * 10 ** (random() * 6 - 3), (random() * 2 - 1) * 10 ** (random() * 4 - 3)]);
  return Float64Array.from(pairs.flat(), Math.fround);
}

describe('elementwise operations on the device', () => {
  const { gpu } = withTestGpu();
  const starts = points();
  const count = starts.length / 2;
  const program = programOf(2, ({ ops, x }) => {
    const outputs = Object.entries(OPERATIONS).map(
      ([name, { build }]) => [name, build(ops, ops.row(x, 0), ops.row(x, 1))] as const,
    );
    return { next: x, outputs: Object.fromEntries(outputs) };
  });

  it('agree with Float64 within a few units in the last place, infinities and NaN included', async () => {
    const device = await gpu();
    const flight = await createFusedRunner(device, new InverseCache(device), () => performance.now()).prepare(
      jobOf(program, [...starts], {}, 0, [0]),
    );
    const { data } = await flight.submit(0).records;
    flight.destroy();
    const worst: Record<string, string> = {};
    Object.entries(OPERATIONS).forEach(([name, { build, within, domain = () => true, floor = 0 }], position) => {
      const exact = evaluator(2, (ops, x) => build(ops, ops.row(x, 0), ops.row(x, 1)));
      let most = 0;
      for (let k = 0; k < count; k++) {
        const [a, b] = [at(starts, 2 * k), at(starts, 2 * k + 1)];
        if (!domain(a, b)) continue;
        const error = errorOf(at(data, (2 + position) * count + k), at(exact([a, b]), 0), floor);
        if (!(error <= most)) {
          most = error;
          if (!(error <= within))
            worst[name] = `${a}, ${b}: ${at(data, (2 + position) * count + k)} for ${at(exact([a, b]), 0)}`;
        }
      }
    });
    expect(worst).toEqual({});
    expect(device.uncaptured).toEqual([]);
  });
});

/** Relative error; results beyond float32 must overflow alike, below its normal range only be small. */
function errorOf(found: number, exact: number, floor: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(found) ? 0 : Number.POSITIVE_INFINITY;
  if (Math.abs(exact) > 3.4e38)
    return Math.abs(found) >= 3.3e38 && Math.sign(found) === Math.sign(exact) ? 0 : Number.POSITIVE_INFINITY;
  if (Math.abs(exact) < 1.2e-38) return Math.abs(found) < 1.2e-38 ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(found - exact) / Math.max(Math.abs(exact), floor);
}
