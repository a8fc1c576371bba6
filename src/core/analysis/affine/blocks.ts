/** A matrix as blocks that share no column: each is factorised alone. */
import { at } from '../../diagnostic.ts';
import { type Decomposition, decompose, type Matrix, RANK_CUTOFF } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';

export interface Block {
  /** Rows of the whole matrix, ascending. */
  readonly rows: readonly number[];
  /** Its columns of the whole matrix, ascending. */
  readonly columns: readonly number[];
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
      return { rows: own, columns: at(used, first), matrix: { rows: 1, columns: entries.length, data: entries } };
    }
    const kept = [...new Set(own.flatMap((row) => at(used, row)))].sort((a, b) => a - b);
    const entries = own.flatMap((row) => kept.map((j) => at(data, row * columns + j)));
    return {
      rows: own,
      columns: kept,
      matrix: { rows: own.length, columns: kept.length, data: Float64Array.from(entries) },
    };
  });
}

export interface Spectrum {
  /** Descending, min(rows, columns) of them. */
  readonly singularValues: readonly number[];
  readonly rank: number;
  /** σ₁ / σ_rank; 1 for rank 0. */
  readonly conditionNumber: number;
}

/** A block with its singular values σ, descending, and the left singular vectors U of those that are not 0 to it. */
export interface FactoredBlock extends Block, Pick<Decomposition, 'singularValues' | 'left'> {}

export const factored = (block: Block): FactoredBlock => ({ ...block, ...factorsOf(block.matrix) });

/** Of one row its length: a sum of a million entries needs no decomposition. */
function factorsOf(matrix: Matrix): Pick<Decomposition, 'singularValues' | 'left'> {
  if (matrix.rows > 1 || matrix.columns === 0) {
    const { singularValues, left } = decompose(matrix);
    return { singularValues, left };
  }
  return { singularValues: [euclideanNorm(matrix.data)], left: { rows: 1, columns: 1, data: Float64Array.of(1) } };
}

/** The singular values of the whole are those of its blocks. */
export function spectrumOf(blocks: readonly FactoredBlock[], { rows, columns }: Matrix): Spectrum {
  const found = blocks.flatMap(({ singularValues }) => [...singularValues]).sort((a, b) => b - a);
  const count = Math.min(rows, columns);
  const singularValues = Array.from({ length: count }, (_, k) => found[k] ?? 0);
  const largest = singularValues[0] ?? 0;
  const kept = singularValues.filter((value) => value > RANK_CUTOFF * largest);
  return { singularValues, rank: kept.length, conditionNumber: kept.length === 0 ? 1 : largest / Math.min(...kept) };
}

/** b − U Uᵀ b of a block's rows, with the cut-off of the whole matrix: what of b its columns cannot reach. It is orthogonal to them. */
export function unreached({ singularValues, left }: FactoredBlock, b: readonly number[], largest: number): number[] {
  const rest = [...b];
  for (let k = 0; k < left.columns && at(singularValues, k) > RANK_CUTOFF * largest; k++) {
    const entry = (i: number) => at(left.data, i * left.columns + k);
    const share = b.reduce((sum, value, i) => sum + value * entry(i), 0);
    for (let i = 0; i < rest.length; i++) rest[i] = at(rest, i) - share * entry(i);
  }
  return rest;
}
