import { describe, expect, it } from 'vitest';
import type { Expr } from './expr.ts';
import { FUNCTIONS } from './functions.ts';
import { parse } from './parse.ts';
import { printPython, pythonFunctions, pythonName } from './print-python.ts';

function objectiveOf(text: string): Expr {
  const document = parse(`minimize ${text}`);
  const statement = document.ok ? document.value.statements[0] : undefined;
  if (statement?.kind !== 'objective') throw new Error(text);
  return statement.value;
}

describe('Python', () => {
  it.each([
    ['(p1-0.5)^2 + 2*p2', '(p1 - 0.5)**2 + 2*p2'],
    ['-x^-2', '-x**-2'],
    ['sum(w, axis=0) @ A.T', 'sum_of(w, dim=0) @ transpose(A)'],
    ['lambda*pi', 'lambda_*math.pi'],
    ['2*π', '2*math.pi'],
    ['w[1:, ::-1]', 'entries(w, slice(1, None, None), slice(None, None, -1))'],
    ['V[0, :2]', 'V[0, :2]'],
    ['p[group]', 'p[positions(group, p.shape[0])]'],
    ['V[-1, group]', 'V[-1, positions(group, V.shape[1])]'],
    ['where(x <= 1, [1, 2], x)', 'where(x <= 1, tensor([1, 2]), x)'],
  ])('%s is %s', (text, expected) => {
    expect(printPython(objectiveOf(text))).toBe(expected);
  });

  it('takes the constants for names that the text declares itself', () => {
    expect(printPython(objectiveOf('e*pi'), new Set(['e']))).toBe('e*math.pi');
  });

  it('defines what it calls, once, and nothing else', () => {
    const definitions = pythonFunctions([objectiveOf('sum(exp(x)) + sum(x)'), objectiveOf('norm(x)')]);
    expect(definitions.match(/^def \w+/gmu)).toEqual([
      'def tensor',
      'def transpose',
      'def entries',
      'def positions',
      'def sum_of',
      'def exp',
      'def norm',
    ]);
  });

  it('can define every function', () => {
    for (const name of Object.keys(FUNCTIONS)) {
      const call = printPython({ kind: 'call', name, nameSpan: [0, 0], args: [], options: [], span: [0, 0] });
      const defined = pythonFunctions([{ kind: 'call', name, nameSpan: [0, 0], args: [], options: [], span: [0, 0] }]);
      expect(defined).toContain(`def ${call.slice(0, -2)}(`);
    }
  });

  it.each([
    ['lambda', 'lambda_'],
    ['torch', 'torch_'],
    ['exp', 'exp_'],
    ['x₁', 'x_u1'],
    ['__import__', '__import___'],
    ['w', 'w'],
  ])('calls %s %s', (name, expected) => {
    expect(pythonName(name)).toBe(expected);
  });
});
