/** Which rows of a matrix follow from the rows before them, and how: one elimination for all of them. */
import { at } from '../../diagnostic.ts';
import { type Matrix, RANK_CUTOFF } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';

export interface Dependency {
  readonly row: number;
  /** row = Σ weight · (row of A); without the terms that are rounding. Empty for a row of zeros. */
  readonly terms: readonly { readonly row: number; readonly weight: number }[];
}

/** Weights below this part of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

interface Independent {
  readonly row: number;
  /** Of norm 1, orthogonal to those before. */
  readonly direction: Float64Array;
  /** direction = Σ combination[k] · (k-th independent row). */
  readonly combination: Float64Array;
}

/**
 * The rows of A[m, n] that the rows before them span, each as their combination: Gram–Schmidt in the order of the rows, done
 * twice, as once is not enough where rows are nearly parallel. What is left of a dependent row is at most 1e-10 of it.
 * O(m · rank · n). Source: Golub & Van Loan 2013, Matrix Computations, §5.2.7–5.2.8.
 */
export function dependenciesOf({ rows, columns, data }: Matrix): Dependency[] {
  const independent: Independent[] = [];
  const dependent: Dependency[] = [];
  for (let row = 0; row < rows; row++) {
    const rest = data.slice(row * columns, (row + 1) * columns);
    const size = euclideanNorm(rest);
    const weights = new Float64Array(independent.length);
    for (let pass = 0; pass < 2; pass++) {
      for (const { direction, combination } of independent) {
        let along = 0;
        for (let j = 0; j < columns; j++) along += at(direction, j) * at(rest, j);
        if (along === 0) continue;
        for (let j = 0; j < columns; j++) rest[j] = at(rest, j) - along * at(direction, j);
        for (let k = 0; k < combination.length; k++) weights[k] = at(weights, k) + along * at(combination, k);
      }
    }
    const left = euclideanNorm(rest);
    if (left > RANK_CUTOFF * size) {
      const combination = new Float64Array(independent.length + 1);
      for (let k = 0; k < weights.length; k++) combination[k] = -at(weights, k) / left;
      combination[weights.length] = 1 / left;
      independent.push({ row, direction: rest.map((entry) => entry / left), combination });
      continue;
    }
    const sizes = independent.map((entry, k) => Math.abs(at(weights, k)) * normOfRow(data, entry.row, columns));
    const terms = independent.flatMap((entry, k) =>
      at(sizes, k) > NEGLIGIBLE * size ? [{ row: entry.row, weight: at(weights, k) }] : [],
    );
    dependent.push({ row, terms });
  }
  return dependent;
}

const normOfRow = (data: Float64Array, row: number, columns: number): number =>
  euclideanNorm(data.subarray(row * columns, (row + 1) * columns));
