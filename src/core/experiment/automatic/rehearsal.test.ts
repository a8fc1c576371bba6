import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { createReferenceExecutor } from '../../run/reference-executor.ts';
import type { Chunk } from '../../run/run.ts';
import type { OptimizerJson } from '../experiment.ts';
import { prepareRun } from '../prepare-run.ts';
import { studyStructure } from '../study/study.ts';

const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'a test' });
const METHODS = ['penalty', 'augmented-lagrangian', 'lagrangian'];

async function ran(problem: string, method: string, optimizer: OptimizerJson = { kind: 'sgd' }) {
  const study = studyStructure(problem, 1, catalog);
  if (!study.ok) throw new Error(study.diagnostics.map(({ message }) => message).join('\n'));
  const steps = 1000;
  const job = prepareRun(study.value, { method, optimizer, steps, record: [0, steps] }, 1, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  let violation = Number.NaN;
  const onChunk = ({ measures }: Chunk) => {
    violation = measures.violation.at(-1) ?? violation;
  };
  const [end] = await executor.run([job.value], { executor: 'reference', onChunk });
  return { status: end?.status, rate: job.value.settings['optimizer.learningRate']?.[0] ?? Number.NaN, violation };
}

/** Constraints that are steeper, or more curved, where the run comes by than at its start. */
const CURVED = [
  'param x = 10, y = 2\nminimize x + y\nsubject to x^2 + y^2 = 1',
  'param x = 0.1, y = 0.1\nminimize x + y\nsubject to x^2 + y^2 = 25',
  'param x = 1, y = 1, z = 1\nminimize x + y + z\nsubject to x*y*z = 8',
  'param W[2,2] = [[1, 0.2], [0.1, 1]]\ndata M = [[1, 2], [3, 4]]\nminimize sum((W - M)^2)\nsubject to W.T @ W = [[1, 0], [0, 1]]',
  'param x[4] = [0.6, 1.2, 1.8, 2.4]\nparam y[4] = [-0.3, -0.5, -0.5, -0.3]\nminimize sum(y)*9.81\nsubject to\n  x[0]^2 + y[0]^2 = 1\n  (x[1:] - x[:-1])^2 + (y[1:] - y[:-1])^2 = 1\n  (x[-1] - 3)^2 + y[-1]^2 = 1',
];

describe('the automatic learning rate', () => {
  it.each(CURVED.flatMap((problem) => METHODS.map((method) => ({ problem, method }))))(
    'does not let $method run away: $problem',
    async ({ problem, method }) => {
      expect((await ran(problem, method)).status).toMatch(/^(finished|converged)$/);
    },
  );

  it.each([
    ['a loss that is steeper further on', 'param x = 1\nminimize x^4/4 - 27*x', 'projected-gradient'],
    [
      'the end of a domain',
      'param p[2] = 0.5\nminimize sum(p*log(p)) + 5*p[0]\nsubject to\n  sum(p) = 1\n  p >= 0',
      'projected-gradient',
    ],
    [
      'a soft inequality that is met at the start',
      'param x = 0, y = 0\nminimize (x - 3)^2 + (y - 3)^2\nsubject to\n  soft(10): x + y <= 1\n  x - y = 1',
      'projected-gradient',
    ],
    [
      'bounds that long steps reach all at once',
      'param w[3] = 1/3\nminimize sum((w - [0.8, 0.5, -0.4])^2)\nsubject to\n  w >= 0\n  sum(w) = 1',
      'tangent-normal',
    ],
  ])('leads past %s to the optimum', async (_, problem, method) => {
    expect((await ran(problem, method)).status).toBe('converged');
  });

  it.each(['augmented-lagrangian', 'lagrangian'])('of %s keeps near a constraint with kinks', async (method) => {
    const problem =
      'data y[12] = [1, 1.2, 0.8, 3, 3.1, 2.9, 3.2, 2.8, -1, -1.1, -0.9, -1]\nparam w[12]\nminimize sum((w - y)^2)\nsubject to sum(abs(w[1:] - w[:-1])) <= 3';
    const { status, violation } = await ran(problem, method);
    expect(status).toBe('finished');
    expect(violation).toBeLessThan(1); // of 7 at the optimum of the loss alone
  });

  it('is as it was where it does not run away', async () => {
    const straight = await ran('minimize (x - 3)^2 + y^2\nsubject to x + y = 1', 'augmented-lagrangian');
    expect(straight).toMatchObject({ status: 'converged', rate: 0.075 });
  });

  it('is not touched where it is given', async () => {
    const [first = ''] = CURVED;
    const { status, rate } = await ran(first, 'augmented-lagrangian', { kind: 'sgd', learningRate: 4.2 });
    expect(rate).toBe(4.2);
    expect(status).toBe('diverged');
  });
});
