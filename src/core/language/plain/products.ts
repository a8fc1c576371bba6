/** Products and functions as on paper, by standing side by side: `2x`, `A x`, `sin x`. */
import { isFunctionName, ON_PAPER } from '../functions.ts';
import { areTwoConstraints, signBetween } from '../juxtaposition.ts';
import { isKeyword } from '../scan.ts';
import { beforeBracket, behindAtom } from './brackets.ts';

const WORDS = new Set([
  'to',
  'in',
  'st',
  'subject',
  'soft',
  'for',
  'all',
  'and',
  'or',
  'not',
  'if',
  'else',
  'where',
  'such',
  'that',
  'with',
]);
const OPERAND = /(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|[\p{L}_][\p{L}\p{N}\p{M}_\u2032\u2080-\u2089]*)/uy;

const isWord = (word: string): boolean => isKeyword(word) || WORDS.has(word);

/** `sin^2(x)` and `sin^2 x` are sin(x)^2. */
function plainPowers(text: string): string {
  let line = text;
  for (const match of [...text.matchAll(FUNCTION_POWER)].reverse()) {
    const [{ length }, name = '', exponent = ''] = match;
    const begin = match.index + length;
    const end = isFunctionName(name) ? behindAtom(line, begin) : -1;
    if (end < 0) continue;
    const argument = line.slice(begin, end);
    const call = argument.startsWith('(') ? `${name}${argument}` : `${name}(${argument})`;
    line = `${line.slice(0, match.index)}${call}^${exponent}${line.slice(end)}`;
  }
  return line;
}

/** `[1, 2]`, a row that multiplies what stands beside it, but no index. */
function endsWithList(text: string): boolean {
  const begun = text.trimEnd();
  const from = begun.endsWith(']') ? beforeBracket(begun, begun.length) : -1;
  return from >= 0 && !/[\p{L}\p{N}_)\]]$/u.test(begun.slice(0, from));
}

/** Behind what a function without brackets is of: `2y` of `sin 2y`, and `2(x + y)`. */
function behindArgument(text: string, from: number): number {
  const end = behindAtom(text, from);
  const hasFactor = /^[\d.]+$/u.test(text.slice(from, end)) && /[\p{L}(]/u.test(text.charAt(end));
  return hasFactor ? behindAtom(text, end) : end;
}

const FUNCTION_POWER = /(?<![\p{L}\p{N}_])(\p{L}+)\s*\^\s*(\d+)\s*(?=[\p{L}(])/gu;

/** A capital is a matrix, and what it stands beside is multiplied by it. */
export function plainProducts(typed: string): string {
  const text = plainPowers(typed);
  let out = '';
  let before = '';
  let i = 0;
  while (i < text.length) {
    const sign = text.charAt(i);
    if (sign === '#') return out + text.slice(i);
    OPERAND.lastIndex = i;
    const word = OPERAND.exec(text)?.[0];
    if (word !== undefined || sign === '(') {
      const isCall = sign === '(' && /[\p{L}\p{N}_]$/u.test(out) && /\p{L}/u.test(before.charAt(0));
      if (before !== '' && !isCall && !(word && isWord(word))) {
        const isApart = /\s$/u.test(out) && areTwoConstraints(out, text.slice(i));
        out = `${out.trimEnd()}${isApart ? '; ' : endsWithList(out) ? ' @ ' : signBetween(before, word ?? sign)}`;
      }
      if (word === undefined) {
        out += sign;
        i++;
        before = '';
        continue;
      }
      i += word.length;
      const called = isFunctionName(word) ? word : ON_PAPER.get(word);
      const gap = /^\s*/u.exec(text.slice(i))?.[0].length ?? 0;
      const end = called !== undefined && text.charAt(i + gap) !== '(' ? behindArgument(text, i + gap) : -1;
      if (end > 0) {
        out += `${called}(${plainProducts(text.slice(i + gap, end))})`;
        i = end;
        before = ')';
        continue;
      }
      out += word;
      before = isWord(word) || called !== undefined ? '' : word;
      if (before !== '' && text.startsWith('.T', i)) {
        out += '.T';
        before += '.T';
        i += 2;
      }
      continue;
    }
    out += sign;
    before = sign === ')' || sign === ']' ? sign : /\s/u.test(sign) && !/[\n\r]/u.test(sign) ? before : '';
    i++;
  }
  return out;
}
