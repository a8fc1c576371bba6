/** Expressions of entries, x[i + 1]·y[j] summed over j, → expressions of arrays, whose axes the indices are. */
import type { CallExpr, Expr, IndexExpr, ProductExpr, ProductOperator, Slice } from '../../expr.ts';
import type { Indices } from '../ranges.ts';
import type { Known } from '../shapes.ts';
import { aligned, contracted, dotted, type Indexed, isOfRows, ordered, ROW, times } from './axes.ts';
import { call, childrenOf, factorsOf, list, number, span } from './build.ts';
import { entriesOf, isPaperMark, picked } from './entry.ts';
import { Numbering, type Scope, type Taken } from './numbering.ts';
import { refuse } from './refused.ts';

const ENTRYWISE = new Set('abs exp log sqrt sin cos tan tanh sigmoid softplus relu sign'.split(' '));
/** What takes the entries of a row together. */
const REDUCTIONS = new Set(['norm', 'sum', 'mean', 'max', 'min']);

export class ArrayWriter {
  /** Of the rows that were met last. */
  private width: number | null = null;
  private readonly numbering: Numbering;

  /** The sides of a relation that holds for all of `loop`; sums are told apart by their place in the list. */
  constructor(
    private readonly sides: readonly Expr[],
    sums: readonly Indices[],
    loop: Indices | null,
    private readonly known: Known,
  ) {
    this.numbering = new Numbering(sides, sums, loop, known);
  }

  /** Of arrays that nothing declares: as many entries as the numbers of their indices reach. */
  get lengths(): ReadonlyMap<string, readonly number[]> {
    return this.numbering.lengths;
  }

  written(): readonly Indexed[] {
    const scope = this.numbering.outermost();
    return this.sides.map((side) => this.array(side, scope));
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
        const sum = this.numbering.sumOf(expr);
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
      this.numbering.lengths.set(expr.name, [this.width]);
    else if (expr.kind === 'sum')
      for (const part of [expr.first, ...expr.rest.map(({ operand }) => operand)]) this.tellRow(part, scope);
  }

  private name(expr: Extract<Expr, { kind: 'name' }>, scope: Scope): Indexed {
    const letter = scope.get(expr.name);
    if (letter) {
      if (!letter.range && !letter.numbers) refuse(`From which number on ${letter.letter} counts is not told.`);
      return { expr: list(this.numbering.countedOut(letter)), axes: [letter.axis] };
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
      if (letter) return this.numbering.item(letter, entry);
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
      expr: picked(expr.operand, items, shape ?? null, axes),
      axes: isRow ? [...axes, ROW] : [...new Set(axes)],
    };
  }

  private extreme({ body, indices, key }: Taken, name: string, outer: Scope): Indexed {
    const scope = this.numbering.scopeOf(outer, indices, key);
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
    const scope = this.numbering.scopeOf(outer, indices, key);
    const inner = this.numbering.sumOf(body);
    const factors =
      inner && !inner.extreme
        ? this.factors(inner.body, inner.indices, inner.key, scope)
        : factorsOf(body).map((factor) => this.array(factor, scope));
    const letters = [...indices.letters]
      .reverse()
      .map(({ letter }) => scope.get(letter) ?? refuse('An index is not told.'));
    return letters
      .filter(({ axis }, i) => letters.findIndex((other) => other.axis === axis) === i)
      .reduce((left, letter) => contracted(left, letter.axis, () => this.numbering.countedOut(letter).length), factors);
  }
}
