import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { JobEnd } from '../../core/run/run.ts';
import { fakeJob, fakeStudy } from './fakes.fixture.ts';
import { reproduction, withResults } from './kept-results.ts';
import type { RunResult } from './run-slice.ts';

const run = { method: 'first' };
const end: JobEnd = {
  job: 0,
  status: 'converged',
  executor: 'reference',
  adapter: 'CPU, Float64',
  reason: '',
  pseudoinverses: [],
  elapsedMs: 1,
};

/** A run that ended at (3, 4) with this loss. */
function shown(experiment: Experiment, loss: number) {
  const one = Float64Array.of(loss);
  const nothing = new Float64Array();
  const measures = {
    loss: one,
    violation: Float64Array.of(0),
    violations: nothing,
    stationarity: nothing,
    multipliers: nothing,
    gradient: nothing,
    named: nothing,
  };
  const trajectory = { steps: [200], iterates: Float64Array.of(3, 4), states: {}, measures };
  const result: RunResult = { run, job: fakeJob(0), diagnostics: [], trajectory, end };
  return { experiment: { ...experiment, runs: [run] }, picture: { study: fakeStudy(), results: [result] } };
}

const bare: Experiment = { version: 1, problem: '', runs: [run] };
const elsewhere = {
  ...bare,
  results: [{ executor: 'fused', adapter: 'Apple M2', loss: 1.5, violation: 0, x: [3, 4] }],
};
const told = (experiment: Experiment, loss: number) =>
  reproduction(shown(experiment, loss), ['a', 'b'], ['First'])?.message;

describe('results that came with an experiment', () => {
  it('are said to be reproduced, or how they differ, and what computed them here and there', () => {
    expect(told(bare, 1.5)).toBeUndefined();
    expect(told(elsewhere, 1.5001)).toBe(
      'Reproduced: the results that came with this experiment came out again. Computed here on CPU, reference; there on GPU, fused, Apple M2.',
    );
    expect(told(elsewhere, 2)).toBe(
      'Differs: the results that came with this experiment did not come out again. First: loss was 1.5 and is 2. Computed here on CPU, reference; there on GPU, fused, Apple M2.',
    );
  });

  it('are of the runs that are done, and are the same where they were made', () => {
    const made = withResults(bare, shown(bare, 1.5));
    expect(made.results).toEqual([
      { executor: 'reference', adapter: 'CPU, Float64', loss: 1.5, violation: 0, x: [3, 4] },
    ]);
    expect(reproduction(shown(made, 1.5), ['a', 'b'], ['First'])?.isSame).toBe(true);
  });
});
