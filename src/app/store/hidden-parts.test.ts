import { describe, expect, it } from 'vitest';
import { HIDEABLE, isHidden } from './hidden-parts.ts';

describe('parts that are hidden', () => {
  it('are those that the view names, and no other', () => {
    for (const { part } of HIDEABLE) {
      expect(isHidden({}, part)).toBe(false);
      expect(isHidden({ hide: [part, 'a part of tomorrow'] }, part)).toBe(true);
      expect(HIDEABLE.filter((other) => isHidden({ hide: [part] }, other.part))).toHaveLength(1);
    }
  });
});
