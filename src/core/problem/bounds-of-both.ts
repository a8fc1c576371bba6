/** `1 <= x, y <= 5`: two bounds here, where a paper may say that both hold for both. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { ofEachBetween } from '../language/plain/sums.ts';

const CLAUSE =
  /(?<=^|[\n\r;:]|subject to)[ \t]*[-−]?[\d.]+\s*[<≤]=?\s*[^\n\r;:#<>=≤≥]+[<≤]=?\s*[-−]?[\d.]+[ \t]*(?=$|[\n\r;#])/gu;

export const boundsOfBoth = ({ text }: Document): readonly Diagnostic[] =>
  [...text.matchAll(CLAUSE)].flatMap(({ index, 0: clause }): Diagnostic[] => {
    const typed = clause.trim();
    const both = ofEachBetween(typed);
    if (both === typed) return [];
    const from = index + clause.indexOf(typed);
    const [first = '', second = ''] = typed.split(/\s*,\s*/u);
    return [
      {
        severity: 'warning',
        message: `These are two bounds: ${first}, and ${second}. If both hold for both, write ${both}.`,
        span: [from, from + typed.length],
        fix: { title: `Write ${both}`, span: [from, from + typed.length], insert: both },
      },
    ];
  });
