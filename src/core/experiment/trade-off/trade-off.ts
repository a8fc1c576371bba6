/** The optimum as a function of one number of the text: a trade-off curve, a regularisation path, the price of a constraint. */
import { at, type Span } from '../../diagnostic.ts';
import { withNumber } from '../../language/number-at.ts';
import { entryNames } from '../../problem/entry-names.ts';
import type { Problem } from '../../problem/problem.ts';
import { rowName } from '../../problem/row-name.ts';
import type { Study } from '../study/study.ts';

/** A problem with its optimum, or why it has none. */
export interface OptimumOfText {
  /** What each entry of x is called. */
  readonly entries: readonly string[];
  /** What each row that must hold is called. */
  readonly rows: readonly string[];
  readonly sense: Problem['sense'];
  readonly optimum: {
    /** As typed: of a problem that is maximised, the greatest value. */
    readonly loss: number;
    readonly x: readonly number[];
    /** NaN where the constraints as typed have none that balance the loss. */
    readonly multipliers: readonly number[];
    /** Whether others are as good: then x may be any of them. */
    readonly isOneOfMany: boolean;
  } | null;
  /** In a few words, where there is no optimum or none was found. */
  readonly why: string | null;
}

/** One value of the number, and the problem that the text is with it. */
export interface TradeOffPoint {
  readonly value: number;
  readonly found: OptimumOfText;
}

export interface TradeOffCurve {
  readonly name: string;
  /** One a point; NaN where there is no optimum. */
  readonly values: readonly number[];
}

export interface TradeOff {
  readonly values: readonly number[];
  /** f* as typed. */
  readonly loss: TradeOffCurve;
  /** x*, an entry each. */
  readonly entries: readonly TradeOffCurve[];
  /** λ* and μ*, a row each; NaN also where an optimum has none, as where a disk shrinks to a point. */
  readonly multipliers: readonly TradeOffCurve[];
  /** Where no optimum is known, from one value to another of neighbours, and why. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly why: string }[];
}

/** Of a study as it crosses from the worker. */
export function optimumOfText({ problem, optimum, noOptimum }: Study): OptimumOfText {
  const sign = problem.sense === 'maximize' ? -1 : 1;
  return {
    entries: entryNames(problem),
    rows: problem.constraints.flatMap((constraint) =>
      Array.from({ length: constraint.rows }, (_, row) => rowName(problem, constraint, row)),
    ),
    sense: problem.sense,
    optimum: optimum && {
      loss: sign * optimum.loss,
      x: optimum.x,
      multipliers: optimum.hasNoMultipliers ? optimum.multipliers.map(() => Number.NaN) : optimum.multipliers,
      isOneOfMany: optimum.isOneOfMany === true,
    },
    why: noOptimum?.summary ?? null,
  };
}

/** The text with each value in the number's place. */
export const textsAlong = (text: string, span: Span, values: readonly number[]): readonly string[] =>
  values.map((value) => withNumber(text, { span }, value).text);

export type Spacing = 'linear' | 'log';

/** Values from one number to another, both among them: by equal steps, or by equal ratios where both have the same sign; tidied to 12 digits. */
export function valuesAlong(from: number, to: number, count: number, spacing: Spacing): number[] {
  const isByRatios = spacing === 'log' && from * to > 0;
  return Array.from({ length: count }, (_, k) => {
    const share = count > 1 ? k / (count - 1) : 0;
    const value = isByRatios ? from * (to / from) ** share : from + (to - from) * share;
    return Number(value.toPrecision(12));
  });
}

/**
 * f*(c), x*(c) and the multipliers of the values of c that are known, in ascending order. By the envelope theorem
 * f*′(c) = ∂L/∂c at (x*, λ*): where c is the right-hand side of a row a(x) = c, that is −λ.
 * Entries and rows are those of the first point with an optimum; points of another size have gaps there.
 * Source: Boyd & Vandenberghe 2004, Convex Optimization, §4.7.5 (trade-off curves), §5.6 (sensitivity).
 */
export function tradeOffOf(points: readonly TradeOffPoint[]): TradeOff {
  const sorted = [...points].sort((one, other) => one.value - other.value);
  const first = sorted.find(({ found }) => found.optimum !== null)?.found;
  const optima = sorted.map(({ found }) =>
    found.entries.length === first?.entries.length && found.rows.length === first.rows.length ? found.optimum : null,
  );
  const curves = (names: readonly string[], of: 'x' | 'multipliers') =>
    names.map((name, k) => ({ name, values: optima.map((optimum) => optimum?.[of][k] ?? Number.NaN) }));
  const gaps: { from: number; to: number; why: string }[] = [];
  sorted.forEach(({ value, found }, i) => {
    if (at(optima, i) !== null) return;
    const why = found.optimum ? 'The problem has another size there' : (found.why ?? 'No optimum is known');
    const last = gaps.at(-1);
    const isNext = i > 0 && last?.to === sorted[i - 1]?.value && last?.why === why;
    if (last && isNext) last.to = value;
    else gaps.push({ from: value, to: value, why });
  });
  return {
    values: sorted.map(({ value }) => value),
    loss: { name: 'best loss', values: optima.map((optimum) => optimum?.loss ?? Number.NaN) },
    entries: curves(first?.entries ?? [], 'x'),
    multipliers: curves(first?.rows ?? [], 'multipliers'),
    gaps,
  };
}
