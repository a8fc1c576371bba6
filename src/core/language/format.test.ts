import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatText } from './format.ts';
import { parse } from './parse.ts';
import { printDocument } from './print-text.ts';
import { anyText, REAL_TEXTS } from './samples.ts';

describe('formatting', () => {
  it.each([
    [
      'minimize (x-1)**2   # near 1\n\nsubject to\nx+y=1\n      0<=x',
      'minimize (x - 1)^2   # near 1\n\nsubject to\n  x + y = 1\n  0 <= x',
    ],
    ['param w[2]=[1,2]\nminimize sum((w))', 'param w[2] = [1, 2]\nminimize sum(w)'],
    ['minimize x # why = not\nst\n# x=1\n x = 2', 'minimize x # why = not\nst\n  # x=1\n  x = 2'],
    [
      'param   w[2] ~normal( 0,1 )\nminimize sum(w,axis=0);st   a :w>=0;w<=1',
      'param w[2] ~ normal(0, 1)\nminimize sum(w, axis=0); st a: w >= 0; w <= 1',
    ],
  ])('%j', (text, expected) => {
    expect(formatText(text)).toBe(expected);
  });

  it('leaves texts with errors alone', () => expect(formatText('minimize (x')).toBeNull());

  it('says the same as before, keeps every comment, and is done after one time', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.constantFrom(...REAL_TEXTS)), (text) => {
        const formatted = formatText(text);
        const document = parse(text);
        if (formatted === null || !document.ok) return;
        const again = parse(formatted);
        expect(again.ok && printDocument(again.value)).toBe(printDocument(document.value));
        expect(formatText(formatted)).toBe(formatted);
      }),
    );
  });
});
