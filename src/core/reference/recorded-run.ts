/** A job on an executor, as the reference values are compared with it. Test support. */
import { at, invariant } from '../diagnostic.ts';
import type { Chunk, Executor, ExecutorChoice, Job, JobEnd } from '../run/run.ts';
import type { RecordedRun } from './agreement.ts';

export async function recordedRun(
  executor: Executor,
  choice: ExecutorChoice,
  job: Job,
): Promise<RecordedRun & { readonly end: JobEnd }> {
  const chunks: Chunk[] = [];
  const [end] = await executor.run([job], { executor: choice, onChunk: (chunk) => chunks.push(chunk) });
  invariant(end, 'a job has an end');
  const names = job.program.outputs.slice(1).map(({ name }) => name);
  const column = (array: (chunk: Chunk) => Float64Array | undefined) =>
    chunks.flatMap((chunk) => rows(array(chunk) ?? new Float64Array(0), chunk.steps.length));
  return {
    end,
    steps: chunks.flatMap(({ steps }) => steps),
    iterates: column(({ iterates }) => iterates),
    loss: chunks.flatMap(({ measures }) => [...measures.loss]),
    multipliers: column(({ measures }) => measures.multipliers),
    states: Object.fromEntries(names.map((name) => [name, column(({ states }) => states[name])])),
  };
}

/** A row-major array as `count` rows. */
function rows(array: Float64Array, count: number): number[][] {
  const width = array.length / Math.max(1, count);
  return Array.from({ length: count }, (_, k) => Array.from({ length: width }, (_, i) => at(array, k * width + i)));
}
