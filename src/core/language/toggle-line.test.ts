import { describe, expect, it } from 'vitest';
import { linesThatAreOff, toggleLine } from './toggle-line.ts';

const TEXT = '# x = 0\nminimize x^2 + y^2\nsubject to\n  sum: x + y = 1\n  # a note on x\n  x >= 0 # kept';

describe('a line that is turned off', () => {
  it('is a constraint in a comment, and comes back as it was', () => {
    const off = toggleLine(TEXT, 4);
    expect(off.split('\n')[3]).toBe('  # sum: x + y = 1');
    expect(linesThatAreOff(TEXT)).toEqual([]);
    expect(linesThatAreOff(off)).toEqual([4]);
    expect(toggleLine(off, 4)).toBe(TEXT);
  });

  it('leaves the objective and the words subject to where they are', () => {
    expect(toggleLine('minimize x\nsubject to x = 1', 2)).toBe('minimize x\nsubject to\n  # x = 1');
    expect(toggleLine('minimize x st x = 1; y = 2', 1)).toBe('minimize x st\n  # x = 1; y = 2');
    expect(linesThatAreOff('minimize x st\n  # x = 1; y = 2')).toEqual([2]);
  });
});
