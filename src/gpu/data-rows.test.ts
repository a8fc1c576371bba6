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
import { jobOf, programOf } from './fused/programs.fixture.ts';

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

describe('data whose columns nearly depend on one another', () => {
  const [rows, n] = [120, 3];
  /** Column 1 is column 0 but for `apart`. */
  const near = (apart: number): Job => {
    const program = programOf(n, ({ ops, x, setting }) => {
      const columns = (i: number) => [Math.sin(3 * i), Math.sin(3 * i) + apart * Math.cos(7 * i), Math.cos(i * i)];
      const X = ops.constant(Array.from({ length: rows }, (_, i) => columns(i)).flat(), [rows, n]);
      const y = ops.constant(Array.from({ length: rows }, (_, i) => Math.sin(i + 1)));
      const residual = ops.subtract(ops.matmul(X, x), y);
      const slope = ops.divide(ops.matmul(ops.transpose(X), residual), rows);
      return {
        next: ops.subtract(x, ops.multiply(setting('rate'), slope)),
        outputs: { loss: ops.divide(ops.sum(ops.multiply(residual, residual)), rows) },
      };
    });
    return jobOf(program, [0.3, -0.2, 0.5], { rate: 0.4 }, 20, [20]);
  };

  it.each([1e-2, 1e-4, 1e-9])('%d apart: their triangular factor gives the same run, to rounding', (apart) => {
    const job = near(apart);
    const { program, products } = wanted(compressData(job.program));
    expect(new Set(products.map(({ form }) => form))).toEqual(new Set(['factor']));
    expect(distance(iteratesOf({ ...job, program }), iteratesOf(job))).toBeLessThanOrEqual(1e-12);
    expect(loopOverRows(program)).toBeNull();
  });

  it('equal: one column stands for both, and the run is the same, to rounding', () => {
    const job = near(0);
    const { program } = wanted(compressData(job.program));
    expect(distance(iteratesOf({ ...job, program }), iteratesOf(job))).toBeLessThanOrEqual(1e-12);
  });

  it('well apart: products of columns for slopes, the factor for squares of residuals', () => {
    const job = near(1);
    const { program, products } = wanted(compressData(job.program));
    expect(new Set(products.map(({ form }) => form))).toEqual(new Set(['products', 'factor']));
    expect(distance(iteratesOf({ ...job, program }), iteratesOf(job))).toBeLessThanOrEqual(1e-12);
  });
});
