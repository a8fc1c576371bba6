/**
 * Random numbers without a state: a pure function of integers, so that every executor, start and step computes its own.
 * The same operations on 32-bit integers are in `shaders/random_functions.wgsl`; equal arguments give equal bits there.
 */

/** Turns of the words in the eight rounds of a cycle. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const ROUNDS = 20;
const PARITY = 0x1bd11bda;

export type Words = readonly [number, number];

/**
 * Threefry-2x32 with 20 rounds: 64 random bits from a key and a counter of 64 bits each.
 * Source: Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, §4.2.
 */
export function threefry(key: Words, counter: Words): Words {
  const keys = [key[0], key[1], PARITY ^ key[0] ^ key[1]] as const;
  let x = (counter[0] + keys[0]) | 0;
  let y = (counter[1] + keys[1]) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const turn = ROTATIONS[round % 8] as number;
    x = (x + y) | 0;
    y = ((y << turn) | (y >>> (32 - turn))) ^ x;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x = (x + (keys[injection % 3] as number)) | 0;
    y = (y + (keys[(injection + 1) % 3] as number) + injection) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/** What tells one family of random numbers from another. All are whole numbers ≥ 0. */
export interface RandomPlace {
  /** The seed is low + 65536·high, modulo 2³²: two numbers that single precision holds exactly. Each below 2²⁴. */
  readonly low: number;
  readonly high: number;
  /** Number of the start, below 2²⁴. */
  readonly start: number;
  /** The step, below 2²⁴. */
  readonly t: number;
  /** What the numbers are for, below 256. */
  readonly stream: number;
}

const keyOf = ({ low, high, start, stream }: RandomPlace): Words => [
  (low + Math.imul(high, 65536)) >>> 0,
  ((stream << 24) | start) >>> 0,
];

/** A number in (0, 1), an odd multiple of 2⁻²⁴: exact in single precision, and never 0 or 1. */
export function uniformAt(place: RandomPlace, element: number): number {
  const [bits] = threefry(keyOf(place), [place.t, element]);
  return ((bits >>> 9) + 0.5) / 2 ** 23;
}

// ── shuffling ──

const SHUFFLE_ROUNDS = 16;
/** Counter of the keys of shuffles; elements stay below. */
const SHUFFLE = 0xffffffff;
/** Tells the rounds apart. */
const GOLDEN = 0x9e3779b9;

/**
 * Entry `element` of the draw of `size` that step t makes from 0 … count − 1: the numbers p = t·size + element (modulo 2³²) go
 * through one shuffle of all of them after the other, so that each comes once in every `count` draws.
 */
export function shuffledAt(place: RandomPlace, element: number, size: number, count: number): number {
  const position = (Math.imul(place.t, size) + element) >>> 0;
  const keys = threefry(keyOf(place), [Math.floor(position / count), SHUFFLE]);
  return permuted(position % count, count, keys);
}

/**
 * A permutation of 0 … count − 1, chosen by the keys: each round pairs x with K − x modulo `count` and swaps a pair or not.
 * Source: Hoang, Morris & Rogaway 2012, An enciphering scheme based on a card shuffle, §1.
 */
function permuted(position: number, count: number, keys: Words): number {
  let value = position;
  for (let round = 0; round < SHUFFLE_ROUNDS; round++) {
    const step = Math.imul(round, GOLDEN);
    const partner = ((mixed(keys[0] + step) % count) + count - value) % count;
    const swaps = mixed((Math.max(value, partner) + step) ^ keys[1]) >>> 31;
    if (swaps === 1) value = partner;
  }
  return value;
}

/** A permutation of 32-bit integers in which every bit depends on every other. Source: Wellons 2018, lowbias32. */
function mixed(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}
