/** Sets with corners, typed out: their optimum, whether they can be met, and how runs that end in a corner are graded. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { studied } from '../../../catalog/studied.fixture.ts';
import { at } from '../../diagnostic.ts';
import { prepareRun } from '../../experiment/prepare-run.ts';
import { kktReporter } from '../../run/kkt-report.ts';
import { createReferenceExecutor } from '../../run/reference-executor.ts';
import type { Chunk } from '../../run/run.ts';

const PULL = 'param w[3] = [2, 2, 2]\nminimize sum((w - [3, 1, 0.2])**2)\nsubject to\n  ';
const SQUARE = 'param w[3] = [2, 2, 2]\nminimize sum((w - [3, 3, 0.2])**2)\nsubject to\n  ';

/** From a start that is not feasible; the multiplier is that of the typed row. */
const CORNERS: readonly (readonly [line: string, x: readonly number[], multiplier: number])[] = [
  [`${PULL}sum(abs(w)) <= 1`, [1, 0, 0], 4],
  [`${PULL}norm(w, 1) <= 1`, [1, 0, 0], 4],
  [`${PULL}w in l1ball(1)`, [1, 0, 0], 4],
  [`${PULL}abs(w[0]) + 2*abs(w[1]) + abs(w[2]) <= 1`, [1, 0, 0], 4],
  [`${PULL}let r = abs(w)\n  2*sum(r) - 2 <= 0`, [1, 0, 0], 2],
  [`${SQUARE}norm(w, inf) <= 1`, [1, 1, 0.2], 8],
  [`${SQUARE}2*max(abs(w)) <= 2`, [1, 1, 0.2], 4],
  [`${SQUARE}max(abs(w[0]), abs(w[1]), w[2]) <= 1`, [1, 1, 0.2], 8],
];

describe('a corner', () => {
  it.each(CORNERS)('is the optimum of %j', (text, x, multiplier) => {
    const { optimum, feasibility } = studied(text);
    expect(feasibility.verdict).toBe('yes');
    expect(optimum?.kktResidual).toBeLessThan(1e-8);
    x.forEach((entry, i) => expect(at(optimum?.x ?? [], i)).toBeCloseTo(entry, 7));
    expect(optimum?.multipliers).toHaveLength(1);
    expect(at(optimum?.multipliers ?? [], 0)).toBeCloseTo(multiplier, 6);
  });

  const endOf = async (text: string, run: { method: string; steps: number }) => {
    const job = prepareRun(studied(text), { ...run, record: [run.steps] }, 1, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const executor = createReferenceExecutor({ now: () => 0, pause: () => Promise.resolve(), reason: 'test' });
    const chunks: Chunk[] = [];
    const [end] = await executor.run([job.value], { executor: 'reference', onChunk: (chunk) => chunks.push(chunk) });
    return { status: end?.status, measures: at(chunks, chunks.length - 1).measures };
  };

  const projected = CORNERS.filter(([text]) => studied(text).structure.hasExactProjection);
  it.each(projected)('is where projected gradient converges, with its multiplier: %j', async (text, _, multiplier) => {
    const { status, measures } = await endOf(text, { method: 'projected-gradient', steps: 300 });
    expect(status).toBe('converged');
    expect(measures.multipliers.at(-1)).toBeCloseTo(multiplier, 6);
  });

  it.each([`${PULL}sum(abs(w)) <= 1`, `${PULL}norm(w, 1) <= 1`, `${PULL}w in l1ball(1)`])(
    'is where Frank–Wolfe converges, from outside and from within: %j',
    async (text) => {
      expect((await endOf(text, { method: 'frank-wolfe', steps: 4000 })).status).toBe('converged');
      const within = text.replace('[2, 2, 2]', '[0, 0, 0]');
      expect((await endOf(within, { method: 'frank-wolfe', steps: 20 })).status).toBe('converged');
    },
  );

  it('is not called stationary where it is not', () => {
    const { problem } = studied('param w[2]\nminimize sum((w - [0, 3])**2)\nsubject to\n  sum(abs(w)) <= 1');
    const report = kktReporter(problem)?.(Float64Array.of(1, 0), 1e-6);
    expect(report?.stationarity).toBeGreaterThan(1);
    expect(report?.verdict).toContain('not stationary');
  });
});

describe('lines that contradict a set with corners', () => {
  it.each([
    ['param w[2]\nminimize sum(w)\nst\n  sum(abs(w)) <= 1\n  w[0] >= 2', [4, 5], [1, 1]],
    ['param w[2]\nminimize sum(w)\nst\n  norm(w, inf) <= 1\n  w[0] + w[1] = 4', [4, 5], [1, 2]],
    ['param w[2]\nminimize sum(w)\nst\n  max(w) <= 1\n  min(w) >= 2', [4, 5], [1, 1]],
    [
      'param w[2]\nminimize sum(w)\nst\n  sum(abs(w)) <= 1\n  max(abs(w)) <= 5\n  norm(w - [3, 0]) <= 1',
      [4, 6],
      [1, 1],
    ],
  ])('%j', (text, lines, amounts) => {
    const { verdict, conflict } = studied(text).feasibility;
    expect(verdict).toBe('no');
    expect(conflict?.lines).toEqual(lines);
    conflict?.relaxations.forEach(({ amount }, i) => expect(amount).toBeCloseTo(at(amounts, i), 5));
  });
});
