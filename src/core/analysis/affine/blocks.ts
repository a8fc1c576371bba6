/** A matrix as blocks that share no column: each is factorised alone. */
import { at } from '../../diagnostic.ts';
import { decompose, type Matrix, pseudoinverse, RANK_CUTOFF } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';

export interface Block {
  /** Rows of the whole matrix, ascending. */
  readonly rows: readonly number[];
  /** These rows without the columns that are 0 in all of them. */
  readonly matrix: Matrix;
}

/** Rows belong together where a column, or a chain of them, joins them. In the order of their first rows. */
export function blocksOf({ rows, columns, data }: Matrix): Block[] {
  const parent = Array.from({ length: rows }, (_, i) => i);
  const root = (row: number): number => {
    let found = row;
    while (at(parent, found) !== found) found = at(parent, found);
    parent[row] = found;
    return found;
  };
  const used: number[][] = [];
  const firstRow = new Int32Array(columns).fill(-1);
  for (let i = 0; i < rows; i++) {
    const own: number[] = [];
    for (let j = 0; j < columns; j++) {
      if (data[i * columns + j] === 0) continue;
      own.push(j);
      const first = at(firstRow, j);
      if (first < 0) firstRow[j] = i;
      else parent[Math.max(root(first), root(i))] = Math.min(root(first), root(i));
    }
    used.push(own);
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) members.set(root(i), [...(members.get(root(i)) ?? []), i]);
  return [...members.values()].map((own) => {
    const [first = 0, second] = own;
    if (second === undefined) {
      const entries = Float64Array.from(at(used, first), (j) => at(data, first * columns + j));
      return { rows: own, matrix: { rows: 1, columns: entries.length, data: entries } };
    }
    const kept = [...new Set(own.flatMap((row) => at(used, row)))].sort((a, b) => a - b);
    const entries = own.flatMap((row) => kept.map((j) => at(data, row * columns + j)));
    return { rows: own, matrix: { rows: own.length, columns: kept.length, data: Float64Array.from(entries) } };
  });
}

export interface Spectrum {
  /** Descending, min(rows, columns) of them. */
  readonly singularValues: readonly number[];
  readonly rank: number;
  /** σ₁ / σ_rank; 1 for rank 0. */
  readonly conditionNumber: number;
}

/** The singular values of the whole are those of its blocks. */
export function spectrumOf(blocks: readonly Block[], { rows, columns }: Matrix): Spectrum {
  const found = blocks.flatMap(({ matrix }) => singularValuesOf(matrix)).sort((a, b) => b - a);
  const count = Math.min(rows, columns);
  const singularValues = Array.from({ length: count }, (_, k) => found[k] ?? 0);
  const largest = singularValues[0] ?? 0;
  const kept = singularValues.filter((value) => value > RANK_CUTOFF * largest);
  return { singularValues, rank: kept.length, conditionNumber: kept.length === 0 ? 1 : largest / Math.min(...kept) };
}

/** Of one row its length: a sum of a million entries needs no decomposition. */
const singularValuesOf = (matrix: Matrix): readonly number[] =>
  matrix.rows === 1 && matrix.columns > 0 ? [euclideanNorm(matrix.data)] : [...decompose(matrix).singularValues];

/** A⁺ of a block, with the cut-off of the whole matrix. */
export function blockInverse({ matrix }: Block, largest: number): Matrix {
  const own = singularValuesOf(matrix)[0] ?? 0;
  if (matrix.rows === 1) {
    const { columns, data } = matrix;
    const isKept = own > RANK_CUTOFF * largest;
    return { rows: columns, columns: 1, data: data.map((entry) => (isKept ? entry / own / own : 0)) };
  }
  return pseudoinverse(matrix, own > 0 ? (RANK_CUTOFF * largest) / own : RANK_CUTOFF);
}
