/** The number of the text that says how far a constraint reaches, and the text with another: what a line that is dragged writes. */
import { at, type Span } from '../../core/diagnostic.ts';
import type { ConstraintStatement, Statement } from '../../core/language/document.ts';
import { type Expr, namesIn, type SumExpr } from '../../core/language/expr.ts';
import { CONSTANTS } from '../../core/language/functions.ts';
import { read } from '../../core/language/read.ts';
import type { Constraint } from '../../core/problem/problem.ts';

/** A number c on which one row of the residual depends as r₀ − slope·c, or as r₀ − slope·c²
 * (slope 1 or −1). Its text is replaced as a whole.
 */
export interface Level {
  readonly span: Span;
  /** Of c as it is written. */
  readonly expr: Expr;
  readonly slope: 1 | -1;
  readonly isSquared: boolean;
  /** What stands there in its place. */
  readonly written: (value: number) => string;
}

/** Null where no number of the text moves this row, and none can be added to it. */
export function levelOf(text: string, constraint: Constraint, row: number): Level | null {
  const document = read(text);
  if (!document.ok) return null;
  const [start] = constraint.span;
  const { statements } = document.value;
  const isConstant = constantsOf(statements);
  for (const statement of statements) {
    if (statement.kind !== 'constraint') continue;
    const pair = statement.operands.slice(0, -1).findIndex(({ span: [from] }) => from === start);
    if (pair < 0) continue;
    return constraint.membership
      ? ofSet(constraint.membership, row, isConstant)
      : ofRelation(text, statement, { pair, row, rows: constraint.rows }, isConstant);
  }
  return null;
}

type IsConstant = (expr: Expr) => boolean;

/** Tells numbers, and what is computed from numbers alone: from `pi`, too, unless the text gives the name to something else. */
function constantsOf(statements: readonly Statement[]): IsConstant {
  const declared = new Set(
    statements.flatMap((one) => {
      if (one.kind === 'data') return one.declared.map(({ name }) => name);
      return 'declared' in one ? [one.declared.name] : [];
    }),
  );
  return (expr) =>
    expr.kind !== 'list' && [...namesIn(expr).keys()].every((name) => CONSTANTS.has(name) && !declared.has(name));
}

const plainly = String;

const level = (expr: Expr, slope: 1 | -1, isSquared = false): Level => ({
  span: expr.span,
  expr,
  slope,
  isSquared,
  written: plainly,
});

/** r = Σx² − r² of balls and spheres; Σ|x| − r; x − b and a − x of a box. */
function ofSet(
  { set, part, args }: NonNullable<Constraint['membership']>,
  row: number,
  isConstant: IsConstant,
): Level | null {
  const [first, second] = args;
  if (set === 'box') {
    const side = part === 0 ? first : second;
    const bound = side && entryOf(side, row, isConstant);
    return bound ? level(bound, part === 0 ? -1 : 1) : null;
  }
  if (!first || !isConstant(first)) return null;
  if (set === 'ball' || set === 'sphere') return level(first, 1, true);
  if (set === 'l1ball' || set === 'l1sphere' || set === 'linfball') return level(first, 1);
  return set === 'simplex' && part === 1 ? level(first, 1) : null;
}

/** The residual is left − right of = and ≤, right − left of ≥: a number on the right of a ≤ has the slope 1. */
function ofRelation(
  text: string,
  { operands, operators }: ConstraintStatement,
  { pair, row, rows }: { readonly pair: number; readonly row: number; readonly rows: number },
  isConstant: IsConstant,
): Level | null {
  const [left, right] = [at(operands, pair), at(operands, pair + 1)];
  const { operator } = at(operators, pair);
  const onRight = operator === '>=' || operator === '>' ? -1 : 1;
  const sides = [
    { side: right, slope: onRight },
    { side: left, slope: -onRight },
  ] as const;
  const isZero = (side: Expr) => side.kind === 'number' && side.value === 0;
  const terms = sides.flatMap(({ side, slope }) => termOf(text, side, slope as 1 | -1) ?? []);
  for (const { side, slope } of sides) {
    const radius = squareOf(side, isConstant);
    if (radius) return level(radius, slope as 1 | -1, true);
    const bound = entryOf(side, row, isConstant);
    if (bound && !(isZero(bound) && terms.length > 0)) return level(bound, slope as 1 | -1);
  }
  if (terms[0]) return terms[0];
  if (rows > 1) return null;
  const isLast = pair === operators.length - 1;
  if (!isLast && pair > 0) return null;
  const outer = at(sides, isLast ? 0 : 1);
  return added(outer.side, outer.slope as 1 | -1);
}

/** The side itself where it is a number for all rows, or its entry where it lists one for each. */
function entryOf(side: Expr, row: number, isConstant: IsConstant): Expr | null {
  if (isConstant(side)) return side;
  const entry = side.kind === 'list' ? side.items[row] : undefined;
  return entry && isConstant(entry) ? entry : null;
}

const squareOf = (side: Expr, isConstant: IsConstant): Expr | null =>
  side.kind === 'power' && side.exponent.kind === 'number' && side.exponent.value === 2 && isConstant(side.base)
    ? side.base
    : null;

/** A term of a sum that is a number: its sign is written as the operator before it. */
function termOf(text: string, side: Expr, slope: 1 | -1): Level | null {
  if (side.kind !== 'sum') return null;
  if (side.first.kind === 'number') return level(side.first, slope);
  const part = side.rest.find(({ operand }) => operand.kind === 'number');
  return part ? signed(text, side, part, slope) : null;
}

function signed(
  text: string,
  { span: [from] }: SumExpr,
  { operator, operand }: SumExpr['rest'][number],
  slope: 1 | -1,
): Level {
  const before = /[+\-−]\s*$/.exec(text.slice(from, operand.span[0]));
  const start = before ? from + before.index : operand.span[0];
  const written = (value: number) => {
    const isMinus = (operator === '-') !== value < 0;
    return before ? `${isMinus ? '-' : '+'}${before[0].slice(1)}${Math.abs(value)}` : plainly(value);
  };
  return {
    span: [start, operand.span[1]],
    expr: operand,
    slope: (operator === '-' ? -slope : slope) as 1 | -1,
    isSquared: false,
    written,
  };
}

/** A term that is not there yet: 0. */
const added = ({ span: [, to] }: Expr, slope: 1 | -1): Level => ({
  span: [to, to],
  expr: { kind: 'number', value: 0, span: [to, to] },
  slope,
  isSquared: false,
  written: (value) => ` ${value < 0 ? '-' : '+'} ${Math.abs(value)}`,
});

/** Through a point where the row of the residual is r, c moves to this; `resolution`: by how much r may be off. */
export function levelThrough({ slope, isSquared }: Level, value: number, residual: number, resolution: number): number {
  const reached = (isSquared ? value * value : value) + slope * residual;
  const moved = isSquared ? Math.sqrt(Math.max(0, reached)) : reached;
  const unit =
    10 ** Math.floor(Math.log10(isSquared ? resolution / Math.max(2 * moved, Math.sqrt(resolution)) : resolution));
  const rounded = Math.round(moved / unit) * unit;
  return Number.isFinite(rounded) ? Number(rounded.toPrecision(12)) + 0 : moved;
}

export const withLevel = (text: string, { span: [from, to], written }: Level, value: number): string =>
  text.slice(0, from) + written(value) + text.slice(to);
