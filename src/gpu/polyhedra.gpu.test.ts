/** Nearest points of random polyhedra in float32 on the device against Float64: rows that repeat, touch and depend on each other among them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { expand } from '../core/program/expand.ts';
import { evaluator } from '../core/tensor/evaluate.ts';
import type { Ops, Tensor } from '../core/tensor/ops.ts';
import { nearestInPolyhedron } from '../core/tensor/polyhedron.ts';
import { createDispatchedRunner } from './dispatched/runner.ts';
import { jobOf, programOf } from './fused/programs.fixture.ts';
import { createFusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import { seededNumbers } from './kernels/seeded.ts';
import { withTestGpu } from './test-executor.fixture.ts';

const { gpu } = withTestGpu();

/** Each is a kernel of its own: many with `npm run test:full`. */
const COUNT = import.meta.env.FEASIBLE_FULL ? 80 : 8;
const SIZE = 3;
const POINTS = 64;

const row = fc
  .array(fc.integer({ min: -3, max: 3 }), { minLength: SIZE, maxLength: SIZE })
  .filter((entries) => entries.some((entry) => entry !== 0));
const polyhedra = fc.sample(
  fc.record({
    rows: fc.array(fc.record({ a: row, room: fc.integer({ min: 0, max: 2 }), equal: fc.constantFrom(0, 0, 0, 0, 1) }), {
      minLength: 2,
      maxLength: 7,
    }),
    inside: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: SIZE, maxLength: SIZE }),
  }),
  { seed: 5, numRuns: COUNT },
);

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);

/** Iterates are rounded to 6e-8 of points up to 5 away; a polyhedron with flat corners amplifies that. */
const TOLERANCE = 2e-5;

it.each(['fused', 'dispatched'] as const)('random polyhedra: %s', { timeout: 600_000 }, async (lowering) => {
  const device = await gpu();
  const inverses = new InverseCache(device);
  const runner =
    lowering === 'fused'
      ? createFusedRunner(device, inverses, () => performance.now())
      : createDispatchedRunner(device, inverses);
  const faults: string[] = [];
  for (const [k, { rows, inside }] of polyhedra.entries()) {
    const A = rows.map(({ a }) => a);
    const b = rows.map(({ a, room, equal }) => dot(a, inside) + (equal === 1 ? 0 : room));
    const project = (ops: Ops, x: Tensor) =>
      nearestInPolyhedron(ops, x, {
        A: ops.constant(A.flat(), [A.length, SIZE]),
        b: ops.constant(b),
        equal: ops.constant(rows.map(({ equal }) => equal)),
      });
    const exact = evaluator(SIZE, project);
    const program = expand(programOf(SIZE, ({ ops, start }) => ({ next: project(ops, start) })));
    const count = lowering === 'fused' ? POINTS : 2;
    const starts = [...seededNumbers(SIZE * count, 7 + k)].map((entry) => 5 * entry);
    const flights = lowering === 'fused' ? [starts] : [starts.slice(0, SIZE), starts.slice(SIZE)];
    const found: number[][] = [];
    for (const own of flights) {
      const flight = await runner.prepare(jobOf(program, own, {}, 1, [1]));
      const { data } = await flight.submit(1).records;
      flight.destroy();
      const points = own.length / SIZE;
      for (let p = 0; p < points; p++) found.push(Array.from({ length: SIZE }, (_, i) => at(data, i * points + p)));
    }
    found.forEach((point, p) => {
      const start = starts.slice(SIZE * p, SIZE * (p + 1)).map(Math.fround);
      const wanted = exact(start);
      const off = Math.max(...point.map((entry, i) => Math.abs(entry - at(wanted, i))));
      if (!(off < TOLERANCE))
        faults.push(`${JSON.stringify({ A, b })} from [${start}]: [${point}] for [${[...wanted]}]`);
    });
  }
  expect(faults).toEqual([]);
  expect(device.uncaptured).toEqual([]);
});
