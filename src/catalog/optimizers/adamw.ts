import { automatic, defineOptimizer, toggle, value } from '../../core/contracts.ts';
import { options } from '../../core/experiment/python/options.ts';

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
  init: (ops, shape) => ({ mean: ops.zeros(shape), square: ops.zeros(shape), largest: ops.zeros(shape) }),
  update(ops, { x, gradient: g, state, settings, t }) {
    const { learningRate, beta1, beta2, epsilon, weightDecay, amsgrad } = settings;
    const decayed = ops.multiply(x, ops.subtract(1, ops.multiply(learningRate, weightDecay)));
    const mean = ops.add(ops.multiply(beta1, state.mean), ops.multiply(ops.subtract(1, beta1), g));
    const square = ops.add(ops.multiply(beta2, state.square), ops.multiply(ops.subtract(1, beta2), ops.multiply(g, g)));
    const largest = amsgrad ? ops.maximum(state.largest, square) : state.largest;
    const meanScale = ops.divide(learningRate, ops.subtract(1, ops.power(beta1, t)));
    const squareScale = ops.sqrt(ops.subtract(1, ops.power(beta2, t)));
    const denominator = ops.add(ops.divide(ops.sqrt(amsgrad ? largest : square), squareScale), epsilon);
    return {
      next: ops.subtract(decayed, ops.multiply(meanScale, ops.divide(mean, denominator))),
      state: { mean, square, largest },
      denominator,
    };
  },
  torch: ({ learningRate, beta1, beta2, epsilon, weightDecay, amsgrad }) => ({
    name: 'AdamW',
    options: options({ lr: learningRate, betas: [beta1, beta2], eps: epsilon, weight_decay: weightDecay, amsgrad }),
    denominator: `(state["${amsgrad ? 'max_exp_avg_sq' : 'exp_avg_sq'}"] / (1 - ${beta2}**t)).sqrt() + ${epsilon}`,
    momentum: 'exp_avg',
  }),
});
