/** Sums over rows as loops: the same run, in every executor on the processor, and as many lines for any number of rows. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { compressData, MOST_SQUARED_CONDITION } from '../core/program/data-products.ts';
import { interpret } from '../core/program/interpret.ts';
import { loopOverRows } from '../core/program/row-loops.ts';
import type { Job } from '../core/run/run.ts';
import { differences } from '../wasm/compare.fixture.ts';
import { BENT, QUADRATIC, typedJob } from './data-rows.fixture.ts';
import { lower } from './fused/lower.ts';

/** All iterates of a run in Float64. */
function iteratesOf({ program, starts, settings, steps }: Job): number[] {
  const run = interpret(program, starts, settings);
  return Array.from({ length: steps + 1 }, (_, t) => {
    run.advance(t - run.t, Number.POSITIVE_INFINITY);
    return run.outputs().flatMap((output) => [...output]);
  }).flat();
}

const distance = (found: readonly number[], wanted: readonly number[]): number =>
  Math.max(...wanted.map((number, i) => Math.abs(at(found, i) - number) / Math.max(1, Math.abs(number))));

const wanted = <T>(found: T | null): T => {
  if (found === null) throw new Error('nothing was found');
  return found;
};

describe.each(Object.entries(BENT))('%s', (_, text) => {
  const job = typedJob(text);
  const looped = { ...job, program: wanted(loopOverRows(job.program)).program };

  it('is the run over rows that are written out', () => {
    expect(distance(iteratesOf(looped), iteratesOf(job))).toBeLessThanOrEqual(1e-13);
  });

  it('is the same in WebAssembly, to the last bit', () => {
    expect(differences(looped)).toEqual([]);
  });

  it('is a kernel that proposes itself', () => {
    expect(lower(looped.program).lines).toBeLessThanOrEqual(500);
    expect(lower(looped.program).operations).toBeLessThanOrEqual(6 * lower(job.program).operations);
  });
});

it('has as many lines for four thousand rows as for four hundred', () => {
  const linesOf = (rows: number) => {
    const text = `param w[3]\ndata X[${rows},3], y[${rows}] = regression(seed=1)\nminimize mean(log(1 + exp(-(X @ w) * y)))\nsubject to sum(w) = 1`;
    return lower(wanted(loopOverRows(typedJob(text).program)).program).lines;
  };
  expect(linesOf(4000)).toBe(linesOf(400));
});

describe.each(Object.entries(QUADRATIC))('%s', (_, text) => {
  const job = typedJob(text);
  const { program, products } = wanted(compressData(job.program));

  it('is the run over the rows, to rounding', () => {
    expect(distance(iteratesOf({ ...job, program }), iteratesOf(job))).toBeLessThanOrEqual(1e-12);
  });

  it('needs no row of the data, and says why', () => {
    expect(loopOverRows(program)).toBeNull();
    expect(lower(program).operations).toBeLessThan(lower(job.program).operations / 5);
    for (const { form, squaredCondition } of products)
      expect(form === 'products').toBe(squaredCondition <= MOST_SQUARED_CONDITION);
  });
});
