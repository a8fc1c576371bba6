import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constraintLines,
  duplicated,
  hardened,
  moved,
  removed,
  reweighted,
  softened,
  toggled,
  toggleLine,
} from './constraint-lines.ts';
import { linesThatAreOff } from './lines-off.ts';
import { read } from './read.ts';

const TEXT = '# x = 0\nminimize x^2 + y^2\nsubject to\n  sum: x + y = 1\n  # a note on x\n  x >= 0 # kept';
const offLines = (text: string) => linesThatAreOff(text).map(({ line }) => line);
const said = (text: string) => constraintLines(text)?.map((entry) => (entry.isOff ? `# ${entry.text}` : entry.text));

describe('a line that is turned off', () => {
  it('is a constraint in a comment, and comes back as it was', () => {
    const off = toggleLine(TEXT, 4);
    expect(off.split('\n')[3]).toBe('  # sum: x + y = 1');
    expect(offLines(TEXT)).toEqual([]);
    expect(offLines(off)).toEqual([4]);
    expect(toggleLine(off, 4)).toBe(TEXT);
  });

  it('leaves the objective and the words subject to where they are', () => {
    expect(toggleLine('minimize x\nsubject to x = 1', 2)).toBe('minimize x\nsubject to\n  # x = 1');
    expect(toggleLine('minimize x st x = 1; y = 2', 1)).toBe('minimize x st\n  # x = 1; y = 2');
    expect(toggleLine('minimize x st x = (', 1)).toBe('minimize x st\n  # x = (');
    expect(offLines('minimize x st\n  # x = 1; y = 2')).toEqual([2]);
  });

  it('takes along the lines on which its constraint goes on', () => {
    const text = 'minimize x\nsubject to\n  x +\n    y = [1,\n  2]\n  # Of the rest:\n  y >= 0';
    const off = toggleLine(text, 4);
    expect(off).toBe('minimize x\nsubject to\n  # x +\n    # y = [1,\n  # 2]\n  # Of the rest:\n  y >= 0');
    expect(linesThatAreOff(off)).toEqual([{ line: 3, last: 5, text: 'x + y = [1, 2]' }]);
    expect(toggleLine(off, 5)).toBe(text);
  });
});

describe('the constraints of a text', () => {
  it('are its lines, those that are off among them; one line may hold several', () => {
    expect(said('minimize x st x = 1; y = 2\n# z = 3\nlet s = x + y\n  a: s <=\n   4 # both')).toEqual([
      'x = 1; y = 2',
      '# z = 3',
      'a: s <= 4',
    ]);
    expect(said('minimize x')).toEqual([]);
    expect(constraintLines('minimize (x')).toBeNull();
  });

  it('are copied with labels of their own, moved, and taken away', () => {
    const copied = duplicated(TEXT, 0);
    expect(said(copied)).toEqual(['sum: x + y = 1', 'sum_2: x + y = 1', 'x >= 0']);
    expect(said(duplicated(toggled(copied, 1), 1))).toEqual([
      'sum: x + y = 1',
      '# sum_2: x + y = 1',
      '# sum_3: x + y = 1',
      'x >= 0',
    ]);
    expect(moved(TEXT, 1, -1)).toBe(
      '# x = 0\nminimize x^2 + y^2\nsubject to\n  x >= 0 # kept\n  # a note on x\n  sum: x + y = 1',
    );
    expect(moved(TEXT, 0, -1)).toBe(TEXT);
    expect(moved(TEXT, 1, 1)).toBe(TEXT);
    expect(removed(TEXT, 0)).toBe('# x = 0\nminimize x^2 + y^2\nsubject to\n  # a note on x\n  x >= 0 # kept');
  });

  it('leave what shares their line', () => {
    const text = 'param x; minimize x^2 subject to x >= 1, let a = 2; x <= a';
    expect(removed(text, 0).replace(/\s+/gu, ' ')).toBe('param x; minimize x^2 subject to');
    const shared = 'minimize x^2 subject to x >= 1; let a = 2\n x <= a';
    expect(removed(shared, 0)).toBe('minimize x^2 subject to\nlet a = 2\n x <= a');
    expect(moved(shared, 0, 1)).toBe('minimize x^2 subject to\n x <= a\nlet a = 2\n  x >= 1;');
  });

  it('are made soft, given another weight, and hard again', () => {
    const text = 'minimize x\nsubject to\n  goal: x = 1\n  (x + 1) >= 0';
    const soft = softened(softened(text, 0), 1);
    expect(said(soft)).toEqual(['goal: soft(10): x = 1', 'soft(10): (x + 1) >= 0']);
    expect(constraintLines(soft)?.map(({ priority }) => priority)).toEqual([{ weight: 10 }, { weight: 10 }]);
    expect(said(reweighted(soft, 1, 0.5))?.[1]).toBe('soft(0.5): (x + 1) >= 0');
    expect(hardened(hardened(soft, 0), 1)).toBe(text);
  });
});

describe('every edit of any constraint', () => {
  const line = fc.constantFrom(
    '  x >= 0',
    '  # y <= 1',
    '  a: x + y = 1 # why',
    '  soft(3): x = y',
    'x = 1; y = 2',
    '  x +\n   y <= 3',
    '# a note',
    '',
    'let c = 2',
    '  b: soft(2): x = 1, y >= 0; let d = 1',
  );
  const text = fc
    .tuple(fc.constantFrom('minimize x\nsubject to', 'minimize x st x = 2', 'st'), fc.array(line, { maxLength: 6 }))
    .map(([head, lines]) => [head, ...lines].join('\n'));

  it('gives a text that can be read, and says of the others what was said', () => {
    fc.assert(
      fc.property(text, fc.nat(), (before, pick) => {
        const entries = said(before) ?? [];
        fc.pre(entries.length > 0);
        const index = pick % entries.length;
        const others = (list: readonly string[] | undefined) => [...(list ?? [])].sort();
        const off = toggled(before, index);
        expect(said(toggled(off, index))).toEqual(entries);
        expect(others(said(moved(before, index, 1)))).toEqual(others(entries));
        expect(said(moved(moved(before, index, 1), Math.min(index + 1, entries.length - 1), -1))).toEqual(
          index + 1 < entries.length ? entries : said(moved(before, index, -1)),
        );
        expect(said(removed(before, index))).toEqual(entries.filter((_, i) => i !== index));
        expect(said(duplicated(before, index))).toHaveLength(entries.length + 1);
        for (const after of [off, moved(before, index, 1), removed(before, index), duplicated(before, index)])
          expect(read(after).ok).toBe(true);
      }),
    );
  });
});
