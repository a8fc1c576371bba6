/**
 * Lines whose letters number entries as on paper, Σᵢ Σⱼ aᵢⱼ xᵢ yⱼ and xᵢ₊₁ ≥ xᵢ for all i, as operations on whole arrays: an index is an
 * axis, and entries that stand beside it are a slice. What has no such operation is refused, never guessed.
 */
import type { Expr } from '../expr.ts';
import { printText } from '../print-text.ts';
import { read } from '../read.ts';
import { behindBracket, behindTerm } from './brackets.ts';
import { ArrayWriter } from './entries/array-writer.ts';
import { aligned, isOfRows, ordered } from './entries/axes.ts';
import { PAPER } from './entries/entry.ts';
import { SUM } from './entries/numbering.ts';
import { Refused, refuse } from './entries/refused.ts';
import { lengths } from './lengths.ts';
import { plainProducts } from './products.ts';
import { type Indices, indicesOf } from './ranges.ts';
import type { Known } from './shapes.ts';
import { plainSigns } from './signs.ts';

/** The line in the language, with the arrays whose lengths it tells and nothing declares; or why it has no counterpart. */
export type Written =
  | { readonly line: string; readonly lengths: ReadonlyMap<string, readonly number[]> }
  | { readonly refusal: string; readonly isHeld: boolean };

/** One line of code; what else the text says is `known`. */
export function indexed(line: string, known: Known): Written {
  const told = new Map<string, readonly number[]>();
  try {
    const parts = line.replace(NEXT, ';').split(APART);
    const written = parts.map((part, i) => (i % 2 === 0 ? statement(part, known, told) : part)).join('');
    return { line: withoutLetters(written, known, told), lengths: told };
  } catch (reason) {
    if (reason instanceof Refused) return { refusal: reason.message, isHeld: reason.isHeld };
    throw reason;
  }
}

/** Beside `sum_i x_i = 1`, `x_i >= 0` holds for all entries, whether that is said or not. */
const withoutLetters = (line: string, { shapes }: Known, told: ReadonlyMap<string, readonly number[]>): string =>
  line.replaceAll(/(?<![\p{L}\p{N}_])(\p{L}+)_\{?[ijk]\}?(?![\p{L}\p{N}_])/gu, (entry, name: string) => {
    const isArray = shapes.has(name) || told.has(name);
    return isArray || new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'u').test(line) ? name : entry;
  });

/** What follows on one line: `for all i, sum(w) = 1`, but not `for all i = 1, …, n` or `i, j`. */
const NEXT =
  /(?<=(?:∀|for\s+all|for\s+each|for\s+every)\s*[a-zA-Z](?![\p{L}\p{N}_])[^,;]*),(?=[^,;]*[<>=≤≥])(?!\s*[a-zA-Z]\s*=\s*\d)/gu;
/** Between statements: what must hold stands behind what is minimized, too. */
const APART = /(;|(?<=\S)[\s,]+(?=(?:subject\s+to|s\.\s*t\.)(?![\p{L}\p{N}_])))/u;
const BEGINNING =
  /^(\s*(?:(?:minimize|maximize|subject\s+to|s\.t\.|st)(?![\p{L}\p{N}_]):?\s*|let\s+[\p{L}_][\p{L}\p{N}_]*\s*=(?!=)\s*)*(?:(?!for\b|forall\b)[\p{L}_][\p{L}\p{N}_]*\s*:(?!=)\s*)?)(.*)$/su;
const RELATION = /<=|>=|==|[<>=≤≥⩽⩾]/u;
const ALL = String.raw`(?:∀|(?<![\p{L}\p{N}_])for\s+(?:all|each|every|any)(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}_])forall(?![\p{L}\p{N}_]))`;
const BEFORE = new RegExp(
  String.raw`^\s*(?:${ALL}\s*([^:]*?)\s*:|${ALL}\s*([^,:]*?)\s*,(?=[^,]*[<>=≤≥])(?!\s*[a-zA-Z]\s*=\s*\d)|for\s+([a-zA-Z]\s+in\s[^:]*):)(.*)$`,
  'su',
);
const BEHIND = new RegExp(
  String.raw`^(.*?)[\s,]*(?:${ALL}\s*(.*)|(?<![\p{L}\p{N}_])for\s+([a-zA-Z]\s*(?:in\s|=|∈).*)|,\s*((?:[a-zA-Z]\s*,\s*)*[a-zA-Z]\s*=\s*\d+\s*(?:,|\.\.|…|:).*)|\s\(\s*([a-zA-Z]\s*=\s*\d+\s*(?:,|\.\.|…|:)[^()]*)\)\s*)$`,
  'su',
);

function statement(text: string, known: Known, told: Map<string, readonly number[]>): string {
  const [, beginning = '', body = ''] = BEGINNING.exec(text) ?? [];
  if (body.trim() === '') return text;
  const [rows, bounds] = clause(body);
  const each = bounds === null ? null : ofNumbered(rows, indices(bounds), known);
  if (each !== null) return beginning + each;
  if (bounds !== null) return beginning + relation(rows, indices(bounds), known, told);
  const parts = listed(rows);
  return beginning + parts.map((part) => `${/^\s*/u.exec(part)?.[0]}${relation(part, null, known, told)}`).join(',');
}

const MOST_LINES = 12;
const subscript = (number: number): string =>
  [...`${number}`].map((digit) => '₀₁₂₃₄₅₆₇₈₉'.charAt(Number(digit))).join('');

/** `0 <= xi <= 1` for i from 1 to 3, where x1 is a name of its own: a line for each; null where it is not. */
function ofNumbered(rows: string, { letters }: Indices, { words, shapes }: Known): string | null {
  const [index, ...others] = letters;
  if (!index || others.length > 0) return null;
  const small = 'ᵢⱼₖ'.charAt('ijk'.indexOf(index.letter)) || '∅';
  const numbered = new RegExp(
    `(?<![\\p{L}\\p{N}_])(\\p{L})(?:_?\\{?${index.letter}\\}?|${small})(?![\\p{L}\\p{N}_])`,
    'gu',
  );
  const names = [...rows.matchAll(numbered)].map(([, name = '']) => name);
  const { range } = index;
  const isOpen = typeof range?.last !== 'number';
  const counted = isOpen ? numbersAfter(names[0] ?? '', words) : null;
  const told = !isOpen ? range : range === null || counted?.first === range.first ? counted : null;
  const [first, last] = [told?.first, told?.last];
  if (first === undefined || typeof last !== 'number') return null;
  const waysOf = (i: number) => [`${i}`, `_${i}`, subscript(i)];
  const wayOf = (name: string) => waysOf(first).findIndex((numbers) => words.has(`${name}${numbers}`));
  const isOwn = (name: string) =>
    !shapes.has(name) && wayOf(name) >= 0 && (!isOpen || numbersAfter(name, words)?.last === last);
  if (last - first >= MOST_LINES || names.length === 0 || !names.every(isOwn)) return null;
  const numbers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  return listed(rows.replaceAll(/\s+and\s+/gu, ', '))
    .map((row) => row.trim())
    .flatMap((row) => {
      const ofEach = numbers.map((i) =>
        row.replaceAll(numbered, (_typed, name: string) => `${name}${waysOf(i)[wayOf(name)]}`),
      );
      return ofEach.every((each) => each === row) ? row : ofEach;
    })
    .join('; ');
}

/** x1, x2 and x3 of the text: from 1 to 3; null where a number between them is left out, or where there is one alone. */
function numbersAfter(
  name: string,
  words: ReadonlySet<string>,
): { readonly first: number; readonly last: number } | null {
  const digits = [...words].flatMap((word) => {
    const [, letters, number = ''] = /^(\p{L}+)_?(\d+|[₀-₉]+)$/u.exec(word) ?? [];
    return letters === name ? Number(number.replace(/[₀-₉]/gu, (digit) => `${digit.charCodeAt(0) - 0x2080}`)) : [];
  });
  const [first, last] = [Math.min(...digits), Math.max(...digits)];
  return digits.length > 1 && new Set(digits).size === last - first + 1 ? { first, last } : null;
}

/** What holds, and the indices of all for which it does; null where none is named. */
function clause(body: string): readonly [rows: string, bounds: string | null] {
  const before = BEFORE.exec(body);
  if (before) return [before[4] ?? '', before[1] ?? before[2] ?? before[3] ?? ''];
  const behind = BEHIND.exec(body);
  const bounds = behind?.slice(2).find((each) => each !== undefined);
  return behind && bounds !== undefined && isBalanced(behind[1] ?? '') ? [behind[1] ?? '', bounds] : [body, null];
}

const indices = (bounds: string): Indices =>
  indicesOf(bounds.replace(/[\s.,]+$/u, '')) ?? refuse(`“${bounds.trim()}” is not read.`);

const isBalanced = (text: string): boolean => behindBracket(`(${text})`, 0) === text.length + 2;

/** `a = 1, b >= 0`: at commas outside of brackets, where each part says what holds. */
function listed(text: string): readonly string[] {
  const parts: string[] = [];
  for (const part of text.split(',')) {
    const last = parts.pop();
    if (last === undefined) parts.push(part);
    else if (isBalanced(last)) parts.push(last, part);
    else parts.push(`${last},${part}`);
  }
  return parts.every((part) => sidesOf(part).length > 1) ? parts : [text];
}

/** `a <= b <= c`, or one value: each side with the same axes. */
function relation(text: string, loop: Indices | null, known: Known, told: Map<string, readonly number[]>): string {
  const sums: Indices[] = [];
  const parts = sidesOf(text);
  const sides = parts.map(({ side }) => expression(side, sums, loop, known));
  const writer = new ArrayWriter(sides, sums, loop, known);
  const written = writer.written();
  for (const [name, lengths] of writer.lengths) told.set(name, lengths);
  const axes = ordered(written.flatMap((side) => side.axes));
  if (loop && isOfRows(axes)) refuse('A whole row is compared with its entries.');
  return written.map((side, i) => `${parts[i]?.sign ?? ''}${printText(aligned(side, axes))}`).join('');
}

/** What stands between the relations outside of brackets, each with the sign before it. */
function sidesOf(text: string): readonly { readonly sign: string; readonly side: string }[] {
  const cuts = [...text.matchAll(new RegExp(RELATION, 'gu'))].filter(({ index }) => isBalanced(text.slice(0, index)));
  return [...cuts, null].map((cut, i) => {
    const before = cuts[i - 1];
    const side = text.slice(before ? before.index + before[0].length : 0, cut?.index);
    return { sign: before ? ` ${before[0]} ` : '', side };
  });
}

/** With each sum as a call Σ(body, k) where k numbers its indices, and entries as x[paper, i + 1]. */
function expression(text: string, sums: Indices[], loop: Indices | null, known: Known): Expr {
  const marked = sumsMarked(
    lengths(text.replaceAll('√(', 'sqrt(').replaceAll(/(?<![\p{L}\p{N}_])σ(?=\()/gu, 'sigmoid')),
    sums,
  );
  const letters = new Set(
    [...(loop ? [loop] : []), ...sums].flatMap((each) => each.letters.map(({ letter }) => letter)),
  );
  const entries = plainSigns(bracketed(marked, [...letters].join(''), known))
    .replace(/\]\.T\s*@?\s*(?=[\p{L}(])/gu, '] @ ')
    .replace(/\{/gu, '(')
    .replace(/\}/gu, ')');
  const document = read(`minimize ${plainProducts(entries)}`);
  const [objective, ...others] = document.ok ? document.value.statements : [];
  if (objective?.kind !== 'objective' || others.length > 0) return refuse(`“${text.trim()}” is not read.`);
  return objective.value;
}

const SUM_SIGN =
  /(?:[∑Σ](?!\()|(?<![\p{L}\p{N}_])(?:sum|max|min)(?=_|\s*[{ᵢⱼₖ]))\s*(?:_?\{([^{}]*)\}|_\(([^()]*(?:\([^()]*\)[^()]*)*)\)|_([\p{L}\p{N}]+)|([ᵢⱼₖ]+))?\s*(?:\^\s*(\{[^{}]*\}|\([^()]*\)|[\p{L}\p{N}]+))?/u;
const GENERATED = /(?<![\p{L}\p{N}_])sum\s*\(\s*\[?/gu;
const LOOP = /\s+for\s+(?=[a-zA-Z]\s+in\s|[a-zA-Z]\s*=|[a-zA-Z]\s*∈)/u;

function sumsMarked(text: string, sums: Indices[]): string {
  const plain = generatorsMarked(text, sums);
  const match = SUM_SIGN.exec(plain);
  if (!match) return plain;
  const [sign, braced, round, bare, small, above = ''] = match;
  const begin = match.index + sign.length;
  const end = behindTerm(plain, begin);
  const bounds = small ? [...small].map(plainLetter).join(',') : (braced ?? round ?? bare ?? '');
  const own = indicesOf(bounds, above) ?? refuse(`The bounds of “${sign.trim()}” are not read.`);
  const key = sums.push(own) - 1;
  const body = sumsMarked(plain.slice(begin, end), sums);
  const extreme = /^m/u.test(sign) ? `, ${sign.slice(0, 3)}` : '';
  return `${plain.slice(0, match.index)}${SUM}(${body}, ${key}${extreme})${sumsMarked(` ${plain.slice(end)}`, sums)}`;
}

/** `sum(body for i in range(3) for j in range(2))`, from the inside out. */
function generatorsMarked(text: string, sums: Indices[]): string {
  for (const match of [...text.matchAll(GENERATED)].reverse()) {
    const behind = behindBracket(text, text.indexOf('(', match.index));
    const begin = match.index + match[0].length;
    if (behind < 0) continue;
    const inside = text.slice(begin, behind - 1).replace(match[0].endsWith('[') ? /\]\s*$/u : /$/u, '');
    const [body = '', ...loops] = inside.split(LOOP);
    if (loops.length === 0) continue;
    const each = loops.map((loop) => indices(loop));
    const key = sums.push({ letters: each.flatMap(({ letters }) => letters), pairs: null }) - 1;
    return generatorsMarked(`${text.slice(0, match.index)}${SUM}(${body}, ${key})${text.slice(behind)}`, sums);
  }
  return text;
}

const LOWERED = 'ᵢⱼₖₙ₊₋₀₁₂₃₄₅₆₇₈₉';
const plainLetter = (sign: string): string => 'ijkn+-0123456789'.charAt(LOWERED.indexOf(sign));

/** `aᵢⱼ`, `a_ij`, `a_{i,j+1}` → `a[paper, i, j+1]`, for the letters that are indices. */
function bracketed(text: string, letters: string, { shapes }: Known): string {
  if (letters === '') return text;
  const isOfLetters = new RegExp(`^[${letters}\\s]+$`, 'u');
  const hasLetter = new RegExp(`(?<!\\p{L})[${letters}](?!\\p{L})`, 'u');
  const isOfSigns = new RegExp(`^(?:[${letters}]\\d|\\d[${letters}])$`, 'u');
  return text
    .replace(/(?<=[\p{L}\p{N}])[ᵢⱼₖ][ᵢⱼₖₙ₊₋₀-₉]*/gu, (index) => `_{${[...index].map(plainLetter).join('')}}`)
    .replace(
      /([\p{L}\p{N}]+)_(?:\{([^{}]*)\}|\(([^()]*)\)|([\p{L}\p{N}]+))/gu,
      (typed, said: string, braced?: string, round?: string, bare?: string) => {
        const isRowOf = !shapes.has(said) && shapes.get(said.toUpperCase())?.length === 2; // aᵢ, a row of A
        const name = isRowOf ? said.toUpperCase() : said;
        const index = braced ?? round ?? bare ?? '';
        const isPair = shapes.get(name)?.length === 2 || /^\p{L}/u.test(index); // a_{2i} of a vector is its entry 2 i
        if (isOfLetters.test(index) || (isPair && isOfSigns.test(index)))
          return `${name}[${PAPER}, ${[...index.replaceAll(/\s+/gu, '')].join(', ')}]`;
        return hasLetter.test(index) ? `${name}[${PAPER}, ${index}]` : typed;
      },
    );
}
