/** What stands in the brackets of an array: which letters number it, and what is written there in their place. */
import type { Expr, IndexExpr, Slice } from '../../expr.ts';
import { call, list, namesOf, number, numbersOf, span } from './build.ts';
import { refuse } from './refused.ts';

/** Before the indices of an entry that was written below the line, and so counts from 1. */
export const PAPER = 'paper';

export interface Entry {
  readonly array: string;
  readonly position: number;
  readonly subscript: Subscript;
  readonly isPaper: boolean;
}

/** factor·letter + offset. */
export interface Subscript {
  readonly letter: string;
  readonly factor: number;
  readonly offset: number;
}

export const isPaperMark = (item: Expr | Slice): boolean => item.kind === 'name' && item.name === PAPER;

/** Where letters stand in the brackets of an array. */
export function entriesOf({ operand, items }: IndexExpr, axes: ReadonlyMap<string, string>): readonly Entry[] {
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

/** The array with what stands in its brackets: a diagonal where both are one axis, and pairs by their places in a row of all. */
export function picked(
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
