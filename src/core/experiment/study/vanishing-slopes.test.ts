import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';

const START = 'param x = 2, y = 1\nparam v[3] = 1\nminimize x^2 + (y - 3)^2 + sum((v - 2)^2)\nsubject to\n  ';

function notesOf(constraint: string) {
  const text = START + constraint;
  const { notes, optimum } = studied(text);
  return { text, notes: notes.filter(({ message }) => message.includes('no slope to follow')), optimum };
}

describe('a constraint whose slope vanishes where it is met', () => {
  it.each([
    ['x^2 = 0', 'x = 0'],
    ['(x - 1)^2 + y^2 = 0', 'x - 1 = 0; y = 0'],
    ['2*(x - 1)^4 <= 0', 'x - 1 = 0'],
    ['norm(v) = 0', 'v = 0'],
    ['norm(v)^2 = 0', 'v = 0'],
    ['sum((v - 1)^2) = 0', 'v - 1 = 0'],
    ['tie: abs(x - y) = 0', 'x - y = 0'],
  ])('%s is told, and %s offered, which has the same points and an optimum', (typed, plain) => {
    const { text, notes } = notesOf(typed);
    expect(notes).toHaveLength(1);
    const fix = notes[0]?.fix;
    expect(fix?.insert).toBe(plain);
    if (!fix) return;
    const mended = text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]);
    const again = notesOf(mended.slice(START.length));
    expect(again.notes).toEqual([]);
    expect(again.optimum?.kktResidual).toBeLessThan(1e-9);
  });

  it.each(['x^2 = 1', 'x^3 = 0', 'x^2 - y^2 = 0', 'norm(v) <= 1', 'abs(x) >= 0', 'x = 0', '0 <= x^2 <= 4'])(
    'is not seen in %s',
    (typed) => {
      expect(notesOf(typed).notes).toEqual([]);
    },
  );
});
