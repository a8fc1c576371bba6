import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { runNames } from './run-name.ts';

const namesOf = (...runs: RunJson[]) => runNames(runs, catalog);
const penalty = (rho: number, rate = 0.1): RunJson => ({
  method: 'penalty',
  settings: { penalty: rho },
  optimizer: { kind: 'sgd', learningRate: rate },
});

describe('names of runs', () => {
  it('are the method alone where that is enough', () => {
    expect(namesOf(penalty(10), { method: 'augmented-lagrangian' })).toEqual(['Penalty', 'Augmented Lagrangian']);
  });

  it('tell the setting in which runs of one method differ, and no other', () => {
    expect(namesOf(penalty(1), penalty(10), penalty(100))).toEqual([
      'Penalty, ρ = 1',
      'Penalty, ρ = 10',
      'Penalty, ρ = 100',
    ]);
    expect(namesOf(penalty(1, 0.1), penalty(10, 0.01))).toEqual(['Penalty, ρ = 1', 'Penalty, ρ = 10']);
    expect(namesOf(penalty(1, 0.1), penalty(1, 0.01))).toEqual(['Penalty, η = 0.1', 'Penalty, η = 0.01']);
    expect(namesOf({ method: 'penalty' }, penalty(10))).toEqual(['Penalty, ρ auto', 'Penalty, ρ = 10']);
  });

  it('word counts, choices, switches and steps', () => {
    const every = (projectEvery: number): RunJson => ({ method: 'projected-gradient', settings: { projectEvery } });
    expect(namesOf(every(1), every(5))).toEqual([
      'Projected gradient, project every step',
      'Projected gradient, project every 5 steps',
    ]);
    const kind = (name: string): RunJson => ({ method: 'penalty', settings: { kind: name } });
    expect(namesOf(kind('squares'), kind('exact'))).toEqual([
      'Penalty, penalty on: squares',
      'Penalty, penalty on: exact',
    ]);
    const nesterov: RunJson = { method: 'penalty', optimizer: { kind: 'sgd', nesterov: true } };
    expect(namesOf({ method: 'penalty' }, nesterov)[0]).toBe('Penalty');
    expect(namesOf({ method: 'penalty' }, { method: 'penalty', steps: 2000 })[1]).toBe('Penalty, 2,000 steps');
  });

  it('keep labels, and number what is alike in all', () => {
    const labelled = { ...penalty(1), label: 'mine' };
    expect(namesOf(labelled, labelled, penalty(1))).toEqual(['mine', 'mine 2', 'Penalty']);
    expect(namesOf(penalty(1), penalty(1), penalty(2))).toEqual([
      'Penalty, ρ = 1',
      'Penalty, ρ = 1 (2)',
      'Penalty, ρ = 2',
    ]);
  });

  it('are never the same for two runs', () => {
    const run = fc.record({
      method: fc.constantFrom(...catalog.methods.map(({ id }) => id), 'of-tomorrow'),
      settings: fc.record({ penalty: fc.constantFrom(1, 1.0001, 10) }, { requiredKeys: [] }),
      optimizer: fc.record({ kind: fc.constantFrom('sgd', 'adam'), learningRate: fc.constantFrom(0.1, 0.2) }),
      steps: fc.constantFrom(100, 200),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), (runs) => new Set(runNames(runs, catalog)).size === runs.length),
    );
  });
});
