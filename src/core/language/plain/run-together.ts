/** Names that stand together as on paper, `xy` and `x1x2`: products, where their letters are names of the text. */
import { CONSTANTS, isFunctionName, ON_PAPER, RUN_NAMES } from '../functions.ts';
import { isKeyword } from '../scan.ts';
import type { Known } from './shapes.ts';

/** A letter with its number. */
const NAME = /\p{L}(?:_?\d+|[₀-₉]+)?/gu;
const WORD = /(?<![\p{L}_.\\])\p{L}[\p{L}\p{N}_₀-₉]*(?![\p{L}\p{N}_₀-₉]|\s*\()/gu;

/** The names that a word is made of, at least two, and each of `names`; null where it is none such. */
export function factorsOf(word: string, names: ReadonlySet<string>): readonly string[] | null {
  const factors = word.match(NAME) ?? [];
  return factors.length > 1 && factors.join('') === word && factors.every((name) => names.has(name)) ? factors : null;
}

/** `2xy` of a text whose names are x and y → `2x*y`. */
export function plainFactors(line: string, { stated, words }: Known): string {
  const isTaken = (word: string) =>
    stated.has(word) || isKeyword(word) || isFunctionName(word) || CONSTANTS.has(word) || RUN_NAMES.has(word);
  const names = new Set([...words].filter((word) => !isKeyword(word) && !isFunctionName(word)));
  if (!stated.has('π')) names.add('π');
  for (const word of words) if (/^π\p{L}$/u.test(word)) names.add(word.slice(1)); // πr² is π times r²
  return line.replaceAll(WORD, (word, at: number) => {
    const product = isTaken(word) ? undefined : factorsOf(word, names)?.join('*');
    if (product === undefined) return word;
    const [, called = ''] = /(\p{L}+)\s+[\d.]*$/u.exec(line.slice(0, at)) ?? []; // cos πx is cos(π*x)
    return isFunctionName(called) || ON_PAPER.has(called) ? `(${product})` : product;
  });
}
