import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { startNotes } from './start-notes.ts';

function notesIn(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics[0]?.message);
  return startNotes(problem.value, text);
}

const notesOf = (text: string): readonly string[] =>
  notesIn(text).map(({ message, span }) => `${span && text.slice(...span)}: ${message}`);

describe('a start where a slope is a convention', () => {
  it.each([
    ['param x\nminimize abs(x)', /corner of abs/],
    ['param w[2]\nminimize norm(w) + sum(w)', /^norm\(w\): .*norm has no slope/],
    ['param x\nlet r = relu(x - 1)\nminimize (r - 1)^2 + x\nst x <= 2', null],
    ['param x = 1\nlet r = relu(x - 1)\nminimize (r - 1)^2', /^relu\(x - 1\): /],
    ['param x\nminimize sqrt(x) + x', /^sqrt\(x\): .*infinite/],
    ['param x\nminimize max(x, -x)', /^max\(x, -x\): .*each gets half/],
    ['param x = 2\nminimize max(x, -x) + norm([x, 1]) + sqrt(x) + abs(x)', null],
    ['param w[2]\nminimize grad(norm(w - 1), w)[0]', null],
    ['param x\nminimize x^2\nst soft(2): norm(x) <= 1', /norm has no slope/],
  ])('%j', (text, expected) => {
    const [note, ...others] = notesOf(text);
    expect(others).toEqual([]);
    if (expected === null) expect(note).toBeUndefined();
    else expect(note).toMatch(expected);
  });

  it('says that a loss is no number there, and nothing else', () =>
    expect(notesOf('param x\nminimize log(x) + abs(x)')).toEqual([
      'log(x): The loss is not a finite number at the start (-Infinity): choose start values inside its domain. log(x) in line 2 is the first that has no finite value: log of 0. Keep its argument above 0 by a constraint, or add a small number to it.',
    ]));

  it.each([
    ['param x = 1\nminimize log(x - 2)', 'param x = 3\nminimize log(x - 2)'],
    ['param x = 0\nparam y = 0\nminimize log(x + y - 1)^2', 'param x = 2\nparam y = 0\nminimize log(x + y - 1)^2'],
    ['param x, y # both\nminimize log(x)*log(y)', 'param x = 0.5, y = 0.5 # both\nminimize log(x)*log(y)'],
    ['param w[3] = 0\nminimize sum(log(w))', 'param w[3] = 0.5\nminimize sum(log(w))'],
    ['param w[2] = [3, -1]\nminimize sum(sqrt(w))', 'param w[2] = 3.5\nminimize sum(sqrt(w))'],
    ['minimize x - log(x)', 'param x = 0.5\nminimize x - log(x)'],
    // of those in the domain, the nearest that is feasible
    ['param x = 0\nminimize x - log(x)\nsubject to x >= 2', 'param x = 2\nminimize x - log(x)\nsubject to x >= 2'],
    ['param x = 800\nminimize exp(x)', 'param x = 1\nminimize exp(x)'],
  ])('a start in the domain of the loss is offered: %j', (text, mended) => {
    const [note] = notesIn(text);
    const fix = note?.fix;
    expect(note?.message).not.toMatch(/[Ss]maller steps/); // none was made yet
    expect(fix && text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1])).toBe(mended);
    expect(notesIn(mended)).toEqual([]);
  });

  it('none is offered where there is none, or where what is typed is no plain start', () => {
    for (const text of [
      'param x\nminimize log(-1 - x^2)',
      'minimize log(x) + y^2',
      'param w[2] ~ uniform(-2, -1)\nminimize sum(log(w))',
    ])
      expect(notesIn(text).map(({ fix }) => fix)).toEqual([undefined]);
  });
});
