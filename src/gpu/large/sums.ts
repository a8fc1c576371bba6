/** The sums of long groups, level by level: each level leaves 64 sums for a piece of the one before, until they are few. Pure. */
import { at } from '../../core/diagnostic.ts';
import { LANES } from '../kernels/large.ts';

/** Blocks of sums of a group that one invocation adds, with twice the digits. */
const FEW_BLOCKS = 64;
/** Blocks of sums that a piece takes: 64 for each lane. */
const PIECE_BLOCKS = LANES * 64;
/** Blocks of a row of sums, and of a row of sums and what they have lost. */
const [ROW, LONG_ROW] = [LANES / 4, LANES / 2];

export interface SumLevel {
  /** As in `pieceSums`: first block in the level before, blocks, and two words that are not read. */
  readonly pieces: readonly number[];
}

export interface SumPlan {
  readonly levels: readonly SumLevel[];
  /** First block and number of blocks of each group in the last level's sums. */
  readonly extents: readonly number[];
}

/** For groups of which the first level leaves `rows` rows of sums each, one group after the other. */
export function planSums(rows: readonly number[]): SumPlan {
  const levels: SumLevel[] = [];
  let counts = rows;
  let row = ROW;
  while (counts.some((count) => count * row > FEW_BLOCKS)) {
    const pieces: number[] = [];
    let first = 0;
    counts = counts.map((count) => {
      const blocks = count * row;
      const parts = Math.ceil(blocks / PIECE_BLOCKS);
      for (let part = 0; part < parts; part++)
        pieces.push(first + part * PIECE_BLOCKS, Math.min(PIECE_BLOCKS, blocks - part * PIECE_BLOCKS), 0, 0);
      first += blocks;
      return parts;
    });
    levels.push({ pieces });
    row = LONG_ROW;
  }
  const extents: number[] = [];
  let first = 0;
  for (let g = 0; g < counts.length; g++) {
    const blocks = at(counts, g) * row;
    extents.push(first, blocks);
    first += blocks;
  }
  return { levels, extents };
}
