/** Lines of which nobody can tell what was meant: what would be written is a guess, and another problem as likely as not. */
import { CONSTANTS, isFunctionName, ON_PAPER, RUN_NAMES } from '../functions.ts';
import { isKeyword } from '../scan.ts';
import { greekWords } from './latex.ts';
import { isSetting } from './statement.ts';

/** `y/2x`: y/2 times x, or y/(2x)? A half of x, `1/2x`, is usual. */
const BESIDE_FRACTION = /[\p{L})\]](?:\s*\^\s*\d+|[²³])?\s*\/\s*\d+(?:\.\d+)?\p{L}/u;

const WORD = /(?<![\p{L}\p{N}_.\\'"])\p{Ll}{4,}(?![\p{L}\p{N}_'"])/gu;

/** A word that the text says once, and that nothing but its place tells to be a name. */
const isProse = (word: string, text: string): boolean =>
  !isKeyword(word) &&
  !isFunctionName(word) &&
  !ON_PAPER.has(word) &&
  !CONSTANTS.has(word) &&
  !RUN_NAMES.has(word) &&
  !isSetting(word) &&
  !greekWords.has(word) &&
  (text.match(new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, 'gu'))?.length ?? 0) === 1;

/** Why a line cannot be taken as a formula, whatever else is mended of it; null where it can. */
export function doubtful(line: string): string | null {
  if (!BESIDE_FRACTION.test(line.replace(/#.*$/u, ''))) return null;
  const [, number = '2', name = 'x'] = /\/\s*(\d+(?:\.\d+)?)(\p{L})/u.exec(line) ?? [];
  return `What is divided by is read in two ways: write /(${number}*${name}), or /${number}*${name} for a factor ${name}.`;
}

/** Of a line as it would be written, the first word of prose that became a factor there, and was none as it was typed; null without one. */
export function proseMultiplied(written: string, typed: string, text: string): string | null {
  const factors = (lines: string) => {
    const line = lines.replace(/#.*$/gmu, '');
    return [...line.matchAll(WORD)]
      .filter(({ 0: word, index }) => {
        const [before, after] = [line.slice(0, index), line.slice(index + word.length)];
        return /[*@]\s*\(?\s*$/u.test(before) || /^\s*\)?\s*[*@](?!\*)/u.test(after);
      })
      .map(([word]) => word);
  };
  const before = new Set(factors(typed));
  return factors(written).find((word) => !before.has(word) && isProse(word, text)) ?? null;
}

export const besideValue = (word: string): string =>
  `“${word}” stands beside a value. A remark begins with #, and a product is written with *.`;
