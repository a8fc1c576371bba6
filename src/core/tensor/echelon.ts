/** Null spaces as people write them: which entries are free, and how the others follow from them. */
import { at } from '../diagnostic.ts';
import { type Matrix, RANK_CUTOFF } from './matrix.ts';
import { maximumNorm } from './norms.ts';

/** Columns are scaled to whole numbers if a multiplier up to this does it. */
const LARGEST_MULTIPLIER = 1000;
const WHOLE = 1e-9;

/**
 * Columns that span {v : A v = 0}. Each is led by a free entry, which no other column has, as early as possible; it is scaled to
 * the smallest whole numbers where there are some. For ties such as w₀ = w₁ or x₁ = 2 x₂ these are the shared parameters.
 * Source: Strang 2016, Introduction to Linear Algebra, §3.2 (special solutions), eliminated from the last column.
 */
export function echelonNullSpace({ rows, columns, data }: Matrix): Matrix {
  const lines = Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
  const least = RANK_CUTOFF * maximumNorm(lines.flat());
  const pivots = new Map<number, number[]>();
  for (let column = columns - 1; column >= 0 && lines.length > 0; column--) {
    const sizes = lines.map((line) => Math.abs(at(line, column)));
    const largest = maximumNorm(sizes);
    if (largest <= least) continue;
    const [pivot = []] = lines.splice(sizes.indexOf(largest), 1);
    const scaled = pivot.map((entry) => entry / at(pivot, column));
    for (const line of [...lines, ...pivots.values()]) subtractMultiple(line, scaled, at(line, column));
    pivots.set(column, scaled);
  }
  const free = Array.from({ length: columns }, (_, j) => j).filter((j) => !pivots.has(j));
  const basis = free.map((leader) =>
    inWholeNumbers(
      Array.from({ length: columns }, (_, j) => {
        const line = pivots.get(j);
        return line ? 0 - at(line, leader) : Number(j === leader);
      }),
    ),
  );
  return {
    rows: columns,
    columns: free.length,
    data: Float64Array.from({ length: columns * free.length }, (_, k) =>
      at(at(basis, k % free.length), Math.floor(k / free.length)),
    ),
  };
}

function subtractMultiple(line: number[], other: readonly number[], factor: number): void {
  other.forEach((entry, j) => {
    line[j] = at(line, j) - factor * entry;
  });
}

function inWholeNumbers(vector: readonly number[]): number[] {
  for (let multiplier = 1; multiplier <= LARGEST_MULTIPLIER; multiplier++) {
    const scaled = vector.map((entry) => entry * multiplier);
    if (scaled.every((entry) => Math.abs(entry - Math.round(entry)) <= WHOLE * multiplier))
      return scaled.map((entry) => Math.round(entry) || 0); // without −0
  }
  return [...vector];
}
