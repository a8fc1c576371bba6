/** The optimizers of the reference values in plain Float64 loops, as their definitions read: nothing shared with the catalogue. Test support. */
import { at } from '../diagnostic.ts';
import { dot, minus, plus, times, type Vector } from './vectors.ts';

export interface OptimizerOptions {
  readonly kind: string;
  readonly learningRate: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly amsgrad?: boolean;
  readonly alpha?: number;
  readonly centered?: boolean;
  readonly learningRateDecay?: number;
  readonly initialAccumulator?: number;
  readonly schedule?: 'constant' | 'step' | 'cosine' | 'warm-up' | 'inverse-root';
  readonly schedulePeriod?: number;
  readonly scheduleFactor?: number;
  readonly clipGradient?: boolean;
  readonly clipNorm?: number;
}

/** The learning rate of call t of T. */
function rateOf({ learningRate, schedule, schedulePeriod = 50, scheduleFactor = 0.5 }: OptimizerOptions, T: number) {
  return (t: number): number => {
    switch (schedule) {
      case 'step':
        return learningRate * scheduleFactor ** Math.floor((t - 1) / schedulePeriod);
      case 'cosine':
        return (learningRate * (1 + Math.cos((Math.PI * (t - 1)) / T))) / 2;
      case 'warm-up':
        return t < schedulePeriod ? (learningRate * t) / schedulePeriod : learningRate;
      case 'inverse-root':
        return learningRate / Math.sqrt(t);
      default:
        return learningRate;
    }
  };
}

/** `torch.nn.utils.clip_grad_norm_`. */
const clipped = (g: Vector, most: number): Vector => times(Math.min(1, most / (Math.sqrt(dot(g, g)) + 1e-6)), g);

export interface Optimizer {
  update(x: Vector, gradient: Vector): number[];
  /** What the last update divided each entry by, ε included. */
  denominator: Vector;
  /** The momentum buffer of `sgd`. */
  buffer: Vector | null;
}

export function optimizerOf(options: OptimizerOptions, T = 1): Optimizer {
  const rateAt = rateOf(options, T);
  const { kind, weightDecay = kind === 'adamw' ? 0.01 : 0 } = options;
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = kind === 'adagrad' ? 1e-10 : 1e-8,
    momentum = 0,
    alpha = 0.99,
  } = options;
  let t = 0;
  let [m, v, largest, mean, sum]: (Vector | null)[] = [null, null, null, null, null];
  const optimizer: Optimizer = {
    denominator: [],
    buffer: null,
    update(given, full) {
      t += 1;
      const rate = rateAt(t);
      const gradient = options.clipGradient ? clipped(full, options.clipNorm ?? 1) : full;
      const x = kind === 'adamw' ? times(1 - rate * weightDecay, given) : given;
      const g = kind === 'adamw' ? gradient : plus(gradient, times(weightDecay, given));
      const zero = g.map(() => 0);
      const squares = g.map((entry) => entry * entry);
      const blend = (beta: number, before: Vector | null | undefined, now: Vector) =>
        plus(times(beta, before ?? zero), times(1 - beta, now));
      switch (kind) {
        case 'sgd': {
          if (momentum === 0) return minus(x, times(rate, g));
          const before = optimizer.buffer;
          const buffer = before ? plus(times(momentum, before), times(1 - (options.dampening ?? 0), g)) : g;
          optimizer.buffer = buffer;
          return minus(x, times(rate, options.nesterov ? plus(g, times(momentum, buffer)) : buffer));
        }
        case 'adam':
        case 'adamw': {
          m = blend(beta1, m, g);
          v = blend(beta2, v, squares);
          largest = (largest ?? zero).map((entry, i) => Math.max(entry, at(v as Vector, i)));
          const used = options.amsgrad ? largest : v;
          const a = used.map((entry) => Math.sqrt(entry) / Math.sqrt(1 - beta2 ** t) + epsilon);
          optimizer.denominator = a;
          return x.map((entry, i) => entry - ((rate / (1 - beta1 ** t)) * at(m as Vector, i)) / at(a, i));
        }
        case 'rmsprop': {
          v = blend(alpha, v, squares);
          if (options.centered) mean = blend(alpha, mean, g);
          const a = v.map((entry, i) => Math.sqrt(entry - (mean ? at(mean, i) ** 2 : 0)) + epsilon);
          optimizer.denominator = a;
          const step = g.map((entry, i) => entry / at(a, i));
          if (momentum === 0) return minus(x, times(rate, step));
          m = plus(times(momentum, m ?? zero), step);
          return minus(x, times(rate, m));
        }
        default: {
          sum = plus(sum ?? times(0, zero).map(() => options.initialAccumulator ?? 0), squares);
          const a = sum.map((entry) => Math.sqrt(entry) + epsilon);
          optimizer.denominator = a;
          const decayed = rate / (1 + (t - 1) * (options.learningRateDecay ?? 0));
          return x.map((entry, i) => entry - (decayed * at(g, i)) / at(a, i));
        }
      }
    },
  };
  return optimizer;
}
