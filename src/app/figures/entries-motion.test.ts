import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colorRamp, entryBetween, profileEntries, shareAfter } from './entries-motion.ts';

describe('all entries between two records', () => {
  it('are those of the records at the records, and between them between', () => {
    const iterates = Float64Array.of(0, 10, 4, 20, Number.NaN, 30);
    const at = (record: number, share: number, entry: number) => entryBetween(iterates, 2, record, share, entry);
    expect([at(0, 0, 0), at(0, 0.25, 0), at(0, 1, 1)]).toEqual([0, 1, 20]);
    expect(at(1, 0.5, 0)).toBe(4); // the next is no number
    expect(at(2, 0.5, 1)).toBe(30); // there is no next
  });

  it('lie a share in [0, 1] of the way, whatever the clock says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.double({ min: -5, max: 500, noNaN: true }), (record, step) => {
        const share = shareAfter(Float64Array.of(0, 1, 5, 100), record, step);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
    expect(shareAfter(Float64Array.of(0, 4), 0, 1)).toBe(0.25);
  });

  it('are all shown while there are few, and evenly chosen of many', () => {
    expect(profileEntries(3)).toEqual([0, 1, 2]);
    expect(profileEntries(10_000).length).toBeLessThanOrEqual(400);
    expect(profileEntries(0)).toEqual([]);
  });

  it('have the colours of the stops at the stops', () => {
    const ramp = colorRamp([
      [0, '#b35806'],
      [0.5, '#ffffff'],
      [1, '#542788'],
    ]);
    const color = (i: number) => [...ramp.subarray(3 * i, 3 * i + 3)];
    expect(color(0)).toEqual([0xb3, 0x58, 0x06]);
    expect(color(255)).toEqual([0x54, 0x27, 0x88]);
    for (const channel of color(127)) expect(channel).toBeGreaterThan(250);
  });
});
