/** Numbers for tests: the same for the same seed. */

/** A generator of numbers in [0, 1). Source: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` numbers between −1 and 1 that float32 holds exactly. */
export function seededNumbers(count: number, seed: number): Float64Array {
  const next = seeded(seed);
  return Float64Array.from({ length: count }, () => Math.fround(2 * next() - 1));
}
