import { automatic, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';
import { momentStep, noMoments } from '../../core/tensor/moments.ts';

/**
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², x ← x − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). AMSGrad divides by the
 * largest v so far. Weight decay adds w x to g. PyTorch's definition.
 */
export default defineOptimizer({
  id: 'adam',
  title: 'Adam',
  source: 'Kingma & Ba 2015, ICLR, algorithm 1; Reddi, Kale & Kumar 2018 for AMSGrad; the form of PyTorch',
  summary: 'Each coordinate has its own step length, from averages of its gradient and squared gradient.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.05, [0, 1e3], 'log'),
    beta1: value('β₁', 'Decay of the mean', 0.9, [0, 0.999999]),
    beta2: value('β₂', 'Decay of the squares', 0.999, [0, 0.999999]),
    epsilon: value('ε', 'Added to the denominator', 1e-8, [0, 1], 'log'),
    weightDecay: value('w', 'Weight decay', 0, [0, 1e3]),
    amsgrad: toggle('AMSGrad'),
  },
  momentum: ['mean'],
  isAdaptive: true,
  stepLength: 'kept',
  init: noMoments,
  update(ops, { x, gradient, state, settings, t }) {
    const g = ops.add(gradient, ops.multiply(settings.weightDecay, x));
    const { step, moments, denominator } = momentStep(ops, g, state, settings, t);
    return { next: ops.subtract(x, step), state: moments, denominator };
  },
  torch: ({ learningRate, beta1, beta2, epsilon, weightDecay, amsgrad }) => ({
    name: 'Adam',
    options: options({ lr: learningRate, betas: [beta1, beta2], eps: epsilon, weight_decay: weightDecay, amsgrad }),
    denominator: `(state["${amsgrad ? 'max_exp_avg_sq' : 'exp_avg_sq'}"] / (1 - ${beta2}**t)).sqrt() + ${epsilon}`,
    momentum: 'exp_avg',
  }),
});
