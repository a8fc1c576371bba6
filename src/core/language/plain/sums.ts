/** Sums and roots as on paper, and entries named by a letter for all of them. */
import { behindAtom, behindBracket, behindTerm, enclosed } from './brackets.ts';
import { indexed } from './indexed.ts';
import { withoutIndex } from './indices.ts';
import { lengths } from './lengths.ts';
import type { Known } from './shapes.ts';
import { plainSigns } from './signs.ts';

/** A word behind the sign is no index: `sum_squares(w)` is another function. */
const SUM =
  /(?:∑|(?<![\p{L}\p{N}_])(?:Σ|sum)(?!_\p{L}{3,}\s*\()(?=[_ᵢⱼₖ\s(]))\s*(?:_?\{([^{}]*)\}|_\(([^()]*)\)|_([\p{L}\p{N}]+)|([ᵢⱼₖ]))?\s*(?:\^\s*(\{[^{}]*\}|\([^()]*\)|[\p{L}\p{N}]+))?/u;

/** `∑ᵢ₌₁⁶` → `∑_{i=1}^{6}`. */
const spelled = (text: string): string =>
  text.replace(
    /[∑Σ]([ᵢⱼₖ])₌([₀-₉])([⁰¹²³⁴-⁹ⁿ]*)/gu,
    (_, index: string, first: string, last: string) =>
      `∑_{${'ijk'.charAt('ᵢⱼₖ'.indexOf(index))}=${'₀₁₂₃₄₅₆₇₈₉'.indexOf(first)}}${last && `^{${last.replaceAll(/./gu, (sign) => ('⁰¹²³⁴⁵⁶⁷⁸⁹'.includes(sign) ? `${'⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign)}` : 'n'))}}`}`,
  );

/** The body of a sum over one index, without it; null over several that it keeps, and from a later entry than the first on. */
function summed(body: string, index: string | null, bounds: string, last: string): string | null {
  if (index === null) return body;
  const others = bounds.match(/(?<![\p{L}\p{N}])[ijk](?![\p{L}\p{N}])/gu)?.filter((other) => other !== index) ?? [];
  if (others.some((other) => withoutIndex(body, other, '') !== body)) return null;
  return Number(/=\s*(\d+)/u.exec(bounds)?.[1] ?? 0) > 1 ? null : withoutIndex(body, index, `${bounds}..${last}`);
}

/** Beside `sum_i x_i = 1`, `x_i >= 0` holds for all entries. */
const ofEveryEntry = (text: string, entries: ReadonlySet<string>): string =>
  text.replaceAll(/(?<![\p{L}\p{N}_])(\p{L}+)_\{?[ijk]\}?(?![\p{L}\p{N}_])/gu, (entry, name: string) =>
    entries.has(entry) && !text.includes('∑') ? name : entry,
  );

/** `∑ᵢ wᵢ`, `∑_{i=1}^n w_i²`, `Σ w`: the index goes, since a function of a vector holds for all its entries; where it cannot, ∑ stays. */
function sums(text: string): string {
  let done = '';
  let rest = spelled(text);
  const summands = new Set<string>();
  for (;;) {
    const match = SUM.exec(rest);
    if (!match) return ofEveryEntry(done + rest, summands);
    const behind = match.index + match[0].length;
    const end = behindTerm(rest, behind);
    const body = rest.slice(behind, end);
    const bounds = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    const isCall = match[0].startsWith('sum') && bounds === '';
    if (isCall || body.trim() === '') {
      done += rest.slice(0, behind);
      rest = rest.slice(behind);
      continue;
    }
    const index =
      /\p{L}/u.exec(bounds)?.[0] ?? /_([ijk])(?![\p{L}\p{N}_])/u.exec(body)?.[1] ?? /[ᵢⱼₖ]/u.exec(body)?.[0] ?? null;
    const whole = summed(body, index, bounds, match[5] ?? '');
    if (whole === null) {
      done += `${rest.slice(0, match.index)}∑_${index} ${body.trimStart()}`;
      rest = rest.slice(end);
      continue;
    }
    for (const [entry] of body.matchAll(/(?<![\p{L}\p{N}_])\p{L}+_\{?[ijk]\}?(?![\p{L}\p{N}_])/gu)) summands.add(entry);
    const trimmed = whole.trim();
    const isBracket = trimmed.startsWith('(') && behindBracket(trimmed, 0) === trimmed.length;
    done += `${rest.slice(0, match.index)}sum${isBracket ? trimmed : `(${trimmed})`}${/\s$/u.test(body) ? ' ' : ''}`;
    rest = rest.slice(end);
  }
}

const FOR_ALL =
  /[\s,]*(?:(?:∀|for\s+all|for\s+each|for)\s*\(?([ijkn])(?![\p{L}\p{N}_])[^;#\n\r]*|,\s*([ijkn])\s*=\s*[01]\s*(?:,|\.\.|…)[\s\p{L}\p{N},.…]*)$/u;

/** What follows on one line: `for all i, sum(w) = 1`, but not `for all i = 1, …, n`. */
const NEXT = /(?<=(?:∀|for\s+all|for\s+each)\s*[ijkn](?![\p{L}\p{N}_])[^,;]*),(?=[^;]*[<>=≤≥])/gu;

/** `w_i >= 0 for all i` holds for the vector. */
const forAll = (text: string): string =>
  text
    .replace(NEXT, ';')
    .split(';')
    .map((part) => {
      const match = FOR_ALL.exec(part);
      const index = match?.[1] ?? match?.[2];
      return match && index ? (withoutIndex(part.slice(0, match.index), index, match[0]) ?? `∀ ${part}`) : part;
    })
    .join(';');

/** `1 <= x, y <= 5` → `1 <= x <= 5; 1 <= y <= 5`. */
export const ofEachBetween = (text: string): string =>
  text.replace(
    /((?:^|[;:]|subject to|s\.t\.|\bst)\s*)([-−]?[\p{L}\p{N}.]+)\s*([<>]=?|[≤≥⩽⩾])\s*(\p{L}[\p{L}\p{N}_]*(?:\s*,\s*\p{L}[\p{L}\p{N}_]*)+)\s*([<>]=?|[≤≥⩽⩾])\s*([-−]?[\p{L}\p{N}.]+)(?=\s*(?:;|$))/gu,
    (_, before: string, low: string, first: string, names: string, second: string, high: string) =>
      before +
      names
        .split(',')
        .map((name) => `${low} ${first} ${name.trim()} ${second} ${high}`)
        .join('; '),
  );

/** `x, y >= 0` → `x >= 0; y >= 0`. */
const ofEachName = (text: string): string =>
  text.replace(
    /((?:^|[;,:]|subject to|s\.t\.|\bst)\s*)(\p{L}[\p{L}\p{N}_]*(?:\s*,\s*\p{L}[\p{L}\p{N}_]*)+)(\s*(?:[<>]=?|[≤≥⩽⩾∈]|==?|in(?=\s))\s*)(box\([^()]*\)|[^;,<>=≤≥]+?)(?=\s*(?:;|$|and\s|,[^;,]*[<>=≤≥]))/gu,
    (_, before: string, names: string, sign: string, bound: string) =>
      before.replace(/,(\s*)$/u, ';$1') +
      names
        .split(',')
        .map((name) => `${name.trim()}${sign}${bound}`)
        .join('; '),
  );

const EACH =
  /((?:^|;|subject\s+to)\s*)(?:for\s+([ijkn])\s+in(\s[^:;]*):|(?:∀|for\s+all|for\s+each)\s*([ijkn])(?![\p{L}\p{N}_])(?:([^:;]*):|\s*,))\s*([^;]*)/gu;

/** `for i in range(3): w[i] >= 0` and `∀i: w_i ≥ 0`. */
const forEach = (text: string): string =>
  text.replace(
    EACH,
    (typed, before: string, looped?: string, range?: string, all?: string, bounds?: string, body?: string) => {
      const plain = withoutIndex(body ?? '', looped ?? all ?? '', range ?? bounds ?? '');
      return plain === null ? typed : before + plain;
    },
  );

const GENERATOR =
  /(?<=\()\[?([^()]*?(?:\([^()]*\))?[^()]*?)\s+for\s+([ijkn])\s+in\s+(range\((?:[^()]|\([^()]*\))*\)|\d+\s*\.\.\.?\s*\d+)\s*\]?(?=\))/gu;

/** `sum(w[i]**2 for i in range(3))`. */
const generators = (text: string): string =>
  text.replace(
    GENERATOR,
    (typed, body: string, index: string, range: string) => withoutIndex(body, index, range) ?? typed,
  );

/** `√x`, `∛(x + 1)`. */
function roots(text: string): string {
  let line = text;
  for (;;) {
    const from = line.search(/[√∛]/u);
    if (from < 0) return line;
    const begin = from + 1 + (/^\s*/u.exec(line.slice(from + 1))?.[0].length ?? 0);
    const end = line.charAt(begin) === '(' ? behindBracket(line, begin) : behindAtom(line, begin);
    if (end < 0) return line;
    const inner = line.slice(begin, end).replace(/^\((.*)\)$/su, '$1');
    const written = line.charAt(from) === '√' ? `sqrt(${inner})` : `${enclosed(inner)}^(1/3)`;
    line = line.slice(0, from) + written + line.slice(end);
  }
}

const INDEXED =
  /[∑Σ∀ᵢⱼₖ]|(?<![\p{L}\p{N}_])(?:for\s|sum\s*[_{])|[\p{L}\p{N}]_\{?[ijk]|\(\s*[ijk]\s*=|\[[ijk]|,\s*[ijk]\s*=\s*\d/u;

/** A line without indices; why it still has them; and the lengths of arrays that it tells and nothing declares. */
export interface Summed {
  readonly line: string;
  readonly refusal?: string;
  readonly lengths?: ReadonlyMap<string, readonly number[]>;
  /** Where slices and axes say what its indices said. */
  readonly isOfArrays?: boolean;
}

const withoutBlanks = (text: string): string =>
  plainSigns(text).replaceAll(/[\s{}()]|\*\*/gu, (sign) => (sign === '**' ? '^' : ''));

/** What holds for all entries is said of the array; what some indices say beyond that, with slices and axes. */
export function plainSums(text: string, known: Known): Summed {
  const simple = roots(lengths(sums(ofEachName(ofEachBetween(forAll(forEach(generators(text))))))));
  if (!INDEXED.test(text)) return { line: simple };
  const written = indexed(text, known);
  if ('refusal' in written) return { line: written.isHeld ? `∀ ${text}` : simple, refusal: written.refusal };
  const isSame = withoutBlanks(simple) === withoutBlanks(written.line);
  return { line: isSame ? simple : written.line, lengths: written.lengths, isOfArrays: !isSame };
}
