import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from './check.ts';
import { standardForm } from './standard-form.ts';

function formOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return standardForm(problem.value);
}

describe('the standard form', () => {
  it('moves everything to one side, with = 0 and ≤ 0, and counts h and g apart', () => {
    const { rows } = formOf(
      'param x\nparam y\nminimize x\nsubject to\n  x >= 0\n  sum: x + y = 1\n  x <= 2 - y\n  y = 0',
    );
    expect(rows.map(({ symbol, residual, relation }) => [symbol, residual, relation])).toEqual([
      ['g_{1}', '-x', 'inequality'],
      ['h_{1}', 'x + y - 1', 'equality'],
      ['g_{2}', 'x - \\left(2 - y\\right)', 'inequality'],
      ['h_{2}', 'y', 'equality'],
    ]);
    expect(rows[1]).toMatchObject({ label: 'sum', line: 6, multiplier: '\\lambda_{1}', rows: 1 });
  });

  it('adds what a minus on the other side takes away', () => {
    const { rows } = formOf('param x\nparam y\nminimize x\nsubject to\n  y = -1\n  x >= -y\n  x <= -(y + 2)');
    expect(rows.map(({ residual }) => residual)).toEqual(['y + 1', '-y - x', 'x + \\left(y + 2\\right)']);
  });

  it('makes two inequalities of a chain, and a vector of a line over a vector', () => {
    const { rows, lagrangian, stationarity } = formOf('param w[3]\nminimize sum(w)\nsubject to 0 <= w <= 1');
    expect(rows.map(({ residual, rows: many }) => [residual, many])).toEqual([
      ['-w', 3],
      ['w - 1', 3],
    ]);
    expect(lagrangian).toBe('f + \\mu_{1}^{\\top} g_{1} + \\mu_{2}^{\\top} g_{2}');
    expect(stationarity).toBe('\\nabla f + \\nabla g_{1}\\,\\mu_{1} + \\nabla g_{2}\\,\\mu_{2}');
  });

  it('minimises the negative of what is maximised, and adds what is only wished for', () => {
    expect(formOf('param x\nmaximize x*x').loss).toBe('-x \\, x');
    const { loss, penalties } = formOf('param x\nminimize x\nsubject to\n  soft(3): x >= 1\n  soft(2): x = 0');
    expect(loss).toBe('x');
    expect(penalties).toEqual([
      '\\frac{3}{2}\\left\\lVert \\max\\left(0,\\, 1 - x\\right) \\right\\rVert^{2}',
      '\\frac{2}{2}\\left\\lVert x \\right\\rVert^{2}',
    ]);
  });

  it('states the names that it uses', () => {
    expect(formOf('param x\nlet p = x^2\nminimize p').definitions).toEqual(['p = {x}^{2}']);
  });

  it('tells a product entry by entry from a matrix product, in every order of the two', () => {
    const typed = ['A*B@C', 'A*(B@C)', 'A@B*C', 'A@(B*C)', 'A*B*C', 'A@B@C'];
    const printed = typed.map((text) => formOf(`param A[2,2]\nlet B = 2*A\nlet C = A/3\nminimize sum(${text})`).loss);
    expect(new Set(printed).size, 'they are different matrices').toBe(typed.length);
    for (const [i, latex] of printed.entries())
      expect(latex.split('\\odot').length, typed[i]).toBe(typed[i]?.split('*').length);
    expect(printed[0]).toBe('\\sum \\left(A \\odot B\\right) \\, C');
    expect(printed[3]).toBe('\\sum A \\, \\left(B \\odot C\\right)');
  });

  it('multiplies an array by a number without a sign, in the loss, the rows and the definitions', () => {
    const { loss, rows, definitions } = formOf(
      'param w[2]\nparam s\nlet v = 2*w*w\nminimize sum(s*v)\nsubject to\n  w*v = s\n  w/v <= s*w',
    );
    expect(loss).toBe('\\sum s \\, v');
    expect(definitions).toEqual(['v = 2 \\, w \\odot w']);
    expect(rows.map(({ residual }) => residual)).toEqual(['w \\odot v - s', '\\frac{w}{v} - s \\, w']);
  });
});
