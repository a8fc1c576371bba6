import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { type Choice, proposals } from '../../core/analysis/proposal.ts';
import { fakeStudy } from './fakes.fixture.ts';
import { computeAlike, patchSetting, proposeRun, withAutomaticRate, withMethod, withOptimizer } from './run-edits.ts';

describe('edits of a run', () => {
  it('make a setting automatic again by leaving it out', () => {
    const given = patchSetting({ method: 'penalty' }, 'method', 'penalty', 20);
    expect(given).toEqual({ method: 'penalty', settings: { penalty: 20 } });
    expect(patchSetting(given, 'method', 'penalty', undefined)).toEqual({ method: 'penalty', settings: {} });
  });

  it('leave the learning rate to theory where a run has one of its own, and its optimizer can', () => {
    const run = (kind: string, rate: object = { learningRate: 3 }) => ({
      method: 'penalty',
      optimizer: { kind, ...rate },
    });
    expect(withAutomaticRate(run('sgd'), catalog)).toEqual({ method: 'penalty', optimizer: { kind: 'sgd' } });
    expect(withAutomaticRate(run('sgd', {}), catalog)).toBeNull();
    expect(withAutomaticRate({ method: 'penalty' }, catalog)).toBeNull();
    expect(withAutomaticRate({ ...run('sgd'), method: 'frank-wolfe' }, catalog)).toBeNull();
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
  const { structure } = fakeStudy();
  const study = (choice: Choice) => ({ proposals: proposals(choice, catalog) });
  const ids = ['frank-wolfe', 'penalty', 'projected-gradient', 'unconstrained'];
  const methods = ids.map((id) => ({ id, supported: id !== 'frank-wolfe' }));

  it('are methods that apply and are not there yet, trained as the last run', () => {
    const first = proposeRun([], study({ structure, methods }));
    expect(first).toEqual({ method: 'projected-gradient' });
    expect(proposeRun([{ method: 'projected-gradient', steps: 50 }], study({ structure, methods }))).toEqual({
      method: 'penalty',
      steps: 50,
    });
  });

  it('repeat a method when all are there', () => {
    const runs = [{ method: 'penalty' }, { method: 'projected-gradient' }];
    expect(proposeRun(runs, study({ structure, methods }))).toEqual({ method: 'projected-gradient' });
  });

  it('of a problem without constraints are all the same', () => {
    const free = study({ structure: { ...structure, equalityRows: 0 }, methods });
    expect(proposeRun([{ method: 'unconstrained' }], free)).toEqual({ method: 'unconstrained' });
  });

  it('are absent where nothing applies', () => {
    expect(proposeRun([], study({ structure, methods: [{ id: 'a', supported: false }] }))).toBeNull();
    expect(proposeRun([], null)).toBeNull();
  });
});

it('looks do not count as computation', () => {
  const run = { method: 'penalty', settings: { penalty: 1 } };
  expect(computeAlike([run], [{ ...run, label: 'mine', color: '#ff0000', visible: false }])).toBe(true);
  expect(computeAlike([run], [{ ...run, settings: { penalty: 2 } }])).toBe(false);
  expect(computeAlike([run], [run, run])).toBe(false);
});
