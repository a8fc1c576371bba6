/** Index sets of modeling languages, 1:3 and {i in I}, written out: a term or a row for each number, and entries counted from 0. */
import { behindBracket, behindTerm } from './brackets.ts';

/** First and last number. */
export type Range = readonly [first: number, last: number];

/** What a row or a sum may become. */
const MOST = 12;

/** `1:3`, `1..n`, `I`: by the sets and the numbers that the text gives; null for any other, and for more than are written out. */
export function rangeOf(
  text: string,
  sets: ReadonlyMap<string, Range>,
  numbers: ReadonlyMap<string, number>,
): Range | null {
  const known = sets.get(text.trim());
  if (known) return known;
  const [, from = '', to = ''] = /^\s*(\w+)\s*(?::|\.\.)\s*(\w+)\s*$/u.exec(text) ?? [];
  const [first, last] = [from, to].map((bound) => (/^\d+$/u.test(bound) ? Number(bound) : numbers.get(bound)));
  return first !== undefined && last !== undefined && last >= first && last - first < MOST ? [first, last] : null;
}

/** The text with each number in place of the letter. */
export const forEach = (text: string, letter: string, [first, last]: Range): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, k) =>
    text.replaceAll(new RegExp(`(?<![\\w.])(\\d*)${letter}(?!\\w)`, 'gu'), (_typed, factor: string) =>
      factor === '' ? `${first + k}` : `${factor}*${first + k}`,
    ),
  );

/** `sum(i*x[i] for i in 1:3)` and `sum{i in I} i*x[i]` → `(1*x[1] + 2*x[2] + 3*x[3])`; null where one cannot be written out. */
export function withSums(text: string, rangeOfSet: (set: string) => Range | null): string | null {
  const at = text.search(/(?<!\w)sum\s*(?:\{|\([^()]*(?:\([^()]*\)[^()]*)*\sfor\s)/u);
  if (at < 0) return /\bfor\b|[{}]/u.test(text) ? null : text;
  const open = text.slice(at).search(/[({]/u) + at;
  const behind = behindBracket(text, open);
  if (behind < 0) return null;
  const inside = text.slice(open + 1, behind - 1);
  const isBraced = text.charAt(open) === '{';
  const end = isBraced ? behindTerm(text, behind) : behind;
  const [, body = '', letter = '', set = ''] = isBraced
    ? (/^()\s*(\w+)\s+in\s+(.+)$/su.exec(inside) ?? [])
    : (/^(.*\S)\s+for\s+(\w+)\s*(?:in|=|∈)\s*([^,]+)$/su.exec(inside) ?? []);
  const range = letter === '' ? null : rangeOfSet(set);
  const summand = isBraced ? text.slice(behind, end).trim() : body;
  if (range === null || summand === '') return null;
  const sum = forEach(summand, letter, range).join(' + ');
  return withSums(`${text.slice(0, at)}(${sum})${isBraced ? ' ' : ''}${text.slice(end)}`, rangeOfSet);
}

/** `x[1 + 1]` of an array that is declared → `x[1]`, counted from 0; null where a place is no number of the array. */
export function entriesFrom0(text: string, lengths: ReadonlyMap<string, number>): string | null {
  let isRead = true;
  const written = text.replaceAll(
    /(?<![A-Za-z_]\w*)([A-Za-z_]\w*)\[([^[\]]*)\]/gu,
    (typed, name: string, place: string) => {
      const [, first, rest = ''] = /^\s*(\d+)((?:\s*[-+]\s*\d+)*)\s*$/u.exec(place) ?? [];
      const length = lengths.get(name);
      const number = [...rest.matchAll(/([-+])\s*(\d+)/gu)].reduce(
        (sum, [, sign, value]) => sum + Number(value) * (sign === '-' ? -1 : 1),
        Number(first),
      );
      if (length === undefined || !(number >= 1 && number <= length)) isRead = false;
      return isRead ? `${name}[${number - 1}]` : typed;
    },
  );
  return isRead ? written : null;
}
