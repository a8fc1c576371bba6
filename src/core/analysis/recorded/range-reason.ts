/** Why a line cannot hold, from the range of its sides: as “exp(x) is always above 0, and must be at most 0.” */
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { shortNumber } from '../../number-text.ts';
import { expressionValue, residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import type { Interval } from '../evidence/bounds.ts';
import { type Range, rangesOf } from './ranges.ts';
import { symbolsOf } from './symbols.ts';

/** Differences below this, relative to the terms that make them, are rounding. */
const ROUNDING = 1e-12;

/** Null where the range reaches what the line demands. */
export function rangeReason(
  problem: Problem,
  constraint: Constraint,
  bounds: ReadonlyMap<number, Interval>,
): string | null {
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const ranges = rangesOf(symbols, residualOf(ops, problem, constraint, x, t, T).id, bounds) ?? [];
  const isTooLarge = ({ lower, isAbove }: Range) => lower > ROUNDING || (lower >= 0 && isAbove === true);
  const isTooSmall = ({ upper, isBelow }: Range) => upper < -ROUNDING || (upper <= 0 && isBelow === true);
  const isOff = (range: Range) => isTooLarge(range) || (constraint.relation === 'equality' && isTooSmall(range));
  const row = ranges.findIndex(isOff);
  if (row < 0) return null;
  const own = at(ranges, row);
  const [minuend, subtrahend] = sidesOf(constraint.residual);
  const rangeOf = (expr: Expr | null): Range => {
    if (!expr) return { lower: 0, upper: 0 };
    const entries = rangesOf(symbols, expressionValue(ops, problem, expr, x, t, T).id, bounds) ?? [];
    return entries[entries.length === 1 ? 0 : row] ?? own;
  };
  const [from, to] = [rangeOf(minuend), rangeOf(subtrahend)];
  const sign = constraint.residual.kind === 'negate' ? -1 : 1;
  if (to.lower === to.upper && minuend) {
    const value = said(sign === 1 ? own : flipped(own), to.lower, isTooLarge(own) === (sign === 1));
    return sentence(written(constraint, minuend), value, constraint, to.lower, sign === 1);
  }
  if (from.lower === from.upper && subtrahend) {
    const value = said(flipped(own), from.lower, !isTooLarge(own));
    return sentence(written(constraint, subtrahend), value, constraint, from.lower, false);
  }
  const gap = isTooLarge(own) ? own.lower : -own.upper;
  return `its two sides differ by at least ${brief(gap)}, the wrong way.`;
}

/** The residual as minuend − subtrahend; a literal 0 is left out. */
function sidesOf(residual: Expr): readonly [Expr | null, Expr | null] {
  if (residual.kind === 'negate') return [residual.operand, null];
  const [only, second] = residual.kind === 'sum' ? residual.rest : [];
  const isDifference = residual.kind === 'sum' && only?.operator === '-' && second === undefined;
  return isDifference && only ? [residual.first, only.operand] : [residual, null];
}

const flipped = ({ lower, upper, isAbove, isBelow }: Range): Range => ({
  lower: -upper,
  upper: -lower,
  ...(isBelow && { isAbove: true }),
  ...(isAbove && { isBelow: true }),
});

/** What a side is, where side − other has the range. */
function said({ lower, upper, isAbove, isBelow }: Range, other: number, isLow: boolean): string {
  if (isLow) return `${isAbove ? 'always above' : 'at least'} ${brief(lower + other)}`;
  return `${isBelow ? 'always below' : 'at most'} ${brief(upper + other)}`;
}

function sentence(side: string, found: string, { relation }: Constraint, wanted: number, isUpper: boolean): string {
  const demand = relation === 'equality' ? '' : isUpper ? 'at most ' : 'at least ';
  return `${side} is ${found}, and must be ${demand}${brief(wanted)}.`;
}

/** As typed; of a set, whose rows are not, what they measure. */
const written = ({ text, span, membership }: Constraint, expr: Expr): string => {
  if (membership) return `what “${text.trim()}” measures`;
  const typed = text.slice(expr.span[0] - span[0], expr.span[1] - span[0]).trim();
  return typed === '' ? 'its left side' : typed;
};

const brief = (value: number): string => shortNumber(value, 6);
