import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { lossAt, modelOf } from '../analysis/optimum/model.ts';
import { study } from '../experiment/study/study.ts';
import { parse } from '../language/parse.ts';
import { check } from './check.ts';

function problemOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value;
}

const X = 'param X[2,3] = [[3, 0, 4], [1, 2, 2]]\nminimize ';

describe('norm along an axis', () => {
  it.each([
    ['sum([1, 10]*norm(X, axis=1))', 35],
    ['norm(X, axis=0)[2]', Math.sqrt(20)],
    ['sum([1, 10]*norm(X, 1, axis=1))', 57],
    ['sum([1, 10]*norm(X, inf, axis=-1))', 24],
    ['norm(X[1], axis=0)', 3],
    ['norm(X)', Math.sqrt(34)],
  ])('%s', (loss, value) => {
    const problem = problemOf(X + loss);
    expect(lossAt(problem, [3, 0, 4, 1, 2, 2])).toBeCloseTo(value, 12);
  });

  it('has the slope 0 where a row is 0, as the norm of all has', () => {
    const { at } = modelOf(problemOf(`${X}sum(norm(X, axis=1))`));
    const { gradient } = at(Float64Array.from([0, 0, 0, 3, 0, 4]));
    [0, 0, 0, 0.6, 0, 0.8].forEach((slope, i) => expect(gradient[i]).toBeCloseTo(slope, 14));
  });

  it('says what it is without an axis, where NumPy means another norm, and nothing with one', () => {
    const notes = (loss: string) => problemOf(`${X}${loss}`).notes.map(({ message }) => message);
    expect(notes('norm(X, 2)').join()).toMatch(/length of all entries.*spectralball/);
    expect(notes('norm(X, 1)').join()).toMatch(/sum of all/);
    expect(notes('sum(norm(X, 2, axis=1))')).toEqual([]);
    expect(notes('sum(norm(X, 1, axis=0))')).toEqual([]);
  });
});

it.each([
  'minimize sum(p*log(p/[0.2, 0.3, 0.5]))',
  'minimize sum(p*(log(p) - [1, 2, 3]))',
  'minimize p @ log(p) + sum(p)',
  'minimize log(sum(exp(p)))',
  'minimize mean(log(1 + exp(-[1, 2, 3]*p)))',
])('is known to be convex, and its optimum to be the only one: %s', (loss) => {
  const studied = study(`param p[3] = 1/3\n${loss}\nsubject to p in simplex`, 1, catalog);
  expect(studied.ok && studied.value.isConvex).toBe(true);
});

it.each(['minimize sum(p*log(1 - p))', 'minimize -sum(p*log(p))', 'minimize log(exp(p[0]) - exp(p[1]))'])(
  'is not taken for convex: %s',
  (loss) => {
    const studied = study(`param p[3] = 1/3\n${loss}\nsubject to p in simplex`, 1, catalog);
    expect(studied.ok && studied.value.isConvex).toBe(false);
  },
);
