import { describe, expect, it } from 'vitest';
import { studied } from '../../catalog/studied.fixture.ts';
import { openInProcess } from '../api/in-process.fixture.ts';
import { linesOfShared, numbersByLine, recordAt } from './constraint-rows.ts';

describe('numbers of a constraint at the playhead', () => {
  it('are those of the record at the step, or of the last one before it', () => {
    const at = (step: number) => recordAt({ steps: [0, 1, 2, 10, 20] }, step);
    expect([0, 1, 2, 5, 10, 19, 20, 99].map(at)).toEqual([0, 1, 2, 2, 3, 3, 4, 4]);
  });

  it.each(['projected-gradient', 'augmented-lagrangian'])(
    'are gathered by line, soft and hard ones mixed, chains with both rows: %s',
    async (method) => {
      const store = openInProcess({
        version: 1,
        problem: 'param x = 3\nminimize (x - 3)^2\nsubject to\n  soft(2): x = 0\n  0 <= x <= 2.5\n  soft(8): x <= 1',
        runs: [{ method, optimizer: { kind: 'sgd', learningRate: 0.02 }, steps: 600 }],
      });
      await store.getState().examine();
      await store.getState().run();
      const { study, picture } = store.getState();
      const result = picture?.results[0];
      if (!study || !result?.trajectory || !result.job) throw new Error('it ran');
      const { trajectory, job } = result;
      const start = numbersByLine(study.problem, trajectory, job.measure, 0);
      expect([...start.keys()]).toEqual([4, 5, 6]);
      expect(start.get(4)).toMatchObject({ violation: 3, multipliers: Float64Array.of(6) });
      expect(start.get(5)?.violation).toBeCloseTo(0.5, 12);
      expect(start.get(5)?.multipliers).toHaveLength(2);
      const end = numbersByLine(study.problem, trajectory, job.measure, recordAt(trajectory, 600));
      expect(end.get(6)?.violation).toBeCloseTo(1 / 6, 6);
      expect(end.get(6)?.multipliers[0]).toBeCloseTo(8 / 6, 5);
    },
  );
});

describe('lines whose multipliers are some of many', () => {
  const rows = 'param x, y, z\nminimize x + y + z\nsubject to\n  x >= 0\n  y >= 0';
  const study = studied(`${rows}\n  x + y >= 0\n  z >= 0\n  x <= 1`);

  it('are those that depend on each other at the optimum, told where a run stands there', () => {
    expect([...linesOfShared(study, Float64Array.of(1e-7, 0, 0))]).toEqual([4, 5, 6]);
    expect([...linesOfShared(study, Float64Array.of(0.5, 0, 0))]).toEqual([]);
  });

  it('are none where there are no other multipliers', () => {
    expect([...linesOfShared(studied(`${rows}\n  z >= 0`), Float64Array.of(0, 0, 0))]).toEqual([]);
  });
});
