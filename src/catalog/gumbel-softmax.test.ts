/** Gumbel-softmax: its draws have the probabilities that its logits say, and its slopes are those of what the loss saw. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import type { Job } from '../core/run/run.ts';
import { shuffledAt, uniformAt } from '../core/tensor/threefry.ts';
import { catalog } from './registry.ts';

const START = [0.5, 0.3, 0.2];
const textOf = (loss: string) => `param w[3] = [${START}]\nminimize ${loss}\nsubject to w in simplex`;

function jobOf(loss: string, settings: object, { seed = 0, steps = 1, optimizer = {} } = {}): Job {
  const studied = study(textOf(loss), seed, catalog);
  const run = {
    method: 'gumbel-softmax',
    settings: { ...settings },
    optimizer: { kind: 'sgd', learningRate: 1, ...optimizer },
    steps,
  };
  const job = studied.ok ? prepareRun(studied.value, run, 0, catalog) : studied;
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
}

/** θ after each step. */
function logits({ program, starts, settings, steps }: Job): number[][] {
  const run = interpret(program, starts, settings);
  const position = program.outputs.findIndex(({ name }) => name === 'theta');
  return Array.from({ length: steps }, () => {
    run.step(1e9);
    return [...at(run.outputs(), position)];
  });
}

const softmax = (rows: readonly number[]) => {
  const powers = rows.map((entry) => Math.exp(entry - Math.max(...rows)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};
const gumbel = (t: number, seed = 0) =>
  START.map((_, i) => -Math.log(-Math.log(uniformAt({ low: seed, high: 0, start: 0, t, stream: 2 }, i))));

describe('Gumbel-softmax', () => {
  it.each([0.1, 0.5, 1, 5])('steps along the slope of what the loss saw, at temperature %d', (tau) => {
    const loss = (y: readonly number[]) => (at(y, 0) - 0.2) ** 2 + 3 * at(y, 1) * at(y, 2);
    const job = jobOf('(w[0] - 0.2)^2 + 3*w[1]*w[2]', { temperature: tau, lastTemperature: tau });
    const theta = START.map(Math.log);
    const seen = (point: readonly number[]) => loss(softmax(point.map((entry, i) => (entry + at(gumbel(1), i)) / tau)));
    const [next = []] = logits(job);
    const h = 1e-5;
    START.forEach((_, i) => {
      const beside = (sign: number) => theta.map((entry, j) => entry + (j === i ? sign * h : 0));
      const slope = (seen(beside(1)) - seen(beside(-1))) / (2 * h);
      expect(Math.abs(at(theta, i) - at(next, i) - slope)).toBeLessThan(1e-7);
    });
  });

  it('draws corners with the probabilities of its logits: the frequencies are within five standard errors', () => {
    const steps = 4000;
    const counts: number[] = START.map(() => 0);
    for (let t = 1; t <= steps; t++) {
      const noisy = START.map((share, i) => Math.log(share) + at(gumbel(t), i));
      const drawn = noisy.indexOf(Math.max(...noisy));
      counts[drawn] = at(counts, drawn) + 1;
    }
    START.forEach((share, i) => {
      const error = Math.sqrt((share * (1 - share)) / steps);
      expect(Math.abs(at(counts, i) / steps - share)).toBeLessThan(5 * error);
    });
  });

  it('sees a corner where it is hard: a loss that is 0 at all corners has the slope of one of them', () => {
    const settings = { forward: 'hard', temperature: 0.7, lastTemperature: 0.7 };
    const [next = []] = logits(jobOf('w[0]*w[1] + w[1]*w[2] + w[0]*w[2]', settings));
    const theta = START.map(Math.log);
    const soft = softmax(theta.map((entry, i) => (entry + at(gumbel(1), i)) / 0.7));
    const corner = soft.indexOf(Math.max(...soft));
    const slope: number[] = START.map((_, i) => (i === corner ? 0 : 1)); // ∂f/∂wᵢ = Σ of the other entries
    const mean = slope.reduce((sum, entry, i) => sum + entry * at(soft, i), 0);
    next.forEach((entry, i) => {
      const expected = (at(soft, i) * (at(slope, i) - mean)) / 0.7;
      expect(at(theta, i) - entry).toBeCloseTo(expected, 10);
    });
  });

  it('is the same run again with the same seeds, and another with others', () => {
    const path = (seed: number, own: number) => logits(jobOf('w[0]*w[1]', { seed: own }, { seed, steps: 20 })).flat();
    expect(path(0, 0)).toEqual(path(0, 0));
    expect(path(0, 0)).not.toEqual(path(1, 0));
    expect(path(0, 0)).not.toEqual(path(0, 1));
  });

  it('finds, for every seed, the option for which mixtures of others stand in', () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const job = jobOf(
        '(w[0] + 2*w[1] + 3*w[2] - 2)^2',
        { seed },
        { steps: 600, optimizer: { kind: 'adam', learningRate: 0.1 } },
      );
      const run = interpret(job.program, job.starts, job.settings);
      for (let t = 0; t < 600; t++) run.step(1e9);
      expect(at(at(run.outputs(), 0), 1)).toBeGreaterThan(0.9);
    }
  });

  it('draws its noise apart from mini-batches', () => {
    const place = { low: 0, high: 0, start: 0, t: 1 };
    expect(uniformAt({ ...place, stream: 1 }, 0)).not.toBe(uniformAt({ ...place, stream: 2 }, 0));
    expect(shuffledAt({ ...place, stream: 1 }, 0, 1, 1000)).not.toBe(shuffledAt({ ...place, stream: 2 }, 0, 1, 1000));
  });
});
