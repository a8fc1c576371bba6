import { automatic, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';

/**
 * x ← x − η g; with momentum μ > 0: buf ← g at the first step, then μ buf + (1 − τ) g, and x ← x − η buf, or with Nesterov
 * x ← x − η (g + μ buf). Weight decay adds w x to g. PyTorch's definition.
 */
export default defineOptimizer({
  id: 'sgd',
  title: 'Gradient descent',
  source: 'Sutskever, Martens, Dahl & Hinton 2013, ICML, §2; the form of PyTorch',
  summary: 'A step against the gradient, with momentum if wanted. Directions are kept: projection and descent agree.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.1, [0, 1e3], 'log'),
    momentum: value('μ', 'Momentum', 0, [0, 1]),
    dampening: value('τ', 'Dampening', 0, [0, 1]),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
    nesterov: toggle('Nesterov momentum'),
  },
  momentum: ['momentum'],
  isAdaptive: false,
  init: (ops, shape) => ({ momentum: ops.zeros(shape) }),
  update(ops, { x, gradient, state, settings, t }) {
    const { learningRate, momentum, dampening, weightDecay, nesterov } = settings;
    const decayed = ops.add(gradient, ops.multiply(weightDecay, x));
    // The first call keeps g whole, and so does momentum 0, whatever the dampening.
    const isWhole = ops.maximum(ops.equal(t, 1), ops.equal(momentum, 0));
    const gain = ops.where(isWhole, 1, ops.subtract(1, dampening));
    const buffer = ops.add(ops.multiply(momentum, state.momentum), ops.multiply(gain, decayed));
    const direction = nesterov ? ops.add(decayed, ops.multiply(momentum, buffer)) : buffer;
    return {
      next: ops.subtract(x, ops.multiply(learningRate, direction)),
      state: { momentum: buffer },
      denominator: ops.ones(x.shape),
    };
  },
  torch: ({ learningRate, momentum, dampening, weightDecay, nesterov }) =>
    nesterov && momentum > 0 && dampening > 0
      ? { refused: 'PyTorch has no Nesterov momentum with dampening.' }
      : {
          name: 'SGD',
          options: options({
            lr: learningRate,
            momentum,
            dampening: momentum > 0 ? dampening : 0,
            weight_decay: weightDecay,
            nesterov: nesterov && momentum > 0,
          }),
          denominator: null,
          momentum: momentum > 0 ? 'momentum_buffer' : null,
        },
});
