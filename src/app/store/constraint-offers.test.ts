import { describe, expect, it } from 'vitest';
import { invariant } from '../../core/diagnostic.ts';
import { parse } from '../../core/language/parse.ts';
import { check } from '../../core/problem/check.ts';
import { constraintOffers, withConstraint } from './constraint-offers.ts';

const read = (text: string) => {
  const document = parse(text);
  return document.ok ? check(document.value, { seed: 1 }) : document;
};

function problemOf(text: string) {
  const problem = read(text);
  invariant(problem.ok, 'the text is good');
  return problem.value;
}

describe('constraints that are offered', () => {
  it.each([
    'minimize (x - 1)^2',
    'minimize x^2 + y^2 subject to x + y = 1',
    'minimize x + y + z^2',
    'param s = 1\nparam w[5] = 0.3\nminimize sum(w**2) - s',
    'param w[5] = 0.3\nminimize sum(w**2)\nsubject to\n  w[1] = w[2]  # two of them',
    'param V[2,3] = 0.2\nparam U[3,3] = 0.1\nminimize sum(V**2) + sum(U**2)',
  ])('can be read where they are put: %s', (text) => {
    const before = problemOf(text);
    for (const { of, offers } of constraintOffers(before.parameters)) {
      for (const { line } of offers) {
        const after = read(withConstraint(text, line));
        expect(after.ok ? '' : `${of}: ${line}: ${after.diagnostics.map(({ message }) => message).join(' ')}`).toBe('');
        invariant(after.ok, 'just said');
        const { constraints, soft } = after.value;
        expect(constraints.length + soft.length).toBeGreaterThan(before.constraints.length + before.soft.length);
      }
    }
  });

  it('leaves alone what cannot be read', () => {
    expect(withConstraint('minimize (x', 'x >= 0')).toBe('minimize (x');
  });
});
