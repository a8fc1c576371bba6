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
  /** The generator's own number: a whole number below 2³². */
  integer(): number;
  /** In [0, 1). */
  uniform(): number;
  /** In [−1, 1). */
  symmetric(): number;
  /** Sum of twelve uniform numbers, less 6: mean 0, variance 1, close to normal. */
  normal(): number;
  /** A multiple of 1/q in [−1, 1]. */
  grid(q: number): number;
}

/** The generator of one seed, a whole number modulo 2³². Two of one seed draw the same numbers. */
export function draws(seed: number): Draws {
  const integer = mulberry32(seed);
  const uniform = () => (integer() >>> 8) / 2 ** 24;
  return {
    integer,
    uniform,
    symmetric: () => 2 * uniform() - 1,
    normal() {
      let sum = 0;
      for (let i = 0; i < 12; i++) sum += integer() >>> 16;
      return sum / 65536 - 6;
    },
    grid: (q) => (Math.floor(uniform() * (2 * q + 1)) - q) / q,
  };
}
