import { describe, expect, it } from 'vitest';
import { chooseLowering } from './choose.ts';
import { programOf, sumOne } from './fused/programs.fixture.ts';

const dense = (size: number) =>
  programOf(size, ({ ops, x }) => {
    const M = ops.constant(
      Float64Array.from({ length: size * size }, (_, i) => Math.sin(i)),
      [size, size],
    );
    return { next: ops.matmul(M, ops.tanh(x)) };
  });

describe('choosing a lowering', () => {
  it('fuses what is small, and says so', () => {
    expect(chooseLowering(sumOne(), 'gpu')).toEqual({
      kind: 'fused',
      reason: 'Fused: the whole run is one kernel of 170 lines.',
    });
  });

  it('dispatches what is large, without writing a kernel of a million lines first', () => {
    expect(chooseLowering(dense(100), 'gpu')).toMatchObject({
      kind: 'dispatched',
      reason: expect.stringContaining('more than 500'),
    });
    expect(chooseLowering(dense(2000), 'gpu').kind).toBe('dispatched');
  });

  it('fuses a longer program whose step would be thousands of dispatches, and says so', () => {
    const looped = programOf(12, ({ ops, x }) => {
      const M = ops.constant(
        Float64Array.from({ length: 144 }, (_, i) => Math.sin(i) / 12),
        [12, 12],
      );
      const body = (v: typeof x) => Array.from({ length: 20 }).reduce<typeof x>((w) => ops.matmul(M, ops.tanh(w)), v);
      const [next = x] = ops.repeat(20, [x], ([v = x]) => ops.repeat(20, [v], ([w = v]) => [body(w)]));
      return { next };
    });
    expect(chooseLowering(looped, 'gpu')).toMatchObject({
      kind: 'fused',
      reason: expect.stringContaining('loops in loops'),
    });
  });

  it('takes a name at its word, or says why not', () => {
    expect(chooseLowering(sumOne(), 'dispatched').kind).toBe('dispatched');
    expect(chooseLowering(dense(100), 'fused').kind).toBe('fused');
    expect(chooseLowering(dense(1500), 'fused')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('more than 2000'),
    });
  });
});
