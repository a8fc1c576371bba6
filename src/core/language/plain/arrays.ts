/** Expressions of entries, x[i + 1]·y[j] summed over j, → expressions of arrays, whose axes the indices are. */
import type { CallExpr, Expr, IndexExpr, ProductExpr, ProductOperator, Slice } from '../expr.ts';
import type { Index, Indices, Last } from './ranges.ts';
import type { Known } from './shapes.ts';

/** The name of a sum over indices, Σ(body, k), and of what else is taken over them, Σ(body, k, max). */
export const SUM = 'Σ';
/** Before the indices of an entry that was written below the line, and so counts from 1. */
export const PAPER = 'paper';

/** Why a line has no counterpart, caught by who asked for one. `isHeld`: it is read as it is, and what it says cannot be. */
export class Refused extends Error {
  constructor(
    reason: string,
    readonly isHeld: boolean,
  ) {
    super(reason);
  }
}

export function refuse(reason: string): never {
  throw new Refused(reason, false);
}

function contradict(reason: string): never {
  throw new Refused(reason, true);
}

/** An array and the indices along its axes, in their order; the axis of a whole row is `ROW`. */
interface Indexed {
  readonly expr: Expr;
  readonly axes: readonly string[];
}

/** Behind those of all indices in their order. */
const ROW = '~';
/** Of what holds for all; its axes are before those of sums. */
const LOOP = '';

const span = [0, 0] as const;
const number = (value: number): Expr =>
  value < 0 ? { kind: 'negate', operand: number(-value), span } : { kind: 'number', value, span };
const call = (name: string, args: readonly Expr[], axis?: number): CallExpr => ({
  kind: 'call',
  name,
  nameSpan: span,
  args,
  options: axis === undefined ? [] : [{ name: 'axis', value: number(axis), span }],
  span,
});
const list = (values: readonly number[]): Expr => ({ kind: 'list', items: values.map(number), span });
const product = (first: Expr, operator: ProductOperator, second: Expr): ProductExpr =>
  first.kind === 'product' && (operator !== '@' || first.rest.every((part) => part.operator === '@'))
    ? { ...first, rest: [...first.rest, ...chained(operator, second)] }
    : { kind: 'product', first, rest: chained(operator, second), span };

/** Products associate: x @ (A @ y) is x @ A @ y. */
const chained = (operator: ProductOperator, second: Expr): ProductExpr['rest'] =>
  second.kind === 'product' && second.rest.every((part) => part.operator === operator) && operator !== '/'
    ? [{ operator, operand: second.first }, ...second.rest]
    : [{ operator, operand: second }];

export const isOfRows = (axes: readonly string[]): boolean => axes.includes(ROW);

/** In one order for all, each once. */
export const ordered = (axes: readonly string[]): readonly string[] => [...new Set(axes)].sort();

/** With axes for all of `axes`, which broadcast where the value does not depend on them. */
export function aligned({ expr, axes }: Indexed, target: readonly string[]): Expr {
  if (axes.length === 0 || axes.join() === target.join()) return expr;
  if (target.length > 2) refuse('More than two indices at once have no counterpart.');
  if (axes.length === 2) return { kind: 'transpose', operand: expr, span };
  if (axes[0] === target.at(-1)) return expr;
  return call('reshape', [expr, number(-1), number(1)]);
}

const ENTRYWISE = new Set('abs exp log sqrt sin cos tan tanh sigmoid softplus relu sign'.split(' '));
/** What takes the entries of a row together. */
const REDUCTIONS = new Set(['norm', 'sum', 'mean', 'max', 'min']);
const MOST_NUMBERS = 64;
const MOST_PAIRS = 512;

/** One letter of one sum: the axis that it is, and the entries that it numbers. */
interface Letter extends Index {
  readonly axis: string;
  readonly entries: readonly Entry[];
  /** Each number that it stands for, where they were counted out: of pairs, both letters on one axis. */
  readonly numbers?: readonly number[];
}

interface Entry {
  readonly array: string;
  readonly position: number;
  readonly subscript: Subscript;
  readonly isPaper: boolean;
}

/** factor·letter + offset. */
interface Subscript {
  readonly letter: string;
  readonly factor: number;
  readonly offset: number;
}

/** A sum, or the largest or smallest, over indices. */
interface Taken {
  readonly body: Expr;
  readonly indices: Indices;
  readonly key: string;
  readonly extreme: string | null;
}

type Scope = ReadonlyMap<string, Letter>;

export class ArrayWriter {
  /** Of arrays that nothing declares: as many entries as the numbers of their indices reach. */
  readonly lengths = new Map<string, readonly number[]>();
  private readonly entries: ReadonlyMap<string, readonly Entry[]>;
  /** Of the rows that were met last. */
  private width: number | null = null;

  /** The sides of a relation that holds for all of `loop`; sums are told apart by their place in the list. */
  constructor(
    private readonly sides: readonly Expr[],
    private readonly sums: readonly Indices[],
    private readonly loop: Indices | null,
    private readonly known: Known,
  ) {
    const entries = new Map<string, Entry[]>();
    for (const side of sides) this.note(side, this.axesOf(new Map(), loop, LOOP), entries);
    this.entries = entries;
  }

  written(): readonly Indexed[] {
    const scope = this.scopeOf(new Map(), this.loop, LOOP);
    return this.sides.map((side) => this.array(side, scope));
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

  private sumOf(expr: Expr): Taken | null {
    if (expr.kind !== 'call' || expr.name !== SUM) return null;
    const [body, key] = expr.args;
    const indices = key?.kind === 'number' ? this.sums[key.value] : undefined;
    const extreme = expr.args[2]?.kind === 'name' ? expr.args[2].name : null;
    return body && indices && key?.kind === 'number' ? { body, indices, key: `${key.value}`, extreme } : null;
  }

  /** With the letters of a sum or of “for all”: each an axis of its own, or both on one where only some pairs are meant. */
  private scopeOf(scope: Scope, indices: Indices | null, key: string): Scope {
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
  private countedOut(letter: Letter): readonly number[] {
    if (letter.numbers) return letter.numbers;
    const { range } = letter;
    const last = range ? this.lastOf(range.last) : this.shortest(letter);
    if (last === null) return refuse(`Up to which number ${letter.letter} counts is not told.`);
    const first = range?.first ?? 1;
    if (last < first || last - first >= MOST_NUMBERS)
      return refuse(`${letter.letter} would stand for ${last - first + 1} numbers.`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
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

  /** What stands in the brackets of an array; null for all of its entries. */
  private item(letter: Letter, entry: Entry): Expr | Slice | null {
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

  private array(expr: Expr, scope: Scope): Indexed {
    switch (expr.kind) {
      case 'number':
        return { expr, axes: [] };
      case 'name':
        return this.name(expr, scope);
      case 'negate': {
        const { expr: operand, axes } = this.array(expr.operand, scope);
        return { expr: { ...expr, operand }, axes };
      }
      case 'power':
        return this.entrywise([expr.base, expr.exponent], scope, ([base = expr.base, exponent = expr.exponent]) => ({
          ...expr,
          base,
          exponent,
        }));
      case 'sum':
        return this.entrywise(
          [expr.first, ...expr.rest.map(({ operand }) => operand)],
          scope,
          ([first = expr.first, ...rest]) => ({
            ...expr,
            first,
            rest: expr.rest.map((part, i) => ({ ...part, operand: rest[i] ?? part.operand })),
          }),
        );
      case 'product':
        return this.product(expr, scope);
      case 'call': {
        const sum = this.sumOf(expr);
        if (sum?.extreme) return this.extreme(sum, sum.extreme, scope);
        return sum ? this.summed(sum.body, sum.indices, sum.key, scope) : this.call(expr, scope);
      }
      case 'index':
        return this.entry(expr, scope);
      case 'transpose': {
        const inner = this.array(expr.operand, scope);
        const isVector =
          inner.axes.join() === ROW || (expr.operand.kind === 'name' && !this.known.shapes.has(expr.operand.name));
        if (scope.size > 0 && isVector) return inner;
        return inner.axes.length === 0
          ? { expr: { ...expr, operand: inner.expr }, axes: [] }
          : refuse('Entries are not transposed.');
      }
      default: {
        const [only, ...others] = expr.kind === 'list' ? expr.items : [];
        if (only && others.length === 0 && scope.size > 0) return this.array(only, scope); // [ ] around a term
        const inner = childrenOf(expr).map((child) => this.array(child, scope));
        return inner.every(({ axes }) => axes.length === 0)
          ? { expr, axes: [] }
          : refuse('Entries stand in a list or a comparison.');
      }
    }
  }

  /** A name that nothing declares, in a product with rows. */
  private asRow(array: Indexed, other: Indexed, scope: Scope): Indexed {
    const { expr, axes } = array;
    if (!isOfRows(other.axes) || axes.length > 0 || expr.kind !== 'name' || this.known.shapes.has(expr.name))
      return array;
    this.tellRow(expr, scope);
    return { expr, axes: [ROW] };
  }

  /** How many entries a name has that nothing declares, beside rows of an array. */
  private tellRow(expr: Expr, scope: Scope): void {
    if (expr.kind === 'name' && !scope.has(expr.name) && !this.known.shapes.has(expr.name) && this.width !== null)
      this.lengths.set(expr.name, [this.width]);
    else if (expr.kind === 'sum')
      for (const part of [expr.first, ...expr.rest.map(({ operand }) => operand)]) this.tellRow(part, scope);
  }

  private name(expr: Extract<Expr, { kind: 'name' }>, scope: Scope): Indexed {
    const letter = scope.get(expr.name);
    if (letter) {
      if (!letter.range && !letter.numbers) refuse(`From which number on ${letter.letter} counts is not told.`);
      return { expr: list(this.countedOut(letter)), axes: [letter.axis] };
    }
    const shape = scope.size > 0 ? this.known.shapes.get(expr.name) : undefined;
    if (shape && shape.length > 1) refuse(`${expr.name} is a matrix: which of its entries is not told.`);
    return { expr, axes: shape?.length === 1 ? [ROW] : [] };
  }

  private entrywise(parts: readonly Expr[], scope: Scope, write: (parts: readonly Expr[]) => Expr): Indexed {
    const arrays = parts.map((part) => this.array(part, scope));
    const axes = ordered(arrays.flatMap((array) => array.axes));
    return { expr: write(arrays.map((array) => aligned(array, axes))), axes };
  }

  /** A chain of @ is one factor: bᵢ aᵢᵀx is bᵢ (aᵢᵀx). */
  private product(expr: ProductExpr, scope: Scope): Indexed {
    const parts = [{ operator: '*' as ProductOperator, operand: expr.first }, ...expr.rest].map(
      ({ operator, operand }) => ({
        operator,
        factor: this.array(operand, scope),
      }),
    );
    if (parts.every(({ factor }) => factor.axes.length === 0)) {
      const [first = expr.first, ...rest] = parts.map(({ factor }) => factor.expr);
      return {
        expr: { ...expr, first, rest: expr.rest.map((part, i) => ({ ...part, operand: rest[i] ?? part.operand })) },
        axes: [],
      };
    }
    const chains: { operator: '*' | '/'; factor: Indexed }[] = [];
    for (const part of parts) {
      const last = chains.at(-1);
      if (part.operator === '@' && last)
        chains[chains.length - 1] = {
          ...last,
          factor: dotted(this.asRow(last.factor, part.factor, scope), this.asRow(part.factor, last.factor, scope)),
        };
      else chains.push({ factor: part.factor, operator: part.operator === '/' ? '/' : '*' });
    }
    const [first, ...rest] = chains;
    return rest.reduce(
      (left, { operator, factor }) => times(left, operator, factor),
      first?.factor ?? refuse('Nothing is multiplied.'),
    );
  }

  private call(expr: CallExpr, scope: Scope): Indexed {
    const isReduced = REDUCTIONS.has(expr.name);
    const arrays = expr.args.map((arg) =>
      isReduced && arg.kind === 'index' ? this.entry(arg, scope, true) : this.array(arg, scope),
    );
    const [first] = arrays;
    if (!first || arrays.every(({ axes }) => axes.length === 0))
      return { expr: { ...expr, args: arrays.map((array) => array.expr) }, axes: [] };
    const isPlain = expr.options.length === 0;
    if (expr.name === 'norm' && first.axes.includes(ROW) && expr.args[0]) this.tellRow(expr.args[0], scope);
    const isOfRow = isPlain && first.axes.includes(ROW) && arrays.slice(1).every(({ axes }) => axes.length === 0);
    if (isOfRow && isReduced && (arrays.length === 1 || expr.name === 'norm')) {
      const args = arrays.map((array) => array.expr);
      const axes = first.axes.filter((axis) => axis !== ROW);
      return { expr: call(expr.name, args, axes.length > 0 ? first.axes.indexOf(ROW) : undefined), axes };
    }
    const isEntrywise =
      (ENTRYWISE.has(expr.name) && arrays.length === 1) || (/^(?:max|min)$/u.test(expr.name) && arrays.length > 1);
    if (expr.name === 'dot' && arrays[1]) return dotted(first, arrays[1]);
    if (!isEntrywise || !isPlain) return refuse(`${expr.name} of entries has no counterpart.`);
    const axes = ordered(arrays.flatMap((array) => array.axes));
    return { expr: { ...expr, args: arrays.map((array) => aligned(array, axes)) }, axes };
  }

  /** `isTogether` where it is all of a row, unless the array has none. */
  private entry(expr: IndexExpr, scope: Scope, isTogether = false): Indexed {
    const axesOfLetters = new Map([...scope].map(([letter, { axis }]) => [letter, axis] as const));
    const entries = entriesOf(expr, axesOfLetters);
    if (entries.length === 0) return { expr, axes: [] };
    const [first] = entries;
    const { array, isPaper } = first ?? refuse('No entry is told.');
    const shape = this.known.shapes.get(array);
    const positions = expr.items.filter((item) => !isPaperMark(item));
    if (this.known.isClosed && shape === undefined) refuse(`Nothing declares ${array}.`);
    if (shape && (positions.length > shape.length || shape.length > 2))
      refuse(
        shape.length === 0
          ? `${array} is a number.`
          : `${array} has ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}.`,
      );
    const items = positions.map((position, i): Expr | Slice | null => {
      const entry = entries.find((each) => each.position === i);
      const letter = entry && scope.get(entry.subscript.letter);
      if (letter) return this.item(letter, entry);
      if (position.kind !== 'number') return refuse(`Which entry of ${array} is meant is not told.`);
      return isPaper ? number(position.value - 1) : position;
    });
    const axes = positions.flatMap((_, i) => {
      const entry = entries.find((each) => each.position === i);
      return entry ? [scope.get(entry.subscript.letter)?.axis ?? ''] : [];
    });
    if (positions.length === 1 && shape?.length === 2) this.width = shape[1] ?? null;
    const isRow = positions.length === 1 && (shape ? shape.length === 2 : isTogether);
    return {
      expr: this.picked(expr.operand, items, shape ?? null, axes),
      axes: isRow ? [...axes, ROW] : [...new Set(axes)],
    };
  }

  /** The array with what stands in its brackets: a diagonal where both are one axis, and pairs by their places in a row of all. */
  private picked(
    array: Expr,
    items: readonly (Expr | Slice | null)[],
    shape: readonly number[] | null,
    axes: readonly string[],
  ): Expr {
    const [row, column] = items;
    const isTwice = items.length === 2 && axes.length === 2 && axes[0] === axes[1];
    if (isTwice && row === null && column === null) return call('diag', [array]);
    if (isTwice) {
      const [rows, columns] = [numbersOf(row), numbersOf(column)];
      const width = shape?.[1];
      if (!rows || !columns || width === undefined)
        return refuse('These entries of a matrix stand neither in a row nor on its diagonal.');
      return {
        kind: 'index',
        operand: call('reshape', [array, number(-1)]),
        items: [list(rows.map((i, k) => i * width + (columns[k] ?? 0)))],
        span,
      };
    }
    const whole: Slice = { kind: 'slice', span };
    if (row?.kind === 'list' && column !== undefined && column !== null)
      return {
        kind: 'index',
        operand: { kind: 'index', operand: array, items: [row], span },
        items: [whole, column],
        span,
      };
    const written = items.map((item) => item ?? whole);
    while (written.length > 0 && written.at(-1) === whole) written.pop();
    return written.length === 0 ? array : { kind: 'index', operand: array, items: written, span };
  }

  private extreme({ body, indices, key }: Taken, name: string, outer: Scope): Indexed {
    const scope = this.scopeOf(outer, indices, key);
    const { expr, axes } = this.array(body, scope);
    const own = new Set(indices.letters.map(({ letter }) => scope.get(letter)?.axis));
    const kept = axes.filter((axis) => !own.has(axis));
    if (axes.length === 0 || kept.length === axes.length || (kept.length > 0 && axes.length - kept.length > 1))
      return refuse(`The ${name} is of nothing that is numbered.`);
    return {
      expr: call(name, [expr], kept.length > 0 ? axes.findIndex((axis) => own.has(axis)) : undefined),
      axes: kept,
    };
  }

  /** Σ over the letters. */
  private summed(body: Expr, indices: Indices, key: string, outer: Scope): Indexed {
    const isNegative = body.kind === 'negate';
    const [first, ...rest] = this.factors(isNegative ? body.operand : body, indices, key, outer);
    const whole = rest.reduce((left, right) => times(left, '*', right), first ?? { expr: number(1), axes: [] });
    return isNegative ? { ...whole, expr: { kind: 'negate', operand: whole.expr, span } } : whole;
  }

  /** Those of Σ body; the inner one of two sums goes first. */
  private factors(body: Expr, indices: Indices, key: string, outer: Scope): readonly Indexed[] {
    const scope = this.scopeOf(outer, indices, key);
    const inner = this.sumOf(body);
    const factors =
      inner && !inner.extreme
        ? this.factors(inner.body, inner.indices, inner.key, scope)
        : factorsOf(body).map((factor) => this.array(factor, scope));
    const letters = [...indices.letters]
      .reverse()
      .map(({ letter }) => scope.get(letter) ?? refuse('An index is not told.'));
    return letters
      .filter(({ axis }, i) => letters.findIndex((other) => other.axis === axis) === i)
      .reduce((left, letter) => contracted(left, letter.axis, () => this.countedOut(letter).length), factors);
  }
}

const sliced = (from: number, to: number | null): Slice => ({
  kind: 'slice',
  ...(from !== 0 && { from: number(from) }),
  ...(to !== null && { to: number(to) }),
  span,
});

const numbersOf = (item: Expr | Slice | null | undefined): readonly number[] | null =>
  item?.kind === 'list' ? item.items.flatMap((each) => (each.kind === 'number' ? [each.value] : [])) : null;

const childrenOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
    case 'transpose':
      return [expr.operand];
    case 'sum':
    case 'product':
      return [expr.first, ...expr.rest.map(({ operand }) => operand)];
    case 'power':
      return [expr.base, expr.exponent];
    case 'call':
      return [...expr.args, ...expr.options.map(({ value }) => value)];
    case 'index':
      return [expr.operand, ...expr.items.filter((item) => item.kind !== 'slice')];
    case 'list':
      return expr.items;
    case 'compare':
      return [expr.left, expr.right];
  }
};

const isPaperMark = (item: Expr | Slice): boolean => item.kind === 'name' && item.name === PAPER;

/** Where letters stand in the brackets of an array. */
function entriesOf({ operand, items }: IndexExpr, axes: ReadonlyMap<string, string>): readonly Entry[] {
  const isPaper = items[0] !== undefined && isPaperMark(items[0]);
  return items
    .filter((item) => !isPaperMark(item))
    .flatMap((item, position): Entry[] => {
      if (item.kind === 'slice' || ![...namesOf(item)].some((name) => axes.has(name))) return [];
      const subscript = subscriptOf(item) ?? refuse('An index is more than a letter and a number.');
      if (operand.kind !== 'name') return refuse('Entries are told of an expression.');
      return [{ array: operand.name, position, subscript, isPaper }];
    });
}

function* namesOf(expr: Expr): Generator<string> {
  if (expr.kind === 'name') yield expr.name;
  for (const child of childrenOf(expr)) yield* namesOf(child);
}

/** `i`, `2*i - 1`, `i + 1`, `5 - i`; null for anything else. */
function subscriptOf(expr: Expr): Subscript | null {
  if (expr.kind === 'name') return { letter: expr.name, factor: 1, offset: 0 };
  if (expr.kind === 'product') {
    const [second, ...others] = expr.rest;
    const [factor, letter] =
      expr.first.kind === 'number' ? [expr.first, second?.operand] : [second?.operand, expr.first];
    if (second?.operator !== '*' || others.length > 0 || factor?.kind !== 'number' || letter?.kind !== 'name')
      return null;
    return { letter: letter.name, factor: factor.value, offset: 0 };
  }
  if (expr.kind !== 'sum') return null;
  const terms = [
    { sign: 1, operand: expr.first },
    ...expr.rest.map(({ operator, operand }) => ({ sign: operator === '-' ? -1 : 1, operand })),
  ];
  let found: Subscript | null = null;
  let offset = 0;
  for (const { sign, operand } of terms) {
    if (operand.kind === 'number') offset += sign * operand.value;
    else {
      const inner = subscriptOf(operand);
      if (found || !inner) return null;
      found = { ...inner, factor: sign * inner.factor, offset: sign * inner.offset };
    }
  }
  return found && { ...found, offset: found.offset + offset };
}

/** Of a product without quotients, its factors. */
function factorsOf(expr: Expr): readonly Expr[] {
  if (expr.kind !== 'product' || expr.rest.some(({ operator }) => operator !== '*')) return [expr];
  return [expr.first, ...expr.rest.map(({ operand }) => operand)].flatMap(factorsOf);
}

function times(left: Indexed, operator: '*' | '/', right: Indexed): Indexed {
  const axes = ordered([...left.axes, ...right.axes]);
  const isOuter = operator === '*' && left.axes.length === 1 && right.axes.length === 1 && axes.length === 2;
  if (isOuter) {
    const [row, column] = left.axes[0] === axes[0] ? [left, right] : [right, left];
    return { expr: call('outer', [row.expr, column.expr]), axes };
  }
  return { expr: product(aligned(left, axes), operator, aligned(right, axes)), axes };
}

/** A product of rows: aᵢᵀx is an entry of A x. */
function dotted(left: Indexed, right: Indexed): Indexed {
  if (left.axes.length === 0 && right.axes.length === 0) return { expr: product(left.expr, '@', right.expr), axes: [] };
  if (!left.axes.includes(ROW) || !right.axes.includes(ROW))
    return refuse('A product with @ is of rows, and these are entries.');
  const axes = ordered([...left.axes, ...right.axes]);
  if (right.axes.length === 1)
    return { expr: product(left.expr, '@', right.expr), axes: left.axes.filter((axis) => axis !== ROW) };
  if (left.axes.length === 1)
    return { expr: product(right.expr, '@', left.expr), axes: right.axes.filter((axis) => axis !== ROW) };
  const both = { expr: product(aligned(left, axes), '*', aligned(right, axes)), axes };
  return totalled(both, ROW);
}

function totalled({ expr, axes }: Indexed, axis: string): Indexed {
  if (axes.length === 1) {
    const isOfBoth = expr.kind === 'call' && expr.name === 'sum' && expr.options.length > 0;
    return { expr: call('sum', isOfBoth ? expr.args : [expr]), axes: [] };
  }
  return { expr: call('sum', [expr], axes.indexOf(axis)), axes: axes.filter((each) => each !== axis) };
}

/** The factors after the sum over one axis of their product. `count` is how many numbers the index stands for. */
function contracted(factors: readonly Indexed[], axis: string, count: () => number): readonly Indexed[] {
  const others = factors.filter(({ axes }) => !axes.includes(axis));
  const own = factors.filter(({ axes }) => axes.includes(axis));
  if (own.length === 0) return [{ expr: number(count()), axes: [] }, ...others];
  const together = (parts: readonly Indexed[]): Indexed | null =>
    parts.length === 0 ? null : parts.reduce((left, right) => times(left, '*', right));
  const [a, b, ...more] = ordered(own.flatMap(({ axes }) => axes)).filter((each) => each !== axis);
  if (more.length > 0) return refuse('More than two indices at once have no counterpart.');
  const alone = together(own.filter(({ axes }) => axes.length === 1));
  if (a === undefined) {
    const [first, second] = own;
    const isChain =
      own.length === 2 &&
      [first, second].some((factor) => factor?.expr.kind === 'product' && factor.expr.rest[0]?.operator === '@');
    if (isChain && first && second) return [...others, { expr: product(first.expr, '@', second.expr), axes: [] }];
    return [...others, totalled(alone ?? refuse('Nothing is summed.'), axis)];
  }
  const wide = together(own.filter(({ axes }) => axes.length === 2 && (b === undefined || axes.includes(a))));
  if (b === undefined) {
    if (!wide || !alone) return [...others, totalled(wide ?? refuse('Nothing is summed.'), axis)];
    const isBehind = wide.axes[1] === axis;
    const [left, right] = isBehind ? [wide, alone] : [alone, wide];
    return [...others, { expr: product(left.expr, '@', right.expr), axes: [a] }];
  }
  const beside = together(own.filter(({ axes }) => axes.length === 2 && axes.includes(b)));
  if (!wide || !beside) return refuse('More than two indices at once have no counterpart.');
  const scaled = alone ? times(wide, '*', alone) : wide;
  return [...others, { expr: product(aligned(scaled, [a, axis]), '@', aligned(beside, [axis, b])), axes: [a, b] }];
}
