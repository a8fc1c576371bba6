/** What the random numbers of a run are a function of: the experiment's seed, a seed of their own, the start and the step. */
import type { Ops, RandomSource, Tensor } from '../tensor/ops.ts';

/** Numbers of what is drawn at random in a run: what is drawn for one says nothing of the other. */
export const STREAMS = { batches: 1, methods: 2 } as const;

/** What a program reads as `seed`: its low and its high half, each exact in single precision. */
export const seedHalves = (seed: number): readonly [number, number] => [seed % 65536, Math.floor(seed / 65536)];

/** `own` is a whole number that is added to the experiment's seed; t ≥ 0. */
export function randomSource(ops: Ops, own: Tensor, t: Tensor, stream: number): RandomSource {
  const seed = ops.input('setting', 'seed', [2]);
  const low = ops.add(ops.row(seed, 0), ops.floor(own));
  return { seed: ops.concat([low, ops.row(seed, 1)]), start: ops.input('index', 'start', []), t, stream };
}
