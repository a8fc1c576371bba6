import { describe, expect, it } from 'vitest';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun, studyStructure } from '../core/experiment/prepare.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk } from '../core/run/run.ts';
import { catalog } from './registry.ts';

/** The end of a run of a typed problem. */
async function endOf(text: string, run: RunJson) {
  const studied = studyStructure(text, 1, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  const chunks: Chunk[] = [];
  const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: '' });
  const [end] = await executor.run([job.value], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
  const last = chunks[chunks.length - 1];
  if (!end || !last) throw new Error('a run has records');
  const { violation, stationarity, multipliers } = last.measures;
  const [rows, records] = [multipliers.length / violation.length, last.steps.length];
  return {
    status: end.status,
    violation: violation[records - 1] ?? Number.NaN,
    stationarity: stationarity[records - 1] ?? Number.NaN,
    multipliers: multipliers.subarray((records - 1) * rows),
    x: last.iterates.subarray((records - 1) * (last.iterates.length / records)),
  };
}

const run = (method: string, settings = {}, steps = 30): RunJson => ({
  method,
  settings,
  optimizer: { kind: 'sgd', learningRate: 0.25 },
  steps,
  record: [0, steps],
});

/** More rows × parameters than a matrix of the Jacobian may have. */
describe('a problem of many constraint rows', () => {
  it.each([
    ['bounds on 1,200 entries', 'param W[30,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to 0 <= W <= 0.5'],
    ['ties across a diagonal', 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in symmetric'],
    ['ties along diagonals', 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in toeplitz'],
    ['ties of a circle', 'param W[36,36] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in circulant'],
  ])('is kept, and graded by what each row reads: %s', async (_, text) => {
    const { status, violation, stationarity } = await endOf(text, run('projected-gradient', {}, 60));
    expect(violation).toBeLessThan(1e-12);
    expect(stationarity).toBeLessThan(1e-6);
    expect(status).toBe('converged');
  });

  it('has the multipliers that the loss asks for', async () => {
    const text = 'param W[30,40]\nminimize sum((W - 0.6)**2)\nsubject to 0 <= W <= 0.5';
    const { x, multipliers } = await endOf(text, run('projected-gradient'));
    expect(x.every((entry) => entry === 0.5)).toBe(true);
    // 0 at the lower bounds, 2 (0.6 − 0.5) at the upper ones
    expect(multipliers.every((m, i) => Math.abs(m - (i < 1200 ? 0 : 0.2)) < 1e-12)).toBe(true);
  });

  it('is kept by penalties, too', async () => {
    const text = 'param W[40,40] ~ normal(0, 1)\nminimize sum((W - 0.6)**2)\nsubject to W in symmetric';
    const { violation } = await endOf(text, run('penalty', { penalty: 0.5 }));
    expect(violation).toBeLessThan(1e-2);
  });

  it('is refused in words where rows that move are too many', () => {
    const text = 'param W[30,40] ~ uniform(1, 2)\nminimize sum(W)\nsubject to W**2 >= 1';
    const studied = studyStructure(text, 1, catalog);
    const job = studied.ok ? prepareRun(studied.value, run('penalty'), 0, catalog) : studied;
    expect(job.ok ? '' : job.diagnostics[0]?.message).toContain('1,200 constraint rows whose gradients move');
  });
});
