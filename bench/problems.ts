/** The known problems, each by the methods that the app proposes, with their default settings: which arrive? */

import { catalog } from '../src/catalog/registry.ts';
import { proposals } from '../src/core/analysis/proposal.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { studyStructure } from '../src/core/experiment/study/study.ts';
import { type KnownProblem, knownProblems, textOf } from '../src/core/reference/problems.ts';
import { Grader } from '../src/core/run/grade.ts';
import type { Chunk, Executor, ExecutorChoice, RunStatus } from '../src/core/run/run.ts';
import { scaledKktResidual } from '../src/core/run/verdict.ts';

/** What counts as arrived. */
const RESIDUAL = 1e-4;
const LOSS_ERROR = 1e-3;

export interface Attempt {
  readonly problem: string;
  readonly method: string;
  readonly executor: string;
  readonly status: RunStatus;
  /** The scaled KKT residual of the last record, in Float64. */
  readonly residual: number;
  /** |f − f*| / max(1, |f*|). */
  readonly lossError: number;
  readonly arrives: boolean;
  readonly elapsedMs: number;
}

/** `device`: a fused kernel, or dispatches where it would be too long. The planner itself leaves single runs to the processor where that stands in for a GPU. */
export type ProblemsChoice = ExecutorChoice | 'device';

export interface ProblemsOptions {
  readonly executor: Executor;
  readonly choice: ProblemsChoice;
  readonly steps?: number;
  /** Only problems whose id contains it. */
  readonly only?: string;
  /** Instead of the proposed ones. */
  readonly methods?: readonly string[];
  readonly report?: (attempts: readonly Attempt[]) => void;
}

/** For each problem the attempts of its proposed methods, in their order, up to the first that arrives. */
export async function attemptProblems(options: ProblemsOptions): Promise<readonly (readonly Attempt[])[]> {
  const table: (readonly Attempt[])[] = [];
  for (const problem of knownProblems.filter(({ id }) => id.includes(options.only ?? ''))) {
    const attempts = await attempt(problem, options);
    table.push(attempts);
    options.report?.(attempts);
  }
  return table;
}

async function attempt(known: KnownProblem, { executor, choice, steps, methods }: ProblemsOptions): Promise<Attempt[]> {
  const studied = studyStructure(textOf(known), 0, catalog);
  if (!studied.ok) throw new Error(`${known.id}: ${studied.diagnostics.map(({ message }) => message).join(' ')}`);
  const attempts: Attempt[] = [];
  const proposed = () => proposals(studied.value, catalog).map(({ method }) => method);
  for (const method of methods ?? proposed()) {
    const job = prepareRun(studied.value, { method, ...(steps && { steps }) }, 1, catalog);
    if (!job.ok) continue;
    let chunks: Chunk[] = [];
    const run = (by: ExecutorChoice) => {
      chunks = [];
      return executor.run([job.value], { executor: by, onChunk: (chunk) => chunks.push(chunk) });
    };
    let [end] = await run(choice === 'device' ? 'fused' : choice);
    if (choice === 'device' && end?.status === 'failed') [end] = await run('dispatched');
    const last = chunks.at(-1);
    if (!end || !last) throw new Error(`${known.id}: ${method} left no record`);
    const grader = new Grader(job.value.measure, job.value.steps);
    const { loss } = grader.grade(last.steps.slice(-1), last.iterates.subarray(-known.n));
    const residual = grader.last ? scaledKktResidual(grader.last) : Number.NaN;
    const lossError = Math.abs((loss[0] ?? Number.NaN) - known.fstar) / Math.max(1, Math.abs(known.fstar));
    const arrives = residual <= RESIDUAL && lossError <= LOSS_ERROR;
    const { status, executor: ran, elapsedMs } = end;
    attempts.push({ problem: known.id, method, executor: ran, status, residual, lossError, arrives, elapsedMs });
    if (arrives) break;
  }
  return attempts;
}

const short = (value: number): string => value.toExponential(1);

/** One line a problem: the attempt that arrived, else the one that came nearest. */
export function lineOf(attempts: readonly Attempt[]): string {
  const nearest = [...attempts].sort(
    (a, b) => Number(b.arrives) - Number(a.arrives) || a.residual + a.lossError - (b.residual + b.lossError),
  )[0];
  if (!nearest) return '| – | no method applies | | | | |';
  const { problem, method, executor, status, residual, lossError, arrives, elapsedMs } = nearest;
  return `| ${problem} | ${method} | ${arrives ? 'arrives' : `off (${status})`} | ${short(residual)} | ${short(lossError)} | ${executor} | ${Math.round(elapsedMs)} |`;
}

export const HEAD =
  '| Problem | Method | Status | Scaled residual | Loss error | Executor | ms |\n|---|---|---|---:|---:|---|---:|';

export const summaryOf = (table: readonly (readonly Attempt[])[]): string =>
  `${table.filter((attempts) => attempts.some(({ arrives }) => arrives)).length} of ${table.length} arrive: scaled residual ≤ ${RESIDUAL}, relative loss error ≤ ${LOSS_ERROR}.`;
