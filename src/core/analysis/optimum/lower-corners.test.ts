/** Lowest points that few searches come to, against a grid: found in a comparison of random problems with one, where each was missed. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { findOptimum } from './optimum.ts';

const BOX = '\n  -2 <= x <= 2\n  -2 <= y <= 2';
const POINTS = 81;

type Of = (x: number, y: number) => number;
const CASES: readonly (readonly [string, string, Of, Of])[] = [
  [
    'param x = -0.20\nparam y = -0.55',
    '1.5*y^4 - 2.75*x*y + abs(y - 1)\nsubject to\n  y <= x^2',
    (x, y) => 1.5 * y ** 4 - 2.75 * x * y + Math.abs(y - 1),
    (x, y) => y - x * x,
  ],
  [
    'param x = -0.37\nparam y = -0.07',
    'abs(x + 1) - 0.25*x^2 - 2.75*y - 1.75*x^3\nsubject to\n  y >= x^2 - 1\n  y <= x^2',
    (x, y) => Math.abs(x + 1) - 0.25 * x * x - 2.75 * y - 1.75 * x ** 3,
    (x, y) => Math.max(x * x - 1 - y, y - x * x),
  ],
  [
    'param x = 0.80\nparam y = -0.82',
    'x^3 - max(y, -2.5) - x^2\nsubject to\n  x*y <= 1.25\n  abs(x) + abs(y) <= 2',
    (x, y) => x ** 3 - Math.max(y, -2.5) - x * x,
    (x, y) => Math.max(x * y - 1.25, Math.abs(x) + Math.abs(y) - 2),
  ],
  [
    'param x = 0.94\nparam y = 0.30',
    'max(y, -2.25) + 2.75*x^3\nsubject to\n  abs(x) + abs(y) <= 2',
    (x, y) => Math.max(y, -2.25) + 2.75 * x ** 3,
    (x, y) => Math.abs(x) + Math.abs(y) - 2,
  ],
  [
    'param x = 0.02\nparam y = 0.35',
    '-3*x^3 + sin(2.25*x)\nsubject to\n  y >= x^2 - 1',
    (x) => -3 * x ** 3 + Math.sin(2.25 * x),
    (x, y) => x * x - 1 - y,
  ],
];

describe('the lowest minimum that is found', () => {
  it.each(CASES)('is no higher than any point of a grid: %s, minimize %s', (start, text, loss, constraint) => {
    const document = parse(`${start}\nminimize ${text}${BOX}`);
    const problem = document.ok ? check(document.value, { seed: 0 }) : document;
    if (!problem.ok) throw new Error('the text is right');
    const best = findOptimum(problem.value);
    expect(best).not.toBeNull();
    const [x, y] = best?.x ?? [Number.NaN, Number.NaN];
    expect(constraint(x ?? Number.NaN, y ?? Number.NaN)).toBeLessThan(1e-8);
    const along = Array.from({ length: POINTS }, (_, i) => -2 + (4 * i) / (POINTS - 1));
    const losses = along.flatMap((u) => along.flatMap((v) => (constraint(u, v) <= 0 ? [loss(u, v)] : [])));
    expect(best?.loss).toBeLessThanOrEqual(Math.min(...losses) + 1e-8);
  });
});
