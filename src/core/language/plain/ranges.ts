/** What an index of a paper runs over: `i=1..n-1`, `i ∈ {1, …, 5}`, `1 ≤ i < j ≤ n`, `range(1, n)`. */

/** The last number: itself, or so many before what a letter stands for. */
export type Last = number | { readonly letter: string; readonly minus: number };

export interface Index {
  readonly letter: string;
  /** Null where it runs over all entries. */
  readonly range: { readonly first: number; readonly last: Last } | null;
  /** Counted from 0 in brackets, as ranges of Python are. */
  readonly isPython: boolean;
}

/** Indices that run together; of two whose order is told, only some pairs are meant. */
export interface Indices {
  readonly letters: readonly Index[];
  readonly pairs: '<' | '<=' | '!=' | null;
}

const LETTER = '[a-zA-Z]';
const BOUND = String.raw`(?:\d+|\p{L}(?:\s*[-−+]\s*\d+)?)`;
const DOTS = String.raw`(?:\.{2,3}|…|⋯|\\dots|\\ldots|\\cdots|dots|ldots|cdots|:|to)`;
const FROM_TO = new RegExp(
  String.raw`^[{([]?\s*(\d+)\s*(?:,\s*\d+\s*)*,?\s*${DOTS}\s*,?\s*[({]?\s*(${BOUND})\s*[)}]?\s*[\])}]?$`,
  'u',
);
const ORDERED = new RegExp(
  String.raw`^(?:(\d+)\s*(?:≤|<=)\s*)?(${LETTER})\s*(<=|≤|<|!=|≠|\\neq?|>)\s*(${LETTER})(?:\s*(<=|≤|<)\s*(${BOUND}))?$`,
  'u',
);
const BETWEEN = new RegExp(String.raw`^(\d+)\s*(?:≤|<=)\s*(${LETTER})\s*(<=|≤|<)\s*(${BOUND})$`, 'u');
const BEGUN = new RegExp(String.raw`^((?:${LETTER}\s*,\s*)*${LETTER})\s*(?:(=|∈|\\in|in)\s*(.*))?$`, 'u');

function boundOf(text: string): Last | null {
  const [, letter, sign, shift] = /^\s*[({]?\s*(?:(\p{L})\s*(?:([-−+])\s*(\d+))?|\d+)\s*[)}]?\s*$/u.exec(text) ?? [];
  if (letter) return { letter, minus: shift ? Number(shift) * (sign === '+' ? -1 : 1) : 0 };
  return /\d/u.test(text) ? Number(/\d+/u.exec(text)?.[0]) : null;
}

const before = (last: Last, strict: boolean): Last =>
  !strict ? last : typeof last === 'number' ? last - 1 : { ...last, minus: last.minus + 1 };

/** `i`, `i, j`, `i=1` with `last` written above the sign, `i=1..n, j=1..m`; null for anything else. */
export function indicesOf(typed: string, above = ''): Indices | null {
  const text = typed
    .trim()
    .replace(/^\{(.*)\}$/su, '$1')
    .trim();
  if (/^[ijk]{2}$/u.test(text)) return indicesOf([...text].join(','), above); // sum_{ij}
  const ordered = ORDERED.exec(text);
  if (ordered) {
    const [, first, a = '', sign = '', b = '', closing, last] = ordered;
    const end = boundOf(last ?? above);
    const range = end === null ? null : { first: Number(first ?? 1), last: before(end, closing === '<') };
    const [low, high] = sign === '>' ? [b, a] : [a, b];
    const pairs = /^(?:<|>)$/u.test(sign) ? '<' : /≤|<=/u.test(sign) ? '<=' : '!=';
    return { letters: [low, high].map((letter) => ({ letter, range, isPython: false })), pairs };
  }
  const between = BETWEEN.exec(text);
  if (between) {
    const [, first, letter = '', sign, last = ''] = between;
    const end = boundOf(last);
    return end === null
      ? null
      : {
          letters: [{ letter, range: { first: Number(first), last: before(end, sign === '<') }, isPython: false }],
          pairs: null,
        };
  }
  const letters: Index[] = [];
  for (const part of text.split(new RegExp(String.raw`\s*[,;]\s*(?=${LETTER}\s*(?:=|∈|\\in|in\s))`, 'u'))) {
    const [, names = '', sign, bounds = ''] = BEGUN.exec(part.trim()) ?? [];
    if (names === '') return null;
    const range = sign ? rangeOf(bounds.trim(), above) : above === '' ? ALL : rangeOf('1', above);
    if (range === undefined) return null;
    for (const letter of names.split(/\s*,\s*/u)) letters.push({ letter, ...range });
  }
  return new Set(letters.map(({ letter }) => letter)).size < letters.length ? null : { letters, pairs: null };
}

const ALL: Pick<Index, 'range' | 'isPython'> = { range: null, isPython: false };

/** What follows `i =` or `i in`; undefined where it is not understood. */
function rangeOf(bounds: string, above: string): Pick<Index, 'range' | 'isPython'> | undefined {
  const python = /^range\((?:([^(),]+),)?([^(),]+)\)$/u.exec(bounds);
  const fromTo = FROM_TO.exec(bounds);
  const listed = /^\d+(?:\s*,\s*\d+)+$/u.test(bounds) ? bounds.split(',').map(Number) : [];
  const isRow = listed.length > 1 && listed.every((each, i) => each === (listed[0] ?? 0) + i);
  if (isRow) return { range: { first: listed[0] ?? 0, last: listed.at(-1) ?? 0 }, isPython: false };
  const [first, last, isPython] = python
    ? [python[1] ?? '0', boundOf(python[2] ?? ''), true]
    : fromTo
      ? [fromTo[1], boundOf(fromTo[2] ?? ''), false]
      : /^\d+$/u.test(bounds) && above !== ''
        ? [bounds, boundOf(above), false]
        : [undefined, null, false];
  if (first !== undefined && last !== null && /^\s*\d+\s*$/u.test(first))
    return { range: { first: Number(first), last: before(last, isPython) }, isPython };
  const count = /^\[(\p{L}|\d+)\]$/u.exec(bounds)?.[1]; // i ∈ [n]
  const end = count === undefined ? null : boundOf(count);
  if (end !== null) return { range: { first: 1, last: end }, isPython: false };
  return above === '' && /^\p{Lu}\p{L}*$/u.test(bounds) ? ALL : undefined; // i ∈ I
}
