/** Sequential random numbers for starts, the same everywhere; each draw is exact in single precision. */

/** mulberry32: unsigned 32-bit integers from a 32-bit seed. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (bits ^ (bits >>> 14)) >>> 0;
  };
}

export interface Draws {
  /** In [0, 1). */
  uniform(): number;
  /** Sum of twelve uniform numbers, less 6: mean 0, variance 1, close to normal. */
  normal(): number;
}

export function draws(seed: number): Draws {
  const next = mulberry32(seed);
  return {
    uniform: () => (next() >>> 8) / 2 ** 24,
    normal() {
      let sum = 0;
      for (let i = 0; i < 12; i++) sum += next() >>> 16;
      return sum / 65536 - 6;
    },
  };
}
