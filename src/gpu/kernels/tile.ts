/** Text by which a workgroup of 16 × 16 lanes shares sums; see `tiles.ts`. */
import code from '../../../shaders/tile_sum.wgsl?raw';

/** Rows of a tile, and lanes that sum each. */
export const SIDE = 16;
/** Sums that a workgroup makes at once at most: they lie in the 16 KiB of memory that every adapter has. */
export const MOST_SLOTS = 14;

/** Functions that share a sum, for kernels that make so many at once. */
export const tileSum = (slots: number): string => `const tile_slots = ${slots}u;\n${code}`;
