/**
 * Methods with optimizers on small problems, on the GPU and in the reference executor: the same iterates, step by step. By default a
 * seeded sample that has every method and every optimizer; all of them with `npm run test:full`.
 */
import { describe, expect, it } from 'vitest';
import { jobOfPair, PROBLEMS, pairs } from '../catalog/product.fixture.ts';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import { draws } from '../core/problem/draws.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import type { Job } from '../core/run/run.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

const SAMPLE = 150;
const SEED = 4;
/** Few, so that rounding has no time to grow: what is compared is the program. */
const STEPS = 12;
/** Relative to the size of x, in float32. */
const WITHIN = 5e-4;

interface Case {
  readonly name: string;
  readonly method: string;
  readonly optimizer: string;
  readonly job: Job;
}

const all: Case[] = PROBLEMS.flatMap((problem) =>
  pairs.flatMap(({ method, optimizer }) => {
    const job = jobOfPair(problem, method, optimizer, STEPS);
    return job ? [{ name: `${method} with ${optimizer} on ${problem.name}`, method, optimizer, job }] : [];
  }),
);

/** In the order of random numbers, those that bring a new method or a new optimizer first. */
function sample(): Case[] {
  const { uniform } = draws(SEED);
  const shuffled = all.map((one) => ({ one, place: uniform() })).sort((a, b) => a.place - b.place);
  const seen = new Set<string>();
  const isNew = shuffled.map(({ one: { method, optimizer } }) => {
    const before = seen.size;
    seen.add(`method ${method}`).add(`optimizer ${optimizer}`);
    return seen.size > before;
  });
  const cases = shuffled.map(({ one }) => one);
  return [...cases.filter((_, i) => isNew[i]), ...cases.filter((_, i) => !isNew[i])].slice(0, SAMPLE);
}

const cases = import.meta.env.FEASIBLE_FULL ? all : sample();

describe('methods with optimizers on the GPU', () => {
  const { executor, uncaptured } = withTestExecutor();

  it('are all in the sample', () => {
    const ids = (of: readonly { readonly id: string }[]) => of.map(({ id }) => id).sort();
    expect([...new Set(cases.map(({ method }) => method))].sort()).toEqual(ids(catalog.methods));
    expect([...new Set(cases.map(({ optimizer }) => optimizer))].sort()).toEqual(ids(catalog.optimizers));
  });

  it.each(cases)('$name', async ({ job }) => {
    const [run, expected] = [await recordedRun(executor, 'gpu', job), await recordedRun(executor, 'reference', job)];
    expect(['fused', 'dispatched']).toContain(run.end.executor);
    expect(run.steps).toEqual(expected.steps);
    const worst = run.iterates.map((x, k) => {
      const wanted = at(expected.iterates, k);
      const size = Math.max(1, ...wanted.map(Math.abs));
      return Math.max(...x.map((entry, i) => Math.abs(entry - at(wanted, i)))) / size;
    });
    expect(Math.max(...worst)).toBeLessThan(WITHIN);
    expect(await uncaptured()).toEqual([]);
  });
});
