import { automatic, defineOptimizer, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';

/**
 * m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g| + ε), x ← x − η/(1 − β₁ᵗ) · m/u. Weight decay adds w x to g. PyTorch's definition.
 */
export default defineOptimizer({
  id: 'adamax',
  title: 'AdaMax',
  source: 'Kingma & Ba 2015, ICLR, §7.1, algorithm 2; the form of PyTorch',
  summary:
    'Adam with the largest recent gradient in place of the root mean square: no coordinate of a step is much longer than the learning rate.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.05, [0, 1e3], 'log'),
    beta1: value('β₁', 'Decay of the mean', 0.9, [0, 0.999999]),
    beta2: value('β₂', 'Decay of the largest', 0.999, [0, 0.999999]),
    epsilon: value('ε', 'Added to the size of the gradient', 1e-8, [0, 1], 'log'),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
  },
  momentum: ['mean'],
  isAdaptive: true,
  stepLength: 'kept',
  init: (ops, shape) => ({ mean: ops.zeros(shape), largest: ops.zeros(shape) }),
  update(ops, { x, gradient, state, settings, t }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
    const g = ops.add(gradient, ops.multiply(weightDecay, x));
    const mean = ops.add(ops.multiply(beta1, state.mean), ops.multiply(ops.subtract(1, beta1), g));
    const largest = ops.maximum(ops.multiply(beta2, state.largest), ops.add(ops.abs(g), epsilon));
    const rate = ops.divide(learningRate, ops.subtract(1, ops.power(beta1, t)));
    return {
      next: ops.subtract(x, ops.multiply(rate, ops.divide(mean, largest))),
      state: { mean, largest },
      denominator: largest,
    };
  },
  torch: ({ learningRate, beta1, beta2, epsilon, weightDecay }) => ({
    name: 'Adamax',
    options: options({ lr: learningRate, betas: [beta1, beta2], eps: epsilon, weight_decay: weightDecay }),
    denominator: 'state["exp_inf"]',
    momentum: 'exp_avg',
  }),
});
