import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { gpuForTests } from '../kernels/gpu-for-tests.ts';
import { seeded, seededNumbers } from '../kernels/seeded.ts';
import { type LargeOptions, type LargeSet, openLargeProjection } from './projection.ts';

const U = 2 ** -24; // unit roundoff of float32

/** So small that a vector of some thousand entries takes several buffers, each bound in parts. */
const SPLIT = { maxBufferSize: 4096, maxStorageBufferBindingSize: 1280 };
const LIMITS: readonly (readonly [string, LargeOptions])[] = [
  ['the limits of the device', {}],
  ['small bindings and buffers, an invocation a group', { allowed: SPLIT, mostBuffers: 1000, team: 'invocation' }],
  ['small bindings, groups in pieces', { allowed: SPLIT, mostBuffers: 1000, longestWhole: 32, longestPiece: 64 }],
  ['small bindings, a team of lanes a group', { allowed: SPLIT, mostBuffers: 1000, team: 'lanes' }],
];

async function project(set: LargeSet, x: Float64Array, options: LargeOptions, times = 1): Promise<Float32Array> {
  const gpu = await gpuForTests();
  const live = gpu.ledger.bytes;
  const opened = await openLargeProjection(gpu, set, options);
  if (!opened.ok) throw new Error(opened.diagnostics[0]?.message);
  const { vector, project, destroy } = opened.value;
  const half = x.length >> 1;
  vector.write(0, Float32Array.from(x.subarray(0, half)));
  vector.write(half, Float32Array.from(x.subarray(half)));
  for (let k = 0; k < times; k++) project();
  const result = await vector.read(0, x.length);
  const middle = await vector.read(half - 3, 7);
  expect([...middle]).toEqual([...result.subarray(half - 3, half + 4)]);
  destroy();
  expect(gpu.ledger.bytes).toBe(live);
  expect(gpu.uncaptured).toEqual([]);
  return result;
}

/** Groups of one entry, of fewer than a block, of whole blocks, and of more than a binding holds. */
const LENGTHS = [1, 3, 4, 7, 1000, 16, 1, 130, 64, 33, 2000, 2, 5];
const TOTAL = LENGTHS.reduce((sum, length) => sum + length, 0);

function eachGroup(visit: (from: number, to: number, group: number) => void): void {
  let from = 0;
  LENGTHS.forEach((length, group) => {
    visit(from, from + length, group);
    from += length;
  });
}

const sumOf = (x: ArrayLike<number>, from = 0, to = x.length): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += at(x, i);
  return sum;
};

describe.each(LIMITS)('projections of long vectors, with %s', (_, options) => {
  const x = seededNumbers(TOTAL, 1);

  it('on a mask: zeros where it says so, the rest untouched', async () => {
    const next = seeded(2);
    const kept = Array.from({ length: TOTAL }, () => next() < 0.4);
    const keeps = new Uint32Array(Math.ceil(TOTAL / 32));
    kept.forEach((isKept, i) => {
      if (isKept) keeps[i >> 5] = at(keeps, i >> 5) | (1 << (i & 31));
    });
    const result = await project({ kind: 'mask', entries: TOTAL, keeps }, x, options);
    expect([...result]).toEqual(Array.from(x, (entry, i) => (kept[i] ? entry : 0)));
  });

  it('on sums of groups: feasible, nearest, and the same again', async () => {
    const targets = LENGTHS.map((_, g) => Math.fround(Math.sin(g)));
    const set: LargeSet = { kind: 'sums', lengths: LENGTHS, targets };
    const [result, again] = [await project(set, x, options), await project(set, x, options, 3)];
    eachGroup((from, to, g) => {
      const [length, target] = [to - from, at(targets, g)];
      const shift = (target - sumOf(x, from, to)) / length;
      const rounding = 2 * U * (2 + Math.abs(target)) * length;
      expect(Math.abs(sumOf(result, from, to) - target)).toBeLessThanOrEqual(rounding);
      for (let i = from; i < to; i++) {
        expect(Math.abs(at(result, i) - (at(x, i) + shift))).toBeLessThanOrEqual(8 * U * (1 + Math.abs(shift)));
        expect(Math.abs(at(again, i) - at(result, i))).toBeLessThanOrEqual(8 * U * (1 + Math.abs(shift)));
      }
    });
  });

  it('on tied groups: every entry the mean of its group, and the same again', async () => {
    const set: LargeSet = { kind: 'tied', lengths: LENGTHS };
    const [result, again] = [await project(set, x, options), await project(set, x, options, 2)];
    eachGroup((from, to) => {
      const mean = sumOf(x, from, to) / (to - from);
      for (let i = from; i < to; i++) {
        expect(at(result, i)).toBe(at(result, from));
        expect(Math.abs(at(result, i) - mean)).toBeLessThanOrEqual(16 * U);
        expect(Math.abs(at(again, i) - mean)).toBeLessThanOrEqual(32 * U);
      }
    });
  });
});

describe.each([1, 10, 16, 100])('groups of %i entries, kept by an invocation between sum and update', (size) => {
  const groups = 70; // more than the invocations of a workgroup
  const x = seededNumbers(groups * size, 4);
  const lengths = new Uint32Array(groups).fill(size);
  const targets = Array.from(lengths, (_, g) => Math.fround(Math.cos(g)));
  const groupOf = (numbers: ArrayLike<number>, g: number) =>
    Array.from({ length: size }, (_, i) => at(numbers, g * size + i));

  it.each([
    { kind: 'sums', lengths, targets },
    { kind: 'tied', lengths },
  ] as const)('go where loading twice brings them: $kind', async (set) => {
    const [kept, loaded] = [await project(set, x, { mostHeld: 32 }), await project(set, x, { mostHeld: 0 })];
    for (let g = 0; g < groups; g++) {
      const [entries, others] = [groupOf(kept, g), groupOf(loaded, g)];
      // The two add in different orders: each sum of magnitudes up to 1 is off by size · U of size, its share in a shift by as much over size.
      entries.forEach((entry, i) => {
        expect(Math.abs(entry - at(others, i))).toBeLessThanOrEqual(4 * U * (size + 1));
      });
      const sum = set.kind === 'sums' ? at(targets, g) : sumOf(groupOf(x, g));
      expect(Math.abs(sumOf(entries) - sum)).toBeLessThanOrEqual(2 * U * (2 + Math.abs(sum)) * size);
      if (set.kind === 'tied') expect(new Set(entries).size).toBe(1);
    }
  });
});

describe('a sum of a million entries', () => {
  it.each([
    ['a sum that rounds', 1],
    ['entries that all lie on one grid', 0.75],
  ] as const)('is met to the rounding of its partial sums: %s', async (_, lowest) => {
    const n = 1_000_000;
    const next = seeded(3);
    const x = Float64Array.from({ length: n }, () => Math.fround(lowest + next() / 4));
    const result = await project({ kind: 'sums', lengths: [n], targets: [1] }, x, {});
    // The sums of 4,000 lanes, of 256 entries each, round by some 2⁻¹⁶: about 1e-3 in all. Were all entries rounded alike: n·U/4 = 1.5e-2.
    expect(Math.abs(sumOf(result) - 1)).toBeLessThanOrEqual(2e-3);
    const shift = (1 - sumOf(x)) / n;
    for (let i = 0; i < n; i += 997) expect(Math.abs(at(result, i) - (at(x, i) + shift))).toBeLessThanOrEqual(4 * U);
  });
});

describe('what does not fit', () => {
  it('is refused with the bytes that it needs, and holds nothing', async () => {
    const gpu = await gpuForTests();
    const live = gpu.ledger.bytes;
    const set: LargeSet = { kind: 'sums', lengths: [10_000], targets: [1] };
    const opened = await openLargeProjection(gpu, set, { allowed: SPLIT });
    expect(opened.ok || opened.diagnostics[0]?.message).toMatch(/40,000 bytes .* buffers of 4,096 bytes/);
    const bad = await openLargeProjection(gpu, { ...set, targets: [Number.NaN] });
    expect(bad.ok || bad.diagnostics[0]?.message).toBe('The target of group 0 is not a finite number.');
    expect(gpu.ledger.bytes).toBe(live);
  });
});
