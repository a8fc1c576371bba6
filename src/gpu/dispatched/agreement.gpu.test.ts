/**
 * Methods of the catalogue as dispatches: the first steps of reference cases of each problem and of each method, in the long run of
 * the tests of each pair of them, against Float64.
 */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { study } from '../../core/experiment/study/study.ts';
import { casesOfEachKind } from '../../core/reference/case-kinds.fixture.ts';
import { experimentOfCase } from '../../core/reference/experiment-of-case.ts';
import { recordedRun } from '../../core/reference/recorded-run.ts';
import { problemOf, type ReferenceCase, reference } from '../../core/reference/trajectories.ts';
import { withTestExecutor } from '../test-executor.fixture.ts';

const STEPS = 6;

/** Float32 over six steps: each rounding is 6e-8, each step some tens of operations, and gradients amplify a little. */
const TOLERANCE = 2e-5;

function jobOf(referenceCase: ReferenceCase) {
  const experiment = experimentOfCase(problemOf(referenceCase), referenceCase);
  const run: RunJson = at(experiment.runs ?? [], 0);
  const method = catalog.methods.find(({ id }) => id === run.method);
  const isKnown = Object.keys(run.settings ?? {}).every((name) => method && name in method.settings);
  const studied = study(experiment.problem, 0, catalog);
  if (!studied.ok || !isKnown) return null;
  const record = Array.from({ length: STEPS + 1 }, (_, step) => step);
  const job = prepareRun(studied.value, { ...run, steps: STEPS, record }, 1, catalog);
  return job.ok ? { job: job.value, problem: experiment.problem, method: run.method, id: referenceCase.id } : null;
}

const cases = reference.cases.flatMap((one) => jobOf(one) ?? []);

describe('dispatched programs agree with the interpreter', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each(casesOfEachKind(cases, Boolean(import.meta.env.FEASIBLE_FULL)))('$id', async ({ job }) => {
    const [dispatched, exact] = [
      await recordedRun(executor, 'dispatched', job),
      await recordedRun(executor, 'reference', job),
    ];
    expect(dispatched.end).toMatchObject({ executor: 'dispatched' });
    expect(dispatched.steps).toEqual(exact.steps);
    const distances = dispatched.iterates.flatMap((iterate, k) =>
      iterate.map((entry, i) => {
        const value = at(at(exact.iterates, k), i);
        return Math.abs(entry - value) / Math.max(1, Math.abs(value));
      }),
    );
    expect(Math.max(...distances)).toBeLessThanOrEqual(TOLERANCE);
    expect(await uncaptured()).toEqual([]);
  });
});
