/** From a lesson's text to its first iterate on the GPU, with nothing compiled before: where the time goes. */
import { lessons } from '../src/catalog/lessons.ts';
import { catalog } from '../src/catalog/registry.ts';
import { analyze } from '../src/core/analysis/analyze.ts';
import type { Experiment } from '../src/core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../src/core/experiment/load-data.ts';
import { prepareRun } from '../src/core/experiment/prepare-run.ts';
import { parse } from '../src/core/language/parse.ts';
import { check } from '../src/core/problem/check.ts';
import type { Gpu } from '../src/gpu/device.ts';
import { ownExecutor } from './own-executor.ts';
import { digits, markdown, spreadOf } from './statistics.ts';

export interface CompileTimes {
  readonly lesson: string;
  readonly runs: number;
  /** Parsed, checked, analyzed. */
  readonly textMs: number;
  /** Methods recorded into programs. */
  readonly recordMs: number;
  /** Lowered, compiled, started; until the first record is here. */
  readonly startMs: number;
  /** The same runs once more: nothing is compiled. */
  readonly againMs: number;
}

/** What is wanted of the median. */
const GOAL_MS = 150;

const loadOnce = rememberingLoader();

export async function measureCompile(gpu: Gpu, now: () => number): Promise<CompileTimes[]> {
  const times: CompileTimes[] = [];
  for (const { title, steps } of lessons) {
    const [first] = steps;
    if (first) times.push(await measure(gpu, now, title, first.experiment));
  }
  return times;
}

async function measure(
  gpu: Gpu,
  now: () => number,
  lesson: string,
  { problem: text, seed = 0, runs = [] }: Experiment,
): Promise<CompileTimes> {
  const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const executor = ownExecutor(gpu, now); // its own kernels: none is compiled yet
  const began = now();
  const document = parse(text);
  const problem = document.ok
    ? check(document.value, { seed, data: { datasets: catalog.datasets, loaded: loaded.value, tables: {} } })
    : document;
  if (!problem.ok) throw new Error(`${lesson}: ${JSON.stringify(problem.diagnostics)}`);
  const structure = analyze(problem.value, catalog.constraints);
  const understood = now();
  const jobs = runs.map((run, id) => {
    const job = prepareRun({ problem: problem.value, structure }, run, id, catalog);
    if (!job.ok) throw new Error(`${lesson}: ${JSON.stringify(job.diagnostics)}`);
    return job.value;
  });
  const recorded = now();
  const firstChunk = async () => {
    const started = now();
    const stop = new AbortController();
    let arrived = Number.NaN;
    await executor.run(jobs, {
      executor: 'gpu',
      signal: stop.signal,
      onChunk: () => {
        if (Number.isNaN(arrived)) arrived = now();
        stop.abort();
      },
    });
    return arrived - started;
  };
  const startMs = await firstChunk();
  const againMs = await firstChunk();
  return { lesson, runs: runs.length, textMs: understood - began, recordMs: recorded - understood, startMs, againMs };
}

const totalOf = ({ textMs, recordMs, startMs }: CompileTimes): number => textMs + recordMs + startMs;

export function printCompile(times: readonly CompileTimes[]): string {
  const { median, lower, upper } = spreadOf(times.map(totalOf));
  const verdict = `${median <= GOAL_MS ? 'reached' : 'missed'}: ${GOAL_MS} ms`;
  const middle = (of: (one: CompileTimes) => number) => digits(spreadOf(times.map(of)).median);
  return markdown(
    `From text to the first iterate, ${times.length} lessons: median ${digits(median)} ms (${digits(lower)}–${digits(upper)}), ${verdict}`,
    ['lesson', 'runs', 'text, ms', 'record, ms', 'compile and first step, ms', 'in all, ms', 'again, compiled, ms'],
    [
      ...times.map((one) => [
        one.lesson,
        String(one.runs),
        ...[one.textMs, one.recordMs, one.startMs, totalOf(one), one.againMs].map(digits),
      ]),
      [
        'median',
        '',
        middle(({ textMs }) => textMs),
        middle(({ recordMs }) => recordMs),
        middle(({ startMs }) => startMs),
        middle(totalOf),
        middle(({ againMs }) => againMs),
      ],
    ],
  );
}
