import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { invariant } from '../../core/diagnostic.ts';
import { study } from '../../core/experiment/prepare.ts';
import { withStart } from './start-edit.ts';

function moved(text: string, start: readonly number[]): string | null {
  const studied = study(text, 0, catalog);
  invariant(studied.ok, 'the text is good');
  return withStart(text, studied.value.problem, start);
}

describe('a start that is moved', () => {
  it.each([
    [
      'param x = 0.5 # here\nparam y = 2\nminimize x + y',
      [1.23456, 2],
      'param x = 1.235 # here\nparam y = 2\nminimize x + y',
    ],
    ['param x, y = 1\nminimize x*y', [3, 4], 'param x = 3, y = 4\nminimize x*y'],
    ['param w[2] ~ normal(0, 1)\nminimize sum(w)', [0.25, -1], 'param w[2] = [0.25, -1]\nminimize sum(w)'],
    ['param V[2,2]\nminimize sum(V)', [1, 0, 0, 1], 'param V[2,2] = [[1, 0], [0, 1]]\nminimize sum(V)'],
    ['minimize (a - 1)^2 + b^2', [2, 3], 'param a = 2\nparam b = 3\nminimize (a - 1)^2 + b^2'],
  ])('is written into %j', (text, start, expected) => expect(moved(text, start)).toBe(expected));

  it('leaves half-typed text alone', () => {
    const studied = study('param x\nminimize x', 0, catalog);
    invariant(studied.ok, 'the text is good');
    expect(withStart('param x\nminimize x +', studied.value.problem, [1])).toBeNull();
  });
});
