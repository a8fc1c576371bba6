/** Steps along many curved rows: least squares by LSMR, loops of dispatches that end by themselves, against Float64. */
import { expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { studyStructure } from '../../core/experiment/study/study.ts';
import type { Chunk } from '../../core/run/run.ts';
import { withTestExecutor } from '../test-executor.fixture.ts';

const { executor, uncaptured } = withTestExecutor();

it('moves along forty cubic rows as the reference does', async () => {
  const text = 'param w[60] = 0.9\nminimize sum((w - 2)**2)\nsubject to\n  w[:40]**3 + w[20:60] = 2';
  const studied = studyStructure(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'tangent-normal', optimizer: { kind: 'sgd', learningRate: 0.01 }, steps: 2, record: [2] };
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const endOf = async (choice: 'dispatched' | 'reference') => {
    let last = new Float64Array(0);
    const onChunk = ({ iterates }: Chunk) => {
      last = Float64Array.from(iterates.slice(-60));
    };
    const [end] = await executor.run([job.value], { executor: choice, onChunk });
    expect(end).toMatchObject({ status: 'finished', executor: choice });
    return last;
  };
  const [device, reference] = [await endOf('dispatched'), await endOf('reference')];
  device.forEach((entry, i) => expect(Math.abs(entry - at(reference, i))).toBeLessThan(1e-5));
  expect(Math.max(...reference.slice(0, 40).map((w, i) => Math.abs(w ** 3 + at(reference, 20 + i) - 2)))).toBeLessThan(
    0.01,
  );
  expect(await uncaptured()).toEqual([]);
});
