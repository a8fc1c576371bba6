/** Runs over the whole catalogue: a new entry is tested the moment its file exists. */
import { describe, expect, it } from 'vitest';
import type { ConstraintKind, Residual, SetData } from '../core/contracts.ts';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { dataTensors } from '../core/program/method-problem.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk } from '../core/run/run.ts';
import { evaluator } from '../core/tensor/evaluate.ts';
import { difficultPoints, pointsFor, symmetric } from './points.fixture.ts';
import { catalog, registryFaults } from './registry.ts';

/** The projection on one set, as a function of numbers. */
function projectionOn({ id, project }: ConstraintKind, data: SetData, size: number) {
  if (!project) throw new Error(`${id} has no projection`);
  const projected = evaluator(size, (ops, x) => project(ops, x, dataTensors(ops, data)));
  return (x: readonly number[]) => [...projected(x)];
}

/** max(|h|, g, 0): how far a point is from satisfying the set's own rows. */
function violationOf(kind: ConstraintKind, data: SetData, size: number) {
  const side = (name: keyof Residual) =>
    evaluator(size, (ops, x) => kind.residual(ops, x, dataTensors(ops, data))[name] ?? ops.zeros(0));
  const [equality, inequality] = [side('equality'), side('inequality')];
  return (x: readonly number[]) => Math.max(0, ...equality(x).map(Math.abs), ...inequality(x));
}
const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((entry, i) => entry - at(b, i)));
const examples = catalog.constraints.flatMap((kind) =>
  kind.project ? kind.examples.map((example) => ({ kind, id: kind.id, ...example })) : [],
);

describe('the registry', () => {
  it('names every fault of an entry', () => {
    const entry = { id: 'other', title: '', source: 'x', summary: 'x' };
    expect(registryFaults({ './methods/name.ts': entry })).toEqual([
      "./methods/name.ts: its id is “other”, its file's name is not",
      './methods/name.ts: no title',
    ]);
  });
  it('has entries of each sort, and says which', () => {
    console.info(
      Object.entries(catalog)
        .map(([sort, entries]) => `${sort}: ${entries.map(({ id }: { id: string }) => id).join(', ')}`)
        .join('\n'),
    );
    expect(Object.values(catalog).every((entries) => entries.length > 0)).toBe(true);
  });
});

describe('every projection', () => {
  it.each(examples)('$id: moves $name to the nearest point', ({ kind, data, from, to }) => {
    expect(distance(projectionOn(kind, data, from.length)(from), to)).toBeLessThan(1e-12 * (1 + Math.hypot(...to))); // Float64: rounding only
  });

  it.each(examples)('$id, $name: is feasible and idempotent, and no feasible point is nearer', (example) => {
    const { kind, data, from } = example;
    const project = projectionOn(kind, data, from.length);
    const violation = violationOf(kind, data, from.length);
    // How much the rows of the set, which may be contradictory, are off at its best: 0 for a set that has points.
    const least = violation(project(from));
    const points = difficultPoints(from.length, pointsFor(kind));
    const nearest = points.map(project);
    points.forEach((point, k) => {
      const own = at(nearest, k);
      const rival = at(nearest, (k + 37) % points.length);
      const size = 1 + Math.hypot(...point);
      expect(own.every(Number.isFinite)).toBe(true);
      expect(violation(own)).toBeLessThan(least + 1e-12 * size * (1 + Math.hypot(...own)));
      expect(distance(project(own), own)).toBeLessThan(1e-11 * size);
      expect(distance(point, own)).toBeLessThan(distance(point, rival) + 1e-12 * size);
      if (kind.isConvex) {
        // Variational inequality of a convex set: (x − P x)·(y − P x) ≤ 0 for every feasible y.
        const product = point.reduce((sum, entry, i) => sum + (entry - at(own, i)) * (at(rival, i) - at(own, i)), 0);
        expect(product).toBeLessThan(1e-12 * size * (size + Math.hypot(...rival)));
      }
    });
  });
});

describe('every manifold', () => {
  it.each(examples.filter(({ kind }) => kind.isManifold))('$id, $name: goes on both ways', (example) => {
    const { kind, data, to } = example;
    const project = projectionOn(kind, data, to.length);
    const random = symmetric(29);
    const step = 1e-4;
    for (let k = 0; k < 20; k++) {
      const length = 1 + Math.hypot(...to);
      const there = project(to.map((entry) => entry + step * length * random()));
      const mirrored = to.map((entry, i) => 2 * entry - at(there, i)); // off a smooth surface by the square of the step, else by the step
      expect(distance(project(mirrored), mirrored)).toBeLessThan(100 * step ** 2 * length * Math.sqrt(to.length));
    }
  });
});

describe('every nearest point in a scaled distance', () => {
  const scaled = examples.filter(({ kind }) => kind.projectScaled);

  it.each(scaled)('$id, $name: is in the set, and no feasible point is nearer', ({ kind, data, from }) => {
    const size = from.length;
    const random = symmetric(13);
    const project = projectionOn(kind, data, size);
    const nearestOn = evaluator(2 * size, (ops, both) => {
      const half = (offset: number) => ops.slice(both, { offset, strides: [1], shape: [size] });
      return kind.projectScaled?.(ops, half(0), dataTensors(ops, data), half(size)) ?? ops.zeros(0);
    });
    for (let k = 0; k < 100; k++) {
      const point = from.map(() => 3 * random());
      const scale = from.map(() => 10 ** (2 * random()));
      const nearest = [...nearestOn([...point, ...scale])];
      const rounding = 1e-9 * (1 + Math.hypot(...nearest));
      expect(distance(project(nearest), nearest)).toBeLessThan(rounding);
      // (x − P x)ᵀ D⁻¹ (y − P x) ≤ 0 for every feasible y of a convex set.
      const rival = project(from.map(() => 3 * random()));
      const product = point.reduce(
        (sum, entry, i) => sum + ((entry - at(nearest, i)) * (at(rival, i) - at(nearest, i))) / at(scale, i),
        0,
      );
      expect(product).toBeLessThan(rounding * 100);
    }
  });
});

describe('every lowest point', () => {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);
  const areFinite = (data: SetData) => Object.values(data).every((entry) => [entry].flat(2).every(Number.isFinite));
  const bounded = examples.filter(({ kind, data }) => kind.lowest && areFinite(data));

  it.each(bounded)('$id, $name: is in the set, and no point of it is lower', ({ kind, data, from }) => {
    const random = symmetric(11);
    const project = projectionOn(kind, data, from.length);
    const lowestOn = evaluator(
      from.length,
      (ops, slope) => kind.lowest?.(ops, slope, dataTensors(ops, data)) ?? ops.zeros(0),
    );
    for (let k = 0; k < 50; k++) {
      const slope = from.map(random);
      const lowest = [...lowestOn(slope)];
      const rounding = 1e-12 * (1 + Math.hypot(...lowest));
      expect(distance(project(lowest), lowest)).toBeLessThan(rounding);
      const rival = project(from.map(() => 2 * random()));
      expect(dot(slope, lowest) - dot(slope, rival)).toBeLessThan(rounding);
    }
  });
});

describe('every method', () => {
  const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
  const methodExamples = catalog.methods.flatMap((method) =>
    method.examples.map((example) => ({ method: method.id, ...example })),
  );

  it('has an example', () => {
    expect(catalog.methods.filter((method) => method.examples.length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('has a place of its own among those that are proposed', () => {
    const places = catalog.methods.flatMap(({ merit, ignores }) =>
      merit && ignores !== 'constraints' ? [merit.place] : [],
    );
    expect(places.toSorted((a, b) => a - b)).toEqual([...new Set(places)].toSorted((a, b) => a - b));
    expect(catalog.methods.filter(({ ignores }) => ignores === 'constraints')).toHaveLength(1);
  });

  it.each(methodExamples)(
    '$method arrives: $name',
    async ({ method, problem, optimizer, settings, steps, expect: expected }) => {
      const studied = study(problem, 0, catalog);
      if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
      const run = { method, steps, ...(settings && { settings }), ...(optimizer && { optimizer }) };
      const job = prepareRun(studied.value, run, 1, catalog);
      if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
      const chunks: Chunk[] = [];
      const [end] = await executor.run([job.value], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
      expect(['finished', 'converged']).toContain(end?.status);
      const last = [...at(chunks, chunks.length - 1).iterates].slice(-expected.x.length);
      expect(Math.max(...last.map((entry, i) => Math.abs(entry - at(expected.x, i))))).toBeLessThan(expected.within);
    },
  );
});

describe('every optimizer', () => {
  it.each(catalog.optimizers.map(({ id }) => ({ id })))(
    '$id minimises a quadratic with its default settings',
    async ({ id }) => {
      const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
      const studied = study('param a = 1\nparam b = -0.5\nminimize (a - 0.25)^2 + 2*(b - 0.5)^2', 0, catalog);
      if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
      const job = prepareRun(
        studied.value,
        { method: 'unconstrained', optimizer: { kind: id }, steps: 2000 },
        1,
        catalog,
      );
      if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
      const losses: number[] = [];
      await executor.run([job.value], {
        executor: 'reference',
        onChunk: ({ measures }) => losses.push(...measures.loss),
      });
      // AdamW's decay of 0.01 and RMSprop's constant step keep them a little away from the optimum.
      expect(losses[losses.length - 1]).toBeLessThan(1e-3 * at(losses, 0));
    },
  );
});
