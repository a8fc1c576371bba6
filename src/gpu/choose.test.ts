import { describe, expect, it } from 'vitest';
import { chooseLowering, kernelOf } from './choose.ts';
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

describe('choosing a lowering', () => {
  it('fuses what is small, and says so', () => {
    expect(chooseLowering(sumOne(), 'gpu')).toEqual({
      kind: 'fused',
      reason: 'Fused: the whole run is one kernel of 64 lines.',
    });
  });

  it('gives what is too long as scalars to a workgroup, and says so', () => {
    expect(chooseLowering(dense(100), 'gpu')).toMatchObject({
      kind: 'fused',
      reason: expect.stringMatching(/64 invocations share each step.*more than 500/),
    });
    expect(kernelOf(dense(100)).startsPerWorkgroup).toBe(1);
    expect(kernelOf(sumOne()).startsPerWorkgroup).toBe(64);
  });

  it('dispatches what is too much for one workgroup, without writing a kernel of a million lines first', () => {
    expect(chooseLowering(dense(2000), 'gpu')).toMatchObject({
      kind: 'dispatched',
      reason: expect.stringContaining('more work than one workgroup'),
    });
  });

  it('keeps loops in loops in one kernel', () => {
    const looped = programOf(12, ({ ops, x }) => {
      const M = ops.constant(
        Float64Array.from({ length: 144 }, (_, i) => Math.sin(i) / 12),
        [12, 12],
      );
      const body = (v: typeof x) => Array.from({ length: 20 }).reduce<typeof x>((w) => ops.matmul(M, ops.tanh(w)), v);
      const [next = x] = ops.repeat(20, [x], ([v = x]) => ops.repeat(20, [v], ([w = v]) => [body(w)]));
      return { next };
    });
    expect(chooseLowering(looped, 'gpu').kind).toBe('fused');
  });

  it('takes a name at its word, or says why not', () => {
    expect(chooseLowering(sumOne(), 'dispatched').kind).toBe('dispatched');
    expect(chooseLowering(dense(100), 'fused').kind).toBe('fused');
    expect(chooseLowering(wordy(3000), 'fused')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('Try “dispatched”'),
    });
  });
});
