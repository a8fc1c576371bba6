/** The shadow that {x : A x = b} casts on the shown axes: the points for which some values of the other entries fit. */
import type { Matrix } from '../../core/tensor/matrix.ts';

/** coefficients · y = offset, over the shown axes; coefficients have unit length. */
export interface Row {
  readonly coefficients: readonly number[];
  readonly offset: number;
}

/** Below this, relative to the largest entry, a coefficient counts as 0. It decides what is drawn, nothing else. */
const NEGLIGIBLE = 1e-9;

/**
 * Independent rows over the shown axes; none where the shadow is everything; null where the rows contradict each other.
 * Gauss elimination takes the hidden entries first, so rows that still hold one say nothing about the shown ones.
 */
export function affineShadow(A: Matrix, b: readonly number[], axes: readonly number[]): Row[] | null {
  const hidden = Array.from({ length: A.columns }, (_, column) => column).filter((column) => !axes.includes(column));
  const order = [...hidden, ...axes];
  const rows = Array.from({ length: A.rows }, (_, row) => [
    ...order.map((column) => A.data[row * A.columns + column] ?? 0),
    b[row] ?? 0,
  ]);
  const scale = Math.max(0, ...rows.flatMap((row) => row.slice(0, -1).map(Math.abs)));
  const cutoff = NEGLIGIBLE * scale;
  const shown: number[][] = [];
  let rest = rows;
  for (let column = 0; column < order.length; column++) {
    const pivot = rest.reduce(
      (best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best),
      rest[0] ?? [],
    );
    if (Math.abs(pivot[column] ?? 0) <= cutoff) continue;
    rest = rest.filter((row) => row !== pivot).map((row) => eliminate(row, pivot, column));
    if (column >= hidden.length) shown.push(pivot);
  }
  const offsetScale = Math.max(scale, ...b.map(Math.abs));
  if (rest.some((row) => Math.abs(row.at(-1) ?? 0) > 1e3 * NEGLIGIBLE * offsetScale)) return null;
  return shown.map((row) => unit(row.slice(hidden.length, -1), row.at(-1) ?? 0));
}

function eliminate(row: readonly number[], pivot: readonly number[], column: number): number[] {
  const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
  return row.map((value, i) => (i === column ? 0 : value - factor * (pivot[i] ?? 0)));
}

export function unit(coefficients: readonly number[], offset: number): Row {
  const length = Math.hypot(...coefficients) || 1;
  return { coefficients: coefficients.map((value) => value / length), offset: offset / length };
}
