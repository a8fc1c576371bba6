/** What a text that need not be of the language yet says of its names: lengths of arrays, and values of whole numbers. */

import { plainSigns } from './signs.ts';

export interface Known {
  /** Of names with a declaration or a value; null where their lengths are not told in numbers. */
  readonly shapes: ReadonlyMap<string, readonly number[] | null>;
  /** `let n = 5`: what letters stand for in the bounds of a sum. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Names that a statement declares or gives a value. */
  readonly stated: ReadonlySet<string>;
  /** All words of the text. */
  readonly words: ReadonlySet<string>;
  /** Those that it says more than once. */
  readonly repeated: ReadonlySet<string>;
  /** Whether parameters are declared, so that other names must be, too. */
  readonly isClosed: boolean;
}

export const NOTHING_KNOWN: Known = {
  shapes: new Map(),
  numbers: new Map(),
  stated: new Set(),
  words: new Set(),
  repeated: new Set(),
  isClosed: false,
};

const STATED = /^[ \t]*(param|data|let|var)?[ \t]*([\p{L}_][\p{L}\p{N}_]*)([^=~\n\r]*)(?:[=~](.*))?$/u;
const LENGTHS = /([\p{L}_][\p{L}\p{N}_]*)[ \t]*\[([^[\]]*)\]/gu;
const SPACE =
  /(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]*)[ \t]*(?:∈|\\in|in)[ \t]*(?:ℝ|R|\\mathbb\s*\{?R\}?)[ \t]*\^?[ \t]*[({]?[ \t]*(\d+)(?:[ \t]*(?:x|×|\*|\\times)[ \t]*(\d+))?/gu;
const NAME = /(?<![\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*/gu;
/** With numbers below the line, and behind a factor: x₁ of 2x₁ is a name. */
const NUMBERED = /(?<![\p{L}_])[\p{L}_][\p{L}\p{N}_₀-₉]*/gu;
const OBJECTIVE = /^[ \t]*\\?(?:min|max|subject)/u;

export function knownIn(text: string): Known {
  const shapes = new Map<string, readonly number[] | null>();
  const numbers = new Map<string, number>();
  const stated = new Set<string>();
  const lines = text.split(/[\n\r;]/u).map((line) => line.replace(/#.*$/u, ''));
  const objective = lines.findIndex((line) => OBJECTIVE.test(line));
  for (const [i, line] of lines.entries()) {
    const [, keyword, name = '', between = '', value] = STATED.exec(line) ?? [];
    const isGiven =
      keyword !== undefined || (value !== undefined && i < objective && /^\s*(?:\[[\d, ]+\])?\s*$/u.test(between));
    if (name === '' || !isGiven) continue;
    for (const [array] of (name + between).matchAll(NAME)) stated.add(array);
    for (const [, array = '', lengths = ''] of (name + between).matchAll(LENGTHS))
      shapes.set(array, lengthsIn(lengths, numbers));
    if (!shapes.has(name)) shapes.set(name, between.trim() === '' ? shapeOf(value?.trim() ?? '0') : null);
    if (value !== undefined && /^\s*\d+\s*$/u.test(value)) numbers.set(name, Number(value));
  }
  const words = [...text.matchAll(NUMBERED)].flatMap(([word]) => word.split(/[⁰¹²³⁴-⁹]+/u)).filter(Boolean);
  for (const [name, shape] of spacesIn(text)) if (!stated.has(name)) shapes.set(name, shape);
  return {
    shapes,
    numbers,
    stated,
    words: new Set(words),
    repeated: repeatedOf(words),
    isClosed: /^[ \t]*param\s/mu.test(text),
  };
}

function repeatedOf(words: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(words.filter((word) => seen.has(word) || !seen.add(word)));
}

/** `x ∈ ℝ³`, wherever it is told. */
export const spacesIn = (text: string): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...plainSigns(text).matchAll(SPACE)].map(([, name = '', rows, columns]) => [
      name,
      numbersIn(`${rows},${columns ?? ''}`),
    ]),
  );

function lengthsIn(text: string, numbers: ReadonlyMap<string, number>): readonly number[] | null {
  const lengths = text.split(',').map((part) => numbers.get(part.trim()) ?? Number(part.trim() || Number.NaN));
  return lengths.every(Number.isInteger) ? lengths : null;
}

const numbersIn = (lengths: string): readonly number[] => lengths.match(/\d+/gu)?.map(Number) ?? [];

/** Of a number, a literal of numbers, `zeros(3)` and `eye(2)`; null of anything else. */
function shapeOf(value: string): readonly number[] | null {
  if (/^[-−]?[\d.]+(?:e[-+]?\d+)?$/u.test(value)) return [];
  const filled = /^(?:np\.)?(zeros|ones|full|eye)\(\s*[([]?([\d, ]+)/u.exec(value);
  if (filled) {
    const lengths = numbersIn(filled[2] ?? '');
    return filled[1] === 'eye' ? [lengths[0] ?? 0, lengths[0] ?? 0] : lengths;
  }
  const rows = /^[^[]*(\[.*\])[^\]]*$/u.exec(value)?.[1]?.replace(/\s+/gu, '');
  if (!rows || !/^[[\]\d.,eE+\-−]+$/u.test(rows)) return null;
  const lists = rows.startsWith('[[') ? rows.slice(1, -1).split(/\],\[/u) : [rows];
  const lengths = lists.map((list) => list.replace(/,\]*$/u, '').split(',').length);
  if (new Set(lengths).size > 1) return null;
  return rows.startsWith('[[') ? [lists.length, lengths[0] ?? 0] : [lengths[0] ?? 0];
}
