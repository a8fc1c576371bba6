/** Which numbers the letters of sums and of “for all” stand for, and which entries of arrays those number. */
import type { Expr, Slice } from '../../expr.ts';
import type { Index, Indices, Last } from '../ranges.ts';
import type { Known } from '../shapes.ts';
import { childrenOf, list, sliced } from './build.ts';
import { type Entry, entriesOf } from './entry.ts';
import { contradict, refuse } from './refused.ts';

/** The name of a sum over indices, Σ(body, k), and of what else is taken over them, Σ(body, k, max). */
export const SUM = 'Σ';

/** Of what holds for all; its axes are before those of sums. */
const LOOP = '';

const MOST_NUMBERS = 64;
const MOST_PAIRS = 512;

/** One letter of one sum: the axis that it is, and the entries that it numbers. */
export interface Letter extends Index {
  readonly axis: string;
  readonly entries: readonly Entry[];
  /** Each number that it stands for, where they were counted out: of pairs, both letters on one axis. */
  readonly numbers?: readonly number[];
}

/** A sum, or the largest or smallest, over indices. */
export interface Taken {
  readonly body: Expr;
  readonly indices: Indices;
  readonly key: string;
  readonly extreme: string | null;
}

export type Scope = ReadonlyMap<string, Letter>;

export class Numbering {
  /** Of arrays that nothing declares: as many entries as the numbers of their indices reach. */
  readonly lengths = new Map<string, readonly number[]>();
  private readonly entries: ReadonlyMap<string, readonly Entry[]>;

  /** The sides of a relation that holds for all of `loop`; sums are told apart by their place in the list. */
  constructor(
    sides: readonly Expr[],
    private readonly sums: readonly Indices[],
    private readonly loop: Indices | null,
    private readonly known: Known,
  ) {
    const entries = new Map<string, Entry[]>();
    for (const side of sides) this.note(side, this.axesOf(new Map(), loop, LOOP), entries);
    this.entries = entries;
  }

  /** The letters of what holds for all. */
  outermost(): Scope {
    return this.scopeOf(new Map(), this.loop, LOOP);
  }

  sumOf(expr: Expr): Taken | null {
    if (expr.kind !== 'call' || expr.name !== SUM) return null;
    const [body, key] = expr.args;
    const indices = key?.kind === 'number' ? this.sums[key.value] : undefined;
    const extreme = expr.args[2]?.kind === 'name' ? expr.args[2].name : null;
    return body && indices && key?.kind === 'number' ? { body, indices, key: `${key.value}`, extreme } : null;
  }

  /** With the letters of a sum or of “for all”: each an axis of its own, or both on one where only some pairs are meant. */
  scopeOf(scope: Scope, indices: Indices | null, key: string): Scope {
    if (!indices) return scope;
    const letters = indices.letters.map((index): Letter => {
      const axis = `${key}.${index.letter}`;
      return { ...index, axis, entries: this.entries.get(axis) ?? [] };
    });
    const [a, b] = letters;
    if (indices.pairs === null || !a || !b)
      return new Map([...scope, ...letters.map((each) => [each.letter, each] as const)]);
    const [first, second] = [this.countedOut(a), this.countedOut(b)];
    const pairs = first
      .flatMap((i) => second.map((j) => [i, j] as const))
      .filter(([i, j]) => (indices.pairs === '!=' ? i !== j : indices.pairs === '<' ? i < j : i <= j));
    if (pairs.length === 0 || pairs.length > MOST_PAIRS) refuse(`These are ${pairs.length} pairs of entries.`);
    const numbered = (letter: Letter, at: 0 | 1): readonly [string, Letter] => [
      letter.letter,
      { ...letter, axis: a.axis, numbers: pairs.map((pair) => pair[at]) },
    ];
    return new Map([...scope, numbered(a, 0), numbered(b, 1)]);
  }

  /** All numbers that a letter stands for. */
  countedOut(letter: Letter): readonly number[] {
    if (letter.numbers) return letter.numbers;
    const { range } = letter;
    const last = range ? this.lastOf(range.last) : this.shortest(letter);
    if (last === null) return refuse(`Up to which number ${letter.letter} counts is not told.`);
    const first = range?.first ?? 1;
    if (last < first || last - first >= MOST_NUMBERS)
      return refuse(`${letter.letter} would stand for ${last - first + 1} numbers.`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }

  /** What stands in the brackets of an array; null for all of its entries. */
  item(letter: Letter, entry: Entry): Expr | Slice | null {
    const { array, subscript, position } = entry;
    const { factor, offset } = subscript;
    const base = this.baseOf(letter, entry);
    const length = this.lengthOf(entry);
    if (letter.numbers || factor !== 1) {
      const numbers = this.countedOut(letter).map((value) => factor * value + offset - base);
      this.reach(entry, Math.min(...numbers), Math.max(...numbers) + 1);
      return list(numbers);
    }
    const offsets = letter.entries.map((other) => other.subscript.offset);
    const { range } = letter;
    if (range === null) {
      const [from, before] = [offset - Math.min(...offsets), Math.max(...offsets) - offset];
      return from === 0 && before === 0 ? null : sliced(from, before === 0 ? null : -before);
    }
    const from = range.first + offset - base;
    const last = this.lastOf(range.last);
    if (last !== null) {
      const end = last + offset - base + 1;
      if (end <= from) contradict(`${letter.letter} would stand for no number.`);
      this.reach(entry, from, end);
      const whole = length ?? this.lengths.get(array)?.[position] ?? null;
      if (end === whole) return from === 0 ? null : sliced(from, null);
      return sliced(from, typeof range.last === 'number' || whole === null ? end : end - whole);
    }
    if (from < 0) contradict(`${array} has no entry before its first.`);
    const minus = typeof range.last === 'number' ? 0 : range.last.minus;
    const most = Math.max(...offsets);
    // Counted from 0, n is the length or one less: told where an entry is the last one either way.
    if (base === 0 && minus !== most && minus !== most + 1) contradict(`Up to which entry ${array} goes is not told.`);
    const before = base === 0 ? most - offset : minus - offset;
    if (before < 0) contradict(`${array} would be longer than it is.`);
    return from === 0 && before === 0 ? null : sliced(from, before === 0 ? null : -before);
  }

  /** Which letters stand for which axes. */
  private axesOf(
    scope: ReadonlyMap<string, string>,
    indices: Indices | null,
    key: string,
  ): ReadonlyMap<string, string> {
    return new Map([...scope, ...(indices?.letters ?? []).map(({ letter }) => [letter, `${key}.${letter}`] as const)]);
  }

  /** The entries of arrays that each axis numbers. */
  private note(expr: Expr, axes: ReadonlyMap<string, string>, into: Map<string, Entry[]>): void {
    const sum = this.sumOf(expr);
    if (sum) {
      this.note(sum.body, this.axesOf(axes, sum.indices, sum.key), into);
      return;
    }
    if (expr.kind === 'index')
      for (const entry of entriesOf(expr, axes)) {
        const axis = axes.get(entry.subscript.letter) ?? '';
        into.set(axis, [...(into.get(axis) ?? []), entry]);
      }
    else for (const child of childrenOf(expr)) this.note(child, axes, into);
  }

  /** The least length along an axis that is numbered by the letter alone. */
  private shortest({ entries }: Letter): number | null {
    const lengths = entries.map((entry) =>
      entry.subscript.offset === 0 && entry.subscript.factor === 1 ? this.lengthOf(entry) : null,
    );
    return lengths.length === 0 || lengths.includes(null) ? null : Math.min(...lengths.map((length) => length ?? 0));
  }

  private lengthOf({ array, position }: Entry): number | null {
    return this.known.shapes.get(array)?.[position] ?? null;
  }

  /** n is what it is said to be, or the length of the longest array that is counted up to it. */
  private lastOf(last: Last): number | null {
    if (typeof last === 'number') return last;
    const given = this.known.numbers.get(last.letter);
    if (given !== undefined) return given - last.minus;
    const all = [
      ...(this.loop ? [[LOOP, this.loop] as const] : []),
      ...this.sums.map((sum, key) => [`${key}`, sum] as const),
    ];
    const ended = all.flatMap(([key, { letters }]) =>
      letters.flatMap(({ letter, range }) =>
        range && typeof range.last !== 'number' && range.last.letter === last.letter
          ? (this.entries.get(`${key}.${letter}`) ?? [])
          : [],
      ),
    );
    const lengths = ended.flatMap((entry) => this.lengthOf(entry) ?? []);
    if (lengths.length === 0 || ended.some((entry) => this.isFromZero(entry))) return null;
    return Math.max(...lengths) - last.minus;
  }

  private isFromZero(entry: Entry): boolean {
    const [axis = ''] = [...this.entries].find(([, entries]) => entries.includes(entry)) ?? [];
    const [key = '', letter = ''] = axis.split('.');
    const indices = key === LOOP ? this.loop : this.sums[Number(key)];
    const index = indices?.letters.find((each) => each.letter === letter);
    return index !== undefined && this.baseOf({ ...index, axis, entries: this.entries.get(axis) ?? [] }, entry) === 0;
  }

  /** The number of an array's first entry: 1 on paper, unless entries are counted from 0 there, too. */
  private baseOf({ range, isPython, entries }: Letter, { isPaper }: Entry): 0 | 1 {
    if (isPython && !isPaper) return 0;
    if (range === null) return 1;
    const least = Math.min(
      range.first,
      ...entries.map(({ subscript }) => subscript.factor * range.first + subscript.offset),
    );
    return least === 0 ? 0 : 1;
  }

  /** Entries that an array must have. */
  private reach(entry: Entry, from: number, end: number): void {
    const { array, position } = entry;
    const length = this.lengthOf(entry);
    if (from < 0) contradict(`${array} has no entry before its first.`);
    if (length !== null && end > length) contradict(`${array} has ${length} entries, not ${end}.`);
    if (this.known.shapes.has(array)) return;
    const told = [...(this.lengths.get(array) ?? [])];
    while (told.length <= position) told.push(0);
    told[position] = Math.max(told[position] ?? 0, end);
    this.lengths.set(array, told);
  }
}
