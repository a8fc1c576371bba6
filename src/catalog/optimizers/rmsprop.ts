import { automatic, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';

/**
 * v ← α v + (1 − α) g², a = √v + ε; centred: ḡ ← α ḡ + (1 − α) g, a = √(v − ḡ²) + ε. Then b ← μ b + g/a, x ← x − η b; with
 * μ = 0 this is x − η g/a. Weight decay adds w x to g. PyTorch's definition. Where g fades, v does, and a step becomes η g/ε, which
 * is stable only for η λ_max < 2ε: an optimum is left again by rounding, at a step that differs between float32 and Float64.
 */
export default defineOptimizer({
  id: 'rmsprop',
  title: 'RMSprop',
  source: 'Tieleman & Hinton 2012, Coursera lecture 6.5; Graves 2013, §4.2 (centred); the form of PyTorch',
  summary:
    'Each coordinate is divided by a running root mean square of its gradient. That fades at an optimum, and steps tremble: let the learning rate fall.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.01, [0, 1e3], 'log'),
    alpha: value('α', 'Decay of the squares', 0.99, [0, 0.999999]),
    epsilon: value('ε', 'Added to the denominator', 1e-8, [0, 1], 'log'),
    momentum: value('μ', 'Momentum', 0, [0, 1]),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
    centered: toggle('Centred: variance instead of mean square'),
  },
  momentum: ['momentum'],
  isAdaptive: true,
  init: (ops, shape) => ({ square: ops.zeros(shape), mean: ops.zeros(shape), momentum: ops.zeros(shape) }),
  update(ops, { x, gradient, state, settings }) {
    const { learningRate, alpha, epsilon, momentum, weightDecay, centered } = settings;
    const g = ops.add(gradient, ops.multiply(weightDecay, x));
    const blend = (old: typeof g, now: typeof g) =>
      ops.add(ops.multiply(alpha, old), ops.multiply(ops.subtract(1, alpha), now));
    const square = blend(state.square, ops.multiply(g, g));
    const mean = centered ? blend(state.mean, g) : state.mean;
    // Of a gradient that stays the same the variance is 0, and a rounding may be below it.
    const spread = centered ? ops.maximum(0, ops.subtract(square, ops.multiply(mean, mean))) : square;
    const denominator = ops.add(ops.sqrt(spread), epsilon);
    const buffer = ops.add(ops.multiply(momentum, state.momentum), ops.divide(g, denominator));
    return {
      next: ops.subtract(x, ops.multiply(learningRate, buffer)),
      state: { square, mean, momentum: buffer },
      denominator,
    };
  },
  torch: ({ learningRate, alpha, epsilon, momentum, weightDecay, centered }) => ({
    name: 'RMSprop',
    options: options({ lr: learningRate, alpha, eps: epsilon, weight_decay: weightDecay, momentum, centered }),
    denominator: `(state["square_avg"]${centered ? ' - state["grad_avg"]**2' : ''}).sqrt() + ${epsilon}`,
    momentum: momentum > 0 ? 'momentum_buffer' : null,
  }),
});
