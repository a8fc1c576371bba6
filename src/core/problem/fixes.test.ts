import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { check } from './check.ts';

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  return problem.ok ? problem.value.notes : problem.diagnostics;
}

const applied = (text: string, { fix }: Diagnostic): string =>
  fix ? text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]) : text;

describe('a fix of one click', () => {
  it.each([
    ['param w[3]\nminimize np.sum(w)', /without a module/, 'param w[3]\nminimize sum(w)'],
    ['param w[3]\nminimize w.sum()', /stands before its argument/, 'param w[3]\nminimize sum(w)'],
    ['param w[3]\nminimize w.dot(w)', /stands before its arguments/, 'param w[3]\nminimize dot(w, w)'],
    ['param w[3]\nminimize suma(w)', /Did you mean sum/, 'param w[3]\nminimize sum(w)'],
    ['param width\nminimize widht^2', /Did you mean width/, 'param width\nminimize width^2'],
    ['param w[3]\nminimize w', /must be one number.*\[3\]/, 'param w[3]\nminimize sum(w)'],
    ['param w[3]\nminimize w[3]^2 + sum(w)', /counted from 0/, 'param w[3]\nminimize w[2]^2 + sum(w)'],
    ['param x[2]\nminimize x1^2 + sum(x)', /x1 is unknown. x is an array/, 'param x[2]\nminimize x[0]^2 + sum(x)'],
    ['param x\nminimize x^2\nst x >= 0 and x <= 1', /a range is a chain/, 'param x\nminimize x^2\nst x >= 0 ; x <= 1'],
    ['param x\nminimize x^2\nminimize x', /one objective/, 'param x\nminimize x^2\n'],
    ['param x', /Write what to minimize/, 'param x\nminimize sum(x^2)'],
    ['param x\nminimize x^2\nst x < 1', /a strict bound has no nearest point/, 'param x\nminimize x^2\nst x <= 1'],
    ['param w[3]\nminimize grad(sum(w^2), w[0])', /picked afterwards/, 'param w[3]\nminimize grad(sum(w^2), w)[0]'],
    ['param w[2]\nminimize sum w', /needs brackets/, 'param w[2]\nminimize sum(w)'],
    ['param x\nminimize 2x', /operator is missing/, 'param x\nminimize 2*x'],
    ['param x\nminimize x^2\nst x in bal(1)', /Did you mean ball/, 'param x\nminimize x^2\nst x in ball(1)'],
  ])('%j', (text, message, mended) => {
    const found = diagnosticsOf(text).find((diagnostic) => message.test(diagnostic.message));
    if (!found) throw new Error(`not among ${JSON.stringify(diagnosticsOf(text))}`);
    expect(found.span).toBeDefined();
    expect(applied(text, found)).toBe(mended);
    expect(diagnosticsOf(mended).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(diagnosticsOf(mended).some((other) => message.test(other.message))).toBe(false);
  });

  it.each([
    ['param w[3]\nparam v[2]\nminimize sum(w + v)', /left of the sign \[3\], right of it \[2\]/],
    ['param x\nminimize norm(x, x)', /was given 2 arguments. It is called norm\(a\)/],
    ['param x\nminimize x\nst 2 <= 1', /never true/],
    ['param x\nminimize x\nst 1 <= 2', /always true/],
    ['param x\nminimize x^2\nst x != 1', /almost every point satisfies it/],
  ])('%j has none, but a sentence and a place', (text, message) => {
    const found = diagnosticsOf(text).find((diagnostic) => message.test(diagnostic.message));
    expect(found?.span).toBeDefined();
  });

  it.each(['param x\nminimize x^2\nst x == 1', 'param w[2]\nminimize w.T@w', 'param x\nminimize x^2 + x**2'])(
    'nothing is said of %j',
    (text) => expect(diagnosticsOf(text)).toEqual([]),
  );
});
