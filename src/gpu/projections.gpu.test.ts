/** Every projection of the catalogue on the device, in float32 against Float64: 1,000 points a kind as starts of fused runs, some as dispatches. */
import { describe, expect, it } from 'vitest';
import { difficultPoints, pointsFor } from '../catalog/points.fixture.ts';
import { catalog } from '../catalog/registry.ts';
import type { ConstraintKind, SetData } from '../core/contracts.ts';
import { at } from '../core/diagnostic.ts';
import { expand } from '../core/program/expand.ts';
import { dataTensors } from '../core/program/method-problem.ts';
import type { Program } from '../core/program/program.ts';
import { evaluator } from '../core/tensor/evaluate.ts';
import { createDispatchedRunner } from './dispatched/runner.ts';
import { jobOf, programOf } from './fused/programs.fixture.ts';
import { createFusedRunner, type FusedRunner } from './fused/runner.ts';
import { InverseCache } from './inverses.ts';
import { withTestGpu } from './test-executor.fixture.ts';

const { gpu } = withTestGpu();

/** Points beyond this are a run's divergence. */
const LARGEST = 1e8;

/** Float32 rounds to 6e-8; a projection makes some tens of roundings. */
const TOLERANCE = 1e-6;

const examples = catalog.constraints.flatMap((kind) =>
  kind.project ? kind.examples.map((example) => ({ kind, id: kind.id, ...example })) : [],
);

/** As dispatches by default the first example of each kind, at two points: their kernels take a software adapter long to compile. */
const asDispatches = import.meta.env.FEASIBLE_FULL
  ? examples
  : examples.filter(({ kind, name }) => kind.examples[0]?.name === name);

/** x ← P(x₀). */
function projecting({ project }: ConstraintKind, data: SetData, size: number): Program {
  if (!project) throw new Error('no projection');
  return expand(programOf(size, ({ ops, start }) => ({ next: project(ops, start, dataTensors(ops, data)) })));
}

async function projectedBy(runner: FusedRunner, program: Program, points: readonly number[][]): Promise<number[][]> {
  const flight = await runner.prepare(jobOf(program, points.flat(), {}, 1, [1]));
  const { data } = await flight.submit(1).records;
  flight.destroy();
  return points.map((point, k) => point.map((_, i) => at(data, i * points.length + k)));
}

/** Against the nearest point in Float64: as near, and in the set. Where there are several nearest points, any of them will do. */
function expectNearest(kind: ConstraintKind, data: SetData, point: readonly number[], found: readonly number[]): void {
  const project = evaluator(point.length, (ops, x) => kind.project?.(ops, x, dataTensors(ops, data)) ?? x);
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Math.hypot(...Array.from(a, (entry, i) => entry - at(Array.from(b), i)));
  const within = TOLERANCE * (1 + Math.hypot(...point));
  const exact = project(point).slice();
  const what = `${kind.id} from [${point}]: [${found}] for [${exact}]`;
  expect(distance(project(found), found), `in the set, ${what}`).toBeLessThan(within);
  expect(distance(point, found), `near, ${what}`).toBeLessThan(distance(point, exact) + within);
  if (kind.isConvex) expect(distance(found, exact), what).toBeLessThan(within);
}

describe('every projection', () => {
  it.each(examples)('$id, $name: fused', async ({ kind, data, from }) => {
    const device = await gpu();
    const runner = createFusedRunner(device, new InverseCache(device), () => performance.now());
    const rounded = difficultPoints(from.length, pointsFor(kind)).map((point) => [...Float32Array.from(point)]);
    const points = rounded.filter((point) => point.every((entry) => Math.abs(entry) < LARGEST));
    const found = await projectedBy(runner, projecting(kind, data, from.length), points);
    points.forEach((point, k) => expectNearest(kind, data, point, at(found, k)));
  });

  it.each(asDispatches)('$id, $name: dispatched', async ({ kind, name, data, from }) => {
    const device = await gpu();
    const runner = createDispatchedRunner(device, new InverseCache(device));
    const program = projecting(kind, data, from.length);
    const own = from.map((entry) => Math.fround(entry));
    const another = from.map((_, i) => Math.fround(Math.sin(1 + 3 * i)));
    const isFirst = kind.examples[0]?.name === name;
    for (const point of isFirst || import.meta.env.FEASIBLE_FULL ? [own, another] : [own]) {
      if (!point.every((entry) => Math.abs(entry) < LARGEST)) continue;
      const flight = await runner.prepare(jobOf(program, point, {}, 1, [1]));
      const { data: found } = await flight.submit(1).records;
      flight.destroy();
      expectNearest(kind, data, point, [...found]);
    }
  });
});
