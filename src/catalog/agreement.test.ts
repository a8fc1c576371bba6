/** Every case of the reference values whose method the catalogue has, in the reference executor: within `f64` at every record. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../core/analysis/analyze.ts';
import { at, success } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { disagreements, type RecordedRun, violatedRows } from '../core/reference/agreement.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { problemOf, reference } from '../core/reference/trajectories.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk, Job } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

/** Settings that the catalogue does not declare: the case belongs to a method or option that is still to come. */
function missing({ method, settings = {}, optimizer }: RunJson): string | null {
  const entry = catalog.methods.find(({ id }) => id === method);
  if (!entry) return `method ${method}`;
  const kind = catalog.optimizers.find(({ id }) => id === optimizer?.kind);
  if (optimizer && !kind) return `optimizer ${optimizer.kind}`;
  const unknown = Object.keys(settings).find((name) => !(name in entry.settings));
  return unknown ? `${method}: ${unknown}` : null;
}

/** What a run needs to know of a text: all of `study` but the optimum, which takes longer than the runs. */
function structureOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) return problem;
  return success({ problem: problem.value, structure: analyze(problem.value, catalog.constraints) });
}

const planned = reference.cases.map((referenceCase) => {
  const problem = problemOf(referenceCase);
  const experiment = experimentOfCase(problem, referenceCase);
  const run = at(experiment.runs ?? [], 0);
  const studied = structureOf(experiment.problem);
  const absent = missing(run);
  const method = catalog.methods.find(({ id }) => id === run.method);
  const support = studied.ok ? method?.supports(studied.value.structure, run.settings as object) : null;
  return {
    id: referenceCase.id,
    problem,
    referenceCase,
    run,
    studied,
    absent: absent ?? (support?.supported === false ? `${run.method}: ${support.reason}` : null),
  };
});
const ready = planned.filter(({ absent }) => absent === null);

describe('agreement with the reference values', () => {
  it('says which cases wait for methods and sets that are not in the catalogue yet', () => {
    const waiting = planned.flatMap(({ absent }) => (absent === null ? [] : [absent]));
    const counts = new Map<string, number>();
    for (const reason of waiting) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    console.info(
      `${ready.length} of ${planned.length} cases run; waiting: ${[...counts].map(([reason, count]) => `${count} × ${reason}`).join('; ')}`,
    );
    expect(ready.length).toBe(reference.cases.length);
  });

  it.each(ready)('$id', async ({ problem, referenceCase, run, studied }) => {
    if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
    const job = prepareRun(studied.value, run, 1, catalog);
    if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
    const result = await recordedRun(job.value);
    expect(disagreements(problem, referenceCase, result, 'f64')).toEqual([]);
    const { projection = 'exact', projectEvery = 1 } = run.settings ?? {};
    const isExact = run.method === 'projected-gradient' && projection === 'exact';
    const keeps =
      run.method === 'null-space'
        ? () => true
        : (step: number) => isExact && step > 0 && step % Number(projectEvery) === 0;
    if (problem.constraints.every(({ type }) => type === 'eq'))
      expect(violatedRows(problem, result, keeps)).toEqual([]);
  });
});

async function recordedRun(job: Job): Promise<RecordedRun> {
  const chunks: Chunk[] = [];
  await executor.run([job], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
  const rows = (array: Float64Array, count: number) =>
    Array.from({ length: count }, (_, k) => [
      ...array.subarray((k * array.length) / count, ((k + 1) * array.length) / count),
    ]);
  const names = job.program.outputs.slice(1).map(({ name }) => name);
  return {
    steps: chunks.flatMap(({ steps }) => steps),
    iterates: chunks.flatMap(({ steps, iterates }) => rows(iterates, steps.length)),
    loss: chunks.flatMap(({ measures }) => [...measures.loss]),
    states: Object.fromEntries(
      names.map((name) => [
        name,
        chunks.flatMap(({ steps, states }) => rows(states[name] ?? new Float64Array(0), steps.length)),
      ]),
    ),
  };
}
