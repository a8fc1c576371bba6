/** Products and functions as on paper, by standing side by side: `2x`, `A x`, `sin x`. */
import { isFunctionName } from '../functions.ts';
import { areTwoConstraints, signBetween } from '../juxtaposition.ts';
import { isKeyword } from '../scan.ts';
import { behindAtom } from './brackets.ts';

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
      if (before !== '' && !isCall && !(word && isWord(word)))
        out = `${out.trimEnd()}${/\s$/u.test(out) && areTwoConstraints(out, text.slice(i)) ? '; ' : signBetween(before, word ?? sign)}`;
      if (word === undefined) {
        out += sign;
        i++;
        before = '';
        continue;
      }
      i += word.length;
      const isFunction = isFunctionName(word);
      const gap = /^\s*/u.exec(text.slice(i))?.[0].length ?? 0;
      const end = isFunction && text.charAt(i + gap) !== '(' ? behindAtom(text, i + gap) : -1;
      if (end > 0) {
        out += `${word}(${text.slice(i + gap, end)})`;
        i = end;
        before = ')';
        continue;
      }
      out += word;
      before = isWord(word) || isFunction ? '' : word;
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
