import { describe, expect, it } from 'vitest';
import { decodeLink } from './link/codec.ts';
import { goldenLinks } from './link/golden-links.fixture.ts';
import { migrate } from './migrate.ts';

describe('links given away', () => {
  it.each(goldenLinks)('$name still opens', async ({ link, experiment }) => {
    expect(await decodeLink(link)).toEqual({ ok: true, value: { experiment, diagnostics: [] } });
  });
});

describe('versions', () => {
  it.each([
    [{ problem: 'x = 1' }, /"version" is missing/],
    [{ version: 0, problem: 'x = 1' }, /must be 1/],
    [{ version: '1', problem: 'x = 1' }, /must be 1/],
    [{ version: 7, problem: 'x = 1' }, /newer version of Feasible \(format 7.*Reload/],
    [null, /is an object/],
  ])('%j is refused', (value, message) => {
    const migrated = migrate(value);
    expect(migrated.ok ? '' : migrated.diagnostics[0]?.message).toMatch(message);
  });
});
