/** Every set that can be typed: recognised, with an exact projection, and projected gradient arrives on it at a point that is graded. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { SETS } from '../core/problem/sets.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import type { Chunk } from '../core/run/run.ts';
import { catalog } from './registry.ts';
import { SET_CASES } from './sets.fixture.ts';

describe('every set of the language', () => {
  it('has a case here', () => {
    const covered = new Set(SET_CASES.map(({ text }) => / in (\w+)/.exec(text)?.[1]));
    expect([...SETS.keys()].filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(SET_CASES)('$kind: $text', async ({ text, kind, verdict, learningRate = 0.1, steps = 300 }) => {
    const studied = study(text, 3, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const { structure } = studied.value;
    expect(structure.sets.map((set) => set.kind)).toEqual([kind]);
    expect(structure.hasExactProjection).toBe(true);
    const run = { method: 'projected-gradient', steps, optimizer: { kind: 'sgd', learningRate }, record: [steps] };
    const job = prepareRun(studied.value, run, 1, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
    const chunks: Chunk[] = [];
    const [end] = await executor.run([job.value], {
      executor: 'reference',
      onChunk: (chunk) => chunks.push(chunk),
    });
    const { measures } = at(chunks, chunks.length - 1);
    expect(measures.violation.at(-1)).toBeLessThan(1e-9);
    expect(end?.status).toBe(verdict ?? 'converged');
  });
});
