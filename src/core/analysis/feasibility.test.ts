/** Whether some point meets the constraints: the verdict, the lines that contradict each other, and by how much. */
import highsLoader from 'highs';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { check } from '../problem/check.ts';
import { knownProblems, textOf } from '../reference/problems.ts';
import { analyze } from './analyze.ts';
import { type Feasibility, feasibilityOf } from './feasibility.ts';
import { highsSolver } from './highs.ts';

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

  it('does not know where the constraints are not convex and no point was found', () => {
    expect(feasibilityOfText('minimize x\nsubject to\n  sin(x) = 2').verdict).toBe('unknown');
  });
});
