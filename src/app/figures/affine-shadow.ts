/** The shadow that {x : A x = b} casts on the shown axes: the points for which some values of the other entries fit. */
import { at } from '../../core/diagnostic.ts';
import { once } from '../../core/once.ts';
import type { Matrix } from '../../core/tensor/matrix.ts';
import { maximumNorm } from '../../core/tensor/norms.ts';

/** coefficients · y = offset, over the shown axes; coefficients have unit length. */
export interface Row {
  readonly coefficients: readonly number[];
  readonly offset: number;
}

/** Below this, relative to the largest entry, a coefficient counts as 0. It decides what is drawn, nothing else. */
const NEGLIGIBLE = 1e-9;

/** What is left of A's shown columns, once the hidden ones are eliminated. */
interface Elimination {
  /** Rows of which each says something else about the shown entries. */
  readonly shown: readonly { readonly row: number; readonly coefficients: readonly number[] }[];
  /** Rows without any entry left. */
  readonly empty: readonly number[];
  readonly scale: number;
  /** A right-hand side, eliminated as the rows were. */
  reduced(b: readonly number[]): Float64Array;
}

/**
 * Gauss elimination with the hidden entries first: rows that still hold one say nothing about the shown ones. It looks at a column
 * when its turn comes (left-looking), and ends with the last row: of 500 dense rows in 2,000 entries after 500 columns.
 */
function eliminate({ rows, columns, data }: Matrix, axes: readonly number[]): Elimination {
  const scale = maximumNorm(data);
  const pivots: { readonly row: number; readonly multiples: Float64Array }[] = [];
  let rest = Array.from({ length: rows }, (_, row) => row);
  const reduced = (column: ArrayLike<number>): Float64Array => {
    const values = Float64Array.from(column);
    for (const { row, multiples } of pivots) {
      const value = at(values, row);
      if (value !== 0) for (let i = 0; i < rows; i++) values[i] = (values[i] ?? 0) - (multiples[i] ?? 0) * value;
    }
    return values;
  };
  const columnOf = (column: number) => reduced(Array.from({ length: rows }, (_, i) => at(data, i * columns + column)));
  /** Takes the row with the largest entry of a column from the rest. */
  const pivotOn = (values: Float64Array): number | null => {
    const row = rest.reduce((best, other) => (Math.abs(at(values, other)) > Math.abs(at(values, best)) ? other : best));
    const largest = at(values, row);
    if (Math.abs(largest) <= NEGLIGIBLE * scale) return null;
    rest = rest.filter((other) => other !== row);
    const multiples = new Float64Array(rows);
    for (const other of rest) {
      multiples[other] = at(values, other) / largest;
      values[other] = 0;
    }
    pivots.push({ row, multiples });
    return row;
  };
  for (let column = 0; column < columns && rest.length > 0; column++)
    if (!axes.includes(column)) pivotOn(columnOf(column));
  if (rest.length === 0) return { shown: [], empty: [], scale, reduced: (b) => Float64Array.from(b) };
  const found: number[] = [];
  const left = axes.map((axis) => {
    const values = columnOf(axis);
    const row = rest.length === 0 ? null : pivotOn(values);
    if (row !== null) found.push(row);
    return values;
  });
  const shown = found.map((row) => ({ row, coefficients: left.map((values) => at(values, row)) }));
  return { shown, empty: rest, scale, reduced };
}

/** A of a set stays as it is while b moves: it is eliminated once for the same axes. */
const eliminationsOf = once((_: Matrix) => new Map<string, Elimination>());

function eliminationOf(A: Matrix, axes: readonly number[]): Elimination {
  const known = eliminationsOf(A);
  const elimination = known.get(axes.join()) ?? eliminate(A, axes);
  known.set(axes.join(), elimination);
  return elimination;
}

/** Independent rows over the shown axes; none where the shadow is everything; null where the rows contradict each other. */
export function affineShadow(A: Matrix, b: readonly number[], axes: readonly number[]): Row[] | null {
  const { shown, empty, scale, reduced } = eliminationOf(A, axes);
  if (shown.length + empty.length === 0) return [];
  const offsets = reduced(b);
  const negligible = 1e3 * NEGLIGIBLE * Math.max(scale, maximumNorm(b));
  if (empty.some((row) => Math.abs(at(offsets, row)) > negligible)) return null;
  return shown.map(({ row, coefficients }) => unit(coefficients, at(offsets, row)));
}

export function unit(coefficients: readonly number[], offset: number): Row {
  const length = Math.hypot(...coefficients) || 1;
  return { coefficients: coefficients.map((value) => value / length), offset: offset / length };
}
