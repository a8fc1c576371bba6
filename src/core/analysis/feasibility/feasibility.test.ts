/** Whether some point meets the constraints: the verdict, the lines that contradict each other, and by how much. */
import highsLoader from 'highs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at } from '../../diagnostic.ts';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { knownProblems, textOf } from '../../reference/problems.ts';
import { highsSolver } from '../affine/highs.ts';
import { analyze } from '../analyze.ts';
import { type Feasibility, feasibilityOf, feasibilityStages } from './feasibility.ts';

const solve = highsSolver(await highsLoader());

function feasibilityOfText(text: string, solver: typeof solve | null = solve): Feasibility {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return feasibilityOf(problem.value, analyze(problem.value, catalog.constraints), solver);
}

/** Each with the lines that contradict each other, and what each must give. */
const COMPANIONS = [
  {
    name: 'crossed bounds',
    text: 'minimize x\nsubject to\n  x >= 1\n  x <= 0',
    lines: [3, 4],
    amounts: [1, 1],
  },
  {
    name: 'two parallel lines',
    text: 'minimize x1 + x2\nsubject to\n  x1 + x2 = 1\n  2*x1 + 2*x2 = 3',
    lines: [3, 4],
    amounts: [0.5, 1],
  },
  {
    name: 'shares that exceed the whole',
    text: 'param x[3]\nminimize sum(x)\nsubject to\n  x >= 0\n  sum(x) = 1\n  x[0] >= 0.6\n  x[1] >= 0.6',
    lines: [4, 5, 6, 7],
    amounts: [0.2, 0.2, 0.2, 0.2],
  },
  {
    name: 'a disk and a half-plane',
    text: 'minimize x1\nsubject to\n  x1**2 + x2**2 <= 1\n  x1 + x2 >= 2',
    lines: [3, 4],
    amounts: [1, 2 - Math.SQRT2],
  },
  {
    name: 'a box and a plane',
    text: 'param x[3]\nminimize sum(x)\nsubject to\n  0 <= x[0] <= 1\n  0 <= x[1] <= 1\n  0 <= x[2] <= 1\n  x[0] + 2*x[1] + 3*x[2] = 7',
    lines: [4, 5, 6, 7],
    amounts: [1, 1 / 2, 1 / 3, 1],
  },
] as const;

describe('feasibility', () => {
  it.each(COMPANIONS)('explains $name', ({ text, lines, amounts }) => {
    const { verdict, conflict } = feasibilityOfText(text);
    expect(verdict).toBe('no');
    expect(conflict?.lines).toEqual(lines);
    expect(conflict?.relaxations.map(({ line }) => line)).toEqual(lines);
    conflict?.relaxations.forEach(({ amount }, i) => expect(amount).toBeCloseTo(at(amounts, i), 6));
    expect(conflict?.relaxation).toBeCloseTo(at(amounts, amounts.length - 1), 6);
    expect(conflict?.certificate).toContain(`line ${at(lines, lines.length - 1)}`);
  });

  it.each(COMPANIONS)('finds the same without a linear solver: $name', ({ text, lines, amounts }) => {
    const { verdict, conflict } = feasibilityOfText(text, null);
    expect(verdict).toBe('no');
    expect(conflict?.lines).toEqual(lines);
    conflict?.relaxations.forEach(({ amount }, i) => expect(amount).toBeCloseTo(at(amounts, i), 5));
  });

  it.each([
    ['param x\nsubject to exp(x) <= 0', [2], [0], 'exp(x) is always above 0, and must be at most 0'],
    ['param x[3]\nsubject to norm(x) <= -1', [2], [1], 'norm(x) is at least 0, and must be at most −1'],
    ['param x\nsubject to sigmoid(2*x) >= 1', [2], [0], 'sigmoid(2*x) is always below 1'],
    ['param x\nsubject to\n log(x) <= 0\n x >= 2', [3, 4], [Math.LN2, 1], 'log(x) is at least 0.693147'],
    ['subject to\n y >= x**2 + 1\n y <= x', [2, 3], [0.75, 0.75], 'line 3 is off by at least 0.75'],
    ['subject to\n x**2 + y**2 = 1\n x + y = 3', [2, 3], [3.5, 3 - Math.SQRT2], 'line 3 is off'],
    ['param w[2]\nsubject to\n w in sphere(1)\n w[0] >= 1.5', [3, 4], [1.25, 0.5], 'line 4 is off by at least 0.5'],
    ['subject to\n both: softplus(x) + softplus(-x) <= 1', [2], [2 * Math.LN2 - 1], 'both cannot hold'],
    ['param x[3]\nsubject to\n norm(x) <= 1\n sum(x) = 3', [3, 4], [Math.sqrt(3) - 1, 3 - Math.sqrt(3)], 'line 4'],
    ['subject to x >= 1 ; x <= 0', [1], [1, 1], '“x >= 1” + “x <= 0” gives 0 ≤ −1'],
    ['subject to\n budget: a + b = 1\n total: 2*a + 2*b = 3', [2, 3], [0.5, 1], 'total is off by at least 1'],
    [
      'param w[2]\ndata A = [[1, 1], [-1, -1]]\nsubject to A @ w <= [1, -3]',
      [3],
      [1],
      'line 3[0] + line 3[1] gives 0 ≤ −2',
    ],
    ['subject to\n x <= 1\n x >= 1.0000001', [2, 3], [1e-7, 1e-7], 'gives 0 ≤ −1e−7'],
    ['param x\nminimize x^2\nsubject to\n soft(9): x >= 5\n x <= 1\n x >= 2', [5, 6], [1, 1], 'line 5 + line 6'],
  ] as const)('explains %j', (text, lines, amounts, words) => {
    const { verdict, conflict } = feasibilityOfText(text);
    expect(verdict).toBe('no');
    expect(conflict?.lines).toEqual(lines);
    conflict?.relaxations.forEach(({ amount }, i) => expect(amount).toBeCloseTo(at(amounts, i), 6));
    expect(conflict?.certificate).toContain(words);
  });

  it('names only lines that are necessary', () => {
    const { conflict } = feasibilityOfText(
      'param x[2]\nminimize sum(x)\nsubject to\n  x >= 0\n  x <= 10\n  x[0] + x[1] <= 1\n  x[0] >= 2\n  x[1] <= 5',
    );
    expect(conflict?.lines).toEqual([4, 6, 7]);
  });

  it('says Infinity where a line cannot help alone', () => {
    const { conflict } = feasibilityOfText(
      'param x\nparam y\nminimize x\nsubject to\n  x >= 1\n  x <= 0\n  y >= 1\n  y <= 0',
    );
    expect(conflict?.lines).toHaveLength(2); // a smallest conflict, in which each line alone can give
    expect(conflict?.relaxations.every(({ amount }) => Math.abs(amount - 1) < 1e-9)).toBe(true);
  });

  it('calls no known problem empty, and finds a point of most', { timeout: 60_000 }, () => {
    const verdicts = knownProblems.map((known) => ({
      id: known.id,
      verdict: feasibilityOfText(textOf(known)).verdict,
    }));
    expect(verdicts.filter(({ verdict }) => verdict === 'no')).toEqual([]);
    expect(verdicts.filter(({ verdict }) => verdict === 'yes').length).toBeGreaterThanOrEqual(75);
  });

  it('pauses between its questions, so that a newer text need not wait', () => {
    const document = parse(at(COMPANIONS, 3).text);
    const problem = document.ok ? check(document.value, { seed: 0 }) : document;
    if (!problem.ok) throw new Error('a companion is a problem');
    const pauses = [...feasibilityStages(problem.value, analyze(problem.value, catalog.constraints), solve)];
    expect(pauses.length).toBeGreaterThan(4);
  });

  it.each([
    ['x*y = 4\n  x^2 + y^2 <= 4', [2, 3]], // x² + y² is at least 2 |x y|
    ['x*y = 2.01\n  x^2 + y^2 <= 4', [2, 3]],
    ['x*y = 1\n  x + y = 0', [2, 3]],
    ['y >= sin(x) + 2\n  y <= x/100\n  -10 <= x <= 10\n  z = 2', [2, 3, 4]],
    ['y = x^3 - x\n  y >= 2\n  x <= 1', [2, 3, 4]], // along x without end, where it only falls
    ['y = x^5 + x\n  y <= -3\n  x >= -1', [2, 3, 4]],
    ['x*y*z = 8\n  x + y + z <= 5\n  x >= 0\n  y >= 0', [2, 3, 4, 5]], // the means of three numbers
  ])('rules out curved rows of few parameters box by box: %s', (rows, lines) => {
    const { verdict, conflict } = feasibilityOfText(`subject to\n  ${rows}`);
    expect(verdict).toBe('no');
    expect(conflict?.lines).toEqual(lines);
    expect(conflict?.certificate).toMatch(/in each of \d+ boxes that cover all values some line is missed/);
    expect(conflict?.certificate).not.toContain('at least'); // what a search among curved rows found is no least amount
  });

  it('never rules out what has a point, however few', () => {
    for (const rows of [
      'x*y = 2\n  x^2 + y^2 <= 4',
      'x^2 + y^2 = 0\n  x = y',
      'y = x^2\n  y <= 0',
      'exp(x) = y\n  y <= 1e-3',
      'y = x^3 - x\n  y >= 0.384\n  x <= 1', // up to 2/(3√3) = 0.3849 at −1/√3
      'y = x^5 + x\n  y <= -2\n  x >= -1',
      'x*sign(x - 1) = -0.5\n  x >= 0\n  x <= 2', // jumps: its slope tells nothing
    ])
      expect(feasibilityOfText(`subject to\n  ${rows}`).verdict).not.toBe('no');
  });

  it('does not know where the constraints are not convex, no point was found, and there are many parameters', () => {
    expect(feasibilityOfText('subject to\n  x*y + z*v = 1\n  x + z = 0\n  y - v = 0').verdict).toBe('unknown');
  });
});
