import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { expand } from '../core/program/expand.ts';
import type { Program } from '../core/program/program.ts';
import { specialize } from '../core/program/specialize.ts';
import { chooseForSwarm, chooseLowering } from './choose.ts';
import { lower } from './fused/lower.ts';
import { programOf, sumOne } from './fused/programs.fixture.ts';

const dense = (size: number) =>
  programOf(size, ({ ops, x }) => {
    const M = ops.constant(
      Float64Array.from({ length: size * size }, (_, i) => Math.sin(i)),
      [size, size],
    );
    return { next: ops.matmul(M, ops.tanh(x)) };
  });

/** Thousands of different numbers, each alone: a workgroup has nothing to share. */
const wordy = (count: number) =>
  programOf(1, ({ ops, x }) => {
    const sumOf = (from: number, to: number): typeof x => {
      if (to - from === 1) return ops.sin(ops.add(x, from + 1));
      const middle = Math.floor((from + to) / 2);
      return ops.add(sumOf(from, middle), sumOf(middle, to));
    };
    return { next: sumOf(0, count) };
  });

/** Gradient descent on the squares of X w − y over the rows of X[rows, 3]. */
const rows = (count: number) =>
  programOf(3, ({ ops, x }) => {
    const X = ops.constant(
      Float64Array.from({ length: 3 * count }, (_, i) => Math.sin(i)),
      [count, 3],
    );
    const residual = ops.subtract(ops.tanh(ops.matmul(X, x)), 0.5);
    return { next: ops.subtract(x, ops.divide(ops.matmul(ops.transpose(X), residual), count)) };
  });

const crossover = (operationsPerDispatch: number) => ({
  crossover: async () => ({ operationsPerDispatch, isMeasured: true }),
});

describe('choosing a lowering', () => {
  it('fuses what is small, and says so', async () => {
    const { kind, reason } = await chooseLowering(sumOne(), 'gpu');
    expect({ kind, reason }).toEqual({
      kind: 'fused',
      reason: `Fused: the whole run is one kernel of ${lower(sumOne()).lines} lines.`,
    });
  });

  it('dispatches what is large, without writing a kernel of a million lines first', async () => {
    expect(await chooseLowering(dense(400), 'gpu')).toMatchObject({
      kind: 'dispatched',
      reason: expect.stringContaining('more than 500'),
    });
    expect((await chooseLowering(dense(2000), 'gpu')).kind).toBe('dispatched');
  });

  it('gives rows of data to a workgroup where that is the faster, by the figures of the adapter, and says so', async () => {
    const kindOf = async (...args: Parameters<typeof chooseLowering>) => (await chooseLowering(...args)).kind;
    expect(await kindOf(rows(200), 'gpu')).toBe('workgroup');
    expect(await kindOf(rows(200), 'gpu', crossover(5))).toBe('dispatched');
    expect(await kindOf(dense(100), 'gpu', crossover(500))).toBe('workgroup');
    const chosen = await chooseLowering(rows(200), 'gpu', crossover(100));
    expect(chosen.reason).toMatch(
      /64 invocations share each step: \d+ operations.*faster from \d+ on \(measured on this/,
    );
  });

  it.each([200, 2000])('shares a regression on %i rows, as typed, among a workgroup', async (count) => {
    const text = `param w[3]\ndata X[${count},3], y[${count}] = regression(seed=1)\nminimize mean((X @ w - y)**2)\nsubject to sum(w) = 1`;
    const studied = study(text, 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const job = prepareRun(studied.value, { method: 'projected-gradient', steps: 10 }, 0, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const program = specialize(expand(job.value.program), job.value.settings);
    expect(await chooseLowering(program, 'gpu')).toMatchObject({ kind: 'workgroup' });
  });

  it('reads rows of data in a loop where many starts do so together, and says so', async () => {
    expect(await chooseLowering(rows(200), 'gpu', { starts: 100 })).toMatchObject({
      kind: 'fused',
      reason: expect.stringMatching(/kernel of \d{2,3} lines. Sums over 200 rows of data are loops/),
    });
    expect(chooseForSwarm(rows(200), 'gpu', false)).toMatchObject({ lowering: 'fused' });
    expect(chooseForSwarm(rows(200), 'gpu', true)).toMatch(/a processor stands in/);
  });

  it('leaves one start to WebAssembly where a processor stands in for a GPU, unless most of it is exp and tanh', async () => {
    const kindOf = async (program: Program, starts = 1) =>
      (await chooseLowering(program, 'gpu', { isProcessor: true, starts })).kind;
    expect(await kindOf(dense(8))).toBe('fused');
    expect(await kindOf(dense(100))).toBe('wasm');
    expect(await kindOf(dense(100), 64)).not.toBe('wasm');
    expect(await kindOf(dense(1000))).toBe('wasm');
    const bent = (size: number) => programOf(size, ({ ops, x }) => ({ next: ops.tanh(ops.add(x, 1)) }));
    expect(await kindOf(bent(1000))).toBe('wasm');
    expect(await kindOf(bent(30_000))).toBe('dispatched');
    expect((await chooseLowering(dense(100), 'gpu', { isProcessor: true })).reason).toMatch(
      /^WebAssembly: a processor/,
    );
  });

  it('carries each start of a swarm by a workgroup where a kernel of scalars would be long; on a processor, not at all', () => {
    expect(chooseForSwarm(dense(8), 'gpu', false)).toMatchObject({ lowering: 'fused' });
    expect(chooseForSwarm(dense(100), 'gpu', false)).toMatchObject({ lowering: 'workgroup' });
    expect(chooseForSwarm(dense(100), 'fused', true)).toMatchObject({ lowering: 'workgroup' });
    expect(chooseForSwarm(dense(100), 'gpu', true)).toMatch(/more than 500, and a processor/);
    expect(chooseForSwarm(wordy(3000), 'gpu', false)).toMatch(/more than 2000/);
  });

  it('measures nothing where nothing is to be decided', async () => {
    const asked = { crossover: async () => expect.fail('the crossover was asked for') };
    expect((await chooseLowering(sumOne(), 'gpu', asked)).kind).toBe('fused');
    expect((await chooseLowering(rows(200), 'dispatched', asked)).kind).toBe('dispatched');
    expect((await chooseLowering(wordy(3000), 'gpu', asked)).kind).not.toBe('workgroup');
  });

  it('fuses a longer program whose step would be thousands of dispatches, and says so', async () => {
    const looped = programOf(12, ({ ops, x }) => {
      const M = ops.constant(
        Float64Array.from({ length: 144 }, (_, i) => Math.sin(i) / 12),
        [12, 12],
      );
      const body = (v: typeof x) => Array.from({ length: 20 }).reduce<typeof x>((w) => ops.matmul(M, ops.tanh(w)), v);
      const [next = x] = ops.repeat(20, [x], ([v = x]) => ops.repeat(20, [v], ([w = v]) => [body(w)]));
      return { next };
    });
    expect(await chooseLowering(looped, 'gpu')).toMatchObject({
      kind: 'fused',
      reason: expect.stringContaining('loops in loops'),
    });
  });

  it('takes a name at its word, or says why not', async () => {
    expect((await chooseLowering(sumOne(), 'dispatched')).kind).toBe('dispatched');
    expect((await chooseLowering(dense(100), 'fused')).kind).toBe('fused');
    expect((await chooseLowering(dense(1500), 'fused')).kind).toBe('workgroup');
    expect(await chooseLowering(wordy(3000), 'fused')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('more than 2000'),
    });
  });
});
