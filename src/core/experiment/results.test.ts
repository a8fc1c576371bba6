import { describe, expect, it } from 'vitest';
import { difference, resultOf } from './results.ts';

const last = { executor: 'fused', adapter: 'apple', loss: 1.23456789, violation: 1e-9, x: [1 / 3, -2e5, 0] };

describe('results in a link', () => {
  it('are rounded to six digits, and at most eight entries', () => {
    expect(resultOf(last)).toEqual({
      executor: 'fused',
      adapter: 'apple',
      loss: 1.23457,
      violation: 1e-9,
      x: [0.333333, -200000, 0],
    });
    expect(resultOf({ ...last, x: new Float64Array(20) })?.x).toHaveLength(8);
    expect(resultOf({ ...last, loss: Number.NaN })).toBeNull();
  });

  it('are reproduced within the drift of adapters, and else say what differs', () => {
    const kept = resultOf(last);
    if (kept === null) throw new Error('finite numbers are kept');
    expect(difference(kept, last, [])).toBeNull();
    expect(difference(kept, { ...last, loss: 1.2347, x: [0.3335, -200010, 1e-4] }, [])).toBeNull();
    expect(difference(kept, { ...last, x: [0.4, -2e5, 0] }, ['w[0]'])).toBe('w[0] was 0.333333 and is 0.4');
    expect(difference(kept, { ...last, loss: 2, x: [0.4] }, [])).toBe('loss was 1.23457 and is 2, and 3 more');
  });
});
