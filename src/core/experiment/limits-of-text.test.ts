/** Texts as long as they may be: studied without running out of stack, and without work that grows with the square of their lines. */
import { expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { MAX_CHARACTERS } from '../language/limits.ts';
import { study } from './prepare.ts';

/** As many repetitions as fit. */
const filled = (before: string, again: string, after = ''): string =>
  `${before}${again.repeat(Math.floor((MAX_CHARACTERS - before.length - after.length) / again.length))}${after}`;

it.each([
  ['a sum', filled('minimize x^2', '+1')],
  ['a product', filled('minimize x^2', '*1')],
  ['a logarithm of a sum', filled('minimize log(exp(x)+exp(-x)', '+1', ')')],
  ['squares of multiples', filled('minimize (x', '*1', ')^2')],
])('%s of thousands of terms', (_, text) => {
  expect(text.length).toBeGreaterThan(MAX_CHARACTERS - 10);
  expect(study(text, 1, catalog).ok).toBe(true);
});
