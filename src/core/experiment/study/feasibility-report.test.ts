import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';

function judged(text: string) {
  const { feasibility, notes } = studied(text);
  return { ...feasibility, warnings: notes.filter(({ severity }) => severity === 'warning') };
}

describe('lines that contradict each other', () => {
  it.each([
    ['a set that grows', 'norm([x - 1, y]) <= t\n  x + y = 3'],
    ['equations of which one moves', 'x + y = t\n  x + y = 1'],
    ['a bound that moves', 'x >= 2 - t\n  x + y^2 <= 1'],
  ])('at step 0 alone prove nothing of later steps: %s', (_, lines) => {
    const { verdict, conflict, warnings } = judged(`minimize x^2 + y^2\nsubject to\n  ${lines}`);
    expect(verdict).toBe('unknown');
    expect(conflict?.constraints).toEqual([0, 1]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ contradict each other at step 0, /),
    ]);
  });

  it.each([
    ['none of them moves', 'x + y >= 3\n  x + y <= 2'],
    ['another line moves', 'x + y >= 3\n  x + y <= 2\n  x >= t'],
  ])('prove that there is no point where %s', (_, lines) => {
    const { verdict, conflict, warnings } = judged(`minimize x^2 + y^2\nsubject to\n  ${lines}`);
    expect(verdict).toBe('no');
    expect(conflict?.constraints).toEqual([0, 1]);
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/ contradict each other: /)]);
  });
});
