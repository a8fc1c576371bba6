import { automatic, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';
import { momentStep, noMoments } from '../../core/tensor/moments.ts';

/** Adam with decoupled decay: x ← x (1 − η w) first, and the gradient as it is. PyTorch's definition. */
export default defineOptimizer({
  id: 'adamw',
  title: 'AdamW',
  source: 'Loshchilov & Hutter 2019, ICLR, algorithm 2; the form of PyTorch',
  summary: 'Adam whose weight decay shrinks the parameters themselves, not through the scaled gradient.',
  settings: {
    learningRate: automatic('η', 'Learning rate', 0.05, [0, 1e3], 'log'),
    beta1: value('β₁', 'Decay of the mean', 0.9, [0, 0.999999]),
    beta2: value('β₂', 'Decay of the squares', 0.999, [0, 0.999999]),
    epsilon: value('ε', 'Added to the denominator', 1e-8, [0, 1], 'log'),
    weightDecay: value('w', 'Weight decay', 0.01, [0, 1e3]),
    amsgrad: toggle('AMSGrad'),
  },
  momentum: ['mean'],
  isAdaptive: true,
  stepLength: 'kept',
  init: noMoments,
  update(ops, { x, gradient, state, settings, t }) {
    const kept = ops.multiply(x, ops.subtract(1, ops.multiply(settings.learningRate, settings.weightDecay)));
    const { step, moments, denominator } = momentStep(ops, gradient, state, settings, t);
    return { next: ops.subtract(kept, step), state: moments, denominator };
  },
  torch: ({ learningRate, beta1, beta2, epsilon, weightDecay, amsgrad }) => ({
    name: 'AdamW',
    options: options({ lr: learningRate, betas: [beta1, beta2], eps: epsilon, weight_decay: weightDecay, amsgrad }, [
      'weight_decay',
    ]),
    denominator: `(state["${amsgrad ? 'max_exp_avg_sq' : 'exp_avg_sq'}"] / (1 - ${beta2}**t)).sqrt() + ${epsilon}`,
    momentum: 'exp_avg',
  }),
});
