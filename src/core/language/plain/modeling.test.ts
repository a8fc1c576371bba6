import { describe, expect, it } from 'vitest';
import { parse } from '../parse.ts';
import { translatedModel } from './modeling.ts';

/** What the first fix makes of a text, which is of the language. */
function mended(text: string): string {
  const result = parse(text);
  const fix = result.ok ? undefined : result.diagnostics[0]?.fix;
  if (!fix) return '';
  const after = text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]);
  expect(parse(after).ok).toBe(true);
  return after;
}

const PAPER =
  'param x = 0\nparam y = 1\nminimize (x-1)^2 + 2*y\nsubject to\n  x >= 0\n  y >= 0\n  y <= 4\n  c1: x + y >= 2\n';

describe('a model', () => {
  it('of AMPL or JuMP is the same problem on paper', () => {
    const ampl =
      'var x >= 0; # a share\nvar y := 1, >= 0, <= 4;\n\nminimize cost: (x-1)^2\n  + 2*y;\nsubject to c1: x + y >= 2;\nsolve;';
    const jump =
      'using JuMP, Ipopt\nmodel = Model(Ipopt.Optimizer)\n@variable(model, x >= 0)\n@variable(model, 0 <= y <= 4, start = 1)\n@objective(model, Min, (x-1)^2 + 2y)\n@constraint(model, c1, x + y >= 2)\noptimize!(model)\nprintln(value(x))';
    expect(mended(ampl)).toBe(PAPER);
    expect(mended(jump)).toBe(PAPER);
  });

  it.each([
    [
      'param a := 3;\nvar x;\nmaximize p: a*x;\ns.t. c: x <= 4;',
      'let a = 3\nparam x = 0\nmaximize a*x\nsubject to\n  c: x <= 4\n',
    ],
    ['@variable(m, x[1:3] >= 0)\n@NLobjective(m, Max, sum(x))', 'param x[3]\nmaximize sum(x)\nsubject to\n  x >= 0\n'],
    [
      'b = 4\n@variable(m, x <= b)\n@variable(m, -1 <= y <= b)\n@objective(m, Min, y - x)',
      'data b = 4\nparam x = 0\nparam y = 0\nminimize y - x\nsubject to\n  x <= b\n  y >= -1\n  y <= b\n',
    ],
    [
      'set I := 1..3;\nvar x{I} >= 0;\nminimize c: sum{i in I} i*x[i]^2 - x[1];\ns.t. t: sum{i in I} x[i] = 1;\ns.t. r{i in 2..3}: x[i] >= x[i-1];',
      'param x[3]\nminimize (1*x[0]^2 + 2*x[1]^2 + 3*x[2]^2) - x[0]\nsubject to\n  x >= 0\n  t: (x[0] + x[1] + x[2]) = 1\n  x[1] >= x[0]\n  x[2] >= x[1]\n',
    ],
    [
      'n = 2\n@variable(m, 0 <= x[i in 1:n])\n@objective(m, Max, sum(x[i]/i for i in 1:n) + 2x[2])\n@constraint(m, c[i = 1:n], x[i] <= 2i)\n@constraint(m, [i in 1:1], x[i] + x[i+1] == 1)',
      'data n = 2\nparam x[2]\nmaximize (x[0]/1 + x[1]/2) + 2*x[1]\nsubject to\n  x >= 0\n  x[0] <= 2*1\n  x[1] <= 2*2\n  x[0] + x[1] = 1\n',
    ],
  ])('keeps constants, senses and lengths: %j', (text, paper) => expect(mended(text)).toBe(paper));

  it.each([
    ['var x binary;\nminimize c: x;', 1, /whole numbers/],
    ['set I;\nvar x {i in I};\nminimize c: sum {i in I} x[i];', 1, /is not read/],
    ['var y;\nvar x {FOODS};\nminimize c: y;', 2, /index set/],
    ['var y;\nvar x {i in 1..3} >= i;\nminimize c: y;', 2, /index set/],
    ['@variable(m, x[1:3])\n@objective(m, Min, x[1] + x[4])', 2, /counted from 1/],
    ['@variable(m, x[i in 1:3] <= 2i)\n@objective(m, Min, x[1])', 1, /index set/],
    ['@variable(m, x[1:3])\n@objective(m, Min, sum(c[i]*x[i] for i in 1:3))', 2, /index set/],
    ['@variable(m, x)\n@constraint(m, x >= 1)', 0, /What is minimized/],
  ])('says what has no counterpart, and where: %j', (text, line, refusal) => {
    const found = translatedModel(text);
    expect(found).toMatchObject({ line, refusal: expect.stringMatching(refusal) });
  });

  it('is not seen in texts of the language', () => {
    for (const text of ['param x\nminimize x^2', 'var x\nminimize x^2', 'minimize cost: x', 'x = 3'])
      expect(translatedModel(text)).toBeNull();
  });
});

describe('words that mean no value in between', () => {
  it.each([
    ['minimize (x - 0.4)^2\nsubject to x ∈ {0, 1}', 'minimize (x - 0.4)^2\nsubject to 0 <= x <= 1'],
    ['param w[3]\nminimize sum(w)\nsubject to w in {-1,0,1}^3', 'param w[3]\nminimize sum(w)\nsubject to -1 <= w <= 1'],
    ['minimize x^2\nsubject to\n  x is binary', 'minimize x^2\nsubject to\n  0 <= x <= 1'],
  ])('are combinatorial, and have a continuous neighbour: %j', (text, plain) => expect(mended(text)).toBe(plain));

  it.each(['x integer', 'x ∈ ℤ', 'x \\in \\mathbb{Z}^3', 'x ∈ ℕ₀'])(
    'have none where they are without end: %s',
    (said) => {
      const text = `minimize x^2\nsubject to ${said}`;
      const result = parse(text);
      expect(result.ok ? [] : result.diagnostics).toMatchObject([{ message: expect.stringMatching(/combinatorial/) }]);
      expect(mended(text)).toBe('');
    },
  );
});

describe('what is said in words', () => {
  it.each([
    ['Minimise the loss (x-1)^2 + y^2 subject to x + y = 1', 'minimize (x-1)^2 + y^2 subject to x + y = 1'],
    ['minimize the mean squared error: x^2', 'minimize x^2'],
    [
      'param w = 1\nlambda = 0.1\nminimize (w-1)^2 + lambda*w^2',
      'param w = 1\nlet lambda = 0.1\nminimize (w-1)^2 + lambda*w^2',
    ],
    ['param w = 1\nb = 0.1\nminimize (w-1)^2 + b*w^2', 'param w = 1\nparam b = 0.1\nminimize (w-1)^2 + b*w^2'],
  ])('is written as it is meant: %j', (text, plain) => expect(mended(text)).toBe(plain));
});
