import { describe, expect, it } from 'vitest';
import { experimentOfCase } from './experiment-of-case.ts';
import { regressionData } from './loss-text.ts';
import { problemOf, reference } from './trajectories.ts';

describe('cases of the reference values as experiments', () => {
  it.each(['simplex-reg', 'simplex-reg-planted'])('%s: the generated data match the checks of the file', (id) => {
    const data = reference.problems[id]?.data;
    const { X, y } = regressionData(data ?? {});
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(X.flat())).toBeCloseTo(data?.sum_X ?? Number.NaN, 12);
    expect(sum(y)).toBeCloseTo(data?.sum_y ?? Number.NaN, 12);
  });

  it('writes a problem as a reader would type it', () => {
    const referenceCase = reference.cases.find(({ id }) => id === 'ratio.nullspace_reparam.sgd-nesterov-0.05');
    if (!referenceCase) throw new Error('no such case');
    const { problem, runs } = experimentOfCase(problemOf(referenceCase), referenceCase);
    expect(problem).toBe(
      'param x1 = 0.7999999999999997\nparam x2 = 0.4000000000000001\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to\n  x1 - 2*x2 = 0',
    );
    expect(runs?.[0]).toMatchObject({
      method: 'null-space',
      settings: { particular: [0, 0], start: [0.8944271909999157] },
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.8, nesterov: true },
    });
  });

  it('keeps every text under the limit of the language', () => {
    for (const referenceCase of reference.cases) {
      expect(experimentOfCase(problemOf(referenceCase), referenceCase).problem.length).toBeLessThan(20_000);
    }
  });
});
