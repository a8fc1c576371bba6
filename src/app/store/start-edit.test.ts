import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { invariant } from '../../core/diagnostic.ts';
import { study } from '../../core/experiment/study/study.ts';
import { withStart } from './start-edit.ts';

function moved(text: string, start: readonly number[], digits?: number): string | null {
  const studied = study(text, 0, catalog);
  invariant(studied.ok, 'the text is good');
  return withStart(text, studied.value.problem, start, digits);
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

  it('keeps what is written of the entries that stay', () => {
    const text = 'param w[3] = [1/3, 0.123456, -2] # thirds\nminimize sum(w)';
    expect(moved(text, [1 / 3, 0.5, -2])).toBe('param w[3] = [1/3, 0.5, -2] # thirds\nminimize sum(w)');
    const matrix = 'param V[2,2] = [[1, 0.98765432], [0, 1]]\nminimize sum(V)';
    expect(moved(matrix, [1, 0.98765432, 7, 1])).toBe('param V[2,2] = [[1, 0.98765432], [7, 1]]\nminimize sum(V)');
  });

  it('keeps entries of one number for all to their last digit', () => {
    expect(moved('param w[2] = 1/3\nminimize sum(w)', [1 / 3, 2])).toBe(`param w[2] = [${1 / 3}, 2]\nminimize sum(w)`);
  });

  it('writes a typed number as it was typed', () => {
    expect(moved('param x = 0.5\nminimize x', [0.1234567891], 17)).toBe('param x = 0.1234567891\nminimize x');
    expect(moved('param x = 0.5\nminimize x', [-1e-12], 17)).toBe('param x = -1e-12\nminimize x');
  });

  it('leaves half-typed text alone', () => {
    const studied = study('param x\nminimize x', 0, catalog);
    invariant(studied.ok, 'the text is good');
    expect(withStart('param x\nminimize x +', studied.value.problem, [1])).toBeNull();
  });
});
