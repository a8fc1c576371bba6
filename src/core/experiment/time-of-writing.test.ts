import { describe, expect, it } from 'vitest';
import type { Experiment } from './experiment.ts';
import { toBase64url } from './link/base64url.ts';
import { decodeLink, encodeLink } from './link/codec.ts';
import { readExperiment, writeExperiment } from './link/file.ts';
import { gzip } from './link/gzip.ts';
import { validateExperiment } from './validate.ts';

const experiment: Experiment = {
  version: 1,
  problem: 'x = 1',
  runs: [
    { method: 'penalty', settings: { growth: 2 } },
    { method: 'augmented-lagrangian', settings: { penalty: 3 } },
    { method: 'lagrangian', settings: { multiplierRule: 'pi' } },
    { method: 'lagrangian' },
    { method: 'null-space' },
  ],
};
/** What they meant when numbers stood for what was left out. */
const meant = [
  { method: 'penalty', settings: { growth: 2, penalty: 10 } },
  { method: 'augmented-lagrangian', settings: { penalty: 3 } },
  { method: 'lagrangian', settings: { multiplierRule: 'pi', dualLearningRate: 0.1, proportional: 1 } },
  { method: 'lagrangian', settings: { dualLearningRate: 0.1 } },
  { method: 'null-space' },
];
const linkOf = async (value: object) =>
  `#e=1g.${toBase64url(await gzip(new TextEncoder().encode(JSON.stringify(value))))}`;

describe('settings that are left out', () => {
  it('mean in an old link and in an old file the numbers that they meant then', async () => {
    const value = { experiment: { ...experiment, runs: meant }, diagnostics: [] };
    expect(await decodeLink(await linkOf(experiment))).toEqual({ ok: true, value });
    expect(readExperiment(JSON.stringify(experiment))).toEqual({ ok: true, value });
  });

  it('stay left out in a link and a file of this version', async () => {
    const value = { experiment, diagnostics: [] };
    const link = await encodeLink(experiment);
    expect(link.ok && (await decodeLink(link.value))).toEqual({ ok: true, value });
    expect(readExperiment(writeExperiment(experiment))).toEqual({ ok: true, value });
  });

  it('are marked only where an older page would read them as numbers', () => {
    expect(JSON.parse(writeExperiment(experiment)).defaults).toBe(2);
    expect(JSON.parse(writeExperiment({ ...experiment, runs: meant }))).not.toHaveProperty('defaults');
  });

  it('stay left out in what a program gives, marked or not', () => {
    for (const given of [experiment, { ...experiment, defaults: 2 }])
      expect(validateExperiment(given)).toEqual({ ok: true, value: { experiment, diagnostics: [] } });
  });
});
