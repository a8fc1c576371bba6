import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Span } from '../diagnostic.ts';
import { MAX_CHARACTERS } from './limits.ts';
import { parse } from './parse.ts';
import { anyText, PATIENCE, RUNS } from './samples.ts';

const faultsOf = (text: string): readonly Diagnostic[] => {
  const document = parse(text);
  return document.ok ? [] : document.diagnostics;
};
const messagesOf = (text: string): string =>
  faultsOf(text)
    .map(({ message }) => message)
    .join('\n');
const kindsOf = (text: string): string[] => {
  const document = parse(text);
  return document.ok
    ? document.value.statements.map(({ kind }) => kind)
    : document.diagnostics.map(({ message }) => message);
};

describe('any text', () => {
  it('gives a document or faults with places inside the text', { timeout: PATIENCE }, () => {
    const isInside = ([from, to]: Span, text: string): boolean => 0 <= from && from <= to && to <= text.length;
    fc.assert(
      fc.property(anyText, (text) => {
        const document = parse(text);
        if (document.ok) return document.value.statements.every(({ span }) => isInside(span, text));
        expect(document.diagnostics.length).toBeGreaterThan(0);
        return document.diagnostics.every(
          ({ span, fix }) => span && isInside(span, text) && (!fix || isInside(fix.span, text)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves Object.prototype alone', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    parse('param __proto__ = 1; let constructor = 2; minimize __proto__ st prototype: toString = hasOwnProperty');
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  it.each([
    ['brackets', `minimize ${'('.repeat(5000)}x${')'.repeat(5000)}`],
    ['open brackets', `minimize ${'('.repeat(19_000)}`],
    ['signs', `minimize ${'-'.repeat(10_000)}x`],
    ['powers', `minimize x${'^2'.repeat(5000)}`],
    ['indices', `minimize x${'[0]'.repeat(5000)}`],
    ['calls', `minimize ${'sin('.repeat(3000)}x${')'.repeat(3000)}`],
    ['signed powers', `minimize x${'^-2'.repeat(5000)}`],
    ['signs in brackets', `minimize ${'-(-'.repeat(150)}x${')'.repeat(150)}`],
    ['lists', `param x = ${'['.repeat(9000)}1${']'.repeat(9000)}`],
  ])('refuses too deep a nesting of %s', (_, text) => {
    expect(messagesOf(text)).toMatch(/nested more than 200 deep|never closed/);
  });

  it('has no depth in sums and products', () => {
    expect(kindsOf(`minimize x${'+x'.repeat(9000)}`)).toEqual(['objective']);
    expect(kindsOf(`minimize x${'*x'.repeat(9000)}`)).toEqual(['objective']);
    expect(kindsOf(`st ${'x=1\n'.repeat(4000)}`)).toHaveLength(4000);
  });

  it('refuses what is too long, and says what fits', () => {
    expect(messagesOf(' '.repeat(MAX_CHARACTERS + 1))).toContain('20,000');
  });
});

describe('where a statement ends', () => {
  it.each([
    ['minimize (p1-0.5)**2 + (p2-0.5)**2  subject to p1 + p2 = 1', ['objective', 'constraint']],
    ['minimize x subject to x = 1; y = 2', ['objective', 'constraint', 'constraint']],
    ['minimize x s.t. x = 1, y = 2', ['objective', 'constraint', 'constraint']],
    ['minimize x st\n\n x = 1\r\n\r\n y = 2\r\n', ['objective', 'constraint', 'constraint']],
    ['minimize x +\n  y # more\n  st x = 1', ['objective', 'constraint']],
    [
      'minimize sum([x,\n y\n])\nst x\n = 1',
      ['A line cannot begin with =: end the line before with it, so that both are read as one.'],
    ],
    ['minimize (x\n + y)', ['objective']],
    [
      'param x = 1 param y = 2 let z = x minimize z st z = 1 let q = 2',
      ['parameter', 'parameter', 'definition', 'objective', 'constraint', 'definition'],
    ],
    ['param x, y = 2, z[3]', ['parameter', 'parameter', 'parameter']],
    [';;\n;minimize x;;', ['objective']],
    ['st a: x = 1\n b: y = 2', ['constraint', 'constraint']],
    ['st first:\n x = 1', ['constraint']],
    ['maximise x subject to: x <= 1', ['objective', 'constraint']],
    ['\ufeffminimize x', ['objective']],
  ])('%j', (text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds);
  });
});

describe('a whole problem in one line', () => {
  const stated = 'minimize (x-1)^2 + (y-2)^2\nsubject to\n  x + y = 1';
  it.each([
    ['min (x-1)^2 + (y-2)^2, x + y = 1', stated],
    ['min (x-1)^2 + (y-2)^2; x + y = 1', stated],
    ['minimize (x-1)^2 + (y-2)^2, x + y = 1', stated],
    ['min (x-1)^2 + (y-2)^2 with x + y = 1', stated],
    ['min (x-1)^2 + (y-2)^2, x + y = 1; x >= 0 # both', `${stated}\n  x >= 0 # both`],
    ['max(y) x*y', 'maximize x*y'],
    ['min(x, y) (x-1)^2, x in box(0, 2)', 'minimize (x-1)^2\nsubject to\n  x in box(0, 2)'],
  ])('%s: one fix writes it on lines', (text, lines) => {
    const result = parse(text);
    const [found, ...others] = result.ok ? [] : result.diagnostics;
    expect(others).toEqual([]);
    const [from, to] = found?.fix?.span ?? [0, 0];
    const mended = text.slice(0, from) + (found?.fix?.insert ?? '') + text.slice(to);
    expect(mended).toBe(lines);
    expect(parse(mended).ok).toBe(true);
  });

  it.each(['min (x-1)^2, y + 1', 'minimize f(x, y), g', 'min max(x, y), 2'])('%s states no constraint', (text) => {
    const result = parse(text);
    for (const { fix } of result.ok ? [] : result.diagnostics) expect(fix?.insert ?? '').not.toContain('subject to');
  });
});

describe('half-typed and mistyped text', () => {
  it.each([
    ['minimize (x-1)**', 'Something is missing after **'],
    ['data A = [0., 1., ..., 9.]', 'Three points stand for numbers that were left out'],
    ['data A = [1+2j, 3]', '2j would be a complex number'],
    ['minimize', 'Something is missing after minimize'],
    ['minimize (x-1', 'This ( is never closed'],
    ['minimize (x-1\nsubject to x = 1', 'This ( is never closed'],
    ['minimize (x-1]', '( is closed by ]'],
    ['minimize x)', 'Nothing is open'],
    ['minimize 2x', 'A product is written 2*x'],
    ['minimize 1,5*x', '1.5, not 1,5'],
    ['minimize x st 1,5*x = 2', '='],
    ['minimize (1,5)*x', 'a point, not a comma'],
    ['minimize x st x >= 0 and y >= 0', '0 <= x <= 1'],
    ['minimize torch.exp(x)', 'without a module: exp(…)'],
    ['minimize x\nx = 1', 'subject to'],
    ['x^2', 'write minimize'],
    ['minimize x\n* y', 'cannot begin with *'],
    ['minimize x\n+ y', 'end that line with +'],
    ['let in = 3', 'cannot be a name'],
    ['let x', 'needs a value'],
    ['st x => 1', 'written >='],
    ['st x != 1', 'cannot be a constraint'],
    ['minimize x² + 1', 'written ^2'],
    ['minimize {x}', 'Curly brackets'],
    ['minimize $x$', 'dollar'],
    ["minimize X' @ X", 'A.T'],
    ['minimize |x|', 'abs(x)'],
    ['minimize x.foo', 'only such suffix is .T'],
    ['minimize 1e999*x', 'too large'],
    ['minimize x st x = 1 y = 2', '; between them'],
    ['minimize x st x = 2 y', 'A product is written 2*y'],
    ['param X[2,2], w[2]; minimize sum(X w)', 'The product of a matrix is written X @ w'],
    ['minimize sqrt x', 'sqrt(x)'],
    ['minimize x == 1', 'after subject to'],
    ['minimize (x-1)^2 where x > 0', 'after subject to'],
    ['let f(x) = x^2', 'cannot be defined'],
    ['def f(x): return x**2\nminimize f(x)', 'cannot be defined'],
    ['data X ~ normal(0, 1)\nminimize (w-1)^2', 'Only what is learned is drawn'],
    ['data X = np.random.randn(500, 2000)\nminimize (w-1)^2', 'Only what is learned is drawn'],
    ['data X[3] ~ normal(0, 1)\nparam w\nminimize w*sum(X)', 'Only what is learned is drawn'],
    ['minimize x.sum()', 'sum(…)'],
    ['param x = 0,5; minimize x', 'with a point: 0.5'],
    ['param a = [1, 2; 3, 4]', '[[1, 2], [3, 4]]'],
    ['minimize x % y', 'begins with #'],
    ['st 2: x = 1', 'label'],
    ['minimize א', 'letter that names cannot have'],
  ])('%j is explained', (text, expected) => {
    expect(messagesOf(text)).toContain(expected);
  });

  it('explains only the first fault of a line', () => {
    expect(faultsOf('minimize x + * / ^ y')).toHaveLength(1);
  });

  it('does not blame the keyword at which it finds back', () => {
    expect(faultsOf('data X ~ normal(0, 1)\nminimize (w-1)^2')).toHaveLength(1);
    expect(faultsOf('param x = 1 +* 2\nminimize x +* 2')).toHaveLength(2);
  });
});

describe('characters that deceive', () => {
  it.each(['\u2028', '\u2029', '\u0085'])('%j ends a line, also that of a comment', (lineEnd) => {
    expect(kindsOf(`param x # start${lineEnd}minimize x`)).toEqual(['parameter', 'objective']);
    const [fault] = faultsOf(`param x${lineEnd}minimize x +`);
    expect(fault?.span?.[0]).toBeGreaterThan('param x\n'.length); // as many characters as typed
  });

  it.each(['\ud83d', '\ude00'])('half a character in a comment, %j, is a part of it', (half) => {
    expect(kindsOf(`param x # smile ${half} on\nminimize x`)).toEqual(['parameter', 'objective']);
  });

  it.each(['\u202e', '\u2066', '\u200b', '\0', '\u200f'])('%j is refused outside comments and named', (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    expect(messagesOf(`minimize x${character} + y`)).toContain(`U+${code}`);
    expect(messagesOf(`minimize x # ${character}`)).toBe('');
  });

  it('reads composed and decomposed letters as one name', () => {
    const document = parse('let é = 1; let e\u0301 = 2');
    const names = document.ok
      ? document.value.statements.map((statement) => ('declared' in statement ? statement.declared : null))
      : [];
    expect(names).toMatchObject([{ name: 'é' }, { name: 'é' }]);
  });

  it('survives lone surrogates', () => {
    expect(faultsOf('minimize \ud800x')).toHaveLength(1);
  });
});
