/** A matrix as blocks that share no column: each is factorised alone. */
import { at } from '../diagnostic.ts';
import { decompose, type Matrix, pseudoinverse, RANK_CUTOFF } from '../tensor/matrix.ts';

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
  const found = blocks.flatMap(({ matrix }) => decompose(matrix).singularValues).sort((a, b) => b - a);
  const count = Math.min(rows, columns);
  const singularValues = Array.from({ length: count }, (_, k) => found[k] ?? 0);
  const largest = singularValues[0] ?? 0;
  const kept = singularValues.filter((value) => value > RANK_CUTOFF * largest);
  return { singularValues, rank: kept.length, conditionNumber: kept.length === 0 ? 1 : largest / Math.min(...kept) };
}

/** A⁺ of a block, with the cut-off of the whole matrix. */
export function blockInverse({ matrix }: Block, largest: number): Matrix {
  const own = decompose(matrix).singularValues[0] ?? 0;
  return pseudoinverse(matrix, own > 0 ? (RANK_CUTOFF * largest) / own : RANK_CUTOFF);
}
