/** Arrays whose axes are indices: put side by side, multiplied, and summed over one of them. */
import type { Expr } from '../../expr.ts';
import { call, number, product, span } from './build.ts';
import { refuse } from './refused.ts';

/** An array and the indices along its axes, in their order; the axis of a whole row is `ROW`. */
export interface Indexed {
  readonly expr: Expr;
  readonly axes: readonly string[];
}

/** Behind those of all indices in their order. */
export const ROW = '~';

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

export function times(left: Indexed, operator: '*' | '/', right: Indexed): Indexed {
  const axes = ordered([...left.axes, ...right.axes]);
  const isOuter = operator === '*' && left.axes.length === 1 && right.axes.length === 1 && axes.length === 2;
  if (isOuter) {
    const [row, column] = left.axes[0] === axes[0] ? [left, right] : [right, left];
    return { expr: call('outer', [row.expr, column.expr]), axes };
  }
  return { expr: product(aligned(left, axes), operator, aligned(right, axes)), axes };
}

/** A product of rows: aᵢᵀx is an entry of A x. */
export function dotted(left: Indexed, right: Indexed): Indexed {
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
export function contracted(factors: readonly Indexed[], axis: string, count: () => number): readonly Indexed[] {
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
