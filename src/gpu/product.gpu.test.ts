/**
 * Methods with optimizers on the GPU against the Float64 reference, record by record: a sample of 110 pairs, drawn once and for all, in
 * which every method and every optimizer occurs; all of them with `npm run test:full`. The problems are the methods' own examples.
 */
import { describe, expect, it } from 'vitest';
import { endOfPair, PROBLEMS, solving } from '../catalog/product.fixture.ts';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { draws } from '../core/problem/draws.ts';
import type { Chunk, ExecutorChoice, Job } from '../core/run/run.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

const STEPS = 20;
const SAMPLE = 110;
/** Of max(1, ‖x‖∞), where twenty steps carry rounding on without making it grow. */
const TOLERANCE = 2e-5;
/** Runs from starts that are moved by rounding: how far they part says how much a step makes of rounding. */
const NEIGHBOURS = 4;
const ROUNDING = 2 ** -23;
/** The device rounds in every operation, a neighbour once; beyond the limit a path says nothing. */
const [GROWTH, LIMIT] = [60, 0.05];

interface Pair {
  readonly name: string;
  readonly method: string;
  readonly optimizer: string;
  readonly problem: string;
  readonly run: RunJson;
}

const pairs: readonly Pair[] = catalog.methods.flatMap((method) =>
  method.examples.flatMap(({ name, problem, settings, optimizer: own }) =>
    (method.optimizer === 'any' ? catalog.optimizers.map(({ id }) => id) : [own?.kind ?? 'sgd']).map((kind) => ({
      name: `${method.id}, ${name}, ${kind}`,
      method: method.id,
      optimizer: kind,
      problem,
      run: {
        method: method.id,
        ...(settings && { settings }),
        optimizer: kind === own?.kind ? own : { kind, learningRate: kind === 'sgd' ? 0.02 : 0.03 },
        steps: STEPS,
        record: Array.from({ length: STEPS + 1 }, (_, t) => t),
      },
    })),
  ),
);

/** The first pair of each method and of each optimizer, then others, in an order that the seed gives. */
function sampled(): readonly Pair[] {
  if (import.meta.env.FEASIBLE_FULL === '1') return pairs;
  const { uniform } = draws(20261121);
  const shuffled = pairs
    .map((pair) => ({ pair, key: uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ pair }) => pair);
  const firsts = new Set<Pair>();
  for (const key of ['method', 'optimizer'] as const)
    for (const value of new Set(pairs.map((pair) => pair[key]))) {
      const found = shuffled.find((pair) => pair[key] === value);
      if (found) firsts.add(found);
    }
  return [...firsts, ...shuffled.filter((pair) => !firsts.has(pair))].slice(0, SAMPLE);
}

function jobOf({ problem, run }: Pair): Job {
  const studied = studyStructure(problem, 0, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
}

/** How far two paths are apart at each record, of max(1, ‖x‖∞). */
const apart = (path: readonly (readonly number[])[], other: readonly (readonly number[])[]): number[] =>
  path.map((x, k) => {
    const y = other[k];
    if (!y) return Number.POSITIVE_INFINITY;
    return Math.max(...x.map((entry, i) => Math.abs(entry - at(y, i)))) / Math.max(1, ...x.map(Math.abs));
  });

describe('methods with optimizers on the GPU', () => {
  const { executor, uncaptured } = withTestExecutor();
  const chosen = sampled();
  const { uniform } = draws(1);

  async function path(job: Job, choice: ExecutorChoice): Promise<number[][]> {
    const chunks: Chunk[] = [];
    const [end] = await executor.run([job], { executor: choice, onChunk: (chunk) => chunks.push(chunk) });
    if (choice === 'fused' && end?.status === 'failed') return path(job, 'dispatched'); // too long for one kernel
    expect(end?.executor).toBe(choice);
    const size = job.program.size;
    return chunks.flatMap(({ steps, iterates }) =>
      steps.map((_, k) => [...iterates.subarray(k * size, (k + 1) * size)]),
    );
  }
  const moved = (job: Job): Job => ({
    ...job,
    starts: job.starts.map((entry) => entry + ROUNDING * (2 * uniform() - 1) * Math.max(1, Math.abs(entry))),
  });

  it('are all there', () => {
    expect(new Set(chosen.map(({ method }) => method))).toEqual(new Set(catalog.methods.map(({ id }) => id)));
    expect(new Set(chosen.map(({ optimizer }) => optimizer))).toEqual(new Set(catalog.optimizers.map(({ id }) => id)));
  });

  it.each(chosen)('$name', async (pair) => {
    const job = jobOf(pair);
    const reference = await path(job, 'reference');
    const spread = reference.map(() => 0);
    for (let k = 0; k < NEIGHBOURS; k++)
      apart(reference, await path(moved(job), 'reference')).forEach((gap, t) => {
        spread[t] = Math.max(at(spread, t), gap);
      });
    const found = apart(reference, await path(job, 'fused'));
    let most = 0;
    for (const [t, gap] of found.entries()) {
      most = Math.max(most, at(spread, t));
      if (GROWTH * most > LIMIT) break; // from here on rounding decides
      expect(gap, `step ${t}, where neighbours part by ${most}`).toBeLessThan(TOLERANCE + GROWTH * most);
    }
    expect(await uncaptured()).toEqual([]);
  });
});

const ends = PROBLEMS.flatMap((problem) => solving.map((pair) => ({ problem, pair })));
/** Of all with `npm run test:full`; else every fortieth. */
const SHARE = import.meta.env.FEASIBLE_FULL === '1' ? 1 : 40;

describe('methods with optimizers on the GPU', () => {
  const { executor, uncaptured } = withTestExecutor();
  const name = ({ problem, pair }: (typeof ends)[number]) => `${pair.method} with ${pair.optimizer} on ${problem.name}`;

  it.each(ends.filter((_, i) => i % SHARE === 0).map((end) => ({ ...end, name: name(end) })))(
    'end at the optimum and its multipliers, or say why not: $name',
    async ({ problem, pair }) => {
      expect((await endOfPair(executor, 'fused', problem, pair))?.faults ?? []).toEqual([]);
      expect(await uncaptured()).toEqual([]);
    },
  );
});
