/** A matrix as blocks that share no column: each is factorised alone. */
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import {
  columnSpaceBasis,
  type Matrix,
  RANK_CUTOFF,
  type Spectrum,
  spectrumFrom,
  spectrumStages,
} from '../../tensor/matrix.ts';
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
    if (own.length === rows && used.every(({ length }) => length === columns))
      return { rows: own, columns: at(used, 0), matrix: { rows, columns, data } };
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

/** A block with its singular values σ, descending. */
export interface FactoredBlock extends Block, Pick<Spectrum, 'singularValues'> {}

/** The blocks of a matrix, each factorised; with pauses. */
export function* factoredBlocks(A: Matrix): Stages<FactoredBlock[]> {
  const blocks: FactoredBlock[] = [];
  for (const block of blocksOf(A)) blocks.push(yield* factored(block));
  return blocks;
}

function* factored(block: Block): Stages<FactoredBlock> {
  const { matrix } = block;
  // Of one row its length: a sum of a million entries needs no decomposition.
  const isDecomposed = matrix.rows > 1 || matrix.columns === 0;
  const singularValues = isDecomposed ? (yield* spectrumStages(matrix)).singularValues : [euclideanNorm(matrix.data)];
  return { ...block, singularValues };
}

/** The singular values of the whole are those of its blocks. */
export function spectrumOf(blocks: readonly FactoredBlock[], { rows, columns }: Matrix): Spectrum {
  const found = blocks.flatMap(({ singularValues }) => [...singularValues]).sort((a, b) => b - a);
  const count = Math.min(rows, columns);
  const singularValues = Array.from({ length: count }, (_, k) => found[k] ?? 0);
  return spectrumFrom(singularValues);
}

/**
 * b − U Uᵀ b of a block's rows, with the cut-off of the whole matrix: what of b its columns cannot reach. It is orthogonal to them, and 0
 * where they are independent.
 */
export function unreached({ matrix, singularValues }: FactoredBlock, b: readonly number[], largest: number): number[] {
  const rank = singularValues.filter((value) => value > RANK_CUTOFF * largest).length;
  if (rank === matrix.rows) return b.map(() => 0);
  const rest = [...b];
  const { data } = columnSpaceBasis(matrix, rank); // rows of U, one after the other
  for (let k = 0; k < rank; k++) {
    const share = b.reduce((sum, value, i) => sum + value * at(data, k * rest.length + i), 0);
    for (let i = 0; i < rest.length; i++) rest[i] = at(rest, i) - share * at(data, k * rest.length + i);
  }
  return rest;
}
