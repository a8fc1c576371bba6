import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { layOut } from './layout.ts';
import { planSums } from './sums.ts';

const cases = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 }),
  maxBufferSize: fc.integer({ min: 1024, max: 9000 }),
  maxStorageBufferBindingSize: fc.integer({ min: 512, max: 9000 }),
  longestWhole: fc.integer({ min: 1, max: 1000 }),
});

describe('where the entries of a long vector lie', () => {
  it('gives each entry one place of its own, within the limits, in aligned bindings', () => {
    fc.assert(
      fc.property(cases, ({ lengths, longestWhole, ...allowed }) => {
        const laid = layOut(lengths, allowed, { longestWhole, longestPiece: 64, mostBuffers: 1000 });
        if (!laid.ok) throw new Error(laid.diagnostics[0]?.message);
        const { buffers, windows, runs, entries } = laid.value;
        const taken = new Set<string>();
        let next = 0;
        for (const { from, count, window, block } of runs) {
          expect(from).toBe(next);
          next += count;
          const { buffer, offset, blocks } = at(windows, window);
          expect(4 * block + count).toBeLessThanOrEqual(4 * blocks);
          for (let i = 0; i < count; i++) taken.add(`${buffer} ${offset + 16 * block + 4 * i}`);
        }
        expect(next).toBe(entries);
        expect(taken.size).toBe(entries);
        for (const { buffer, offset, blocks } of windows) {
          expect(offset % 256).toBe(0);
          expect(16 * blocks).toBeLessThanOrEqual(allowed.maxStorageBufferBindingSize);
          expect(offset + 16 * blocks).toBeLessThanOrEqual(at(buffers, buffer));
        }
        for (const size of buffers) expect(size).toBeLessThanOrEqual(allowed.maxBufferSize);
      }),
    );
  });

  it('keeps a group whole up to the longest, and covers longer ones with pieces', () => {
    fc.assert(
      fc.property(cases, ({ lengths, longestWhole, ...allowed }) => {
        const laid = layOut(lengths, allowed, { longestWhole, longestPiece: 64, mostBuffers: 1000 });
        if (!laid.ok) throw new Error(laid.diagnostics[0]?.message);
        const { windows, long } = laid.value;
        const found = lengths.map(() => 0);
        for (const { extents, groups, pieces } of windows) {
          groups.forEach((group, k) => {
            found[group] = at(extents, 2 * k + 1);
            expect(at(lengths, group)).toBeLessThanOrEqual(longestWhole);
          });
          for (let k = 0; k < pieces.length; k += 4) {
            expect(at(pieces, k + 1)).toBe(Math.ceil(at(pieces, k + 2) / 4));
            const group = at(long, at(pieces, k + 3));
            found[group] = at(found, group) + at(pieces, k + 2);
          }
        }
        expect(found).toEqual(lengths);
      }),
    );
  });

  it('refuses what does not fit, with the bytes that it needs and the bytes that there are', () => {
    const allowed = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
    const laid = layOut([5e9], allowed, { longestWhole: 1 << 15, longestPiece: 1 << 14 });
    expect(laid.ok || laid.diagnostics[0]?.message).toBe(
      'A vector of 5,000,000,000 entries needs 20,000,000,000 bytes on the GPU. This adapter allows buffers of 268,435,456 bytes, and at most 4 of them are taken: 1,073,741,824 bytes. Take fewer entries, or a GPU with more memory.',
    );
    expect(layOut([4, 0], allowed, { longestWhole: 4, longestPiece: 4 }).ok).toBe(false);
  });

  it('puts 50 million entries within the limits that every adapter has', () => {
    const allowed = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };
    const laid = layOut(new Uint32Array(50_000).fill(1000), allowed, { longestWhole: 1 << 15, longestPiece: 1 << 14 });
    if (!laid.ok) throw new Error(laid.diagnostics[0]?.message);
    expect(laid.value.windows.map(({ groups }) => groups.length)).toEqual([33_554, 16_446]);
    expect(laid.value.runs).toHaveLength(2);
    expect(laid.value.buffers).toEqual([200_000_192]);
  });

  it('sums level by level until a group has few sums', () => {
    const { levels, extents } = planSums([3052, 1, 300]);
    expect(levels.map(({ pieces }) => pieces.length / 4)).toEqual([12 + 1 + 2, 3]);
    expect(extents).toEqual([0, 32, 32, 32, 64, 32]);
  });
});
