/** Every case of the reference values whose method the catalogue has, as a fused kernel: within `f32` at every record. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun, study } from '../core/experiment/prepare.ts';
import { disagreements, violatedRows } from '../core/reference/agreement.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { problemOf, type ReferenceCase, reference } from '../core/reference/trajectories.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

function jobOf(referenceCase: ReferenceCase) {
  const problem = problemOf(referenceCase);
  const experiment = experimentOfCase(problem, referenceCase);
  const run: RunJson = at(experiment.runs ?? [], 0);
  const method = catalog.methods.find(({ id }) => id === run.method);
  const isKnown = Object.keys(run.settings ?? {}).every((name) => method && name in method.settings);
  const studied = study(experiment.problem, 0, catalog);
  if (!studied.ok || !isKnown) return null;
  const job = prepareRun(studied.value, run, 1, catalog);
  return job.ok ? { job: job.value, problem, referenceCase, run } : null;
}

const cases = reference.cases.flatMap((referenceCase) => jobOf(referenceCase) ?? []);

describe('fused kernels agree with the reference values', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each(cases.map((one) => ({ id: one.referenceCase.id, ...one })))(
    '$id',
    async ({ job, problem, referenceCase, run }) => {
      const result = await recordedRun(executor, 'fused', job);
      expect(result.end).toMatchObject({ status: expect.stringMatching(/^(finished|converged)$/), executor: 'fused' });
      expect(disagreements(problem, referenceCase, result, 'f32')).toEqual([]);
      const { projectEvery = 1 } = run.settings ?? {};
      const keeps = (step: number) =>
        run.method === 'projected-gradient' && step > 0 && step % Number(projectEvery) === 0;
      if (problem.constraints.every(({ type }) => type === 'eq'))
        expect(violatedRows(problem, result, keeps)).toEqual([]);
      expect(await uncaptured()).toEqual([]);
    },
  );
});
