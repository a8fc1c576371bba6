import { describe, expect, it } from 'vitest';
import listing from './listing.ts';
import evaluated from './listing.ts?evaluated';
import { catalog } from './registry.ts';

describe('the listing of the catalogue', () => {
  it('is plain data: a way through JSON, as the build sends it, changes nothing', () => {
    expect(JSON.parse(JSON.stringify(listing))).toEqual(listing);
    expect(evaluated).toEqual(listing);
  });

  it('names every entry in the order of the catalogue, with the same settings', () => {
    for (const part of ['constraints', 'optimizers', 'methods', 'datasets'] as const)
      expect(listing[part].map(({ id }) => id)).toEqual(catalog[part].map(({ id }) => id));
    for (const part of ['optimizers', 'methods', 'datasets'] as const)
      expect(listing[part].map(({ settings }) => settings)).toEqual(catalog[part].map(({ settings }) => settings));
  });
});
