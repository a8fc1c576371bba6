/** Texts as long as they may be: studied without running out of stack, and without work that grows with the square of their lines. */
import { expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { MAX_CHARACTERS } from '../../language/limits.ts';
import { Ops } from '../../tensor/ops.ts';
import { study } from './study.ts';

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

/** Values that a study records. */
function recordsOf(text: string): number {
  const recorder = Object.getPrototypeOf(Ops.prototype) as { record(...value: unknown[]): unknown };
  const { record } = recorder;
  let count = 0;
  recorder.record = function counted(...value) {
    count += 1;
    return record.apply(this, value);
  };
  const isStudied = study(text, 1, catalog).ok;
  recorder.record = record;
  expect(isStudied).toBe(true);
  return count;
}

it.each([
  ['bounds', 'minimize x^2', () => 'x >= 0'],
  ['equations', 'minimize x^2 + y^2', (k: number) => (k % 2 ? 'x = y' : 'y = x')],
  ['curved lines', 'minimize x^2 + y^2', () => 'x^2 + y < 9'],
  ['bounds of entries', 'param w[9]\nminimize sum(w^2)', (k: number) => `w[${k % 9}] > 0`],
])('twice as many %s take twice the work', (_, head, line) => {
  const lines = (count: number) =>
    `${head}\nsubject to\n${Array.from({ length: count }, (_, k) => line(k)).join('\n')}`;
  expect(recordsOf(lines(280))).toBeLessThan(2.2 * recordsOf(lines(140)));
});
