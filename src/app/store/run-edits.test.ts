import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { computeAlike, patchSetting, proposeRun, withMethod, withOptimizer } from './run-edits.ts';

describe('edits of a run', () => {
  it('make a setting automatic again by leaving it out', () => {
    const given = patchSetting({ method: 'penalty' }, 'method', 'penalty', 20);
    expect(given).toEqual({ method: 'penalty', settings: { penalty: 20 } });
    expect(patchSetting(given, 'method', 'penalty', undefined)).toEqual({ method: 'penalty', settings: {} });
  });

  it('carry over to another optimizer what it knows as well', () => {
    const run = { method: 'penalty', optimizer: { kind: 'sgd', learningRate: 0.3, momentum: 0.9 } };
    expect(withOptimizer(run, 'adam', catalog).optimizer).toEqual({ kind: 'adam', learningRate: 0.3 });
  });

  it('take the label away with the method that it named', () => {
    expect(withMethod({ method: 'penalty', label: 'ρ = 10' }, 'null-space', catalog)).toEqual({ method: 'null-space' });
  });
});

describe('proposals', () => {
  const methods = [
    { id: 'a', supported: false },
    { id: 'b', supported: true },
    { id: 'c', supported: true },
  ];

  it('are methods that apply and are not there yet, trained as the last run', () => {
    expect(proposeRun([{ method: 'b', steps: 50 }], methods)).toEqual({ method: 'c', steps: 50 });
  });

  it('repeat a method when all are there', () => {
    expect(proposeRun([{ method: 'b' }, { method: 'c' }], methods)).toEqual({ method: 'b' });
  });

  it('are absent where nothing applies', () => {
    expect(proposeRun([], [{ id: 'a', supported: false }])).toBeNull();
  });
});

it('looks do not count as computation', () => {
  const run = { method: 'penalty', settings: { penalty: 1 } };
  expect(computeAlike([run], [{ ...run, label: 'mine', color: '#ff0000', visible: false }])).toBe(true);
  expect(computeAlike([run], [{ ...run, settings: { penalty: 2 } }])).toBe(false);
  expect(computeAlike([run], [run, run])).toBe(false);
});
