import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { findOptimum } from './optimum.ts';

function optimumOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  const found = findOptimum(problem.value);
  if (!found) throw new Error('there is one');
  return found;
}

describe('an optimum', () => {
  it.each([
    ['param x = 3, y = 4\nminimize x^2 + 10*y^2', [0, 0], 0],
    ['minimize x + y\nsubject to\n  x*y = 0\n  x >= 0\n  y >= 0', [0, 0], 0],
    ['param x = 0.3, y = 0.4\nminimize abs(x - 1) + 2*abs(y)', [1, 0], 0],
  ] as const)('is told without rounding: %s', (text, x, loss) => {
    const found = optimumOf(text);
    found.x.forEach((entry, i) => expect(entry === 0).toBe(x[i] === 0));
    expect(found.loss).toBe(loss);
  });

  it('has the loss 0 where terms cancel, or vanish to a high power', () => {
    expect(optimumOf('minimize x + y\nsubject to\n  x + y >= 0\n  x >= 0.3\n  x^2 + y^2 <= 4').loss).toBe(0);
    expect(optimumOf('param x = 2, y = 1\nminimize (x - y)^2 + (x - 1)^4').loss).toBe(0);
  });

  it('keeps small numbers that are known', () => {
    const { x, loss } = optimumOf('minimize (x - 1e-14)^2 + (y - 1e-6)^2 + 1e-12');
    expect((x[0] ?? 0) / 1e-14).toBeCloseTo(1, 9);
    expect((x[1] ?? 0) / 1e-6).toBeCloseTo(1, 9);
    expect(loss / 1e-12).toBeCloseTo(1, 9);
  });
});
