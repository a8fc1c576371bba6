/**
 * Values, gradients, second derivatives and directional derivatives on the device against Float64: of every operation, of every
 * function of the language and of random expressions, as fused kernels and as dispatches. Many go together in one program.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import {
  DIRECTION,
  FUNCTION_EXPRESSIONS,
  randomExpression,
  recordDerivatives,
} from '../core/problem/expressions.fixture.ts';
import { expand } from '../core/program/expand.ts';
import { gradient, jacobian, jvp } from '../core/tensor/derivatives.ts';
import { OPERATIONS } from '../core/tensor/operations.fixture.ts';
import { Ops, type Tensor } from '../core/tensor/ops.ts';
import { roundingSpread } from '../core/tensor/rounding.fixture.ts';
import { createDispatchedRunner } from './dispatched/runner.ts';
import { jobOf, programOf } from './fused/programs.fixture.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import { seeded } from './kernels/seeded.ts';
import type { Runner } from './runner.ts';
import { withTestGpu } from './test-executor.fixture.ts';

interface Case {
  readonly name: string;
  /** f(x), ∇f(x), ∇²f(x), ∇f(x)·d. */
  readonly derivatives: (ops: Ops, x: Tensor, t: Tensor, T: Tensor) => Readonly<Record<string, Tensor>>;
}

const ofExpression = (name: string): Case => ({
  name,
  derivatives: (ops, x, t, T) => recordDerivatives(ops, name, x, t, T),
});

const operations: readonly Case[] = Object.entries(OPERATIONS).map(([name, f]) => ({
  name,
  derivatives: (ops, x) => {
    const slope = (p: Tensor) => gradient(ops, (q) => f(ops, q), p);
    return {
      value: f(ops, x),
      gradient: slope(x),
      hessian: jacobian(ops, slope, x),
      along: jvp(ops, (q) => f(ops, q), x, ops.constant([...DIRECTION])),
    };
  },
}));

/** A software adapter compiles for long: all of them with `npm run test:full`. */
const EXPRESSIONS = import.meta.env.FEASIBLE_FULL ? 500 : 8;

const SEED = 20;
const random = fc.sample(randomExpression, { seed: SEED, numRuns: EXPRESSIONS }).map(ofExpression);
/** Away from kinks, where slopes jump within a rounding; and, unlike fast-check's, no subnormal numbers, which a GPU may take for 0. */
const noise = seeded(SEED);
const points = Array.from({ length: 4 }, () => Array.from({ length: 3 }, () => Math.fround(2.4 * noise() - 1.2)));

/** What one case costs in a program: its values, shared ones not counted. */
function batches(cases: readonly Case[], size: number): Case[][] {
  const found: Case[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const one of cases) {
    const { values } = recorded([one]);
    if (weight + values.length > size) {
      found.push([]);
      weight = 0;
    }
    at(found, found.length - 1).push(one);
    weight += values.length;
  }
  return found;
}

/** One program whose outputs are all that the cases ask for. */
function recorded(cases: readonly Case[]) {
  return programOf(3, ({ ops, x, t, setting }) => ({
    next: x,
    outputs: Object.fromEntries(
      cases.map(({ derivatives }, k) => {
        const parts = Object.values(derivatives(ops, x, t, setting('T')));
        return [`${k}`, ops.concat(parts.map((part) => ops.reshape(part, [part.shape.reduce((a, b) => a * b, 1)])))];
      }),
    ),
  }));
}

const WIDTH = 1 + 3 + 9 + 1;

/** Entries whose rounding alone may reach this part of the largest are not compared: nothing could be said of them. */
const ILL_CONDITIONED = 1e-2;

/** A spread is the largest of a few draws; an error may be some times as large. */
const OVER_SPREAD = 8;

function compare(cases: readonly Case[], found: (point: number, entry: number) => number) {
  const faults: string[] = [];
  let compared = 0;
  cases.forEach((one, k) => {
    const ops = new Ops();
    const x = ops.input('start', 'x', [3]);
    const values = Object.values(one.derivatives(ops, x, ops.input('time', 't', []), ops.input('setting', 'T', [])));
    const evaluate = roundingSpread(
      ops,
      x.id,
      values.map(({ id }) => id),
      noise,
    );
    points.forEach((point, p) => {
      const { exact, spread } = evaluate(point);
      const scale = exact.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 1e-3);
      exact.forEach((wanted, i) => {
        const within = OVER_SPREAD * at(spread, i) + 1e-7 * scale;
        if (!(within < ILL_CONDITIONED * scale)) return;
        compared++;
        const got = found(p, k * WIDTH + i);
        if (!(Math.abs(got - wanted) <= within))
          faults.push(`${one.name} at [${point}], entry ${i}: ${got} for ${wanted}, within ${within}`);
      });
    });
  });
  return { faults, compared };
}

const { gpu } = withTestGpu();

/** How many entries were compared. */
async function agreement(runner: Runner, cases: readonly Case[], together: boolean): Promise<number> {
  const program = expand(recorded(cases));
  const flights = together ? [points.flat()] : points;
  const records: Float32Array[] = [];
  for (const starts of flights) {
    const flight = await runner.prepare(jobOf(program, starts, { T: 100 }, 0, [0]));
    records.push((await flight.submit(0).records).data);
    flight.destroy();
  }
  const { faults, compared } = compare(cases, (point, entry) =>
    together ? at(at(records, 0), (3 + entry) * points.length + point) : at(at(records, point), 3 + entry),
  );
  expect(faults).toEqual([]);
  return compared;
}

const groups = [
  { what: 'every operation', cases: operations },
  { what: 'every function of the language', cases: Object.values(FUNCTION_EXPRESSIONS).map(ofExpression) },
  { what: `${random.length} random expressions`, cases: random },
];

async function expectAgreement(runner: Runner, cases: readonly Case[], size: number, together: boolean) {
  let compared = 0;
  for (const batch of batches(cases, size)) compared += await agreement(runner, batch, together);
  expect(compared / (cases.length * points.length * WIDTH)).toBeGreaterThan(0.95);
}

describe('derivatives on the device are those of Float64', () => {
  it.each(groups)('of $what: fused', { timeout: 600_000 }, async ({ cases }) => {
    const device = await gpu();
    const runner = createFusedRunner(device, new InverseCache(device), () => performance.now());
    await expectAgreement(runner, cases, 400, true);
    expect(device.uncaptured).toEqual([]);
  });

  it.each(groups)('of $what: dispatched', { timeout: 600_000 }, async ({ cases }) => {
    const device = await gpu();
    const runner = createDispatchedRunner(device, new InverseCache(device));
    await expectAgreement(runner, cases, 2000, false);
    expect(device.uncaptured).toEqual([]);
  });
});
