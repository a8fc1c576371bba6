import { describe, expect, it } from 'vitest';
import { studied } from '../../../catalog/studied.fixture.ts';

const notesOf = (text: string) =>
  studied(text).notes.filter(({ message }) => message.startsWith('At the start the loss has'));

describe('a start without slope', () => {
  it.each([
    ['a saddle between two wells', 'param x = 0\nminimize (x^2 - 1)^2'],
    ['weights that begin alike', 'param W[2,2], v[2] = [0, 0]\nminimize (sum(tanh(W @ v)) - 1)^2'],
    ['a plateau', 'param w = -40, b = 0 # far off\nminimize (sigmoid(w) - 0.5)^2 + b^2*sigmoid(w)'],
  ])('is told, and the random start that is offered has one: %s', (_, text) => {
    const [note] = notesOf(text);
    const fix = note?.fix;
    expect(fix?.title).toMatch(/^Start \w+ at random$/);
    if (fix) expect(notesOf(text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]))).toEqual([]);
  });

  it.each([
    ['at the optimum', 'param x = 0\nminimize x^4 + x^6'],
    ['where the loss is convex', 'param x = 0\nminimize x^2'],
    ['where there is one', 'param x = 0.1\nminimize (x^2 - 1)^2'],
    ['off the constraints, to which a first step leads', 'param x = 0\nminimize (x^2 - 1)^2\nsubject to x >= 0.5'],
    ['where nothing is minimised', 'param x = 0\nsubject to x^2 <= 1'],
  ])('is not spoken of %s', (_, text) => {
    expect(notesOf(text)).toEqual([]);
  });
});
