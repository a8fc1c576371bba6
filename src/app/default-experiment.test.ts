import { describe, expect, it } from 'vitest';
import { defaultExperiment, withText } from './default-experiment.ts';

describe('the first example under another text', () => {
  const { problem } = defaultExperiment;

  it('keeps its name while a line of it is there', () => {
    for (const text of [
      problem.replace('0.4', '0.5'),
      `${problem}\n  x + y <= 1`,
      'minimize x\nsubject to\n  0 <= x <= 1',
    ])
      expect(withText(defaultExperiment, text)).toEqual({ ...defaultExperiment, problem: text });
  });

  it('has none where all of it was replaced', () => {
    for (const text of ['', 'p', 'param w[3]\nminimize sum(w^2)\nsubject to\n  sum(w) = 1'])
      expect(withText(defaultExperiment, text).title).toBeUndefined();
  });

  it('leaves a name that the reader gave', () => {
    expect(withText({ ...defaultExperiment, title: 'Mine' }, '').title).toBe('Mine');
  });
});
