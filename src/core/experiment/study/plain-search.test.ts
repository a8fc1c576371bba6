import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';
import { violationAt } from '../../analysis/optimum/model.ts';

const optimumOf = (text: string) => {
  const { optimum, problem } = studied(text);
  if (!optimum) throw new Error('there is one');
  expect(violationAt(problem, optimum.x)).toBeLessThan(1e-8);
  return optimum;
};

describe('constraints without a slope where they are met', () => {
  it.each([
    ['minimize (x - 1)^2 + y^2\nsubject to (x + y)^2 = 0', 'minimize (x - 1)^2 + y^2\nsubject to x + y = 0'],
    ['minimize x + y\nsubject to (x + y)^2 = 0', 'minimize x + y\nsubject to x + y = 0'],
    ['minimize (x - 1)^2 + y\nsubject to x^2 + y^2 <= 0', 'minimize (x - 1)^2 + y\nsubject to\n x = 0\n y = 0'],
    [
      'minimize (x - 1)^2 + (y - 2)^2\nsubject to\n (x - y)^2 = 0\n x*y = 1',
      'minimize (x - 1)^2 + (y - 2)^2\nsubject to\n x = y\n x*y = 1',
    ],
  ])('have the optimum of the same in plain words: %s', (text, plain) => {
    const [typed, other] = [optimumOf(text), optimumOf(plain)];
    expect(typed.loss).toBeCloseTo(other.loss, 7);
    expect(other.hasNoMultipliers).toBeUndefined();
    // No multipliers: what is told of them says so by its residual.
    expect(typed.hasNoMultipliers).toBe(true);
    expect(typed.kktResidual).toBeGreaterThan(0.1);
  });

  it('have multipliers where the loss does not pull', () => {
    expect(optimumOf('minimize (x - y)^2 + (x + y)^2\nsubject to (x + y)^2 = 0').hasNoMultipliers).toBeUndefined();
  });
});

describe('a product that must be 0', () => {
  it('is searched factor by factor, where the best is that of all', () => {
    const { x, loss } = optimumOf('minimize x + 2*y + 3*z\nsubject to\n x*y*z = 0\n x^2 + y^2 + z^2 <= 1');
    expect(loss).toBeCloseTo(-Math.sqrt(13), 7); // x = 0: against (2, 3)
    expect(x[0]).toBeCloseTo(0, 7);
  });

  it.each(['x*y = 0', '-2*(x*y)^3 = 0', '(x + y)^2 = 0'])('lets a linear loss fall along it: %s', (row) => {
    const { optimum, noOptimum } = studied(`minimize x + 2*y\nsubject to ${row}`);
    expect(optimum).toBeNull();
    expect(noOptimum?.reason).toMatch(/^The loss falls without bound: from .* change/);
  });
});
