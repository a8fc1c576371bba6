/** What every optimizer can do with its gradient and its learning rate: clip the one, schedule the other. */
import { type Chosen, choice, count, onlyWith, type Resolved, type Settings, seed, toggle, value } from './settings.ts';
import type { Ops, Tensor } from './tensor/ops.ts';

export const TRAINING = {
  schedule: choice(
    'Schedule of the learning rate',
    ['constant', 'step', 'cosine', 'warm-up', 'inverse-root'],
    'constant',
  ),
  schedulePeriod: onlyWith(
    'schedule',
    ['step', 'warm-up'],
    count('Steps until the rate falls, or is warm', 50, [1, 1_000_000]),
  ),
  scheduleFactor: onlyWith('schedule', ['step'], value('γ', 'Factor of each fall', 0.5, [0, 1])),
  miniBatches: toggle('Mini-batches of the data'),
  batchSize: onlyWith('miniBatches', [true], count('Rows in a batch', 16, [1, 100_000])),
  batchSeed: onlyWith('miniBatches', [true], seed('Seed of the batches')),
  clipGradient: toggle('Clip the gradient'),
  clipNorm: onlyWith('clipGradient', [true], value('c', 'Largest norm of the gradient', 1, [1e-9, 1e9], 'log')),
} as const satisfies Settings;

type Schedule = 'schedule' | 'schedulePeriod' | 'scheduleFactor';

/**
 * The learning rate at update t = 1, 2, … of T: `constant` η; `step` η γ^⌊(t − 1)/k⌋; `cosine` η (1 + cos(π (t − 1)/T))/2;
 * `warm-up` η min(1, t/k); `inverse-root` η/√t. Source: Loshchilov & Hutter 2017 (cosine); the forms of PyTorch's schedulers.
 */
export function scheduledRate(
  ops: Ops,
  rate: Tensor,
  { schedule, schedulePeriod, scheduleFactor }: Pick<Resolved<typeof TRAINING>, Schedule>,
  t: Tensor,
  T: Tensor,
): Tensor {
  const before = ops.subtract(t, 1);
  switch (schedule) {
    case 'constant':
      return rate;
    case 'step':
      return ops.multiply(rate, ops.power(scheduleFactor, ops.floor(ops.divide(before, schedulePeriod))));
    case 'cosine':
      return ops.multiply(rate, ops.divide(ops.add(1, ops.cos(ops.multiply(Math.PI, ops.divide(before, T)))), 2));
    case 'warm-up':
      return ops.multiply(rate, ops.minimum(1, ops.divide(t, schedulePeriod)));
    case 'inverse-root':
      return ops.divide(rate, ops.sqrt(t));
  }
}

/** The share of η at update t of T, by the same schedule, as a number. */
export function scheduledShare(
  { schedule, schedulePeriod, scheduleFactor }: Pick<Chosen<typeof TRAINING>, Schedule>,
  t: number,
  T: number,
): number {
  switch (schedule) {
    case 'constant':
      return 1;
    case 'step':
      return scheduleFactor ** Math.floor((t - 1) / schedulePeriod);
    case 'cosine':
      return (1 + Math.cos((Math.PI * (t - 1)) / T)) / 2;
    case 'warm-up':
      return Math.min(1, t / schedulePeriod);
    case 'inverse-root':
      return 1 / Math.sqrt(t);
  }
}

/** What is added to the norm, so that it is never divided by 0. */
const CLIP_EPSILON = 1e-6;

/** g · min(1, c/(‖g‖₂ + 10⁻⁶)), where gradients are clipped: PyTorch's form. Source: Pascanu, Mikolov & Bengio 2013, algorithm 1. */
export function clipped(ops: Ops, gradient: Tensor, { clipGradient, clipNorm }: Resolved<typeof TRAINING>): Tensor {
  if (!clipGradient) return gradient;
  const norm = ops.sqrt(ops.sum(ops.multiply(gradient, gradient)));
  return ops.multiply(ops.minimum(1, ops.divide(clipNorm, ops.add(norm, CLIP_EPSILON))), gradient);
}
