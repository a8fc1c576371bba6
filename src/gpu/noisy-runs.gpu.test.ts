/** Runs with mini-batches or noise on the GPU draw the same as the reference, fused and as dispatches, and in a swarm. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import type { OptimizerJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { study } from '../core/experiment/study/study.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import type { SwarmPart } from '../core/run/swarm.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

const LINE = `data X[60, 3], y[60] = regression(seed=1)
param w[3] = [1, -1, 0.5]
minimize mean((X @ w - y)^2)
subject to
  sum(w) = 0.5`;
const CLASSES = `data X[50, 2], y[50] = classification(seed=2)
param W[2, 2] = [[0.1, -0.1], [0.2, 0]]
minimize cross_entropy(X @ W, y) + 0.01*sum(W^2)
subject to
  W[0, 0] = W[1, 1]`;

const CHOICE = `param A[2, 3] = [[0.4, 0.3, 0.3], [0.2, 0.4, 0.4]]
param b = 0.5
minimize 4*sum(A[0]*A[1]) - A[0,1] + (b - A[1,0])^2
subject to A in stochastic`;

const jobOf = (text: string, optimizer: OptimizerJson, steps: number, method = 'projected-gradient', settings = {}) => {
  const studied = study(text, 65_537, catalog);
  const run = { method, settings, optimizer, steps };
  const job = studied.ok ? prepareRun(studied.value, run, 0, catalog) : studied;
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
};

describe('runs that draw at random, on the GPU', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each([
    ['fused', LINE, { kind: 'sgd', learningRate: 0.05, batchSize: 7 }, 300],
    ['fused', CLASSES, { kind: 'adam', learningRate: 0.02, batchSize: 5, batchSeed: 3 }, 200],
    ['dispatched', LINE, { kind: 'sgd', learningRate: 0.05, batchSize: 7, momentum: 0.5 }, 40],
    ['dispatched', CLASSES, { kind: 'adam', learningRate: 0.02, batchSize: 16 }, 20],
  ] as const)('%s: the run of the reference', async (lowering, text, settings, steps) => {
    const job = jobOf(text, { ...settings, miniBatches: true }, steps);
    const [found, wanted] = [await recordedRun(executor, lowering, job), await recordedRun(executor, 'reference', job)];
    expect(found.end).toMatchObject({ status: 'finished', executor: lowering });
    const numbers = found.iterates.flat();
    expect(numbers.length).toBe(wanted.iterates.flat().length);
    wanted.iterates.flat().forEach((entry, i) => {
      expect(Math.abs(at(numbers, i) - entry)).toBeLessThan(2e-5 * (1 + Math.abs(entry)));
    });
    expect(await uncaptured()).toEqual([]);
  });

  it.each([
    ['fused', 'soft', 'probabilities', 150],
    ['fused', 'hard', 'likeliest', 150],
    ['dispatched', 'hard', 'probabilities', 30],
  ] as const)('%s: Gumbel-softmax with %s choices, shown as %s', async (lowering, forward, shown, steps) => {
    const optimizer = { kind: 'sgd', learningRate: 0.05 };
    const job = jobOf(CHOICE, optimizer, steps, 'gumbel-softmax', { forward, shown, lastTemperature: 0.5 });
    const [found, wanted] = [await recordedRun(executor, lowering, job), await recordedRun(executor, 'reference', job)];
    expect(found.end).toMatchObject({ executor: lowering });
    const numbers = found.iterates.flat();
    wanted.iterates.flat().forEach((entry, i) => {
      expect(Math.abs(at(numbers, i) - entry)).toBeLessThan(1e-4);
    });
    expect(await uncaptured()).toEqual([]);
  });

  it('in a swarm, every start has batches of its own, the same as in the reference', async () => {
    const studied = study(LINE, 5, catalog);
    const optimizer = { kind: 'sgd', learningRate: 0.05, batchSize: 7, miniBatches: true, schedule: 'cosine' };
    const run = { method: 'projected-gradient', optimizer, steps: 60 };
    const over = [{ axis: 'w[0]', from: 0, to: 1e-9 }]; // starts that are equal but for their batches
    const job = studied.ok ? prepareSwarm(studied.value, { size: 40, over }, [run], 5, catalog) : studied;
    if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
    const lossesOn = async (kind: 'fused' | 'reference') => {
      const losses: number[] = [];
      const onPart = (part: SwarmPart) => losses.push(...part.loss);
      const end = await executor.swarm(job.value, { executor: kind, onPart });
      expect(end).toMatchObject({ status: 'finished', executor: kind });
      return losses;
    };
    const [found, wanted] = [await lossesOn('fused'), await lossesOn('reference')];
    expect(new Set(wanted).size).toBe(40);
    wanted.forEach((loss, i) => expect(Math.abs(at(found, i) - loss)).toBeLessThan(1e-4 * (1 + Math.abs(loss))));
  });
});
