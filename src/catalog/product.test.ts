/** Every method with every optimizer on small problems: at the optimum, or named here with the reason why not. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { ownMultipliers, rowsOf } from '../core/run/multipliers.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import { jobOfPair, PROBLEMS, pairs } from './product.fixture.ts';

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
/** Why a method with an optimizer may rest elsewhere; null where it must arrive. Plain descent must arrive with every method. */
function reasonNot(method: string, optimizer: string, problem: string): string | null {
  if (optimizer === 'sgd') return null;
  const isCoupled = problem !== 'a half-line';
  if (isCoupled && ['projected-gradient', 'projected-update'].includes(method))
    return 'the adaptive step and the Euclidean projection cancel before the gradient vanishes along the set';
  if (isCoupled && method === 'projected-direction')
    return 'the optimizer bends the projected direction, so that it leaves the set';
  if (method === 'lagrangian' && ['adam', 'adamw', 'lion', 'muon'].includes(optimizer))
    return 'steps of a set length and multipliers that answer them circle the optimum';
  if (optimizer === 'lion' && ['admm', 'reparameterization'].includes(method))
    return 'Lion’s steps have one length in all entries: they swing about moving targets and decay θ';
  return null;
}

/** Why the multipliers may be others where the point is right. */
function reasonNotMultipliers(method: string, optimizer: string, problem: string): string | null {
  if (method === 'reparameterization' && problem === 'a half-line')
    return 'a map approaches a boundary from inside and never reaches it: the row counts as inactive';
  if (method === 'augmented-lagrangian' && optimizer === 'muon')
    return 'without a long memory of squares the steps tremble, and the multipliers tremble ρ times as much';
  return null;
}

const solving = pairs.filter(({ method }) => !(method in ELSEWHERE));

describe('every method with every optimizer', () => {
  it.each(PROBLEMS)('reaches the optimum of $name and its multipliers, or says why not', async (problem) => {
    const off: string[] = [];
    let arrived = 0;
    for (const { method, optimizer } of solving) {
      const job = jobOfPair(problem, method, optimizer, STEPS);
      if (!job) continue; // `supports` says no
      const { x, multipliers } = await endOf(job);
      const error = distance(x, problem.x);
      if (error < WITHIN) arrived += 1;
      else if (reasonNot(method, optimizer, problem.name) === null)
        off.push(`${method} with ${optimizer}: ${error} away`);
      const ofMultipliers = distance(multipliers, problem.multipliers);
      const isKnown = reasonNotMultipliers(method, optimizer, problem.name) !== null;
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
