/** What the runs of an experiment give on an executor. Test support. */
import { at } from '../core/diagnostic.ts';
import type { Experiment } from '../core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../core/experiment/load-data.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { type Claim, measured, type Outcome, outcomeOf } from '../core/lesson.ts';
import type { Chunk, Executor, ExecutorChoice } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const loadOnce = rememberingLoader();

/** Throws where the text has errors or a run is refused: a lesson may not. */
export async function outcomesOf(
  { problem, seed = 0, runs = [] }: Experiment,
  executor: Executor,
  choice: ExecutorChoice,
): Promise<readonly Outcome[]> {
  const loaded = await loadDatasets(problem, catalog.datasets, loadOnce);
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const studied = study(problem, seed, catalog, null, { loaded: loaded.value, tables: {} });
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const jobs = runs.map((run, id) => {
    const job = prepareRun(studied.value, run, id, catalog);
    if (!job.ok) throw new Error(`${run.method}: ${job.diagnostics.map(({ message }) => message).join('\n')}`);
    return job.value;
  });
  const chunks: Chunk[] = [];
  const ends = await executor.run(jobs, { executor: choice, onChunk: (chunk) => chunks.push(chunk) });
  return jobs.map(({ id, measure }, i) =>
    outcomeOf(
      chunks.filter(({ job }) => job === id),
      at(ends, i).status,
      measure,
    ),
  );
}

/** The claims that do not hold, each with the number that was found. */
export const broken = (claims: readonly Claim[], outcomes: readonly Outcome[]): string[] =>
  claims.flatMap((claim) => {
    const value = measured(claim, outcomes);
    const isKept = value !== null && value >= claim.least && value <= claim.most;
    return isKept ? [] : [`${claim.says}: ${value} is not in [${claim.least}, ${claim.most}]`];
  });
