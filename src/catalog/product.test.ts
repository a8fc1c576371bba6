/** Every method with every optimizer on small problems: at the optimum, or its file says why not. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { ownMultipliers, rowsOf } from '../core/run/multipliers.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import { caveatOf, jobOfPair, PROBLEMS, pairs } from './product.fixture.ts';

const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
const STEPS = 1500;
/** Sigmoid and softmax come to a boundary like 1/√t. */
const WITHIN = 3e-2;
/** λ and μ, where the iterate is that near: slopes differ by a few times as much as points. */
const MULTIPLIERS_WITHIN = 0.15;

/** Methods that do not solve the problem, by design: their files say so. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  unconstrained: 'ignores the constraints',
  'nearest-point': 'ignores the loss',
  'impose-at-end': 'asks the loss only before it projects',
  penalty: 'stops at a violation of about λ/ρ',
  'gumbel-softmax': 'chooses a corner where the optimum may be a mixture',
  'straight-through': 'its derivative is not that of what it computes',
};
/** A map approaches a boundary from inside and never reaches it, as its summary says: the row counts as inactive. */
const isOpen = (method: string, problem: string) => method === 'reparameterization' && problem === 'a half-line';

const solving = pairs.filter(({ method }) => !(method in ELSEWHERE));

describe('every method with every optimizer', () => {
  it('has no caveat with plain descent', () => {
    for (const problem of PROBLEMS)
      for (const { method } of solving) expect([method, caveatOf(problem, method, 'sgd')]).toEqual([method, null]);
  });

  it.each(PROBLEMS)('reaches the optimum of $name and its multipliers, or says why not', async (problem) => {
    const off: string[] = [];
    let arrived = 0;
    for (const { method, optimizer } of solving) {
      const job = jobOfPair(problem, method, optimizer, STEPS);
      if (!job) continue; // `supports` says no
      const { x, multipliers } = await endOf(job);
      const error = distance(x, problem.x);
      if (error < WITHIN) arrived += 1;
      else if (caveatOf(problem, method, optimizer) === null) off.push(`${method} with ${optimizer}: ${error} away`);
      const ofMultipliers = distance(multipliers, problem.multipliers);
      const isKnown = isOpen(method, problem.name) || caveatOf(problem, method, optimizer) !== null;
      if (error < WITHIN && ofMultipliers > MULTIPLIERS_WITHIN && !isKnown)
        off.push(`${method} with ${optimizer}: multipliers ${ofMultipliers} away from ${problem.multipliers}`);
    }
    expect(off).toEqual([]);
    expect(arrived).toBeGreaterThan(20);
  });
});

/** The last iterate, and its multipliers as they are reported: the method's own where it keeps some, else by least squares. */
async function endOf(job: Job) {
  const chunks: Chunk[] = [];
  await executor.run([{ ...job, record: [STEPS] }], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
  const chunk = at(chunks, chunks.length - 1);
  const count = chunk.steps.length;
  const multipliers = ownMultipliers(chunk, job.measure) ?? rowsOf(chunk.measures.multipliers, count);
  return { x: at(rowsOf(chunk.iterates, count), count - 1), multipliers: at(multipliers, count - 1) };
}

const distance = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((entry, i) => Math.abs(entry - at(b, i))));
};
