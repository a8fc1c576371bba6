import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { study } from '../../core/experiment/study/study.ts';
import { isInapplicable, mendedSettings, mendInWords } from './wrong-settings.ts';

function tie() {
  const studied = study('param x = 3\nparam y = 1\nminimize x^2 + y^2\nsubject to x - 2*y = 1', 0, catalog);
  if (!studied.ok) throw new Error(at(studied.diagnostics, 0).message);
  return studied.value;
}

describe('a refused run', () => {
  it.each<RunJson>([
    { method: 'penalty', settings: { penalty: 1e99, growth: 'abc' } },
    { method: 'penalty', optimizer: { kind: 'adam', learningRate: -1 } },
    { method: 'penalty', optimizer: { kind: 'magic' } },
    { method: 'penalty', steps: 0 },
    { method: 'penalty', optimizer: { kind: 'sgd', miniBatches: true, batchSize: 4 } }, // there are no rows of data
    { method: 'penalty', optimizer: { kind: 'sgd', batchSeed: 0.5 } },
  ])('is accepted with its wrong settings mended: %j', (run) => {
    const mended = mendedSettings(run, tie(), catalog);
    expect(prepareRun(tie(), run, 0, catalog).ok).toBe(false);
    expect(prepareRun(tie(), { ...run, ...mended }, 0, catalog).ok).toBe(true);
    expect(isInapplicable(run, tie())).toBe(false);
  });

  it('keeps the settings that are right, and those that nobody knows', () => {
    const settings = { penalty: 1e99, growth: 2, wand: 1 };
    expect(mendedSettings({ method: 'penalty', settings }, tie(), catalog)?.settings).toEqual({
      penalty: 1e9,
      growth: 2,
      wand: 1,
    });
    expect(mendedSettings({ method: 'penalty', settings: { growth: 2 } }, tie(), catalog)).toBeNull();
  });

  it.each<[RunJson, string]>([
    [{ method: 'projected-gradient', settings: { projectEvery: 0 } }, 'Set “Project every … steps” to 1'],
    [{ method: 'projected-gradient', settings: { projectEvery: 2.4 } }, 'Set “Project every … steps” to 2'],
    [{ method: 'penalty', steps: 0.2 }, 'Set “Steps” to 1'],
    [{ method: 'penalty', settings: { penalty: 1e99, growth: 'abc' } }, 'Reset settings'],
    [{ method: 'penalty', optimizer: { kind: 'adam', learningRate: -1 } }, 'Reset settings'], // 0 would not move
  ])('%j: the nearest allowed number is named', (run, title) => {
    const mended = mendedSettings(run, tie(), catalog);
    expect(mended && mendInWords(run, mended, catalog)).toBe(title);
  });

  it('needs another method where its own does not apply', () => {
    expect(isInapplicable({ method: 'frank-wolfe' }, tie())).toBe(true);
    expect(isInapplicable({ method: 'magic' }, tie())).toBe(true);
  });
});
