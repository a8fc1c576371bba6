/** Every case of the reference values, in WebAssembly and in the interpreter: the same numbers at every record. All cases with `npm run test:full`. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { analyze } from '../core/analysis/analyze.ts';
import { at, success } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { problemOf, type ReferenceCase, reference } from '../core/reference/trajectories.ts';
import type { Job } from '../core/run/run.ts';
import { differences } from './compare.fixture.ts';

/** By default one case in nine: a sweep over all takes half a minute. */
const SAMPLED = 9;
const cases = reference.cases.filter((_, i) => import.meta.env.FEASIBLE_FULL || i % SAMPLED === 0);

/** All of `study` but the optimum, which takes longer than the runs. */
function jobOf(referenceCase: ReferenceCase): Job {
  const experiment = experimentOfCase(problemOf(referenceCase), referenceCase);
  const document = parse(experiment.problem);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  const studied = problem.ok
    ? success({ problem: problem.value, structure: analyze(problem.value, catalog.constraints) })
    : problem;
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const job = prepareRun(studied.value, at(experiment.runs ?? [], 0), 1, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return job.value;
}

describe('WebAssembly computes what the interpreter computes', () => {
  it.each(cases.map((one) => ({ id: one.id, one })))('$id', ({ one }) => {
    expect(differences(jobOf(one))).toEqual([]);
  });
});
