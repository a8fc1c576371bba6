import { describe, expect, it } from 'vitest';
import { PythonScope } from './python-scope.ts';

function scopeOf(values: Readonly<Record<string, string>>) {
  const reasons: string[] = [];
  const scope = new PythonScope((reason) => {
    reasons.push(reason);
    return '';
  });
  for (const [name, value] of Object.entries(values)) scope.values.set(name, value);
  return { scope, reasons };
}

describe('the names of a Python program', () => {
  it('have lengths where their numbers stand in the text', () => {
    const { scope, reasons } = scopeOf({ X: 'np.array([[1, 2, 3], [4, 5, 6]])', n: 'X.shape[1]' });
    expect(scope.shapeOf('(len(X), n)')).toBe('[2, 3]');
    expect(reasons).toEqual([]);
    expect(scope.shapeOf('m')).toBe('[]');
    expect(reasons).toEqual([expect.stringContaining('m')]);
  });

  it('are lists, end to end, under other names too', () => {
    const { scope } = scopeOf({ a: '[x >= 0]', b: '[x <= 1, y <= 2]', all: 'a + b' });
    expect(scope.listOf('all')).toEqual(['x >= 0', 'x <= 1', 'y <= 2']);
    expect(scope.joined('a', 'b[0]')).toBe('[x >= 0] + b[0]');
  });

  it('are functions that are written out where they say one thing; those that call themselves end', () => {
    const { scope, reasons } = scopeOf({});
    scope.functions.set('f', { args: ['a'], body: ['return a**2'] });
    scope.functions.set('g', { args: ['a'], body: ['return g(a)'] });
    expect(scope.inline('f(x + 1)')).toBe('((x + 1)**2)');
    scope.inline('g(x)');
    expect(reasons.length).toBeGreaterThan(0);
  });

  it('of a body become names of the text, and mean one thing', () => {
    const { scope, reasons } = scopeOf({ b: '1' });
    expect(scope.returned({ args: ['v'], body: ['a = v[0]', 'return a + b'] }, 'x')).toBe('a + b');
    expect(scope.values.get('a')).toBe('x[0]');
    scope.returned({ args: ['v'], body: ['b = v[1]', 'return b'] }, 'x');
    expect(reasons).toEqual(['b stands for two different things.']);
  });
});
