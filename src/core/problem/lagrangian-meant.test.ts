import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from './check.ts';

function notesOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value.notes;
}

describe('a Lagrangian typed as a loss', () => {
  it.each([
    ['param x = 1\nparam lam\nminimize x^2 + lam*(x-1)', 'param x = 1\nminimize x^2\nsubject to\n  x - 1 = 0'],
    [
      'param x, y\nparam λ = 0 # the multiplier\nminimize x^2 + y^2 + λ*(x + y - 1)\n',
      'param x, y\nminimize x^2 + y^2\nsubject to\n  x + y - 1 = 0',
    ],
    [
      'param x, y\nparam nu\nlet h = x*y - 1\nlet L = x^2 - h*nu + y^2\nminimize L\nsubject to\n  x >= 0',
      'param x, y\nlet h = x*y - 1\nlet L = x^2 + y^2\nminimize L\nsubject to\n  x >= 0\nsubject to\n  h = 0',
    ],
  ])('has no minimum, and is told by its constraint: %j', (text, mended) => {
    const [note, ...others] = notesOf(text);
    expect(others).toEqual([]);
    expect(note?.message).toMatch(/If this is a Lagrangian.*kept by the method/);
    expect(note?.fix?.insert).toBe(mended);
    expect(notesOf(mended)).toEqual([]);
  });

  it.each([
    'param x, y\nminimize x^2 + x*y + y^2', // a quadratic form
    'param x, y\nminimize x^2 + x*y\nsubject to y >= -1', // bounded along y
    'param x\nlet a = 3\nminimize x^2 + a*x',
    'param x, y\nminimize x^2 + 2*y', // linear, and no product
    'param x, y\nminimize max(x^2 + y*x, 1)',
  ])('is not seen in %j', (text) => expect(notesOf(text)).toEqual([]));
});
