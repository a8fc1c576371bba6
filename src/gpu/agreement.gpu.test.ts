/**
 * Every case of the reference values whose method the catalogue has, on the GPU: within `f32` at every record. As a fused
 * kernel, or, the few that would be too long for one, as dispatches.
 */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { expand } from '../core/program/expand.ts';
import { disagreements, violatedRows } from '../core/reference/agreement.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { problemOf, type ReferenceCase, reference } from '../core/reference/trajectories.ts';
import { chooseLowering } from './choose.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

/** Hundreds of dispatches a step take long on a software adapter: all steps with `npm run test:full`. */
const DISPATCHED_STEPS = 20;

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

describe('GPU runs agree with the reference values', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each(cases.map((one) => ({ id: one.referenceCase.id, ...one })))(
    '$id',
    async ({ job, problem, referenceCase, run }) => {
      const { kind } = await chooseLowering(expand(job.program), 'fused');
      const lowering = kind === 'refused' ? 'dispatched' : 'fused';
      const steps =
        lowering === 'fused' || import.meta.env.FEASIBLE_FULL ? job.steps : Math.min(job.steps, DISPATCHED_STEPS);
      const result = await recordedRun(executor, lowering, {
        ...job,
        steps,
        record: job.record.filter((t) => t <= steps),
      });
      const records = referenceCase.records.filter(({ t }) => t <= steps);
      expect(result.end).toMatchObject({ status: expect.stringMatching(/^(finished|converged)$/), executor: lowering });
      expect(disagreements(problem, { ...referenceCase, records }, result, 'f32')).toEqual([]);
      const { projectEvery = 1, projection = 'exact' } = run.settings ?? {};
      const keeps = (step: number) =>
        run.method === 'projected-gradient' && projection === 'exact' && step > 0 && step % Number(projectEvery) === 0;
      if (problem.constraints.every(({ type }) => type === 'eq'))
        expect(violatedRows(problem, result, keeps)).toEqual([]);
      expect(await uncaptured()).toEqual([]);
    },
    import.meta.env.FEASIBLE_FULL ? 900_000 : 60_000, // no time is asserted: it only ends what hangs
  );
});
