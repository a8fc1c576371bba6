import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import type { Document } from './document.ts';
import type { Expr, Slice } from './expr.ts';
import { parse } from './parse.ts';
import { inLines, printDocumentLatex, printLatex } from './print-latex.ts';
import { printDocument, printText } from './print-text.ts';
import { anyText, PATIENCE, REAL_TEXTS, RUNS } from './samples.ts';
import { isKeyword } from './scan.ts';

const span = [0, 0] as const;

/** A copy without places. */
const withoutSpans = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, entry) => (key === 'span' || key === 'nameSpan' ? undefined : entry)));

const name = fc.constantFrom('x', 'y', 'w', 'A', 'x1', 'w_max', 'alpha', 'é', 'T', 'e', 'λ');

/** Any expression that the grammar can produce. */
const { expr: anyExpr } = fc.letrec<{ expr: Expr; slice: Slice; compare: Expr; argument: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .oneof(fc.nat(99), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }))
      .map((value): Expr => ({ kind: 'number', value, span })),
    name.map((name): Expr => ({ kind: 'name', name, span })),
    tie('expr').map((operand): Expr => ({ kind: 'negate', operand, span })),
    tie('expr').map((operand): Expr => ({ kind: 'transpose', operand, span })),
    fc
      .tuple(
        tie('expr'),
        fc.array(fc.record({ operator: fc.constantFrom('+', '-'), operand: tie('expr') }), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([first, rest]): Expr => ({ kind: 'sum', first, rest, span })),
    fc
      .tuple(
        tie('expr'),
        fc.array(fc.record({ operator: fc.constantFrom('*', '/', '@'), operand: tie('expr') }), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([first, rest]): Expr => ({ kind: 'product', first, rest, span })),
    fc.tuple(tie('expr'), tie('expr')).map(([base, exponent]): Expr => ({ kind: 'power', base, exponent, span })),
    fc.array(tie('expr'), { maxLength: 3 }).map((items): Expr => ({ kind: 'list', items, span })),
    fc
      .tuple(tie('expr'), fc.array(fc.oneof(tie('expr'), tie('slice')), { minLength: 1, maxLength: 2 }))
      .map(([operand, items]): Expr => ({ kind: 'index', operand, items, span })),
    fc
      .tuple(
        fc.constantFrom('sum', 'norm', 'where', 'foo'),
        fc.array(tie('argument'), { maxLength: 3 }),
        fc.option(tie('expr')),
      )
      .map(
        ([name, args, axis]): Expr => ({
          kind: 'call',
          name,
          nameSpan: span,
          args,
          options: axis ? [{ name: 'axis', value: axis, span }] : [],
          span,
        }),
      ),
  ),
  slice: fc.tuple(fc.option(tie('expr')), fc.option(tie('expr')), fc.option(tie('expr'))).map(
    ([from, to, step]): Slice => ({
      kind: 'slice',
      ...(from && { from }),
      ...(to && { to }),
      ...(step && { step }),
      span,
    }),
  ),
  argument: fc.oneof({ weight: 4, arbitrary: tie('expr') }, tie('compare')),
  compare: fc
    .tuple(fc.constantFrom('==', '<=', '>=', '<', '>'), tie('expr'), tie('expr'))
    .map(([operator, left, right]): Expr => ({ kind: 'compare', operator, left, right, span })),
}));

function objectiveOf(text: string): Expr {
  const document = parse(`minimize ${text}`);
  if (!document.ok) throw new Error(`${text}: ${document.diagnostics.map(({ message }) => message).join()}`);
  const [statement] = document.value.statements;
  if (statement?.kind !== 'objective') throw new Error('no objective');
  return statement.value;
}

describe('printed text', () => {
  it('parses to the expression that was printed', { timeout: PATIENCE }, () => {
    fc.assert(
      fc.property(anyExpr, (expr) => {
        expect(withoutSpans(objectiveOf(printText(expr)))).toEqual(withoutSpans(expr));
      }),
      { numRuns: RUNS },
    );
  });

  it('parses to the document that was printed', { timeout: PATIENCE }, () => {
    const constraintsLast = ({ statements }: Document) => [
      ...statements.filter(({ kind }) => kind !== 'constraint'),
      ...statements.filter(({ kind }) => kind === 'constraint'),
    ];
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constantFrom(...REAL_TEXTS)), (text) => {
        const document = parse(text);
        if (!document.ok) return;
        const again = parse(printDocument(document.value));
        expect(again.ok && withoutSpans(again.value.statements)).toEqual(withoutSpans(constraintsLast(document.value)));
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['(x-1)**2 + 2*(y + 3)', '(x - 1)^2 + 2*(y + 3)'],
    ['-(x^2)', '-x^2'],
    ['(-x)^2', '(-x)^2'],
    ['a-(b-c)', 'a - (b - c)'],
    ['(a*b)*c/(d*e)', '(a*b)*c/(d*e)'],
    ['((X@w)).T[0,1:]', '(X @ w).T[0, 1:]'],
    ['x^(y^z)', 'x^y^z'],
  ])('%s is printed as %s', (text, expected) => {
    expect(printText(objectiveOf(text))).toBe(expected);
  });

  it('names no keyword by accident', () => {
    expect(['x', 'in', 'st', 'to'].map(isKeyword)).toEqual([false, true, true, false]);
  });
});

describe('LaTeX', () => {
  it.each([
    ['(x1 - 0.5)^2', '{\\left(x_{1} - 0.5\\right)}^{2}'],
    ['2*x*y', '2 \\, x \\, y'],
    ['2*3', '2 \\cdot 3'],
    ['a/b', '\\frac{a}{b}'],
    ['(a + b)/2*c', '\\frac{a + b}{2} \\, c'],
    ['(a + b)*c/2', '\\frac{\\left(a + b\\right) \\, c}{2}'],
    ['alpha*w_max', '\\alpha \\, w_{\\text{max}}'],
    ['norm(w)^2', '{\\left\\|w\\right\\|}^{2}'],
    ['w[0]^2', '{w_{0}}^{2}'],
    ['w[0] + V[1,:]', 'w_{0} + V_{1, {:}}'],
    ['1e-7*pi', '1 \\cdot 10^{-7} \\, \\pi'],
    ['A.T @ x', '{A}^{\\top} \\, x'],
    ['-(a + b)', '-\\left(a + b\\right)'],
    ['sum(W, axis=1)', '\\sum W_{i, {:}}'],
    ['mean(W - V, axis=0)', '\\operatorname{mean}\\left(\\left(W - V\\right)_{{:}, j}\\right)'],
    ['norm(W, axis=-1)', '\\left\\|W_{i, {:}}\\right\\|'],
  ])('%s is %s', (text, expected) => {
    expect(printLatex(objectiveOf(text))).toBe(expected);
  });

  it('is accepted by KaTeX for any expression', { timeout: PATIENCE }, () => {
    fc.assert(
      fc.property(anyExpr, (expr) => {
        expect(() => katex.renderToString(printLatex(expr), { throwOnError: true, strict: 'ignore' })).not.toThrow();
      }),
      { numRuns: RUNS / 10 },
    );
  });

  it.each(REAL_TEXTS)('sets %j', (text) => {
    const document = parse(text);
    expect(document.ok).toBe(true);
    if (document.ok)
      expect(() => katex.renderToString(printDocumentLatex(document.value), { throwOnError: true })).not.toThrow();
  });

  it.each(REAL_TEXTS)('breaks %j into lines, loses nothing, and leaves brackets whole', (text) => {
    const document = parse(text);
    if (!document.ok) throw new Error('it is right');
    const whole = printDocumentLatex(document.value);
    for (const longest of [1, 12, 40]) {
      const broken = printDocumentLatex(document.value, longest);
      expect(broken.replaceAll(/(?: \\right\.)* \\\\ & \\quad \{\} (?:\\left\. )*/g, ' ')).toBe(whole);
      expect(() => katex.renderToString(broken, { throwOnError: true })).not.toThrow();
    }
  });

  it('keeps names apart that are multiplied, by a dot', () => {
    expect(printLatex(objectiveOf('heavy*log(p)'))).toMatch(/^\\text\{heavy\} \\cdot \\log/);
    expect(printLatex(objectiveOf('2*rate*x*y'))).toBe('2 \\cdot \\text{rate} \\cdot x \\, y');
  });

  it('breaks a long sum before its signs', () => {
    expect(inLines('f = {\\left(a - b\\right)}^{2} + 100 c - d \\le 0', 12).split(' \\\\ & \\quad {} ')).toEqual([
      'f = {\\left(a - b\\right)}^{2}',
      '+ 100 c - d',
      '\\le 0',
    ]);
  });

  it('sets the matrix of a set as a matrix, and one that is too large for a panel as it is typed', () => {
    const set = (typed: string) => {
      const document = parse(`param W[2,2]\nsubject to\n  W in ${typed}`);
      return document.ok ? printDocumentLatex(document.value) : '';
    };
    expect(set('mask([[1,0],[0,1]])')).toContain(
      'W \\in \\text{mask}\\left(\\begin{pmatrix} 1 & 0 \\\\ 0 & 1 \\end{pmatrix}\\right)',
    );
    expect(set(`mask([[${'1,'.repeat(11)}1]])`)).toContain('\\text{mask([[1, 1, ');
    expect(set('ball(2)')).toContain('\\in \\text{ball(2)}');
  });

  it('breaks a sum in brackets only where it is longer than a line, and closes the bracket on each', () => {
    const latex = '\\text{mean}\\left(a b c + \\left(1 - a\\right) d e - f\\right) + 2';
    const lines = inLines(latex, 12).split(' \\\\ & \\quad {} ');
    expect(lines).toEqual([
      '\\text{mean}\\left(a b c \\right.',
      '\\left. + \\left(1 - a\\right) d e \\right.',
      '\\left. - f\\right) + 2',
    ]);
    for (const line of lines) expect(line.match(/\\left/g)?.length).toBe(line.match(/\\right/g)?.length);
    expect(inLines(latex, 60)).toBe(latex);
    expect(inLines('\\frac{a + b}{c - d}', 3)).toBe('\\frac{a + b}{c - d}');
  });
});
