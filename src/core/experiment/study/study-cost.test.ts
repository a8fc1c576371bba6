import { describe, expect, it } from 'vitest';
import { lessons } from '../../../catalog/lessons.ts';
import { catalog } from '../../../catalog/registry.ts';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { finished } from '../../stages.ts';
import { boundedStudyStages } from './study.ts';
import { readingOperations } from './study-cost.ts';

/** What the page does of itself: `app/store/cost.ts`. */
const MOST = 2e9;

/** Operations of a study that is not made; 0 of one that is. */
function refused(text: string): number {
  const studied = finished(boundedStudyStages(MOST, text, 0, catalog));
  if ('operations' in studied) return studied.operations;
  if (!studied.ok) throw new Error(studied.diagnostics[0]?.message);
  return 0;
}

function reading(text: string): number {
  const document = parse(text);
  const problem = document.ok
    ? check(document.value, { seed: 0, data: { datasets: catalog.datasets, loaded: new Map(), tables: {} } })
    : document;
  if (!problem.ok) throw new Error(problem.diagnostics[0]?.message);
  return readingOperations(problem.value);
}

describe('a study', () => {
  it.each([
    ['a bound on each of a million parameters', 'param w[1000000]\nminimize sum((w - 1)**2)\nsubject to w >= 0'],
    [
      'one million parameters in one equation',
      'param w[1000000]\nminimize sum(w**2)\nsubject to sum(w) = 1\n w[0] = w[1]\n w[2]=w[3]\n w[4]=w[5]',
    ],
    [
      'orthogonal columns, a thousand of them',
      'param V[1000,1000]\nminimize sum(V**2)\nsubject to V.T @ V = eye(1000)',
    ],
    [
      'products of large matrices',
      'param w[1000]\nlet A = ones(1000, 1000)\nminimize sum(w**2)\nsubject to A @ A @ w = 1',
    ],
    [
      'a constraint on heavy data',
      'data X[20000,60], y[20000] = regression(seed=1)\nparam w[60]\nminimize mse(X @ w, y)\nsubject to\n  mean(tanh(X @ w)) = 0\n  mean((X @ w)**2) <= 1',
    ],
    ['a start off many equations', 'param w[800]\nminimize sum(w**2)\nsubject to w = 1'],
    [
      'many equations that all entries share',
      'param w[1200]\nminimize sum(w**2)\nsubject to w[:800] + w[200:1000] + mean(w) = 1',
    ],
  ])('of %s waits', (_, text) => {
    expect(refused(text)).toBeGreaterThan(MOST);
  });

  it.each([
    ['a line', 'param x = 1\nminimize x**2'],
    ['20,000 parameters on the simplex', 'param w[20000] = 5e-5\nminimize sum((w - 1)**2)\nsubject to w in simplex'],
    ['a matrix that is symmetric', 'param V[20,20]\nminimize sum((V - 1)**2)\nsubject to V = V.T'],
    ['a start off some equations', 'param w[300]\nminimize sum(w**2)\nsubject to w = 1'],
    [
      'many equations that leave few directions',
      'param w[600]\nminimize sum(w**2)\nsubject to w[1:] + w[:-1] + w[0] = 1',
    ],
    ['a hundred ties', 'param w[200]\nminimize sum(w**2)\nsubject to w[:100] = w[100:]'],
  ])('of %s does not', (_, text) => {
    expect(refused(text)).toBe(0);
  });

  it('takes more of more parameters, more rows and more data', () => {
    const sizes = [10, 100, 1000];
    for (const text of [
      (n: number) => `param w[${n}]\nminimize sum(w**2)`,
      (n: number) => `param w[3000]\nminimize sum(w**2)\nsubject to w[:${n}] >= 0`,
      (n: number) =>
        `data X[${n},3], y[${n}] = regression(seed=1)\nparam w[3]\nminimize sum(w**2)\nsubject to mse(X @ w, y) <= 1`,
    ]) {
      const costs = sizes.map((n) => reading(text(n)));
      expect(costs).toEqual([...new Set(costs)].sort((a, b) => a - b));
    }
  });

  it('of a lesson is never held for what reading it takes', () => {
    const texts = new Set(lessons.flatMap(({ steps }) => steps.map(({ experiment }) => experiment.problem)));
    for (const text of texts) if (!/^\s*data .*penguins/m.test(text)) expect(reading(text)).toBeLessThan(MOST / 4);
  });
});
